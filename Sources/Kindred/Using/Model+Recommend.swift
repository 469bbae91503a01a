// The best items for a user.
// SPDX-License-Identifier: Apache-2.0

/// An item with its score for somebody.
public struct Recommendation: Equatable, Sendable {
  /// The item's id.
  public let item: String
  /// The item's title, where the model knows one.
  public let title: String?
  /// The score, in the unit of the ratings; not clipped to their range.
  public let score: Double
}

/// Which items may be recommended.
public struct RecommendationOptions: Equatable, Sendable {
  /// Whether items that the user has rated already may come up again.
  public var includeSeen = false
  /// If given, only these items may come up.
  public var only: [String]?
  /// If given, only these items may come up: see ``Model/items(where:)``.
  public var among: ItemSet?
  /// These items never come up.
  public var without: [String] = []

  /// What a person wants to see: everything new to them.
  public init() {}
}

extension Model {
  /// The items with the highest scores for a user, best first; ties go to the item that comes first
  /// in the model.
  ///
  /// Fewer than `count` come back only if fewer items are allowed.
  ///
  /// - Throws: `ModelError` for an unknown id, also in the options, or if seen items are to be left
  ///   out and the model has no history.
  /// - Precondition: `options.among` is of this model.
  /// - Complexity: O(items · *dimension* + items · log *count*).
  public func recommend(
    for user: String, count: Int = 10, options: RecommendationOptions = .init()
  ) throws(ModelError) -> [Recommendation] {
    let row = try row(ofUser: user)
    var allowed = try allowedItems(options)
    if !options.includeSeen {
      guard let history else { throw .noHistory(need: "Leaving out what a user has rated") }
      for item in history.columns(row) { allowed[Int(item)] = false }
    }
    return try top(count, of: scores(row), allowed: allowed)
  }

  /// The items with the highest scores for somebody new, from what they have rated.
  ///
  /// Their vector is the fold-in of these ratings (see ``foldIn(_:)``).
  ///
  /// - Throws: `ModelError` for an unknown item, a rating that is not finite, or ratings that leave
  ///   the vector undetermined.
  /// - Complexity: O(ratings · *dimension*² + *dimension*³ + items · *dimension*).
  public func recommend(
    rated: [(item: String, rating: Float)], count: Int = 10,
    options: RecommendationOptions = .init()
  ) throws(ModelError) -> [Recommendation] {
    let folded = try foldIn(rated)
    var allowed = try allowedItems(options)
    if !options.includeSeen {
      for (item, _) in rated { allowed[Int(try row(ofItem: item).index)] = false }
    }
    let vector = folded.vector.map { Float($0) }
    return try top(
      count, of: scores(of: vector.span, base: mean + folded.bias), allowed: allowed)
  }

  private func allowedItems(_ options: RecommendationOptions) throws(ModelError) -> [Bool] {
    var allowed = Array(repeating: options.only == nil, count: items.count)
    for id in options.only ?? [] { allowed[Int(try row(ofItem: id).index)] = true }
    options.among?.narrow(&allowed)
    for id in options.without { allowed[Int(try row(ofItem: id).index)] = false }
    return allowed
  }

  private func top(
    _ count: Int, of scores: [Double], allowed: [Bool]
  ) throws(ModelError) -> [Recommendation] {
    guard scores.allSatisfy(\.isFinite) else { throw .outOfRange("Scoring the items") }
    var selection = TopSelection<ItemSide>(capacity: max(0, count))
    for item in scores.indices where allowed[item] {
      selection.offer(Row(item), score: scores[item])
    }
    return selection.sorted().map {
      Recommendation(item: items[$0.row], title: title($0.row), score: $0.score)
    }
  }
}
