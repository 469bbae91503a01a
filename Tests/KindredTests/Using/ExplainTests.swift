// Scores taken apart, and folding in, against plain equations in Double.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

/// The ratings and the equations of one user's row, spelled out.
struct NaiveRow {
  /// ZᵀZ + λnI.
  let matrix: [[Double]]
  /// The rows z_j = [y_j, 1], or y_j without biases.
  let z: [[Double]]
  /// t_j = r_j − μ − b_j.
  let t: [Double]

  init(_ model: Model, _ rated: [(item: Int, rating: Float)], regularization: Double) {
    func features(_ item: Int) -> [Double] {
      model.itemEmbeddings.numbers(Row(item)) + (model.biases == nil ? [] : [1])
    }
    let z = rated.map { features($0.item) }
    t = rated.map { Double($0.rating) - model.mean - Double(model.biases?.items[$0.item] ?? 0) }
    let width = model.dimension + (model.biases == nil ? 0 : 1)
    matrix = (0..<width).map { a in
      (0..<width).map { b in
        z.reduce(a == b ? regularization * Double(rated.count) : 0) { $0 + $1[a] * $1[b] }
      }
    }
    self.z = z
  }

  var right: [Double] {
    matrix.indices.map { a in zip(z, t).reduce(0) { $0 + $1.0[a] * $1.1 } }
  }
}

extension Model {
  /// What a user has rated.
  fileprivate func rated(_ user: Int) -> [(item: Int, rating: Float)] {
    guard let history else { return [] }
    return zip(history.columns(UserRow(user)), history.values(UserRow(user))).map {
      (item: Int($0), rating: $1)
    }
  }
}

@Suite("Explanations") struct ExplainTests {
  @Test("add up to the score, both ways", arguments: 0..<20, [true, false])
  func sums(seed: UInt64, hasBiases: Bool) throws {
    var shape = ModelShape()
    shape.hasBiases = hasBiases
    shape.dimension = 1 + Int(seed % 9)
    let model = randomModel(seed: seed, shape)
    for user in 0..<model.users.count {
      let explanation = try model.explain(user: "u\(user)", item: "i\(seed)")
      #expect(try explanation.score == model.score(user: "u\(user)", item: "i\(seed)"))
      #expect(explanation.mean == model.mean)
      let parts = explanation.mean + explanation.userBias + explanation.itemBias
      // The same numbers added in another order, all below 100.
      expectClose(explanation.score, parts + explanation.dot, absolute: 1e-13)
      let products = explanation.dimensions.reduce(0) { $0 + $1.product }
      // The dot product rounds to Float once per dimension: 9 · 2⁻²⁴ of a sum below 2.
      let size = explanation.dimensions.reduce(1) { $0 + abs($1.product) }
      expectClose(explanation.score, parts + products, absolute: 1e-6 * size)
      #expect(explanation.dimensions.map(\.dimension) == Array(1...shape.dimension))
      #expect(explanation.dimensions.allSatisfy { $0.product == $0.user * $0.item })
      let shares = explanation.history.reduce(0) { $0 + $1.contribution }
      expectClose(explanation.score, explanation.rest + shares, absolute: 1e-9)
    }
  }

