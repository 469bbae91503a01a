// Recommending by one set of options to any number of people.
// SPDX-License-Identifier: Apache-2.0

/// A model with what may be recommended and how it is ranked, made ready once.
package struct Recommender: Sendable {
  /// Somebody to recommend to.
  package struct Asker: Sendable {
    /// Their vector. [dimension]
    let vector: [Float]
    /// μ + b_u.
    let base: Double
    /// The rows of items to leave out, ascending.
    let seen: [Int32]
    /// Of somebody new to a model of samples, what is known of them; nil for its own users.
    let knownBy: [(row: ItemRow, rating: Float)]?
  }

  private let model: Model
  private let options: RecommendationOptions
  private let count: Int
  private let candidates: Candidates
  /// Scores every candidate; nil where a scan comes first.
  private let blocks: ScoreBlocks?
  private let isTurned: Bool
  /// What looks for the best items before the blocks do; nil for nothing.
  private let scan: ItemScan?
  /// What damping takes off each item's rank; empty without. [items]
  private let penalties: [Double]

  /// - Parameters:
  ///   - model: What scores.
  ///   - count: How many items for each; none if it is negative.
  ///   - options: Which items may come up, and how they are ranked.
  ///   - isForMany: Whether many will ask, so that the item vectors are worth turning.
  ///   - quantized: The model's items in bytes, to be scanned for one who asks; nil to score them all.
  ///   - threads: How many may scan at a time; 0 for one per core.
  /// - Throws: `ModelError` for what the options ask and the model does not know.
  /// - Complexity: O(items · *dimension*) for many, else O(items).
  package init(
    _ model: Model, count: Int, options: RecommendationOptions, isForMany: Bool,
    scanning quantized: QuantizedItems? = nil, threads: Int = 1
  ) throws(ModelError) {
    precondition(
      (0...1).contains(options.diversity), "a diversity of \(options.diversity), not from 0 to 1")
    precondition(options.damping.isFinite, "a damping of \(options.damping)")
    if let quantile = options.quantile {
      guard model.posterior != nil else {
        throw .noSamples(need: "A ranking by how sure scores are")
      }
      precondition(quantile > 0 && quantile < 1, "a ranking by the quantile \(quantile)")
    }
    self.model = model
    self.options = options
    self.count = max(0, min(count, model.items.count))
    penalties = options.damping == 0 ? [] : try model.popularity.map { options.damping * $0 }
    let candidates = try Candidates(model, options)
    self.candidates = candidates
    isTurned = isForMany && options.quantile == nil
    guard let quantized else {
      scan = nil
      blocks = Self.blocks(model, candidates, penalties, isTurned: isTurned)
      guard model.mean.isFinite, model.biases?.items.numbers.firstNonFinite == nil else {
        throw .outOfRange("Scoring the items")
      }
      return
    }
    blocks = nil
    scan = ItemScan(
      quantized, allowed: candidates.allowed,
      biases: penalties.isEmpty ? nil : Self.biases(model, penalties, nil), threads: threads)
  }

  private static func blocks(
    _ model: Model, _ candidates: Candidates, _ penalties: [Double], isTurned: Bool
  ) -> ScoreBlocks {
    ScoreBlocks(
      model.itemEmbeddings, rows: candidates.rows,
      biases: biases(model, penalties, candidates.rows), isTurned: isTurned)
  }

  /// What is added to the dot products of some items, or of all; nil for nothing.
  private static func biases(
    _ model: Model, _ penalties: [Double], _ rows: [Int32]?
  ) -> Flat<Float>? {
    guard model.biases != nil || !penalties.isEmpty else { return nil }
    if rows == nil, penalties.isEmpty { return model.biases?.items.numbers }
    func bias(_ row: Int) -> Float {
      let own = model.biases?.items[row] ?? 0
      return penalties.isEmpty ? own : Float(Double(own) - penalties[row])
    }
    return Flat(rows.map { $0.map { bias(Int($0)) } } ?? (0..<model.items.count).map(bias))
  }

  /// A user of the model.
  ///
  /// - Throws: `ModelError.noHistory` if seen items are to be left out and nobody knows them.
  package func asker(_ user: UserRow) throws(ModelError) -> Asker {
    let vector = model.userEmbeddings.vector(user)
    let seen = options.includeSeen ? [] : try model.seen(user)
    let isNew = model.posterior != nil && model.isStranger(user)
    return Asker(
      vector: (0..<vector.count).map { vector[$0] }, base: model.base(user), seen: seen,
      knownBy: isNew ? [] : nil)
  }

  /// Why other items do not come up for a user.
  package func exclusions(_ user: UserRow) -> Exclusions {
    let seen = options.includeSeen ? [] : Set(model.history?.columns(user) ?? [])
    return candidates.exclusions(seen: Array(seen))
  }

  /// The best items for some people at once.
  ///
  /// - Throws: `ModelError.outOfRange` if a score is not finite.
  /// - Precondition: One person, unless the recommender is for many.
  package func answers(for askers: [Asker]) throws(ModelError) -> [[Recommendation]] {
    var answers: [[Recommendation]] = []
    if let scan, options.quantile == nil, poolSize > 0 {
      for asker in askers {
        var pool = try scan.best(poolSize, for: asker)
        if pool == nil { pool = try best([asker]).first }
        answers.append(try recommendations(asker, chosen(pool ?? [])))
      }
    } else if options.quantile == nil {
      let pools = try best(askers)
      for (asker, pool) in zip(askers, pools) {
        answers.append(try recommendations(asker, chosen(pool)))
      }
    } else {
      for asker in askers {
        answers.append(try recommendations(asker, chosen(try surest(asker))))
      }
    }
    return answers
  }

  /// How many items the diverse ones are chosen from.
  private var poolSize: Int {
    guard options.diversity > 0 else { return count }
    return count > model.items.count / 10 ? model.items.count : max(100, 10 * count)
  }

  /// The items with the highest scores, best first.
  private func best(
    _ askers: [Asker]
  ) throws(ModelError) -> [[(row: ItemRow, score: Double)]] {
    var selections: [ItemSelection] = []
    var vectors: [Float] = []
    vectors.reserveCapacity(askers.count * model.dimension)
    for asker in askers {
      guard asker.base.isFinite else { throw .outOfRange("Scoring the items") }
      selections.append(ItemSelection(base: asker.base, seen: asker.seen, count: poolSize))
      vectors += asker.vector
    }
    guard poolSize > 0 else { return askers.map { _ in [] } }
    let blocks =
      blocks ?? Self.blocks(model, candidates, penalties, isTurned: isTurned)
    var hits = Array(repeating: Int32(0), count: blocks.blockWidth)
    let isFinite = blocks.each(vectors) { user, dots, biases, places in
      selections[user].meet(dots, biases, places, rows: blocks.rows, hits: &hits)
    }
    guard isFinite else { throw .outOfRange("Scoring the items") }
    return selections.map { $0.sorted() }
  }

  /// The items whose scores have the highest quantile, best first.
  private func surest(_ asker: Asker) throws(ModelError) -> [(row: ItemRow, score: Double)] {
    guard let posterior = model.posterior, let quantile = options.quantile else { return [] }
    let scores = model.scores(of: asker.vector.span, base: asker.base)
    guard scores.allSatisfy(\.isFinite) else { throw .outOfRange("Scoring the items") }
    let deviations = normalQuantile(quantile)
    var allowed =
      candidates.allowed.isEmpty
      ? Array(repeating: true, count: scores.count) : candidates.allowed
    for row in asker.seen { allowed[Int(row)] = false }
    let rows = scores.indices.filter { allowed[$0] }.map { ItemRow($0) }
    let sure = try predictions(
      rows, rows.map { scores[Int($0.index)] }, asker, posterior)
    var selection = TopSelection<ItemSide>(capacity: poolSize)
    for (row, sure) in zip(rows, sure) {
      let penalty = penalties.isEmpty ? 0 : penalties[Int(row.index)]
      selection.offer(row, score: sure.score + deviations * sure.deviation - penalty)
    }
    return selection.sorted()
  }

  /// The items that are recommended out of the best ones.
  private func chosen(
    _ pool: [(row: ItemRow, score: Double)]
  ) -> [(row: ItemRow, score: Double)] {
    guard options.diversity > 0 else { return pool }
    return Diversity(model, weight: options.diversity).choose(count, from: pool)
  }

  /// What is said of the items that have been chosen.
  private func recommendations(
    _ asker: Asker, _ chosen: [(row: ItemRow, score: Double)]
  ) throws(ModelError) -> [Recommendation] {
    var scores = chosen.map(\.score)
    if !penalties.isEmpty || options.quantile != nil {
      // They are ranked by something else.
      for (place, pick) in chosen.enumerated() {
        let dot = Kernels.best.dot(asker.vector.span, model.itemEmbeddings.vector(pick.row))
        scores[place] = asker.base + model.itemBias(pick.row) + Double(dot)
      }
    }
    var sure: [Prediction]?
    if let posterior = model.posterior {
      sure = try predictions(chosen.map(\.row), scores, asker, posterior)
    }
    return chosen.enumerated().map { place, pick in
      Recommendation(
        item: model.items[pick.row], title: model.title(pick.row), score: scores[place],
        prediction: sure?[place])
    }
  }

  /// How sure the scores of some items are.
  private func predictions(
    _ rows: [ItemRow], _ scores: [Double], _ asker: Asker, _ posterior: Posterior
  ) throws(ModelError) -> [Prediction] {
    // The samples of a user of the model differ by all that is not known of them; those of somebody new
    // are conditional means.
    let further = asker.knownBy.map { model.foldedInVariances(posterior, rated: $0, of: rows) }
    var predictions: [Prediction] = []
    for (place, row) in rows.enumerated() {
      predictions.append(
        try model.prediction(
          of: scores[place], asker.vector.span, row, posterior, further: further?[place] ?? 0))
    }
    return predictions
  }
}
