// Moments from bytes, without a formatter.
// SPDX-License-Identifier: Apache-2.0

/// Reads when something happened: numbers since 1970, dates, and dates with a time of day.
package enum Timestamp {
  /// The moment in `range` as milliseconds since the start of 1970 in UTC; nil if it is none.
  ///
  /// - A number, whole or with decimals, is seconds; from 10¹¹ on (in magnitude) milliseconds, from
  ///   10¹⁴ on microseconds and from 10¹⁷ on nanoseconds. Seconds reach to the year 5138 so, and the
  ///   smaller units back to 1973.
  /// - A date is `2015-03-04` or `2015/03/04`; a time of day may follow after `T` or a blank,
  ///   `05:06` or `05:06:07` or `05:06:07.123`, and then `Z`, `+02`, `+0200` or `+02:00`
  ///   (ISO 8601, RFC 3339). Without an offset it is UTC. A leap second is the second after it.
  ///
  /// What is finer than a millisecond is rounded down. Blanks around are ignored.
  ///
  /// - Complexity: O(length).
  package static func parse(_ bytes: Flat<UInt8>, _ range: Range<Int>) -> Int64? {
    var scanner = MomentScanner(bytes, range)
    return scanner.isDate ? scanner.moment() : scanner.number()
  }

  /// A moment as in `2015-03-04T05:06:07.123Z`, the milliseconds only where there are some.
  package static func text(_ milliseconds: Int64) -> String {
    let date = CivilDate(milliseconds: milliseconds)
    let ofDay = milliseconds - milliseconds.flooredQuotient(by: 86_400_000) * 86_400_000
    func padded(_ value: Int64, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let clock = [ofDay / 3_600_000, ofDay / 60_000 % 60, ofDay / 1000 % 60]
      .map { padded($0, 2) }.joined(separator: ":")
    let fraction = ofDay % 1000 == 0 ? "" : "." + padded(ofDay % 1000, 3)
    return "\(date)T\(clock)\(fraction)Z"
  }
}

extension CivilDate: CustomStringConvertible {
  /// The day as in `2015-03-04`.
  public var description: String {
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(abs(value))
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(year < 0 ? "-" : "")\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}

/// Goes over the bytes of one moment.
private struct MomentScanner {
  private let bytes: Flat<UInt8>
  private var index: Int
  private let end: Int

  init(_ bytes: Flat<UInt8>, _ range: Range<Int>) {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
    while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    self.bytes = bytes
    index = start
    self.end = end
  }

  /// Whether four digits and a date's mark come first.
  var isDate: Bool {
    guard index + 4 < end, bytes[index + 4] == 0x2D || bytes[index + 4] == 0x2F else {
      return false
    }
    return (index..<index + 4).allSatisfy { bytes[$0] &- 0x30 < 10 }
  }

  // MARK: Numbers

  mutating func number() -> Int64? {
    let negative = take(0x2D)
    if !negative { _ = take(0x2B) }
    var whole: Int64 = 0
    var digits = 0
    while let digit = digit() {
      let (product, overflows) = whole.multipliedReportingOverflow(by: 10)
      let (sum, carries) = product.addingReportingOverflow(Int64(digit))
      guard !overflows, !carries else { return nil }
      whole = sum
      digits += 1
    }
    // Three decimals count, and whether anything is left after them.
    var thousandths: Int64 = 0
    var decimals = 0
    var hasMore = false
    if take(0x2E) {
      while let digit = digit() {
        if decimals < 3 { thousandths = thousandths * 10 + Int64(digit) }
        if decimals >= 3, digit > 0 { hasMore = true }
        decimals += 1
      }
    }
    guard digits + decimals > 0, index == end else { return nil }
    while decimals < 3 {
      thousandths *= 10
      decimals += 1
    }
    var magnitude: Int64
    if whole < 100_000_000_000 {
      magnitude = whole * 1000 + thousandths
    } else {
      let unit: Int64 =
        whole < 100_000_000_000_000 ? 1 : whole < 100_000_000_000_000_000 ? 1000 : 1_000_000
      magnitude = whole / unit
      hasMore = hasMore || whole % unit > 0 || thousandths > 0
    }
    if negative, hasMore { magnitude += 1 }
    return negative ? -magnitude : magnitude
  }

  // MARK: Dates

  mutating func moment() -> Int64? {
    guard let year = number(digits: 4) else { return nil }
    let mark = bytes[index]
    guard take(mark), let month = number(digits: 2), take(mark), let day = number(digits: 2),
      let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    let midnight = Int64(date.daysSince1970) * 86_400_000
    if index == end { return midnight }
    guard take(0x54) || take(0x74) || take(0x20), let time = timeOfDay(), let offset = offset(),
      index == end
    else { return nil }
    let moment = midnight + time - offset
    // Four digits of a year are all that can be written again.
    return moment < 253_402_300_800_000 ? moment : nil
  }

  /// Milliseconds since midnight.
  private mutating func timeOfDay() -> Int64? {
    guard let hour = number(digits: 2), hour < 24, take(0x3A), let minute = number(digits: 2),
      minute < 60
    else { return nil }
    let whole = Int64(hour * 60 + minute) * 60_000
    guard take(0x3A) else { return whole }
    guard let second = number(digits: 2), second <= 60 else { return nil }
    var milliseconds: Int64 = 0
    if take(0x2E) || take(0x2C) {
      var unit: Int64 = 100
      guard index < end, bytes[index] &- 0x30 < 10 else { return nil }
      while let digit = digit() {
        milliseconds += Int64(digit) * unit
        unit /= 10
      }
    }
    return whole + Int64(second) * 1000 + milliseconds
  }

  /// Milliseconds ahead of UTC; 0 where nothing is said.
  private mutating func offset() -> Int64? {
    if index == end || take(0x5A) || take(0x7A) { return 0 }
    let west = take(0x2D)
    guard west || take(0x2B), let hours = number(digits: 2), hours < 24 else { return nil }
    var minutes = 0
    if index < end {
      _ = take(0x3A)
      guard let number = number(digits: 2), number < 60 else { return nil }
      minutes = number
    }
    let ahead = Int64(hours * 60 + minutes) * 60_000
    return west ? -ahead : ahead
  }

  // MARK: Bytes

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < end, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func digit() -> UInt8? {
    guard index < end, bytes[index] &- 0x30 < 10 else { return nil }
    index += 1
    return bytes[index - 1] - 0x30
  }

  /// A number of exactly so many digits.
  private mutating func number(digits: Int) -> Int? {
    var number = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      number = number * 10 + Int(digit)
    }
    return number
  }
}
