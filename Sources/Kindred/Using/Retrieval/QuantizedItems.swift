// The best of millions of items for one user at a time, by a first look at bytes.
// SPDX-License-Identifier: Apache-2.0

/// A model's items rounded to bytes, so that one user's best ones are found in a fraction of the time.
///
/// ```swift
/// let items = try QuantizedItems(model)
/// for pick in try items.recommend(for: "alice") { print(pick.item, pick.score) }
/// ```
///
/// One user's scores wait for memory: a million vectors of 128 numbers are 512 MB, and as bytes a
/// quarter of it. The scores that bytes give choose candidates, a few for each item that is asked for,
/// which are then scored exactly.
///
/// The result is that of ``Model/recommend(for:count:options:)``, to the last bit and with its ties.
/// With ŷ what the bytes make of a vector y, and x̂ of x, the score of an item is off by
/// x·y − x̂·ŷ = x·(y − ŷ) + (x − x̂)·ŷ, at most ‖x‖ · ‖y − ŷ‖ + ‖x − x̂‖ · ‖ŷ‖ (Cauchy–Schwarz). If the
/// worst item of the result is not that much above the worst candidate, more candidates are taken, and in
/// the end all items. For vectors with numbers of about the same size the first candidates do.
///
/// Worth it for many questions, one at a time, of a catalogue of 100,000 items or more; for many users at
/// once ask the model. Takes a byte for each number of the items' vectors.
public struct QuantizedItems: Sendable {
  /// The model whose items they are.
  public let model: Model
  let panels: BytePanels
  /// The items' biases, filled up with zeros; nil without. [16 · panels]
  let biases: Flat<Float>?
  /// The greatest of them, whatever its sign.
  let greatestBias: Double

  /// Rounds a model's item vectors.
  ///
  /// - Parameters:
  ///   - model: The model, which is kept.
  ///   - threads: How many may work at a time; 0 for one per core.
  /// - Throws: `ModelError.outOfRange` if a number of the vectors is not finite or they are too long.
  /// - Complexity: O(items · *dimension*).
  public init(_ model: Model, threads: Int = 0) throws(ModelError) {
    guard model.dimension <= BytePanels.greatestDimension,
      let panels = BytePanels(
        model.itemEmbeddings.flat, dimension: model.dimension, threads: threads)
    else { throw .outOfRange("Rounding the items to bytes") }
    guard model.mean.isFinite, model.biases?.items.numbers.firstNonFinite == nil else {
      throw .outOfRange("Scoring the items")
    }
    self.model = model
    self.panels = panels
    biases = model.biases.map { panels.filledUp($0.items.numbers) }
    greatestBias = biases.map(Self.greatest) ?? 0
  }

  /// The greatest of some numbers, whatever its sign.
  static func greatest(_ numbers: Flat<Float>) -> Double {
    Double(numbers.reduce(0) { max($0, abs($1)) })
  }

  /// The items with the highest scores for a user: what ``Model/recommend(for:count:options:)`` gives.
  ///
  /// - Parameters:
  ///   - user: The user's id.
  ///   - count: How many items at most.
  ///   - options: Which items may come up, and how they are ranked; by a quantile all are scored.
  ///   - threads: How many may look at a time; 0 for one per core.
  /// - Returns: The items, best first.
  /// - Throws: `ModelError` as the model does.
  /// - Precondition: `options.among` is of this model.
  /// - Complexity: O(items · *dimension*).
  public func recommend(
    for user: String, count: Int = 10, options: RecommendationOptions = .init(), threads: Int = 0
  ) throws(ModelError) -> [Recommendation] {
    let row = try model.row(ofUser: user)
    let recommender = try Recommender(
      model, count: count, options: options, isForMany: false, scanning: self, threads: threads)
    return try recommender.answers(for: [try recommender.asker(row)])[0]
  }
}
