// The ranking metrics the plain way: all scores of a user, sorted, and each formula as it is written.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport

/// One user at a time, no blocks, no kernels, no selection.
struct NaiveEvaluator {
  let model: Model
  let test: Ratings
  var excluded: Ratings?
  private let ids: [String]
  private let seen: [Set<Int>]

  init(model: Model, test: Ratings, excluded: Ratings? = nil) {
    self.model = model
    self.test = test
    self.excluded = excluded
    ids = model.items.all
    seen = (0..<model.users.count).map { model.seen($0) }
  }

  /// The users with a test item, as (id, test items with their ratings).
  private var users: [(id: String, items: [String: Float])] {
    test.users.rows.compactMap { row in
      let items = zip(test.byUser.columns(row), test.byUser.values(row)).map {
        (test.items[ItemRow($0)], $1)
      }
      return items.isEmpty ? nil : (test.users[row], Dictionary(uniqueKeysWithValues: items))
    }
  }

  private func score(_ user: UserRow?, _ item: Int) -> Double {
    if let user { return model.plainScore(Int(user.index), item) }
    return model.mean + Double(model.biases?.items[item] ?? 0)
  }

  /// The candidates of a user, best first, with their scores.
  private func ranking(_ id: String) -> [(item: Int, score: Double)] {
    let user = model.users.row(of: id)
    var seen = user.map { self.seen[Int($0.index)] } ?? []
    if let excluded, let row = excluded.users.row(of: id) {
      for item in excluded.byUser.columns(row) {
        if let known = model.items.row(of: excluded.items[ItemRow(item)]) {
          seen.insert(Int(known.index))
        }
      }
    }
    return (0..<model.items.count).filter { !seen.contains($0) }
      .map { (item: $0, score: score(user, $0)) }
      .sorted { $0.score != $1.score ? $0.score > $1.score : $0.item < $1.item }
  }

  /// The value of a metric; nil where it is defined for no user.
  func value(of metric: Metric) -> Double? {
    let rankings = users.map { (ranking($0.id), $0.items) }
    if metric.kind == .coverage {
      let lists = rankings.map { $0.0.prefix(metric.cutoff ?? .max).map(\.item) }
      return Double(Set(lists.joined()).count) / Double(model.items.count)
    }
    let values = rankings.map { value(of: metric, $0, $1) }.filter { !$0.isNaN }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private func value(
    of metric: Metric, _ ranking: [(item: Int, score: Double)], _ wanted: [String: Float]
  ) -> Double {
    let k = metric.cutoff ?? ranking.count
    let list = ranking.prefix(k).map(\.item)
    let rating = { (item: Int) in wanted[ids[item]] }
    let isHit = list.map { rating($0) != nil }
    let hits = Double(isHit.count { $0 })
    let total = Double(wanted.count)
    func dcg(_ gains: [Double], _ discount: (Double) -> Double) -> Double {
      gains.enumerated().reduce(0) { $0 + $1.element / discount(Double($1.offset + 1)) }
    }
    func ndcg(_ gain: (Float) -> Double, _ discount: (Double) -> Double = { log2($0 + 1) })
      -> Double
    {
      let best = Array(wanted.values.map(gain).sorted(by: >).prefix(k))
      let ideal = dcg(best, discount)
      return ideal == 0 ? 0 : dcg(list.map { rating($0).map(gain) ?? 0 }, discount) / ideal
    }
    let precisions = list.indices.filter { isHit[$0] }.map { place in
      Double(isHit[...place].count { $0 }) / Double(place + 1)
    }
    switch metric.kind {
    case .rmse, .mae, .coverage: return .nan
    case .recall: return hits / total
    case .cappedRecall: return hits / min(Double(k), total)
    case .precision: return hits / Double(k)
    case .hitRatio: return hits > 0 ? 1 : 0
    case .ndcg: return ndcg { _ in 1 }
    case .gradedNDCG: return ndcg { pow(2, max(0, Double($0))) - 1 }
    case .linearNDCG: return ndcg { max(0, Double($0)) }
    case .originalNDCG: return ndcg({ _ in 1 }) { $0 < 2 ? 1 : log2($0) }
    case .averagePrecision: return precisions.reduce(0, +) / min(Double(k), total)
    case .fullAveragePrecision: return precisions.reduce(0, +) / total
    case .reciprocalRank: return isHit.firstIndex(of: true).map { 1 / Double($0 + 1) } ?? 0
    case .auc:
      let good = ranking.filter { rating($0.item) != nil }
      let others = ranking.filter { rating($0.item) == nil }
      var wins = 0.0
      for (_, score) in good {
        for (_, rival) in others { wins += score > rival ? 1 : score == rival ? 0.5 : 0 }
      }
      return wins / (total * Double(others.count))
    case .novelty:
      let shares = list.map { item in
        let count = seen.count { $0.contains(item) }
        return -log2(Double(max(1, count)) / Double(model.users.count))
      }
      return shares.reduce(0, +) / Double(list.count)
    case .similarity:
      var (sum, pairs) = (0.0, 0)
      for (place, a) in list.enumerated() {
        for b in list[..<place] {
          sum += cosine(model.itemEmbeddings.numbers(Row(a)), model.itemEmbeddings.numbers(Row(b)))
          pairs += 1
        }
      }
      return sum / Double(pairs)
    }
  }

  private func cosine(_ a: [Double], _ b: [Double]) -> Double {
    func dot(_ p: [Double], _ q: [Double]) -> Double { zip(p, q).reduce(0) { $0 + $1.0 * $1.1 } }
    let lengths = (dot(a, a) * dot(b, b)).squareRoot()
    return lengths == 0 ? 0 : dot(a, b) / lengths
  }
}

extension Metric {
  /// Every ranking metric, at several cutoffs where it has one.
  static let allOfRankings: [Metric] = Kind.allCases.filter { !$0.isOfRatings }.flatMap { kind in
    switch kind.cutoff {
    case .none: [Metric(kind)]
    case .allowed: [Metric(kind), Metric(kind, cutoff: 3)]
    case .needed:
      [2, 5, 10, 1000].map { Metric(kind, cutoff: $0) }
        + (kind.smallestCutoff == 1 ? [Metric(kind, cutoff: 1)] : [])
    }
  }
}

/// Random interactions of known and unknown users and items, with ids as in `randomModel`.
func randomTest(seed: UInt64, users: Int, items: Int, share: Int = 6) throws -> Ratings {
  var random = KeyedRandom(seed: seed, key: 77)
  var triples: [(user: String, item: String, rating: Float)] = [("u0", "i0", 2)]
  for user in 0..<users + 2 where user % 5 != 3 {
    for item in 0..<items + 3 where random.below(share) == 0 && (user, item) != (0, 0) {
      triples.append(("u\(user)", "i\(item)", Float(random.below(6))))
    }
  }
  random.shuffle(&triples)
  return try Ratings(triples)
}

/// Ratings of (user, item, rating), written briefly.
func interactions(_ triples: [(String, String, Float)]) throws -> Ratings {
  try Ratings(triples.map { (user: $0.0, item: $0.1, rating: $0.2) })
}
