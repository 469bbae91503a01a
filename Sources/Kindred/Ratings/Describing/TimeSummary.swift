// When ratings were given.
// SPDX-License-Identifier: Apache-2.0

/// The span of the ratings' times and how they are spread over it.
public struct TimeSummary: Equatable, Encodable, Sendable {
  /// The earliest, in milliseconds since 1970-01-01 UTC.
  public let first: Int64
  /// The latest, likewise.
  public let last: Int64
  /// Whether all times are midnights: days, without a time of day.
  public let areDays: Bool
  /// The months with ratings, in order.
  public let months: [Month]

  /// A month with ratings.
  public struct Month: Equatable, Encodable, Sendable {
    /// The year.
    public let year: Int
    /// The month of the year, 1 to 12.
    public let month: Int
    /// How many ratings.
    public let ratings: Int
  }

  /// The years from the first to the last, with their ratings.
  public var years: [(year: Int, ratings: Int)] {
    guard let first = months.first, let last = months.last else { return [] }
    var ratings = Array(repeating: 0, count: last.year - first.year + 1)
    for month in months { ratings[month.year - first.year] += month.ratings }
    return ratings.enumerated().map { (year: first.year + $0.offset, ratings: $0.element) }
  }

  /// - Complexity: O(*n*).
  package init?(_ times: some Collection<Int64>) {
    guard let first = times.min(), let last = times.max() else { return nil }
    self.first = first
    self.last = last
    areDays = times.allSatisfy { $0 % 86_400_000 == 0 }
    // Most ratings share their day with others, and a day's month is found but once.
    var days: [Int64: Int] = [:]
    for time in times { days[time.flooredQuotient(by: 86_400_000), default: 0] += 1 }
    var counts: [Int: Int] = [:]
    for (day, count) in days {
      let date = CivilDate(daysSince1970: Int(day))
      counts[date.year * 12 + date.month - 1, default: 0] += count
    }
    months = counts.sorted { $0.key < $1.key }.map {
      let year = $0.key.flooredQuotient(by: 12)
      return Month(year: year, month: $0.key - year * 12 + 1, ratings: $0.value)
    }
  }
}
