// Decimal numbers from bytes, without a string for each.
// SPDX-License-Identifier: Apache-2.0

/// Reads `4`, `4.5`, `-1`, `1e1`: what a rating may look like.
package enum DecimalNumber {
  /// The number in `range`, correctly rounded; nil if it is none or larger than a `Float` holds.
  ///
  /// Blanks around the number are ignored. Hexadecimal numbers, infinities and NaN are not numbers
  /// here, and a number too small for a `Float` is 0.
  package static func parse(_ bytes: Flat<UInt8>, _ range: Range<Int>) -> Float? {
    let (start, end) = trimmed(bytes, range)
    var index = start
    var negative = false
    if index < end, bytes[index] == 0x2D || bytes[index] == 0x2B {
      negative = bytes[index] == 0x2D
      index += 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var decimals = 0
    var sawPoint = false
    while index < end {
      let digit = bytes[index] &- 0x30
      if digit < 10 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        digits += 1
        if sawPoint { decimals += 1 }
      } else if bytes[index] == 0x2E, !sawPoint {
        sawPoint = true
      } else {
        return exact(bytes, start..<end)
      }
      index += 1
    }
    guard digits > 0 else { return nil }
    // Both operands are exact in a Float here, so that one division rounds correctly (Clinger 1990).
    guard digits <= 18, mantissa <= 1 << 24, decimals < powersOfTen.count else {
      return exact(bytes, start..<end)
    }
    let magnitude = Float(mantissa) / powersOfTen[decimals]
    return negative ? -magnitude : magnitude
  }

  /// Whether `range` holds a decimal number of any size.
  package static func isNumber(_ bytes: Flat<UInt8>, _ range: Range<Int>) -> Bool {
    let (start, end) = trimmed(bytes, range)
    var index = start
    func digits() -> Int {
      let first = index
      while index < end, bytes[index] &- 0x30 < 10 { index += 1 }
      return index - first
    }
    func skip(_ choices: [UInt8]) -> Bool {
      guard index < end, choices.contains(bytes[index]) else { return false }
      index += 1
      return true
    }
    _ = skip([0x2B, 0x2D])
    var count = digits()
    if skip([0x2E]) { count += digits() }
    guard count > 0 else { return false }
    if skip([0x45, 0x65]) {
      _ = skip([0x2B, 0x2D])
      guard digits() > 0 else { return false }
    }
    return index == end
  }

  /// Whether `range` holds digits, one comma and digits, as in `4,5`.
  package static func hasDecimalComma(_ bytes: Flat<UInt8>, _ range: Range<Int>) -> Bool {
    guard let comma = bytes[range].firstIndex(of: 0x2C) else { return false }
    var changed = Array(bytes[range])
    changed[comma - range.lowerBound] = 0x2E
    return !changed.contains(0x2C) && isNumber(Flat(changed), 0..<changed.count)
      && bytes[range].filter { $0 == 0x2E }.isEmpty
  }

  private static func exact(_ bytes: Flat<UInt8>, _ range: Range<Int>) -> Float? {
    guard isNumber(bytes, range) else { return nil }
    let text = String(decoding: bytes[range], as: UTF8.self)
    guard let value = Float(text), value.isFinite else { return nil }
    return value
  }

  private static func trimmed(_ bytes: Flat<UInt8>, _ range: Range<Int>) -> (start: Int, end: Int) {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
    while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    return (start, end)
  }

  /// 10⁰ to 10¹⁰; 5¹⁰ < 2²⁴, so that each is exact.
  static let powersOfTen: [Float] = [
    1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
  ]
}
