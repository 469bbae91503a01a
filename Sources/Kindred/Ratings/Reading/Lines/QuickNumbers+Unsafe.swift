// Numbers as nearly all files write them, read where they lie.
// SPDX-License-Identifier: Apache-2.0

extension DecimalNumber {
  /// A number of up to seven digits with or without a point and a sign; nil for every other, which
  /// `parse` then takes.
  ///
  /// The same value as `parse` gives: both operands of the division are exact.
  @inline(__always)
  static func short(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Float? {
    // Most ratings are "4" or "3.5".
    if end - start == 1 {
      let digit = unsafe base[start] &- 0x30
      return digit < 10 ? Float(digit) : nil
    }
    if end - start == 3, unsafe base[start + 1] == 0x2E {
      let (whole, tenth) = unsafe (base[start] &- 0x30, base[start + 2] &- 0x30)
      if whole < 10, tenth < 10 { return Float(Int32(whole) * 10 + Int32(tenth)) / 10 }
    }
    return unsafe longer(base, start, end)
  }

  private static func longer(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Float? {
    guard end > start, end - start <= 9 else { return nil }
    var place = start
    let isNegative = unsafe base[place] == 0x2D
    if isNegative { place += 1 }
    var mantissa: UInt32 = 0
    var digits = 0
    var decimals = -1
    while place < end {
      let digit = unsafe base[place] &- 0x30
      if digit < 10 {
        mantissa = mantissa &* 10 &+ UInt32(digit)
        digits += 1
        if decimals >= 0 { decimals += 1 }
      } else {
        guard unsafe base[place] == 0x2E, decimals < 0 else { return nil }
        decimals = 0
      }
      place += 1
    }
    guard digits > 0, digits <= 7 else { return nil }
    let magnitude = decimals > 0 ? Float(mantissa) / powersOfTen[decimals] : Float(mantissa)
    return isNegative ? -magnitude : magnitude
  }
}

extension Timestamp {
  /// Whole seconds or milliseconds since 1970 after 1970; nil for every other time, which `parse`
  /// then takes.
  static func short(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int64? {
    guard end > start, end - start <= 14 else { return nil }
    var number: Int64 = 0
    for place in start..<end {
      let digit = unsafe base[place] &- 0x30
      guard digit < 10 else { return nil }
      number = number &* 10 &+ Int64(digit)
    }
    return number < 100_000_000_000 ? number * 1000 : number
  }
}
