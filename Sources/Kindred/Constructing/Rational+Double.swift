// Between fractions and floating-point numbers.
// SPDX-License-Identifier: Apache-2.0

import BigInt

extension Rational {
  /// The exact value of a floating-point number: a fraction over a power of two.
  ///
  /// Nil if `value` is infinite or not a number. `Rational(exactly: 0.1)` is not 1/10, because 0.1
  /// is not; use the text "0.1" for that.
  public init?(exactly value: Double) {
    guard value.isFinite else { return nil }
    guard value != 0 else {
      self.init(0)
      return
    }
    let significand = BigInt(Int(value.significand * 0x1p52))
    let shift = Int(value.exponent) - 52
    let signed = value < 0 ? -significand : significand
    if shift >= 0 {
      self.init(signed << shift)
    } else {
      self.init(signed, over: BigInt(1) << -shift)
    }
  }

  /// The nearest floating-point number, ties to even.
  ///
  /// Correctly rounded whatever the size of numerator and denominator; infinite beyond the range of
  /// `Double`, and 0 (never -0) below it.
  ///
  /// - Complexity: that of one long division.
  public var doubleValue: Double {
    guard !isZero else { return 0 }
    let above = numerator.magnitude
    let below = denominator.magnitude
    // |value| = (quotient + something less than 1) · 2^unit with at least 55 bits in the quotient,
    // or all those down to two below the smallest subnormal.
    let unit = max(above.bitWidth - below.bitWidth - 55, -1076)
    let (quotient, remainder) =
      unit >= 0
      ? above.quotientAndRemainder(dividingBy: below << unit)
      : (above << -unit).quotientAndRemainder(dividingBy: below)
    // A last sticky bit stands for the remainder.
    let bits = UInt(quotient) << 1 | (remainder.isZero ? 0 : 1)
    let width = UInt.bitWidth - bits.leadingZeroBitCount
    let dropped = unit == -1076 ? max(width - 53, 3) : width - 53
    let half = UInt(1) << (dropped - 1)
    let cut = bits & (half << 1 - 1)
    var kept = bits >> UInt(dropped)
    if cut > half || (cut == half && kept & 1 == 1) { kept += 1 }
    guard kept != 0 else { return 0 }
    let exponent = unit - 1 + dropped
    guard exponent <= 1023 else { return numerator.sign == .minus ? -.infinity : .infinity }
    let size = Double(sign: .plus, exponent: exponent, significand: Double(kept))
    return numerator.sign == .minus ? -size : size
  }
}
