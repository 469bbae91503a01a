// The greatest common divisor of large integers.
// SPDX-License-Identifier: Apache-2.0

import BigInt

/// The greatest common divisor of two integers of any size; that of 0 and n is n.
///
/// Numbers of one word go through Euclid's algorithm. Larger ones through Lehmer's (Knuth, volume
/// 2, algorithm 4.5.2 L): the quotients of many steps are found from the leading 62 bits alone, and
/// applied to the large numbers at once. The package's own binary algorithm takes a pass over the
/// whole number for each bit, which is most of the time of a computation with fractions.
func greatestCommonDivisor(_ first: BigUInt, _ second: BigUInt) -> BigUInt {
  var (a, b) = first < second ? (second, first) : (first, second)
  while b.bitWidth > UInt.bitWidth {
    let steps = LehmerSteps(a, b)
    guard let steps else {
      (a, b) = (b, a % b)
      continue
    }
    let (left, right) = (BigInt(a), BigInt(b))
    a = (left * BigInt(steps.a) + right * BigInt(steps.b)).magnitude
    b = (left * BigInt(steps.c) + right * BigInt(steps.d)).magnitude
    if a < b { swap(&a, &b) }
  }
  if b.isZero { return a }
  // One long division brings both into a word.
  var (x, y) = (UInt(b), UInt(a % b))
  while y != 0 { (x, y) = (y, x % y) }
  return BigUInt(x)
}

/// The combined effect of the Euclidean steps that leading bits decide.
///
/// It takes (x, y) to (a·x + b·y, c·x + d·y).
private struct LehmerSteps {
  var a = 1
  var b = 0
  var c = 0
  var d = 1

  /// Nil when the leading bits decide no step at all.
  init?(_ large: BigUInt, _ small: BigUInt) {
    let shift = large.bitWidth - 62
    var x = Int(large >> shift)
    var y = Int(small >> shift)
    // The true quotient lies between these two; only where they agree is it known.
    while y + c != 0, y + d != 0 {
      let quotient = (x + a) / (y + c)
      guard quotient == (x + b) / (y + d) else { break }
      (a, c) = (c, a - quotient * c)
      (b, d) = (d, b - quotient * d)
      (x, y) = (y, x - quotient * y)
    }
    if b == 0 { return nil }
  }
}