  @Test("give each rating the share that the plain equations give it", arguments: 0..<20)
  func shares(seed: UInt64) throws {
    var shape = ModelShape()
    shape.hasBiases = seed % 2 == 0
    shape.dimension = 1 + Int(seed % 6)
    let model = randomModel(seed: seed, shape)
    for user in 0..<model.users.count {
      let rated = model.rated(user)
      let equations = NaiveRow(model, rated, regularization: 0.1)
      let item = Int(seed)
      let features =
        model.itemEmbeddings.numbers(Row(item)) + (model.biases == nil ? [] : [1])
      let explanation = try model.explain(user: "u\(user)", item: "i\(item)")
      #expect(explanation.history.count == rated.count)
      guard !rated.isEmpty else {
        #expect(explanation.rest == explanation.score)
        continue
      }
      let direction = try #require(solvedByElimination(equations.matrix, features))
      var expected: [String: Double] = [:]
      for (entry, (item, _)) in rated.enumerated() {
        let product = zip(equations.z[entry], direction).reduce(0) { $0 + $1.0 * $1.1 }
        expected["i\(item)"] = product * equations.t[entry]
      }
      for share in explanation.history {
        // Two solvers in Double on a matrix with a condition below 10⁴.
        expectClose(share.contribution, expected[share.item] ?? .nan, absolute: 1e-9, share.item)
        let rating = rated.first { "i\($0.item)" == share.item }?.rating
        #expect(rating.map { Double($0) } == share.rating)
      }
      let sizes = explanation.history.map { abs($0.contribution) }
      #expect(sizes == sizes.sorted(by: >))
      // All shares together are the part of the score that folding in accounts for.
      let folded = try model.foldIn(rated.map { (item: "i\($0.item)", rating: $0.rating) })
      let score = zip(folded.vector + [folded.bias], features).reduce(0) { $0 + $1.0 * $1.1 }
      expectClose(explanation.history.reduce(0) { $0 + $1.contribution }, score, absolute: 1e-9)
    }
  }

  @Test("do without the history where there is none")
  func withoutHistory() throws {
    let model = randomModel(seed: 1).withoutHistory()
    let explanation = try model.explain(user: "u1", item: "i1")
    #expect(explanation.history.isEmpty && explanation.rest == explanation.score)
    var shape = ModelShape()
    shape.regularization = nil
    #expect(try randomModel(seed: 1, shape).explain(user: "u1", item: "i1").history.isEmpty)
  }

  @Test("carry titles and refuse unknown ids")
  func titlesAndErrors() throws {
    let model = randomModel(seed: 2).withTitles { "<\($0)>" }
    let explanation = try model.explain(user: "u1", item: "i1")
    #expect(!explanation.history.isEmpty)
    #expect(explanation.history.allSatisfy { $0.title == "<\($0.item)>" })
    #expect(throws: ModelError.unknownUser("x", nearest: [])) {
      try model.explain(user: "x", item: "i1")
    }
    #expect(throws: ModelError.unknownItem("x", nearest: [])) {
      try model.explain(user: "u1", item: "x")
    }
  }
}

@Suite("Folding in") struct FoldInTests {
  private func random(
    _ seed: UInt64, hasBiases: Bool, regularization: Double? = 0.1
  ) -> (model: Model, rated: [(item: Int, rating: Float)]) {
    var random = KeyedRandom(seed: seed, key: 5)
    var shape = ModelShape()
    shape.hasBiases = hasBiases
    shape.dimension = 1 + random.below(10)
    shape.regularization = regularization
    var items = Array(0..<shape.items)
    random.shuffle(&items)
    let rated = items.prefix(15 + random.below(12)).map {
      (item: $0, rating: Float(random.below(10)) / 2 + 0.5)
    }
    return (randomModel(seed: seed, shape), rated)
  }

  private func named(_ rated: [(item: Int, rating: Float)]) -> [(item: String, rating: Float)] {
    rated.map { (item: "i\($0.item)", rating: $0.rating) }
  }

