// Days of the calendar and days since 1970, one from the other.
// SPDX-License-Identifier: Apache-2.0

/// A day of the Gregorian calendar, carried back before its introduction as ISO 8601 does.
public struct CivilDate: Hashable, Comparable, Sendable {
  /// The year; 0 is the one before year 1.
  public let year: Int
  /// The month, 1 to 12.
  public let month: Int
  /// The day of the month, from 1.
  public let day: Int

  /// A day of the calendar; nil if there is no such day.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year) else {
      return nil
    }
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// The day in which a moment lies, in UTC.
  ///
  /// - Parameter milliseconds: Milliseconds since the start of 1970.
  public init(milliseconds: Int64) {
    self.init(daysSince1970: Int(milliseconds.flooredQuotient(by: 86_400_000)))
  }

  /// The inverse of ``daysSince1970``.
  package init(daysSince1970 days: Int) {
    // Counted from 1 March of year 0, years end with February, so that a leap day is the last of its
    // year and the months before it have fixed lengths. 400 years are 146,097 days.
    let shifted = days + Self.daysFromMarch0To1970
    let era = shifted.flooredQuotient(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    // Takes out the leap days: one in 1,461 days, none in 36,524, one again in 146,096.
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    // From March on, five months have 153 days, again and again.
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = 400 * era + yearOfEra + (month <= 2 ? 1 : 0)
  }

  /// How many days after 1 January 1970 the day is; negative before.
  package var daysSince1970: Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear.flooredQuotient(by: 400)
    let yearOfEra = shiftedYear - era * 400
    let monthFromMarch = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let dayOfEra = 365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - Self.daysFromMarch0To1970
  }

  /// Whether one day is before another.
  public static func < (a: CivilDate, b: CivilDate) -> Bool {
    (a.year, a.month, a.day) < (b.year, b.month, b.day)
  }

  private static let daysFromMarch0To1970 = 719_468

  private static func days(inMonth month: Int, of year: Int) -> Int {
    if month == 2 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      return isLeap ? 29 : 28
    }
    return [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}

extension BinaryInteger {
  /// The quotient rounded down, also where the number is negative.
  package func flooredQuotient(by divisor: Self) -> Self {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder != 0 && (remainder < 0) != (divisor < 0) ? quotient - 1 : quotient
  }
}
