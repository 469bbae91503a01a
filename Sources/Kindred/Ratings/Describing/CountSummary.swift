// How many ratings rows have.
// SPDX-License-Identifier: Apache-2.0

/// How many ratings the users give, or the items have.
///
/// A quantile is the least number that at least so large a part of the rows does not exceed.
public struct CountSummary: Equatable, Encodable, Sendable {
  /// The fewest ratings of a row.
  public let least: Int
  /// What a quarter of the rows do not exceed.
  public let quartile: Int
  /// What half of the rows do not exceed.
  public let median: Int
  /// The ratings per row on average.
  public let mean: Double
  /// What three quarters of the rows do not exceed.
  public let upperQuartile: Int
  /// What nine tenths of the rows do not exceed.
  public let percentile90: Int
  /// The most ratings of a row.
  public let most: Int
  /// How many rows have no rating.
  public let withNone: Int
  /// How many rows have a single rating.
  public let withOne: Int
  /// How many rows have fewer than 5 ratings.
  public let withFewerThan5: Int
  /// How many rows have fewer than 20 ratings.
  public let withFewerThan20: Int
  /// The rows with 1 rating, 2 or 3, 4 to 7 and so on, doubling up to the most.
  public let bins: [Bin]

  /// Rows with about as many ratings.
  public struct Bin: Equatable, Encodable, Sendable {
    /// The fewest ratings.
    public let low: Int
    /// The most ratings.
    public let high: Int
    /// How many rows.
    public let rows: Int
  }

  /// - Complexity: O(*n* log *n*).
  package init(_ counts: [Int]) {
    let sorted = counts.sorted()
    func quantile(_ percent: Int) -> Int {
      sorted.isEmpty ? 0 : sorted[max(0, (percent * sorted.count + 99) / 100 - 1)]
    }
    /// How many are below `limit`.
    func below(_ limit: Int) -> Int {
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if sorted[middle] < limit { low = middle + 1 } else { high = middle }
      }
      return low
    }
    least = sorted.first ?? 0
    quartile = quantile(25)
    median = quantile(50)
    mean = sorted.isEmpty ? 0 : Double(sorted.reduce(0, +)) / Double(sorted.count)
    upperQuartile = quantile(75)
    percentile90 = quantile(90)
    most = sorted.last ?? 0
    withNone = below(1)
    withOne = below(2) - below(1)
    withFewerThan5 = below(5)
    withFewerThan20 = below(20)
    var bins: [Bin] = []
    var low = 1
    while low <= most {
      bins.append(Bin(low: low, high: 2 * low - 1, rows: below(2 * low) - below(low)))
      low *= 2
    }
    self.bins = bins
  }
}
