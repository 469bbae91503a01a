// What ratings look like, in numbers.
// SPDX-License-Identifier: Apache-2.0

/// A description of a set of ratings: sizes, distributions, the long tail, and users worth a look.
///
/// ```swift
/// let summary = ratings.summary()
/// print(summary.density, summary.tail.gini, summary.suspicious.map(\.user))
/// ```
public struct RatingsSummary: Equatable, Encodable, Sendable {
  /// The number of users.
  public let users: Int
  /// The number of items.
  public let items: Int
  /// The number of ratings, or of interactions without a value.
  public let ratings: Int
  /// The share of all pairs of a user and an item that are rated.
  public let density: Double
  /// How many ratings repeated a pair that had one already, before repeats were resolved.
  public let duplicates: Int
  /// How the values are spread; nil for interactions without any.
  public let values: ValueDistribution?
  /// How many ratings users give.
  public let perUser: CountSummary
  /// How many ratings items have.
  public let perItem: CountSummary
  /// How unevenly ratings are spread over the items.
  public let tail: LongTail
  /// When the ratings were given; nil where times are not known.
  public let times: TimeSummary?
  /// The items with the most ratings, the first of equal ones first.
  public let mostRated: [RatedItem]
  /// The items with the best shrunk mean, among those with enough ratings.
  public let bestRated: [RatedItem]
  /// How many ratings are enough: what a quarter of the items reach, but 5 at least.
  public let enoughRatings: Int
  /// Users who rate unlike people do, those with the most or the rarest reasons first.
  public let suspicious: [SuspiciousUser]

  /// An item with its ratings.
  public struct RatedItem: Equatable, Encodable, Sendable {
    /// The item's id.
    public let item: String
    /// What it is called, where that is known.
    public let title: String?
    /// How many ratings it has.
    public let ratings: Int
    /// Their mean; nil for interactions without values.
    public let mean: Double?
    /// (Σ r + m · μ) / (n + m) with n ratings r, the overall mean μ and m = `enoughRatings`.
    ///
    /// So few ratings, however good, do not put an item above all others. Nil like the mean.
    public let shrunkMean: Double?
  }
}

extension Ratings {
  /// Describes the ratings.
  ///
  /// - Parameters:
  ///   - titles: What items are called.
  ///   - listed: How many items the lists of most and best rated hold.
  ///   - rules: What makes a user worth a look.
  /// - Returns: The description.
  /// - Complexity: O(ratings · log of a user's ratings + users · log users + items · log items).
  public func summary(
    titles: Titles? = nil, listed: Int = 10, rules: SuspicionRules = SuspicionRules()
  ) -> RatingsSummary {
    let itemCounts = Array(items.rows.map { byItem.range($0).count })
    let perItem = CountSummary(itemCounts)
    let enough = max(5, perItem.upperQuartile)
    let rated = items.rows.filter { itemCounts[Int($0.index)] > 0 }
    func described(_ row: ItemRow) -> RatingsSummary.RatedItem {
      let sum = byItem.values(row).reduce(0.0) { $0 + Double($1) }
      let count = itemCounts[Int(row.index)]
      let id = items[row]
      return RatingsSummary.RatedItem(
        item: id, title: titles?.title(of: id), ratings: count,
        mean: hasValues ? sum / Double(count) : nil,
        shrunkMean: hasValues
          ? (sum + Double(enough) * mean) / Double(count + enough) : nil)
    }
    let most = rated.sorted {
      (itemCounts[Int($1.index)], $0.index) < (itemCounts[Int($0.index)], $1.index)
    }
    let best = most.filter { itemCounts[Int($0.index)] >= enough && hasValues }.map(described)
      .enumerated().sorted {
        let (a, b) = ($0.element.shrunkMean ?? 0, $1.element.shrunkMean ?? 0)
        return a > b || (a == b && $0.offset < $1.offset)
      }
    let pairs = Double(users.count) * Double(items.count)
    return RatingsSummary(
      users: users.count, items: items.count, ratings: count,
      density: pairs > 0 ? Double(count) / pairs : 0, duplicates: duplicateCount,
      values: hasValues ? ValueDistribution(byUser.values, mean: mean) : nil,
      perUser: CountSummary(Array(users.rows.map { byUser.range($0).count })), perItem: perItem,
      tail: LongTail(itemCounts), times: times.flatMap { TimeSummary($0) },
      mostRated: most.prefix(listed).map(described),
      bestRated: best.prefix(listed).map(\.element), enoughRatings: enough,
      suspicious: suspiciousUsers(rules))
  }
}
