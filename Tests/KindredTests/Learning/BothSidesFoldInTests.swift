// Folding in against an independent solution in Double, on both sides.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Folding in, both sides") struct BothSidesFoldInTests {
  /// The least-squares row by elimination: Σ (t − z·w)² + λn‖w‖², z = [vector, 1].
  private func solved(
    _ features: [[Double]], _ targets: [Double], _ regularization: Double
  ) -> [Double] {
    let width = features.first?.count ?? 0
    var matrix = (0..<width).map { a in
      (0..<width).map { b in features.reduce(0.0) { $0 + $1[a] * $1[b] } }
    }
    var right = (0..<width).map { a in zip(features, targets).reduce(0.0) { $0 + $1.0[a] * $1.1 } }
    for a in 0..<width { matrix[a][a] += regularization * Double(features.count) }
    // Positive definite, so that elimination needs no pivoting.
    for p in 0..<width {
      for row in p + 1..<max(width, p + 1) {
        let factor = matrix[row][p] / matrix[p][p]
        for column in p..<width { matrix[row][column] -= factor * matrix[p][column] }
        right[row] -= factor * right[p]
      }
    }
    for p in (0..<width).reversed() {
      for column in p + 1..<max(width, p + 1) { right[p] -= matrix[p][column] * right[column] }
      right[p] /= matrix[p][p]
    }
    return right
  }

  private func trained(_ seed: UInt64, _ dimension: Int) throws -> (Model, Ratings) {
    let planted = try PlantedRatings(seed: seed)
    if seed % 2 == 0 {
      var options = ALSOptions()
      options.dimension = dimension
      options.epochs = 4
      options.regularization = seed % 3 == 0 ? 1e-3 : 0.1
      return (try ALS.fit(planted.training, options: options), planted.training)
    }
    var options = SGDOptions()
    options.dimension = dimension
    options.epochs = 4
    options.hasBiases = seed % 4 == 1
    return (try SGD.fit(planted.training, options: options), planted.training)
  }

  @Test("agrees with an independent solution in Double", arguments: 0..<12)
  func independent(seed: UInt64) throws {
    let (model, ratings) = try trained(seed, [3, 16, 40][Int(seed % 3)])
    let regularization = try #require(model.record.regularization)
    let one = model.biases == nil ? [] : [1.0]
    for place in 0..<5 {
      let user = UserRow(place * 3)
      let rated = zip(ratings.byUser.columns(user), ratings.byUser.values(user)).map {
        (ItemRow($0), Float($1 + 0.25))
      }
      let expected = solved(
        rated.map { model.itemEmbeddings.numbers($0.0) + one },
        rated.map { Double($0.1) - model.mean - model.itemBias($0.0) }, regularization)
      let found = try model.foldIn(rated.map { (item: ratings.items[$0.0], rating: $0.1) })
      expectClose(found, expected, "user \(place), seed \(seed)")
      let item = ItemRow(place * 2)
      let raters = zip(ratings.byItem.columns(item), ratings.byItem.values(item)).map {
        (UserRow($0), Float($1 - 0.5))
      }
      let other = solved(
        raters.map { model.userEmbeddings.numbers($0.0) + one },
        raters.map { Double($0.1) - model.mean - model.userBias($0.0) }, regularization)
      let folded = try model.foldIn(
        ratedBy: raters.map { (user: ratings.users[$0.0], rating: $0.1) })
      expectClose(folded, other, "item \(place), seed \(seed)")
    }
  }

  private func expectClose(
    _ found: (vector: [Double], bias: Double), _ expected: [Double], _ note: String
  ) {
    let size = expected.reduce(1.0) { max($0, abs($1)) }
    for k in found.vector.indices {
      // Both are solutions in Double of the same equations, whose condition is far below 1e5.
      KindredTestSupport.expectClose(found.vector[k], expected[k], absolute: 1e-8 * size, note)
    }
    KindredTestSupport.expectClose(
      found.bias, expected.count > found.vector.count ? expected[found.vector.count] : 0,
      absolute: 1e-8 * size, note)
  }

  @Test("of a new item refuses what makes no sense")
  func badRaters() throws {
    let (model, ratings) = try trained(2, 3)
    #expect(try model.foldIn(ratedBy: []) == (Array(repeating: 0, count: 3), 0))
    let error = #expect(throws: ModelError.self) { try model.foldIn(ratedBy: [("nobody", 3)]) }
    guard case .unknownUser(let id, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(id == "nobody")
    let known = ratings.users[UserRow(0)]
    let second = #expect(throws: ModelError.self) {
      try model.foldIn(ratedBy: [(known, .infinity)])
    }
    #expect(second == .badRatingBy(user: known, rating: .infinity))
    // Of a user who is given twice, the last counts.
    let twice = try model.foldIn(ratedBy: [(known, 1), (known, 4)])
    #expect(twice == (try model.foldIn(ratedBy: [(known, 4)])))
  }

  @Test("of a new item in a baseline follows its rule")
  func baselines() throws {
    let ratings = try PlantedRatings(seed: 3).training
    let raters = [0, 1, 2].map { (user: ratings.users[UserRow($0)], rating: Float($0 + 2)) }
    #expect(try Baseline.popular.fit(ratings).foldIn(ratedBy: raters).bias == 3)
    let mean = try Baseline.mean(by: .item).fit(ratings)
    #expect(abs(try mean.foldIn(ratedBy: raters).bias + mean.mean - 3) < 1e-12)
    #expect(try Baseline.mean(by: .user).fit(ratings).foldIn(ratedBy: raters).bias == 0)
  }
}
