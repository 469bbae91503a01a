// How numbers are written for people.
// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Kindred

/// Writes numbers the way the part's author does: in fractions where the sheet has fractions, in
/// decimals elsewhere.
package struct NumberText: Equatable {
  let usesFractions: Bool

  package init(usesFractions: Bool) { self.usesFractions = usesFractions }

  /// An exact number: a decimal where it ends soon, else a fraction; never -0.
  package func callAsFunction(_ value: Rational) -> String {
    if value.isInteger || usesFractions { return short(value) }
    return Self.decimal(value) ?? short(value)
  }

  /// A computed number, to six digits; never -0.
  package func callAsFunction(_ value: Double) -> String { Self.digits(value) }

  func callAsFunction(_ entry: Construction.Entry) -> String {
    switch entry {
    case .exact(let value): self(value)
    case .approximate(let value): self(value)
    }
  }

  /// A number to six significant digits, without zeros at its end.
  static func digits(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "no number" : value < 0 ? "-∞" : "∞" }
    if value == 0 { return "0" }
    let text = String(format: "%.6g", value)
    return text == "-0" ? "0" : text
  }

  /// A number with enough digits for a wiggle's tiny differences to be seen.
  package static func manyDigits(_ value: Double) -> String { String(format: "%.9g", value + 0) }

  /// The fraction itself, unless it is too long to read.
  private func short(_ value: Rational) -> String {
    let text = value.description
    return text.count <= 24 ? text : Self.digits(value.doubleValue)
  }

  /// The decimal, if it ends within six places.
  private static func decimal(_ value: Rational) -> String? {
    let million = value * Rational(1_000_000)
    guard million.isInteger, abs(value.doubleValue) < 1e9 else { return nil }
    var text = String(format: "%.6f", value.doubleValue)
    while text.hasSuffix("0") { text.removeLast() }
    return text
  }
}
