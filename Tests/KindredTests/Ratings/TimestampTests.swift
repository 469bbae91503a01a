// Moments read from text.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import Testing

@Suite("Reading times") struct TimestampTests {
  private func parse(_ text: String) -> Int64? {
    // Inside other bytes, as in a file.
    let bytes = Flat(Array("x,\(text),y".utf8))
    return Timestamp.parse(bytes, 2..<bytes.count - 2)
  }

  @Test(
    "every form is read",
    arguments: [
      ("0", 0), ("964982703", 964_982_703_000), ("+5", 5000), ("-1", -1000), (" 7\t", 7000),
      ("964982703.25", 964_982_703_250), ("1.2345", 1234), ("-1.2345", -1235), (".5", 500),
      ("5.", 5000), ("-0.0001", -1), ("1.000", 1000),
      // The largest seconds, the least milliseconds, and so on.
      ("99999999999", 99_999_999_999_000), ("100000000000", 100_000_000_000),
      ("-100000000000", -100_000_000_000), ("1425445567123", 1_425_445_567_123),
      ("1425445567123.9", 1_425_445_567_123), ("-1425445567123.9", -1_425_445_567_124),
      ("99999999999999", 99_999_999_999_999), ("100000000000000", 100_000_000_000),
      ("1425445567123456", 1_425_445_567_123), ("-1425445567123456", -1_425_445_567_124),
      ("1425445567123456789", 1_425_445_567_123), ("9223372036854775807", 9_223_372_036_854),
      ("1970-01-01", 0), ("1969-12-31", -86_400_000), ("2015-03-04", 1_425_427_200_000),
      ("2015/03/04", 1_425_427_200_000), ("2015-03-04T05:06:07", 1_425_445_567_000),
      ("2015-03-04 05:06:07", 1_425_445_567_000), ("2015/03/04 05:06", 1_425_445_560_000),
      ("2015-03-04t05:06:07.123z", 1_425_445_567_123),
      ("2015-03-04T05:06:07.1Z", 1_425_445_567_100),
      ("2015-03-04T05:06:07,123456Z", 1_425_445_567_123),
      ("1969-12-31T23:59:59.9999Z", -1), ("2015-03-04T05:06:07+02:00", 1_425_438_367_000),
      ("2015-03-04T05:06:07-0230", 1_425_454_567_000),
      ("2015-03-04T05:06:07+02", 1_425_438_367_000),
      ("2016-12-31T23:59:60Z", 1_483_228_800_000), ("2000-02-29", 951_782_400_000),
      ("0000-01-01", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ] as [(String, Int64)])
  func forms(text: String, milliseconds: Int64) {
    #expect(parse(text) == milliseconds)
  }

  @Test(
    "anything else is no time",
    arguments: [
      "", " ", "-", "+", ".", "1e9", "0x10", "nan", "12a", "1 2", "1.2.3", "9223372036854775808",
      "99999999999999999999", "2015-3-4", "2015-13-01", "2015-00-01", "2015-02-29",
      "1900-02-29", "2015-04-31", "2015-01-00", "2015-01-32", "2015-01/01", "15-01-01", "2015-01",
      "2015-01-01T", "2015-01-01T5", "2015-01-01T05", "2015-01-01T24:00", "2015-01-01T05:60",
      "2015-01-01T05:06:61", "2015-01-01T05:06:07.", "2015-01-01T05:06:07X",
      "2015-01-01T05:06:07+2", "2015-01-01T05:06:07+24:00", "2015-01-01T05:06:07+02:60",
      "2015-01-01T05:06:07+02:000", "2015-01-01Z", "01/02/2015",
      "Mar 4 2015", "2015-03-04T05:06:07 UTC",
    ])
  func refused(text: String) {
    #expect(parse(text) == nil)
  }

  @Test("days and dates are each other's inverse, day by day over eight centuries") func days() {
    // The oracle is a walk along the calendar.
    var (year, month, day) = (1600, 1, 1)
    let first = CivilDate(year: 1600, month: 1, day: 1)?.daysSince1970 ?? 0
    #expect(first == -135_140)
    for number in first..<first + 292_194 {
      let date = CivilDate(daysSince1970: number)
      guard (date.year, date.month, date.day) == (year, month, day),
        date.daysSince1970 == number, CivilDate(year: year, month: month, day: day) == date
      else {
        Issue.record("day \(number) is \(date), not \(year)-\(month)-\(day)")
        return
      }
      day += 1
      if CivilDate(year: year, month: month, day: day) == nil { (month, day) = (month + 1, 1) }
      if month == 13 { (year, month) = (year + 1, 1) }
    }
    // 800 years are 2 · 146,097 days.
    #expect((year, month, day) == (2400, 1, 1))
  }

  @Test("months have their lengths") func months() {
    let lengths = (1...12).map { month in
      (28...32).last { CivilDate(year: 2023, month: month, day: $0) != nil } ?? 0
    }
    #expect(lengths == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    let leap = [1600, 1700, 1900, 2000, 2023, 2024, 2100].filter {
      CivilDate(year: $0, month: 2, day: 29) != nil
    }
    #expect(leap == [1600, 2000, 2024])
  }

  @Test("a moment's text is read as that moment", arguments: 0..<4)
  func text(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 1)
    for _ in 0..<500 {
      // From year 0 to the end of 9999.
      let moment = Int64(random.below(315_569_520_000_000)) - 62_167_219_200_000
      #expect(parse(Timestamp.text(moment)) == moment)
    }
  }
}
