// Reading and writing fractions the way people do.
// SPDX-License-Identifier: Apache-2.0

import BigInt

extension Rational: CustomStringConvertible {
  /// "3" or "-1/2": the numerator, and the denominator unless it is 1.
  public var description: String {
    isInteger ? "\(numerator)" : "\(numerator)/\(denominator)"
  }
}

extension Rational {
  /// The longest text that is read: longer ones are an accident, and reading digits is quadratic.
  static let longestText = 4096
  /// The largest decimal exponent that is read, that of the largest `Double`.
  static let largestExponent = 308

  /// Reads an integer, a fraction or a decimal: "-3", "1/2", "0.125", ".5", "1e3".
  ///
  /// A leading sign may be `+`, `-` or the minus sign U+2212. Digits are 0–9, with at least one on
  /// the right of a decimal point. Nil for anything else, for a zero denominator, for an exponent
  /// beyond ±308 and for text longer than 4,096 bytes; blanks around a number are not skipped.
  public init?(_ text: String) {
    guard text.utf8.count <= Self.longestText else { return nil }
    var rest = Substring(text)
    let isNegative = Self.takeSign(from: &rest)
    let value: Rational?
    if let slash = rest.firstIndex(of: "/") {
      value = Self.fraction(rest[..<slash], rest[rest.index(after: slash)...])
    } else {
      value = Self.decimal(rest)
    }
    guard let value else { return nil }
    self = isNegative ? -value : value
  }

  private static func fraction(_ above: Substring, _ below: Substring) -> Rational? {
    guard let above = integer(above), let below = integer(below), !below.isZero else { return nil }
    return Rational(above, over: below)
  }

  private static func decimal(_ text: Substring) -> Rational? {
    var mantissa = text
    var exponent = 0
    if let mark = text.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      mantissa = text[..<mark]
      var rest = text[text.index(after: mark)...]
      let isNegative = takeSign(from: &rest)
      guard isDigits(rest), let size = Int(rest), size <= largestExponent else { return nil }
      exponent = isNegative ? -size : size
    }
    var digits = mantissa
    if let point = mantissa.firstIndex(of: ".") {
      let places = mantissa[mantissa.index(after: point)...]
      guard !places.isEmpty else { return nil }
      exponent -= places.count
      digits = mantissa[..<point] + places
    }
    guard let digits = integer(digits) else { return nil }
    let power = BigInt(10).power(abs(exponent))
    return exponent < 0 ? Rational(digits, over: power) : Rational(digits * power)
  }

  private static func integer(_ digits: Substring) -> BigInt? {
    isDigits(digits) ? BigInt(digits, radix: 10) : nil
  }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// Takes a leading sign off `text`; true for a minus.
  private static func takeSign(from text: inout Substring) -> Bool {
    guard let first = text.first, first == "+" || first == "-" || first == "\u{2212}" else {
      return false
    }
    text.removeFirst()
    return first != "+"
  }
}
