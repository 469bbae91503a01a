// Axes with round numbers on them.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Maps values to places between 0 and 1, and says where ticks belong.
struct Axis: Equatable {
  enum Kind: Equatable {
    case linear
    /// Equal factors take equal room.
    case logarithmic
    /// Logarithmic in 1 + value, so that zero has a place.
    case logarithmicFromZero
  }

  struct Tick: Equatable {
    let value: Double
    let label: String
  }

  let kind: Kind
  let from: Double
  let to: Double
  let ticks: [Tick]

  func share(_ value: Double) -> Double {
    let (a, b) = (warped(from), warped(to))
    return b > a ? (warped(value) - a) / (b - a) : 0
  }

  private func warped(_ value: Double) -> Double {
    switch kind {
    case .linear: value
    case .logarithmic: log10(max(value, .leastNormalMagnitude))
    case .logarithmicFromZero: log(1 + value)
    }
  }
}

extension Axis {
  /// From zero to a round number that is at least `top`; about five ticks, 1, 2 or 5 times a power
  /// of ten apart.
  static func linear(to value: Double) -> Axis {
    // Beyond these the steps themselves would overflow or vanish.
    let top = min(max(value, 1e-300), 1e300)
    let rough = top / 5
    let power = pow(10, floor(log10(rough)))
    let step = ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10) * power
    let count = max(1, Int((top / step).rounded(.up)))
    let ticks = (0...count).map { index -> Tick in
      let value = Double(index) * step
      return Tick(value: value, label: typeset(NumberText.digits(value)))
    }
    return Axis(kind: .linear, from: 0, to: Double(count) * step, ticks: ticks)
  }

  /// Whole powers of ten around the values, at most seven of them labelled.
  static func logarithmic(from bottom: Double, to top: Double) -> Axis {
    let high = min(308, Int(ceil(log10(top))))
    // Some room below the least value, for its label.
    let least = Int(floor(log10(bottom)))
    let low = least - max(1, (high - least) / 8)
    let rough = Double(high - low) / 6
    let step = [1, 2, 5, 10, 20, 50, 100, 200].first { Double($0) >= rough } ?? 200
    let first = Int((Double(low) / Double(step)).rounded(.up)) * step
    let ticks = stride(from: first, through: high, by: step).map { exponent in
      Tick(
        value: pow(10, Double(exponent)),
        label: (0...3).contains(exponent)
          ? NumberText.digits(pow(10, Double(exponent))) : "10" + superscript(exponent))
    }
    return Axis(
      kind: .logarithmic, from: min(bottom, pow(10, Double(low))),
      to: max(top, pow(10, Double(high))),
      ticks: ticks)
  }

  /// Epochs from zero.
  static func epochs(to last: Int, isLogarithmic: Bool) -> Axis {
    guard isLogarithmic else {
      let linear = linear(to: Double(max(1, last)))
      return Axis(
        kind: .linear, from: 0, to: Double(max(1, last)),
        ticks: linear.ticks.filter {
          $0.value == $0.value.rounded() && $0.value <= Double(max(1, last))
        })
    }
    var values = [0.0]
    var power = 1.0
    while power <= Double(last) {
      values += (last <= 500 ? [1.0, 2, 5] : [1.0]).map { $0 * power }
      power *= 10
    }
    return Axis(
      kind: .logarithmicFromZero, from: 0, to: Double(last),
      ticks: values.filter { $0 <= Double(last) }.map {
        Tick(value: $0, label: NumberText.digits($0))
      })
  }
}
