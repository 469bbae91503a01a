// How unevenly ratings are spread over items.
// SPDX-License-Identifier: Apache-2.0

/// The long tail: few items with many ratings, many items with few.
public struct LongTail: Equatable, Encodable, Sendable {
  /// The share of all ratings that the most rated items have.
  public struct Share: Equatable, Encodable, Sendable {
    /// How many of a hundred items.
    public let percent: Int
    /// How many items that is, rounded up.
    public let items: Int
    /// Their share of all ratings, 0 to 1.
    public let ratings: Double
  }

  /// The top 1, 5, 10 and 20 of a hundred items.
  public let shares: [Share]
  /// The fewest items that have half of all ratings together.
  public let itemsForHalf: Int
  /// The Gini coefficient: 0 if all items have equally many ratings, near 1 if one has nearly all.
  ///
  /// Half the mean difference of two items' ratings, over the mean (Gini 1912).
  public let gini: Double
  /// The share of all ratings of the most rated p of a hundred items, p = 0 … 100. [101]
  ///
  /// This is the Lorenz curve (Lorenz 1905) read from its upper end.
  public let curve: [Double]

  /// - Complexity: O(*n* log *n*).
  package init(_ counts: [Int]) {
    let sorted = counts.sorted(by: >)
    let total = sorted.reduce(0, +)
    var sums = [0]
    sums.reserveCapacity(sorted.count + 1)
    for count in sorted { sums.append((sums.last ?? 0) + count) }
    func items(_ percent: Int) -> Int { (percent * sorted.count + 99) / 100 }
    func share(_ items: Int) -> Double { total == 0 ? 0 : Double(sums[items]) / Double(total) }
    shares = [1, 5, 10, 20].map {
      Share(percent: $0, items: items($0), ratings: share(items($0)))
    }
    curve = (0...100).map { percent in
      // Between two items the curve is a straight line.
      let place = Double(percent * sorted.count) / 100
      let whole = Int(place)
      guard whole < sorted.count else { return share(sorted.count) }
      return share(whole) + (place - Double(whole)) * (share(whole + 1) - share(whole))
    }
    itemsForHalf = sums.firstIndex { 2 * $0 >= total } ?? 0
    // Σ over ranks from the most rated: (n + 1 − 2 · rank) · count, over n · total.
    var weighted = 0.0
    for (place, count) in sorted.enumerated() {
      weighted += Double(sorted.count - 1 - 2 * place) * Double(count)
    }
    gini = total == 0 ? 0 : weighted / (Double(sorted.count) * Double(total))
  }
}
