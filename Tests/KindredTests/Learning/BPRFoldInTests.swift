// Folding in to models of pairwise ranking, and taking their scores apart.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Folding in by pairs") struct BPRFoldInTests {
  /// A random model that says it is of pairwise ranking.
  private func model(_ seed: UInt64, exponent: Double, hasHistory: Bool = true) -> Model {
    var shape = ModelShape()
    shape.hasBiases = false
    let random = randomModel(seed: seed, shape)
    return Model(
      userEmbeddings: random.userEmbeddings, itemEmbeddings: random.itemEmbeddings, biases: nil,
      mean: 0, users: random.users, items: random.items,
      history: hasHistory ? random.history : nil,
      record: TrainingRecord(
        method: BPR.method,
        options: [
          "dimension": "5", "regularization": "0.02", "negative_exponent": "\(exponent)",
          "weighting": "none",
        ], seed: seed, ratingRange: nil, fingerprint: ""))
  }

  /// The gradient of a user's loss, one pair at a time.
  private func gradient(
    _ model: Model, _ seen: Set<Int>, _ weights: [Double], at x: [Double]
  ) -> [Double] {
    let z: [Double] = model.items.rows.map { item in
      zip(x, model.itemEmbeddings.numbers(item)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let rest = z.indices.filter { !seen.contains($0) }
    let total = rest.reduce(0.0) { $0 + weights[$1] }
    var gradient = x.map { 2 * 0.02 * Double(seen.count) * $0 }
    for i in seen {
      for j in rest {
        let slope = weights[j] / total / (1 + exponential(z[i] - z[j]))
        let (own, other) = (
          model.itemEmbeddings.numbers(ItemRow(i)), model.itemEmbeddings.numbers(ItemRow(j))
        )
        for k in x.indices { gradient[k] += slope * (other[k] - own[k]) }
      }
    }
    return gradient
  }

  /// The minimum by many small steps down the gradient.
  private func descended(
    _ model: Model, _ seen: Set<Int>, _ weights: [Double], from start: [Double]
  ) -> [Double] {
    var x = start
    for _ in 0..<20_000 {
      let gradient = gradient(model, seen, weights, at: x)
      guard gradient.contains(where: { abs($0) > 1e-10 }) else { break }
      for k in x.indices { x[k] -= 0.05 * gradient[k] }
    }
    return x
  }

  private func weights(_ model: Model, _ exponent: Double) -> [Double] {
    var counts = Array(repeating: 0, count: model.items.count)
    for user in model.users.rows { for item in model.seen(Int(user.index)) { counts[item] += 1 } }
    return counts.map { drawingWeight(count: $0, exponent: exponent) }
  }

  // Both end at gradients of 1e-6 and less, and the curvature is 2 · 0.02 · 4 at least: x is within 1e-5,
  // a score within a few times that.
  @Test("a user is where small steps down the loss over all items end", arguments: 0..<8)
  func users(seed: UInt64) throws {
    let exponent = seed % 2 == 0 ? 0 : 0.5
    let model = model(seed, exponent: exponent)
    let seen: Set = [Int(seed), 10, 11, 20 + Int(seed)]
    let rated = seen.sorted().map { (item: "i\($0)", rating: Float(1)) }
    let stored = model.userEmbeddings.numbers(Row(1))
    for start in [nil, stored] {
      let found =
        try start.map { try model.foldIn(rated, from: $0) } ?? model.foldIn(rated)
      #expect(found.bias == 0)
      let slope = gradient(model, seen, weights(model, exponent), at: found.vector)
      #expect(slope.reduce(0) { $0 + $1 * $1 }.squareRoot() < 1e-6)
      let expected = descended(
        model, seen, weights(model, exponent), from: start ?? [0, 0, 0, 0, 0])
      for item in model.items.rows {
        let y = model.itemEmbeddings.numbers(item)
        let (a, b) = (
          zip(found.vector, y).reduce(0) { $0 + $1.0 * $1.1 },
          zip(expected, y).reduce(0) { $0 + $1.0 * $1.1 }
        )
        expectClose(a, b, absolute: 1e-4)
      }
    }
  }

  @Test("of everything seen or nothing, nothing is learned")
  func edges() throws {
    let model = model(1, exponent: 0.5)
    let all = model.items.all.map { (item: $0, rating: Float(1)) }
    #expect(try model.foldIn(all).vector == [0, 0, 0, 0, 0])
    #expect(try model.foldIn([]).vector == [0, 0, 0, 0, 0])
    #expect(throws: ModelError.self) { try model.foldIn([("i1", .nan)]) }
    let forgetful = self.model(1, exponent: 0.5, hasHistory: false)
    let error = #expect(throws: ModelError.self) { try forgetful.foldIn([("i1", 1)]) }
    guard case .noHistory = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try self.model(1, exponent: 0, hasHistory: false).foldIn([("i1", 1)]).bias == 0)
  }

  // Each is solved for to a gradient's norm of 1e-6, with curvatures of 2 · 0.02 and more.
  @Test("a share is what leaving the item out changes", arguments: 1...4)
  func shares(seed: UInt64) throws {
    let model = model(seed, exponent: seed % 2 == 0 ? 0 : 0.5)
    for user in [1, 3] {
      let seen = model.seen(user).sorted().map { (item: "i\($0)", rating: Float(1)) }
      let explanation = try model.explain(user: "u\(user)", item: "i5")
      #expect(explanation.history.count == seen.count)
      for threads in 1...3 {
        #expect(
          try model.explain(user: "u\(user)", item: "i5", threads: threads) == explanation)
      }
      let y = model.itemEmbeddings.numbers(Row(5))
      func score(_ rated: [(item: String, rating: Float)]) throws -> Double {
        zip(try model.foldIn(rated).vector, y).reduce(0) { $0 + $1.0 * $1.1 }
      }
      for share in explanation.history {
        let change = try score(seen) - score(seen.filter { $0.item != share.item })
        expectClose(share.contribution, change, absolute: 1e-4)
      }
      let sum = explanation.history.reduce(0) { $0 + $1.contribution }
      expectClose(explanation.rest + sum, explanation.score, absolute: 1e-9)
    }
  }

  // The loss of a new item by its definition, one pair at a time; central differences of h = 1e-5 err by
  // about h² and 1e-16 / h.
  @Test("an item is where its part of the objective is flat", arguments: 0..<4)
  func items(seed: UInt64) throws {
    let exponent = seed % 2 == 0 ? 0 : 0.5
    let model = model(seed, exponent: exponent)
    let owners = [0, 2, 5]
    let found = try model.foldIn(ratedBy: owners.map { (user: "u\($0)", rating: Float(1)) })
    let others = weights(model, exponent)
    let own = drawingWeight(count: 3, exponent: exponent)
    func loss(_ y: [Double]) -> Double {
      var (value, comings) = (0.0, 3.0)
      for user in 0..<model.users.count {
        let x = model.userEmbeddings.numbers(Row(user))
        let t = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
        let seen = model.seen(user)
        func score(_ item: Int) -> Double {
          zip(x, model.itemEmbeddings.numbers(Row(item))).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let rest = (0..<model.items.count).filter { !seen.contains($0) }
        let sum = rest.reduce(0) { $0 + others[$1] }
        if owners.contains(user) {
          for j in rest { value += others[j] / sum * logarithm1p(exponential(score(j) - t)) }
        } else {
          comings += Double(seen.count) * own / (sum + own)
          for i in seen { value += own / (sum + own) * logarithm1p(exponential(t - score(i))) }
        }
      }
      return value + 0.02 * comings * y.reduce(0) { $0 + $1 * $1 }
    }
    for k in found.vector.indices {
      var (above, below) = (found.vector, found.vector)
      above[k] += 1e-5
      below[k] -= 1e-5
      expectClose((loss(above) - loss(below)) / 2e-5, 0, absolute: 1e-6)
    }
    #expect(throws: ModelError.self) {
      try self.model(seed, exponent: 0, hasHistory: false).foldIn(ratedBy: [("u1", 1)])
    }
  }
}
