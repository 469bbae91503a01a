// What tuning may choose, and from where.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A setting that tuning chooses from a range.
public struct TunedSetting<Options: TrainingOptions>: Sendable {
  /// How a range is searched.
  public enum Scale: Sendable {
    /// Every ratio of values alike.
    case logarithmic
    /// Every difference of values alike.
    case linear
  }

  /// The setting's name: that of the flag of `kindred learn`, without the dashes.
  public let name: String
  /// The smallest and the largest value that is tried.
  public let range: ClosedRange<Double>
  /// How the range is searched.
  public let scale: Scale
  private let write: @Sendable (inout Options, Double) -> Void

  /// A setting of a method.
  ///
  /// - Precondition: A range that is searched logarithmically is above 0.
  package init(
    _ name: String, _ range: ClosedRange<Double>, _ scale: Scale,
    _ write: @escaping @Sendable (inout Options, Double) -> Void
  ) {
    precondition(scale == .linear || range.lowerBound > 0, "the logarithm of \(range)")
    self.name = name
    self.range = range
    self.scale = scale
    self.write = write
  }

  /// The value at a share of the way through the range, 0 to 1, to three digits, so that the flag on a
  /// command line says all of it.
  package func value(at share: Double) -> Double {
    let (low, high) = (range.lowerBound, range.upperBound)
    let value =
      switch scale {
      case .linear: low + share * (high - low)
      case .logarithmic: low * power(high / low, share)
      }
    guard value != 0 else { return 0 }
    let rounded = Double(String(format: "%.2e", value)) ?? value
    return min(max(rounded, low), high)
  }

  /// Makes it the value of the setting.
  package func set(_ value: Double, in options: inout Options) { write(&options, value) }
}

/// A method whose settings can be searched for.
public protocol Tunable: Trainer {
  /// What tuning chooses, the most telling setting first.
  static var tunedSettings: [TunedSetting<Options>] { get }
  /// The fewest epochs that tell good settings from bad ones: no trial has fewer, unless the longest has.
  static var leastTunedEpochs: Int { get }
}

extension SGD: Tunable {
  /// The penalty, the first rate and how the rate falls.
  public static var tunedSettings: [TunedSetting<SGDOptions>] {
    [
      TunedSetting("regularization", 0.005...0.3, .logarithmic) { $0.regularization = $1 },
      TunedSetting("rate", 0.01...0.2, .logarithmic) { $0.rate = $1 },
      TunedSetting("decay", 0.6...1, .linear) { $0.decay = $1 },
    ]
  }

  /// 3.
  public static var leastTunedEpochs: Int { 3 }
}

extension BPR: Tunable {
  /// The penalty and the first rate.
  public static var tunedSettings: [TunedSetting<BPROptions>] {
    [
      TunedSetting("regularization", 0.001...0.05, .logarithmic) { $0.regularization = $1 },
      TunedSetting("rate", 0.05...1, .logarithmic) { $0.rate = $1 },
    ]
  }

  /// 10.
  public static var leastTunedEpochs: Int { 10 }
}

extension Softmax: Tunable {
  /// The temperature, how far rankings lean to what is popular, and the first rate.
  public static var tunedSettings: [TunedSetting<SoftmaxOptions>] {
    [
      TunedSetting("temperature", 0.05...0.3, .logarithmic) { $0.temperature = $1 },
      TunedSetting("popularity", 0...0.8, .linear) { $0.popularity = $1 },
      TunedSetting("rate", 0.003...0.03, .logarithmic) { $0.rate = $1 },
    ]
  }

  /// 5.
  public static var leastTunedEpochs: Int { 5 }
}

extension ALS: Tunable {
  /// The penalty.
  public static var tunedSettings: [TunedSetting<ALSOptions>] {
    [TunedSetting("regularization", 0.005...0.5, .logarithmic) { $0.regularization = $1 }]
  }

  /// 3.
  public static var leastTunedEpochs: Int { 3 }
}
