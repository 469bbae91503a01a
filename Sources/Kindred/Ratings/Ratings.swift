// Ratings: who gave what how many stars, indexed by user and by item.
// SPDX-License-Identifier: Apache-2.0

/// Ratings or interactions, held once by user and once by item, with the outside ids beside them.
///
/// ```swift
/// let ratings = try Ratings(contentsOf: "ratings.csv")
/// print(ratings.count, ratings.users.count, ratings.items.count, ratings.mean)
/// ```
///
/// Units: a rating is in whatever unit the file has, usually stars from 0.5 to 5. An interaction
/// without a value counts as 1. A pair without a rating is missing, which is not the same as 0.
///
/// Invariant: every value is finite and no pair of user and item occurs twice. Rows are numbered by
/// first appearance.
public struct Ratings: Sendable {
  /// The users' ids, in the order of their first appearance.
  public let users: IDs<UserSide>
  /// The items' ids, in the order of their first appearance.
  public let items: IDs<ItemSide>
  /// Whether the interactions came with values; where not, every value is 1.
  public let hasValues: Bool
  /// The least and the largest rating; nil if there are none.
  public let range: ClosedRange<Float>?
  /// The mean rating; 0 if there are none.
  public let mean: Double
  /// How many ratings repeated a pair that had one already, before repeats were resolved.
  public let duplicateCount: Int

  /// The ratings by user: rows are those of `users`, columns those of `items`.
  package let byUser: CompressedRows<UserSide, ItemSide>
  /// When each rating of `byUser` was given, in milliseconds since 1970 (UTC); nil if times were not
  /// kept. [count]
  package let times: Flat<Int64>?
  private let itemIndex: Once<CompressedRows<ItemSide, UserSide>>

  package init(
    users: IDs<UserSide>, items: IDs<ItemSide>, byUser: CompressedRows<UserSide, ItemSide>,
    hasValues: Bool, times: Flat<Int64>? = nil, duplicateCount: Int = 0, threads: Int = 1
  ) {
    self.users = users
    self.items = items
    self.byUser = byUser
    self.hasValues = hasValues
    self.times = times
    self.duplicateCount = duplicateCount
    itemIndex = Once()
    let summary = ValueSummary(byUser.values, threads: threads)
    range = summary.range
    mean = summary.mean
  }

  /// The ratings by item: the other index of the same ratings, made when it is first asked for.
  package var byItem: CompressedRows<ItemSide, UserSide> { byItem(threads: 0) }

  /// The same, made by so many threads where it is not there yet; 0 for one per core.
  package func byItem(threads: Int) -> CompressedRows<ItemSide, UserSide> {
    itemIndex.value { byUser.transposed(columnCount: items.count, threads: threads) }
  }

  /// Makes the index by item now; otherwise whoever needs it first waits for it.
  ///
  /// - Complexity: O(ratings + users + items), on all cores.
  public func indexByItem() { _ = byItem }

  /// Whether the ratings came with times, and these were kept.
  public var hasTimes: Bool { times != nil }

  /// The number of ratings.
  public var count: Int { byUser.count }

  /// Ratings from triples in memory.
  ///
  /// - Parameters:
  ///   - triples: The user's id, the item's id and the rating of each.
  ///   - duplicates: What to do when a pair occurs again.
  /// - Throws: `RatingsError` if a value is not finite, an id is empty, or a pair repeats and
  ///   `duplicates` is `.error`.
  /// - Complexity: O(*n*), and a sort of the ids.
  public init(
    _ triples: some Sequence<(user: String, item: String, rating: Float)>,
    duplicates: DuplicatePolicy = .last
  ) throws(RatingsError) {
    var builder = RatingsBuilder()
    for (user, item, rating) in triples {
      guard !user.isEmpty, !item.isEmpty else {
        throw RatingsError(.emptyID, "A rating has an empty \(user.isEmpty ? "user" : "item") id.")
      }
      guard rating.isFinite else {
        throw RatingsError(
          .badNumber, "The rating of item \(item) by user \(user) is \(rating), not a number.")
      }
      builder.add(user: builder.users.intern(user), item: builder.items.intern(item), rating)
    }
    self = try builder.finish(duplicates: duplicates)
  }
}
