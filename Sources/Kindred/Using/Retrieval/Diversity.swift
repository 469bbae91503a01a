// Choosing items that are good and unlike one another.
// SPDX-License-Identifier: Apache-2.0

/// Maximal marginal relevance (Carbonell & Goldstein 1998) over the vectors of a model's items; see
/// ``RecommendationOptions/diversity``.
struct Diversity {
  private let model: Model
  /// 1 − λ of the paper.
  private let weight: Double

  init(_ model: Model, weight: Double) {
    self.model = model
    self.weight = weight
  }

  /// Chooses items one by one; of equally good ones that which comes first in the pool.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - pool: What to choose from, best first.
  /// - Returns: At most `count` items, in the order in which they were chosen.
  /// - Complexity: O(*count* · pool · *dimension*).
  func choose(
    _ count: Int, from pool: [(row: ItemRow, score: Double)]
  ) -> [(row: ItemRow, score: Double)] {
    guard let most = pool.first?.score, let least = pool.last?.score else { return [] }
    let relevance = pool.map { most > least ? ($0.score - least) / (most - least) : 1 }
    let vectors = vectors(of: pool.map(\.row))
    let lengths = pool.map { model.vectorLength($0.row, in: model.itemEmbeddings) }
    let dimension = model.dimension
    /// The greatest cosine with an item that has been chosen.
    var likeness = Array(repeating: -Double.infinity, count: pool.count)
    var isFree = Array(repeating: true, count: pool.count)
    var dots = Array(repeating: Float(0), count: pool.count)
    var chosen: [Int] = []
    while chosen.count < min(count, pool.count) {
      var best: (place: Int, value: Double)?
      for place in pool.indices where isFree[place] {
        let unlikeness = chosen.isEmpty ? 0 : -likeness[place]
        let value = (1 - weight) * relevance[place] + weight * unlikeness
        if value > best?.value ?? -.infinity { best = (place, value) }
      }
      guard let next = best?.place else { break }
      chosen.append(next)
      isFree[next] = false
      var out = dots.mutableSpan
      let own = vectors.span.extracting(next * dimension..<(next + 1) * dimension)
      Kernels.best.score(own, vectors.span, into: &out)
      for place in pool.indices where isFree[place] {
        let product = lengths[next] * lengths[place]
        let cosine = product > 0 ? Double(dots[place]) / product : 0
        // Of vectors too long for Float nothing is known.
        likeness[place] = max(likeness[place], cosine.isFinite ? min(1, max(-1, cosine)) : 0)
      }
    }
    return chosen.map { pool[$0] }
  }

  /// The items' vectors row after row, of samples without their biases.
  private func vectors(of rows: [ItemRow]) -> [Float] {
    var vectors: [Float] = []
    vectors.reserveCapacity(rows.count * model.dimension)
    for row in rows {
      let vector = model.itemEmbeddings.vector(row)
      if let posterior = model.posterior {
        vectors += posterior.withoutBiases(vector)
      } else {
        for k in 0..<vector.count { vectors.append(vector[k]) }
      }
    }
    return vectors
  }
}
