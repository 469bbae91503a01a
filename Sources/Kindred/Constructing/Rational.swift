// Exact fractions of unlimited size.
// SPDX-License-Identifier: Apache-2.0

import BigInt

/// An exact fraction of two integers of unlimited size, such as -1/2.
///
/// Always in lowest terms with a positive denominator, so that equal values are equal in every bit
/// and can be hashed. Arithmetic never rounds and never overflows; it grows instead, and a long
/// computation pays for the reduction to lowest terms at every step.
///
/// ```swift
/// let third = Rational(numerator: 1, denominator: 3)
/// third + third + third == 1  // true
/// ```
public struct Rational: Hashable, Sendable {
  let numerator: BigInt
  let denominator: BigInt

  /// 0.
  public static let zero = Rational(0)
  /// 1.
  public static let one = Rational(1)

  /// The integer itself.
  public init(_ integer: Int) {
    numerator = BigInt(integer)
    denominator = 1
  }

  /// The fraction `numerator / denominator`, in lowest terms.
  ///
  /// - Precondition: `denominator != 0`.
  public init(numerator: Int, denominator: Int) {
    precondition(denominator != 0, "Rational: \(numerator)/0 is not a number")
    self.init(BigInt(numerator), over: BigInt(denominator))
  }

  init(_ integer: BigInt) {
    numerator = integer
    denominator = 1
  }

  init(_ numerator: BigInt, over denominator: BigInt) {
    precondition(!denominator.isZero, "Rational: the denominator is 0")
    guard denominator != 1 else {
      self.init(numerator)
      return
    }
    let divisor = greatestCommonDivisor(numerator.magnitude, denominator.magnitude)
    let signed = denominator.sign == .minus ? -BigInt(divisor) : BigInt(divisor)
    self.init(reduced: numerator / signed, denominator / signed)
  }

  private init(reduced numerator: BigInt, _ denominator: BigInt) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// Whether this is 0.
  public var isZero: Bool { numerator.isZero }
  /// Whether the denominator is 1.
  public var isInteger: Bool { denominator == 1 }
  /// The distance from 0.
  public var magnitude: Rational { numerator.sign == .minus ? -self : self }

  /// Whether a person reads this at a glance: at most four digits over at most three.
  public var isShort: Bool { numerator.magnitude < 10_000 && denominator < 1000 }

  /// The bits of the numerator and the denominator together: what one more operation costs.
  package var bitCount: Int { numerator.magnitude.bitWidth + denominator.magnitude.bitWidth }
}

extension Rational: ExpressibleByIntegerLiteral {
  /// The integer that the literal spells.
  public init(integerLiteral value: Int) { self.init(value) }
}

extension Rational: Comparable {
  /// Whether the first number is less than the second.
  public static func < (a: Rational, b: Rational) -> Bool {
    a.numerator * b.denominator < b.numerator * a.denominator
  }
}

extension Rational {
  /// The exact sum.
  public static func + (a: Rational, b: Rational) -> Rational {
    if a.denominator == b.denominator {
      return Rational(a.numerator + b.numerator, over: a.denominator)
    }
    return Rational(
      a.numerator * b.denominator + b.numerator * a.denominator,
      over: a.denominator * b.denominator)
  }

  /// The exact difference.
  public static func - (a: Rational, b: Rational) -> Rational { a + -b }

  /// The exact product.
  public static func * (a: Rational, b: Rational) -> Rational {
    Rational(a.numerator * b.numerator, over: a.denominator * b.denominator)
  }

  /// The exact quotient.
  ///
  /// - Precondition: `b` is not 0.
  public static func / (a: Rational, b: Rational) -> Rational {
    precondition(!b.isZero, "Rational: \(a) divided by 0")
    return Rational(a.numerator * b.denominator, over: a.denominator * b.numerator)
  }

  /// The number with the opposite sign.
  public static prefix func - (a: Rational) -> Rational {
    Rational(reduced: -a.numerator, a.denominator)
  }

  /// Adds `b` to `a`.
  public static func += (a: inout Rational, b: Rational) { a = a + b }
  /// Subtracts `b` from `a`.
  public static func -= (a: inout Rational, b: Rational) { a = a - b }
  /// Multiplies `a` by `b`.
  public static func *= (a: inout Rational, b: Rational) { a = a * b }
  /// Divides `a` by `b`.
  public static func /= (a: inout Rational, b: Rational) { a = a / b }
}

extension Rational {
  /// The sum of all `terms`.
  ///
  /// Terms are added in pairs, then pairs of pairs, so that only few additions meet the large
  /// denominators.
  package static func sum(_ terms: [Rational]) -> Rational {
    var level = terms
    while level.count > 1 {
      level = stride(from: 0, to: level.count, by: 2).map { at in
        at + 1 < level.count ? level[at] + level[at + 1] : level[at]
      }
    }
    return level.first ?? .zero
  }

  /// The dot product of two vectors of one length, reduced to lowest terms only once.
  package static func dot(_ a: [Rational], _ b: [Rational]) -> Rational {
    precondition(a.count == b.count, "dot: \(a.count) against \(b.count) entries")
    return IntegerRow(a).dot(IntegerRow(b))
  }
}
