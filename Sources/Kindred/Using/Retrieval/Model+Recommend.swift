// The best items for one, for many, or for somebody new.
// SPDX-License-Identifier: Apache-2.0

extension Model {
  /// The items with the highest scores for a user, best first; ties go to the item that comes first
  /// in the model.
  ///
  /// Fewer than `count` come back only if fewer items are allowed; ``exclusions(for:options:)`` says why.
  ///
  /// - Throws: `ModelError` for an unknown id, also in the options, if seen items are to be left out or
  ///   popular ones damped and the model has no history, or if a quantile is asked of a model without
  ///   samples.
  /// - Precondition: `options.among` is of this model.
  /// - Complexity: O(items · *dimension* + items · log *count*), and with diversity
  ///   O(*count*² · *dimension*) more.
  public func recommend(
    for user: String, count: Int = 10, options: RecommendationOptions = .init()
  ) throws(ModelError) -> [Recommendation] {
    let row = try row(ofUser: user)
    let recommender = try Recommender(self, count: count, options: options, isForMany: false)
    return try recommender.answers(for: [try recommender.asker(row)])[0]
  }

  /// The items with the highest scores for many users: for each what ``recommend(for:count:options:)``
  /// gives, in the order of the users.
  ///
  /// - Parameters:
  ///   - users: The users' ids.
  ///   - count: How many items for each, at most.
  ///   - options: Which items may come up, and how they are ranked.
  ///   - threads: How many may work at a time; 0 for one per core.
  /// - Returns: One list per user, best first.
  /// - Throws: `ModelError` as for one user.
  /// - Precondition: `options.among` is of this model.
  /// - Complexity: O(users · items · *dimension*) time; memory for a copy of the item vectors and the
  ///   lists, and in each thread 384 bytes for each dimension and 200 KB.
  public func recommend(
    for users: [String], count: Int = 10, options: RecommendationOptions = .init(),
    threads: Int = 0
  ) throws(ModelError) -> [[Recommendation]] {
    var rows: [UserRow] = []
    rows.reserveCapacity(users.count)
    for user in users { rows.append(try row(ofUser: user)) }
    let recommender = try Recommender(self, count: count, options: options, isForMany: true)
    return try recommender.lists(for: rows, threads: threads) { _, list in list }
  }

  /// The items with the highest scores for somebody new, from what they have rated.
  ///
  /// Their vector is the fold-in of these ratings (see ``foldIn(_:)``).
  ///
  /// - Throws: `ModelError` for an unknown item, a rating that is not finite, ratings that leave the
  ///   vector undetermined, or if a quantile is asked of a model without samples.
  /// - Complexity: O(ratings · *dimension*² + *dimension*³ + items · *dimension*).
  public func recommend(
    rated: [(item: String, rating: Float)], count: Int = 10,
    options: RecommendationOptions = .init()
  ) throws(ModelError) -> [Recommendation] {
    let folded = try foldIn(rated)
    let recommender = try Recommender(self, count: count, options: options, isForMany: false)
    var seen: [Int32] = []
    if !options.includeSeen {
      for (item, _) in rated { seen.append(try row(ofItem: item).index) }
    }
    let asker = Recommender.Asker(
      vector: folded.vector.map { Float($0) }, base: mean + folded.bias, seen: seen.sorted(),
      knownBy: posterior == nil ? nil : try latestRatings(rated))
    return try recommender.answers(for: [asker])[0]
  }
}
