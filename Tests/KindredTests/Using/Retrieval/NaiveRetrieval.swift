// Recommending by its definition: score everything, sort, leave out, choose.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport

/// The oracle of retrieval: no blocks, no heaps, no kernels.
struct NaiveRetrieval {
  struct Pick: Equatable {
    let item: String
    let score: Double
  }

  let model: Model
  let options: RecommendationOptions
  /// Whether each item is among `options.among`; the set itself does not say.
  let among: [Bool]?
  /// How many users have rated each item.
  private let counts: [Int]

  init(model: Model, options: RecommendationOptions, among: [Bool]?) {
    self.model = model
    self.options = options
    self.among = among
    let seen = (0..<model.users.count).map { model.seen($0) }
    counts = (0..<model.items.count).map { item in seen.count { $0.contains(item) } }
  }

  func picks(_ user: Int, _ count: Int) -> [Pick] {
    let pool = pool(user, options.diversity > 0 ? max(100, 10 * count) : count)
    let chosen = options.diversity > 0 ? diverse(pool, count) : pool
    return chosen.map { Pick(item: "i\($0.item)", score: model.plainScore(user, $0.item)) }
  }

  private func pool(_ user: Int, _ count: Int) -> [(item: Int, rank: Double)] {
    let seen = options.includeSeen ? [] : model.seen(user)
    var ranked: [(item: Int, rank: Double)] = []
    for item in 0..<model.items.count {
      let id = "i\(item)"
      if seen.contains(item) || options.without.contains(id) { continue }
      if let only = options.only, !only.contains(id) { continue }
      if let among, !among[item] { continue }
      ranked.append((item, rank(user, item)))
    }
    ranked.sort { $0.rank != $1.rank ? $0.rank > $1.rank : $0.item < $1.item }
    return Array(ranked.prefix(count))
  }

  private func rank(_ user: Int, _ item: Int) -> Double {
    guard options.damping != 0 else { return model.plainScore(user, item) }
    let mean = Double(counts.reduce(0, +)) / Double(counts.count)
    let penalty = options.damping * log((1 + Double(counts[item])) / (1 + mean))
    let bias = Float(Double(model.biases?.items[item] ?? 0) - penalty)
    let dot = plainDot(
      model.userEmbeddings.vector(Row(user)), model.itemEmbeddings.vector(Row(item)))
    return model.mean + Double(model.biases?.users[user] ?? 0) + Double(bias) + Double(dot)
  }

  private func diverse(
    _ pool: [(item: Int, rank: Double)], _ count: Int
  ) -> [(item: Int, rank: Double)] {
    guard let most = pool.first?.rank, let least = pool.last?.rank else { return [] }
    var left = pool
    var chosen: [(item: Int, rank: Double)] = []
    while chosen.count < count, !left.isEmpty {
      let values = left.map { candidate in
        let relevance = most > least ? (candidate.rank - least) / (most - least) : 1
        let likeness = chosen.map { cosine($0.item, candidate.item) }.max() ?? 0
        return (1 - options.diversity) * relevance - options.diversity * likeness
      }
      let best = values.max() ?? 0
      chosen.append(left.remove(at: values.firstIndex(of: best) ?? 0))
    }
    return chosen
  }

  private func cosine(_ a: Int, _ b: Int) -> Double {
    let (x, y) = (model.itemEmbeddings.vector(Row(a)), model.itemEmbeddings.vector(Row(b)))
    func length(_ row: Int) -> Double {
      model.itemEmbeddings.numbers(Row(row)).reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let lengths = length(a) * length(b)
    return lengths > 0 ? min(1, max(-1, Double(plainDot(x, y)) / lengths)) : 0
  }
}
