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
  /// How sure the model is of it; nil unless it is one of samples.
  public let prediction: Prediction?
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
  /// If given, items are ranked by this quantile of their scores instead of the scores.
  ///
  /// Above 0 and below 1: 0.95, say, for those that may be very good, 0.05 for those that are good for
  /// sure. Only models of samples know it.
  /// It is the quantile of ``Prediction/quantile(_:)``: of the score, without the noise of ratings, which
  /// is the same for all items.
  public var quantile: Double?

  /// What a person wants to see: everything new to them.
  public init() {}
}

extension Model {
  /// The items with the highest scores for a user, best first; ties go to the item that comes first
  /// in the model.
  ///
  /// Fewer than `count` come back only if fewer items are allowed.
  ///
  /// - Throws: `ModelError` for an unknown id, also in the options, if seen items are to be left out and
  ///   the model has no history, or if a quantile is asked of a model without samples.
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
    return try top(
      count, for: userEmbeddings.vector(row), base: base(row), allowed: allowed,
      quantile: options.quantile, knownBy: isStranger(row) ? [] : nil)
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
    var allowed = try allowedItems(options)
    if !options.includeSeen {
      for (item, _) in rated { allowed[Int(try row(ofItem: item).index)] = false }
    }
    let vector = folded.vector.map { Float($0) }
    return try top(
      count, for: vector.span, base: mean + folded.bias, allowed: allowed,
      quantile: options.quantile, knownBy: try latestRatings(rated))
  }

  private func allowedItems(_ options: RecommendationOptions) throws(ModelError) -> [Bool] {
    var allowed = Array(repeating: options.only == nil, count: items.count)
    for id in options.only ?? [] { allowed[Int(try row(ofItem: id).index)] = true }
    options.among?.narrow(&allowed)
    for id in options.without { allowed[Int(try row(ofItem: id).index)] = false }
    return allowed
  }

  private func top(
    _ count: Int, for vector: Span<Float>, base: Double, allowed: [Bool], quantile: Double?,
    knownBy rated: [(row: ItemRow, rating: Float)]?
  ) throws(ModelError) -> [Recommendation] {
    let scores = scores(of: vector, base: base)
    guard scores.allSatisfy(\.isFinite) else { throw .outOfRange("Scoring the items") }
    var selection = TopSelection<ItemSide>(capacity: max(0, count))
    if let quantile {
      guard let posterior else { throw .noSamples(need: "A ranking by how sure scores are") }
      precondition(quantile > 0 && quantile < 1, "a ranking by the quantile \(quantile)")
      let deviations = normalQuantile(quantile)
      let rows = scores.indices.filter { allowed[$0] }.map { ItemRow($0) }
      let sure = try predictions(scores, vector, rows, posterior, knownBy: rated)
      for (row, sure) in zip(rows, sure) {
        selection.offer(row, score: sure.score + deviations * sure.deviation)
      }
    } else {
      for item in scores.indices where allowed[item] {
        selection.offer(Row(item), score: scores[item])
      }
    }
    let best = selection.sorted().map(\.row)
    var sure: [Prediction]?
    if let posterior {
      sure = try predictions(scores, vector, best, posterior, knownBy: rated)
    }
    return best.enumerated().map { place, row in
      Recommendation(
        item: items[row], title: title(row), score: scores[Int(row.index)],
        prediction: sure?[place])
    }
  }

  /// How sure the scores of some items are; of somebody new, who is known by what they `rated` and by
  /// nothing else, or of a user of the model, where it is nil.
  private func predictions(
    _ scores: [Double], _ vector: Span<Float>, _ rows: [ItemRow], _ posterior: Posterior,
    knownBy rated: [(row: ItemRow, rating: Float)]?
  ) throws(ModelError) -> [Prediction] {
    // The samples of a user of the model differ by all that is not known of them; those of somebody new
    // are conditional means.
    let further = rated.map { foldedInVariances(posterior, rated: $0, of: rows) }
    var predictions: [Prediction] = []
    for (place, row) in rows.enumerated() {
      predictions.append(
        try prediction(
          of: scores[Int(row.index)], vector, row, posterior, further: further?[place] ?? 0))
    }
    return predictions
  }
}
