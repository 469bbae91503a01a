// Finding `Dot(u1, m1) = 1.0` in a line.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import RegexBuilder

/// A relation as written, before its names are looked up.
struct WrittenRelation: Equatable {
  let first: String
  let second: String
  /// The target as written; nil where the value is asked for.
  let target: String?
}

extension WrittenRelation {
  /// All relations in a line: any case, several to a line, with or without dollar signs.
  ///
  /// `dot(…)` without `= number` or `= ___` is text and is passed over. A comma or blanks
  /// inside a number are taken along, so that `1,5` and `1 / 2` are refused and not read as 1.
  static func all(in line: String) -> [WrittenRelation] {
    // Building the pattern costs far more than most lines are worth.
    guard line.utf8.contains(UInt8(ascii: "(")), line.utf8.contains(UInt8(ascii: "=")) else {
      return []
    }
    // Built here because a Regex is not Sendable and cannot be a shared constant.
    let names = /dot\s*\(\s*([^(),]+?)\s*,\s*([^(),]+?)\s*\)\s*=\s*/
    let value = /((?:\\?_)+|\?|(?:[-+−]\s+)?[^\s,;$|]+(?:,[0-9]+)*(?:\s+\/\s*[0-9]+)?)/
    let pattern = Regex {
      names
      value
    }.ignoresCase()
    return line.matches(of: pattern).compactMap { match in
      let value = trimmed(String(match.3))
      if isBlankCell(value) {
        return WrittenRelation(first: String(match.1), second: String(match.2), target: nil)
      }
      guard isMeantAsNumber(value) else { return nil }
      return WrittenRelation(first: String(match.1), second: String(match.2), target: value)
    }
  }

  /// Without Markdown's marks, the full stop that ends a sentence, and the blank after a sign; a
  /// typeset fraction as a plain one.
  private static func trimmed(_ value: String) -> String {
    var text = value.replacing(/[`*]/, with: "")
    if text.hasSuffix("."), text.count > 1 { text.removeLast() }
    if let match = text.wholeMatch(of: /([-+−]?)\s*\\frac\{([0-9]+)\}\{([0-9]+)\}/) {
      return "\(match.1)\(match.2)/\(match.3)"
    }
    return text.replacing(/^([-+−])\s+/) { String($0.1) }
  }

  /// What a line says besides its relations; nil if that is only signs and joining words.
  static func words(in line: String) -> String? {
    let pattern = /dot\s*\([^()]*\)\s*=\s*(?:[-+−]\s+)?[^\s,;$|]+/.ignoresCase()
    let rest = line.replacing(pattern, with: " ")
    let words = rest.split { !$0.isLetter && !$0.isNumber }.map { $0.lowercased() }
    return words.allSatisfy { ["and", "quad", "qquad", "text"].contains($0) } ? nil : line
  }

  /// Whether somebody meant to write a number here, so that it must be one.
  static func isMeantAsNumber(_ value: String) -> Bool {
    let lowered = value.lowercased()
    let unsigned = lowered.drop { "+-\u{2212}".contains($0) }
    guard let first = unsigned.first else { return false }
    return first.isNumber || first == "." || unsigned.hasPrefix("nan") || unsigned.hasPrefix("inf")
  }
}

/// A number that a worksheet may hold.
///
/// - Throws: `WorksheetError` that says what is wrong with it.
func number(_ text: String, at line: SourceLine) throws(WorksheetError) -> Rational {
  if let value = Rational(text) { return value }
  let lowered = text.lowercased()
  if text.split(separator: "/", omittingEmptySubsequences: false).count == 2,
    text.hasSuffix("/0")
  {
    throw line.error("\"\(text)\" divides by zero.")
  }
  if lowered.contains("nan") || lowered.contains("inf") {
    throw line.error("\"\(text)\" is not a finite number.")
  }
  if lowered.contains("e"), lowered.contains(where: \.isNumber) {
    throw line.error("\"\(text)\" is too large or too small a number.")
  }
  if text.contains(",") {
    throw line.error("\"\(text)\" is no number here: decimals are written with a point.")
  }
  throw line.error(
    "\"\(text.prefix(40))\" is no number: an integer, a decimal or a fraction such as 1/2 was "
      + "expected, or a blank (_).")
}
