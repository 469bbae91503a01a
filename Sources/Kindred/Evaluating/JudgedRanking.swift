// One user's ranking, held against the test items.
// SPDX-License-Identifier: Apache-2.0

/// What the metrics need to know about the ranking of one user.
package struct JudgedRanking {
  /// A test item in the list.
  package struct Hit {
    /// Counted from 1.
    package let rank: Int
    package let rating: Float
  }

  /// The best candidates, best first.
  package let list: [ItemRow]
  /// Where test items stand in the list, best first.
  package let hits: [Hit]
  /// How many test items there are, found or not.
  package let testCount: Int
  /// The ratings of all test items, best first.
  package let testRatings: [Float]
  /// The rank of the best test item among all candidates; nil if no test item is one, or if nobody
  /// asked.
  package var firstRank: Int?
  /// See `Metric.Kind.auc`; NaN where it is not defined or nobody asked.
  package var auc = Double.nan

  package init(list: [ItemRow], test: TestItems) {
    self.list = list
    hits = list.enumerated().compactMap { place, item in
      test.place(of: item.index).map { Hit(rank: place + 1, rating: test.ratings[$0]) }
    }
    testCount = test.count
    testRatings = test.allRatings.sorted(by: >)
  }
}

/// What the metrics need to know about all items.
package struct Catalogue: Sendable {
  private let model: Model
  /// −log₂(share of the users who have seen the item), per item; empty if nobody asked.
  private let surprise: [Double]

  /// - Parameters:
  ///   - model: The model whose lists are measured.
  ///   - metrics: What will be asked for.
  package init(_ model: Model, for metrics: [Metric]) {
    self.model = model
    guard metrics.contains(where: { $0.kind == .novelty }), let history = model.history else {
      surprise = []
      return
    }
    var counts = Array(repeating: 0, count: model.items.count)
    for user in model.users.rows {
      for item in history.columns(user) { counts[Int(item)] += 1 }
    }
    let users = Double(max(1, model.users.count))
    surprise = counts.map { -binaryLogarithm(Double(max(1, $0)) / users) }
  }

  /// The value of a metric for one user; NaN where it is not defined.
  package func value(of metric: Metric, for ranking: JudgedRanking) -> Double {
    let cutoff = metric.cutoff ?? .max
    let ideal = min(cutoff, ranking.testCount)
    let hits = ranking.hits.prefix { $0.rank <= cutoff }
    switch metric.kind {
    case .rmse, .mae, .coverage: return .nan
    case .recall: return Double(hits.count) / Double(ranking.testCount)
    case .cappedRecall: return Double(hits.count) / Double(ideal)
    case .precision: return Double(hits.count) / Double(cutoff)
    case .hitRatio: return hits.isEmpty ? 0 : 1
    case .ndcg, .gradedNDCG, .linearNDCG, .originalNDCG:
      return metric.kind.discountedGain(hits, ideal: ranking.testRatings.prefix(ideal))
    case .averagePrecision, .fullAveragePrecision:
      let sum = hits.enumerated().reduce(0.0) { sum, entry in
        sum + Double(entry.offset + 1) / Double(entry.element.rank)
      }
      return sum / Double(metric.kind == .averagePrecision ? ideal : ranking.testCount)
    case .reciprocalRank:
      let rank = metric.cutoff == nil ? ranking.firstRank : hits.first?.rank
      return rank.map { 1 / Double($0) } ?? 0
    case .auc: return ranking.auc
    case .novelty:
      let list = ranking.list.prefix(cutoff)
      return list.reduce(0) { $0 + surprise[Int($1.index)] } / Double(list.count)
    case .similarity: return likeness(ranking.list.prefix(cutoff))
    }
  }

  /// The mean cosine over all pairs of items; NaN for less than two.
  ///
  /// The biases of samples are no part of their vectors. With unit vectors e the sum over pairs is (‖Σe‖² − Σ‖e‖²) / 2, which takes no pairs.
  ///
  /// - Complexity: O(items · *dimension*).
  private func likeness(_ list: ArraySlice<ItemRow>) -> Double {
    guard list.count > 1 else { return .nan }
    var sum = Array(repeating: 0.0, count: model.dimension)
    var squares = 0.0
    for item in list {
      let length = model.vectorLength(item, in: model.itemEmbeddings)
      guard length > 0 else { continue }
      let vector = model.itemEmbeddings.vector(item)
      for k in sum.indices where model.posterior?.isOfVector(k) ?? true {
        let number = Double(vector[k]) / length
        sum[k] += number
        squares += number * number
      }
    }
    let pairs = Double(list.count) * Double(list.count - 1)
    return (sum.reduce(0) { $0 + $1 * $1 } - squares) / pairs
  }
}

extension Metric.Kind {
  /// DCG of the hits over DCG of the ideal list; 0 where nothing can be gained.
  fileprivate func discountedGain(
    _ hits: ArraySlice<JudgedRanking.Hit>, ideal: ArraySlice<Float>
  ) -> Double {
    let best = ideal.enumerated().reduce(0.0) { sum, entry in
      sum + (gain(rating: entry.element) ?? 0) * discount(rank: entry.offset + 1)
    }
    guard best > 0 else { return 0 }
    let found = hits.reduce(0.0) { sum, hit in
      sum + (gain(rating: hit.rating) ?? 0) * discount(rank: hit.rank)
    }
    return found / best
  }
}
