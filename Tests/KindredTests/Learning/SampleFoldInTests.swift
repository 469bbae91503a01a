// Folding somebody new into samples, against an independent solve of each.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Folding in to samples") struct SampleFoldInTests {
  /// The conditional mean and covariance of a new user in one sample, by elimination.
  private func solved(
    _ model: Model, sample: Int, _ rated: [(item: Int, rating: Float)]
  ) throws -> (mean: [Double], matrix: [[Double]]) {
    let posterior = try #require(model.posterior)
    let (k, f) = (posterior.dimension, posterior.rowWidth)
    let alpha = posterior.noise[sample]
    let precision = Array(posterior.userPrior.precisions)[sample * f * f..<(sample + 1) * f * f]
    var matrix = (0..<f).map { Array(precision.dropFirst($0 * f).prefix(f)) }
    let center = Array(Array(posterior.userPrior.means)[sample * f..<(sample + 1) * f])
    var right = matrix.map { zip($0, center).reduce(0) { $0 + $1.0 * $1.1 } }
    for (item, rating) in rated {
      let (z, bias) = features(model, item, sample, k)
      for a in 0..<f {
        for b in 0..<f { matrix[a][b] += alpha * z[a] * z[b] }
        right[a] += alpha * z[a] * (Double(rating) - model.mean - bias)
      }
    }
    return (try #require(solvedByElimination(matrix, right)), matrix)
  }

  private func features(
    _ model: Model, _ item: Int, _ sample: Int, _ k: Int
  ) -> (z: [Double], bias: Double) {
    let hasBiases = model.posterior?.hasBiases == true
    let start = sample * (k + (hasBiases ? 2 : 0))
    let y = Array(model.itemEmbeddings.numbers(Row(item))[start..<start + k])
    return hasBiases
      ? (y + [1], model.itemEmbeddings.numbers(Row(item))[start + k]) : (y, 0)
  }

  @Test("gives each sample's conditional mean", arguments: 0..<12)
  func means(seed: UInt64) throws {
    var shape = ModelShape()
    shape.hasBiases = seed % 3 != 0
    shape.dimension = Int(seed) + 1
    let model = randomSampleModel(seed: seed, samples: 3, shape)
    let posterior = try #require(model.posterior)
    var random = KeyedRandom(seed: seed, key: 4)
    let rated = (0..<Int(seed) + 1).map { (item: $0 * 2, rating: Float(random.below(10)) / 2) }
    let found = try model.foldIn(rated.map { (item: "i\($0.item)", rating: $0.rating) })
    #expect(found.bias == 0 && found.vector.count == model.dimension)
    let (k, width) = (posterior.dimension, posterior.sampleWidth)
    for sample in 0..<3 {
      let expected = try solved(model, sample: sample, rated).mean
      for (place, number) in expected.enumerated() {
        let column = place < k ? place : k + 1
        // Both in Double, from well-conditioned systems; the issue asks for 1e-5.
        expectClose(found.vector[sample * width + column] * 3, number, absolute: 1e-10)
      }
      if posterior.hasBiases {
        expectClose(found.vector[sample * width + k], 1.0 / 3, relative: 1e-15)
      }
    }
    // Of an item that is given twice, the last counts.
    let twice =
      [(item: "i0", rating: Float(1))] + rated.map { (item: "i\($0.item)", rating: $0.rating) }
    #expect(try model.foldIn(twice).vector == found.vector)
  }

  @Test("is as sure of scores as the ratings allow", arguments: 0..<6)
  func sureness(seed: UInt64) throws {
    let model = randomSampleModel(seed: seed, samples: 3)
    let posterior = try #require(model.posterior)
    let rated = [(item: 1, rating: Float(4)), (item: 6, rating: Float(2))]
    let picks = try model.recommend(
      rated: rated.map { (item: "i\($0.item)", rating: $0.rating) }, count: 30)
    #expect(picks.count == 28)
    for pick in picks {
      let item = try #require(model.items.all.firstIndex(of: pick.item))
      var (scores, open): ([Double], Double) = ([], 0)
      for sample in 0..<3 {
        let (mean, matrix) = try solved(model, sample: sample, rated)
        let (z, bias) = features(model, item, sample, posterior.dimension)
        scores.append(model.mean + bias + zip(mean, z).reduce(0) { $0 + $1.0 * $1.1 })
        let direction = try #require(solvedByElimination(matrix, z))
        open += zip(direction, z).reduce(0) { $0 + $1.0 * $1.1 } / 3
      }
      let mean = scores.reduce(0, +) / 3
      let spread = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3
      let prediction = try #require(pick.prediction)
      // The stacked row is in Float.
      expectClose(pick.score, mean, absolute: 1e-5)
      expectClose(prediction.deviation * prediction.deviation, spread + open, absolute: 1e-4)
    }
    // By the lower end, as by the scores, the same items come up.
    var options = RecommendationOptions()
    options.quantile = 0.1
    let cautious = try model.recommend(
      rated: rated.map { (item: "i\($0.item)", rating: $0.rating) }, count: 30, options: options)
    let keys = cautious.map { $0.prediction?.quantile(0.1) ?? .nan }
    #expect(Set(cautious.map(\.item)) == Set(picks.map(\.item)) && keys == keys.sorted(by: >))
  }

  // Both in Double, from well-conditioned systems; the items' table is the same Float numbers in both.
  @Test("a share is what leaving the rating out changes", arguments: 0..<6)
  func shares(seed: UInt64) throws {
    var shape = ModelShape()
    shape.hasBiases = seed % 2 == 0
    let model = randomSampleModel(seed: seed, samples: 3, shape)
    let history = try #require(model.history)
    for user in 1..<4 {
      let rated = zip(history.columns(UserRow(user)), history.values(UserRow(user))).map {
        (item: "i\($0)", rating: $1)
      }
      guard rated.count > 1 else { continue }
      let y = model.itemEmbeddings.numbers(Row(4))
      func score(_ rated: [(item: String, rating: Float)]) throws -> Double {
        zip(try model.foldIn(rated).vector, y).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let explanation = try model.explain(user: "u\(user)", item: "i4")
      #expect(explanation.history.count == rated.count)
      for share in explanation.history {
        let change = try score(rated) - score(rated.filter { $0.item != share.item })
        expectClose(share.contribution, change, absolute: 1e-9)
      }
    }
  }

  @Test("of nothing rated, nothing is known")
  func nothing() throws {
    let model = randomSampleModel(seed: 1)
    let vector = try model.foldIn([]).vector
    #expect(vector.map { Float($0) } == model.strangerVector(of: UserSide.self))
    #expect(throws: ModelError.self) { try model.foldIn([("i1", .nan)]) }
    #expect(throws: ModelError.self) { try model.foldIn([("nothing", 3)]) }
  }

  @Test("a user of a trained model is predicted about as well when folded in")
  func trained() throws {
    let planted = try PlantedRatings(seed: 1)
    var options = BayesOptions()
    options.dimension = 4
    options.burnIn = 20
    options.samples = 20
    let model = try Bayes.fit(planted.training, options: options)
    let ratings = planted.training
    for user in ratings.users.rows.prefix(10) {
      let rated = zip(ratings.byUser.columns(user), ratings.byUser.values(user)).map {
        (item: ratings.items[ItemRow($0)], rating: $1)
      }
      var everything = RecommendationOptions()
      everything.includeSeen = true
      let picks = try model.recommend(rated: rated, count: 50, options: everything)
      for pick in picks {
        let known = try model.prediction(user: ratings.users[user], item: pick.item)
        // Ten of the score's own standard deviations: it is about 0.05.
        expectClose(pick.score, known.score, absolute: 10 * known.deviation)
      }
    }
  }
}