  @Test(
    "solves the user's least squares", arguments: 0..<30, [(true, 0.1), (false, 0.1), (true, 0)])
  func leastSquares(seed: UInt64, kind: (hasBiases: Bool, regularization: Double)) throws {
    let (model, rated) = random(
      seed, hasBiases: kind.hasBiases, regularization: kind.regularization)
    let equations = NaiveRow(model, rated, regularization: kind.regularization)
    let expected = try #require(solvedByElimination(equations.matrix, equations.right))
    let found = try model.foldIn(named(rated))
    #expect(found.vector.count == model.dimension)
    for (a, b) in zip(found.vector + (kind.hasBiases ? [found.bias] : []), expected) {
      // Both solvers are off by condition · 2⁻⁵³ · ‖w‖; 15 and more random rows of at most 11
      // numbers keep the condition below 10⁵.
      expectClose(a, b, relative: 1e-9, absolute: 1e-9)
    }
    if !kind.hasBiases { #expect(found.bias == 0) }
  }

  @Test("leaves no way down: every derivative of the user's objective is zero", arguments: 0..<10)
  func minimum(seed: UInt64) throws {
    let (model, rated) = random(seed, hasBiases: true)
    let folded = try model.foldIn(named(rated))
    var sum = Array(repeating: 0.0, count: model.dimension + 1)
    for (item, rating) in rated {
      let objective = PairObjective(
        target: Double(rating), mean: model.mean, regularization: 0.1)
      let slope = objective.gradients(
        PairState(
          user: folded.vector, item: model.itemEmbeddings.numbers(Row(item)),
          biases: .init(user: folded.bias, item: Double(model.biases?.items[item] ?? 0))))
      for k in slope.user.indices { sum[k] += slope.user[k] }
      sum[model.dimension] += slope.biases?.user ?? .nan
    }
    // The gradient is 2(Aw − Zᵀt), sums of about 25 terms below 50 in Double.
    for slope in sum { expectClose(slope, 0, absolute: 1e-10) }
  }

  @Test("counts the last of several ratings of one item")
  func duplicates() throws {
    let model = randomModel(seed: 1)
    let last = try model.foldIn([("i1", 2), ("i2", 3), ("i1", 5)])
    let once = try model.foldIn([("i1", 5), ("i2", 3)])
    #expect(last.vector == once.vector && last.bias == once.bias)
  }

  @Test("the order of the ratings changes nothing but rounding")
  func order() throws {
    let (model, rated) = random(3, hasBiases: true)
    let (a, b) = (try model.foldIn(named(rated)), try model.foldIn(named(rated.reversed())))
    for (x, y) in zip(a.vector, b.vector) { expectClose(x, y, absolute: 1e-9) }  // as above
  }

  @Test("gives zeros to somebody who has rated nothing")
  func nothing() throws {
    for regularization in [0.1, 0, nil] {
      var shape = ModelShape()
      shape.regularization = regularization
      let folded = try randomModel(seed: 1, shape).foldIn([])
      #expect(folded.vector == [0, 0, 0, 0, 0] && folded.bias == 0)
    }
  }

  @Test("refuses unknown items and ratings that are no numbers")
  func errors() {
    let model = randomModel(seed: 1)
    #expect(throws: ModelError.unknownItem("j1", nearest: ["i1"])) {
      try model.foldIn([("i2", 3), ("j1", 3)])
    }
    #expect(throws: ModelError.badRating(item: "i1", rating: .infinity)) {
      try model.foldIn([("i1", .infinity)])
    }
    let error = #expect(throws: ModelError.self) { try model.foldIn([("i1", .nan)]) }
    if case .badRating(let item, let rating) = error {
      #expect(item == "i1" && rating.isNaN)
    } else {
      Issue.record("\(String(describing: error))")
    }
  }

  @Test("without regularization needs as many ratings as unknowns")
  func singular() throws {
    for regularization in [0, nil] as [Double?] {
      var shape = ModelShape()
      shape.regularization = regularization
      let model = randomModel(seed: 1, shape)
      #expect(throws: ModelError.singular("Somebody with these ratings")) {
        try model.foldIn([("i1", 3), ("i2", 4)])
      }
      let enough = try model.foldIn((0..<8).map { (item: "i\($0)", rating: 3) })
      #expect(enough.vector.allSatisfy { $0.isFinite })
    }
  }

  @Test("takes the largest ratings there are")
  func huge() throws {
    let model = randomModel(seed: 1)
    let folded = try model.foldIn([
      ("i1", .greatestFiniteMagnitude), ("i2", -.greatestFiniteMagnitude),
    ])
    #expect(folded.vector.allSatisfy { $0.isFinite } && folded.bias.isFinite)
  }
}
