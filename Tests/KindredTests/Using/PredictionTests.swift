// How sure scores are, against samples scored one by one.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Models of samples") struct PredictionTests {
  private static func shape(_ hasBiases: Bool) -> ModelShape {
    var shape = ModelShape()
    shape.hasBiases = hasBiases
    return shape
  }

  /// Scores of a few stars from some twenty products, each rounded to Float a few times.
  private let tolerance = 100 * 0x1p-24

  @Test("score, deviations and intervals are those of the samples", arguments: 0..<6)
  func prediction(seed: UInt64) throws {
    let samples = Int(seed) + 1
    let model = randomSampleModel(
      seed: seed, samples: samples, Self.shape(seed.isMultiple(of: 2)))
    let posterior = try #require(model.posterior)
    #expect(posterior.samples == samples && posterior.dimension == 5)
    for user in 0..<model.users.count {
      for item in 0..<model.items.count {
        let scores = (0..<samples).map { model.plainScore(user, item, sample: $0) }
        let mean = scores.reduce(0, +) / Double(samples)
        let spread = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(samples)
        let noise = posterior.noisePrecisions.reduce(0) { $0 + 1 / $1 } / Double(samples)
        let (u, i) = (model.users.all[user], model.items.all[item])
        let found = try model.prediction(user: u, item: i)
        #expect(found.score == (try model.score(user: u, item: i)))
        expectClose(found.score, mean, absolute: tolerance)
        // A root near 0 magnifies: compare squares.
        expectClose(found.deviation * found.deviation, spread, absolute: 8 * tolerance)
        expectClose(
          found.ratingDeviation * found.ratingDeviation, spread + noise, absolute: 8 * tolerance)
      }
    }
  }

  @Test("quantiles of the normal distribution are as tables have them")
  func quantiles() {
    // Abramowitz & Stegun, table 26.5, and R's qnorm for the tails.
    let known = [
      (0.5, 0.0), (0.75, 0.6744897501960817), (0.9, 1.2815515655446004),
      (0.95, 1.6448536269514722), (0.975, 1.959963984540054), (0.999, 3.090232306167813),
      (1e-10, -6.361340902404056), (1e-300, -37.0470962993612),
    ]
    for (probability, z) in known {
      expectClose(normalQuantile(probability), z, relative: 1e-13, "\(probability)")
      if probability > 1e-3 {
        expectClose(normalQuantile(1 - probability), -z, relative: 1e-12, absolute: 1e-15)
      }
    }
    let prediction = Prediction(score: 4, deviation: 0.5, ratingDeviation: 1)
    let interval = prediction.interval(0.9)
    expectClose(interval.lowerBound, 4 - 1.6448536269514722, relative: 1e-13)
    expectClose(interval.upperBound, 4 + 1.6448536269514722, relative: 1e-13)
    expectClose(prediction.quantile(0.05), 4 - 0.5 * 1.6448536269514722, relative: 1e-13)
    // A probability next to 1 has a finite interval, as wide below as above.
    let widest = prediction.interval(1.0.nextDown)
    #expect(widest.lowerBound.isFinite && widest.lowerBound < 4 - 8)
    expectClose(widest.upperBound - 4, 4 - widest.lowerBound, relative: 1e-13)
  }

  @Test("a user of whom nothing is known is less sure than anybody with ratings")
  func strangersAreUnsure() throws {
    let planted = try PlantedRatings(seed: 3).training
    // A split keeps the ids of the whole, and leaves some users with nothing.
    let (few, _) = planted.split(validationFraction: 0.97, seed: 2)
    let kept = try #require(few.users.rows.first { few.byUser.range($0).count > 1 })
    var options = BayesOptions()
    options.dimension = 2
    options.burnIn = 10
    options.thinning = 1
    options.samples = 20
    let model = try Bayes.fit(few, options: options)
    guard let nobody = few.users.rows.first(where: { few.byUser.range($0).isEmpty }) else {
      Issue.record("everybody has a rating left")
      return
    }
    let known = model.users[kept]
    let unknown = model.users[nobody]
    var (sure, unsure) = (0.0, 0.0)
    for item in model.items.all {
      sure += try model.prediction(user: known, item: item).deviation
      unsure += try model.prediction(user: unknown, item: item).deviation
    }
    #expect(unsure > sure, "\(unsure) against \(sure)")
    var asked = RecommendationOptions()
    asked.includeSeen = true
    let first = try #require(try model.recommend(for: unknown, count: 1, options: asked).first)
    let prediction = try model.prediction(user: unknown, item: first.item)
    #expect(first.prediction == prediction)
  }

  @Test("rankings by a quantile are those of a list sorted by it", arguments: 0..<6)
  func ranking(seed: UInt64) throws {
    let model = randomSampleModel(seed: seed)
    for quantile in [0.02, 0.5, 0.95] {
      var options = RecommendationOptions()
      options.quantile = quantile
      for (row, user) in model.users.all.enumerated() {
        let seen = model.seen(row)
        let expected = try model.items.all.enumerated().filter { !seen.contains($0.offset) }.map {
          (
            place: $0.offset, item: $0.element,
            key: try model.prediction(user: user, item: $0.element).quantile(quantile)
          )
        }.sorted { $0.key != $1.key ? $0.key > $1.key : $0.place < $1.place }
        let picks = try model.recommend(for: user, count: 7, options: options)
        #expect(picks.map(\.item) == expected.prefix(7).map(\.item))
        for pick in picks {
          #expect(pick.prediction == (try model.prediction(user: user, item: pick.item)))
          #expect(pick.score == pick.prediction?.score)
        }
      }
    }
  }

  @Test("a model of one is asked in vain how sure it is")
  func noSamples() throws {
    let model = randomModel(seed: 1)
    let error = #expect(throws: ModelError.self) { try model.prediction(user: "u1", item: "i1") }
    #expect(error == .noSamples(need: "How sure a score is"))
    #expect(error?.description.contains("bayes") == true)
    var options = RecommendationOptions()
    options.quantile = 0.95
    #expect(throws: ModelError.self) { try model.recommend(for: "u1", options: options) }
    #expect(throws: ModelError.self) {
      try model.recommend(rated: [("i1", 3)], options: options)
    }
    #expect(try model.recommend(for: "u1").allSatisfy { $0.prediction == nil })
  }

  @Test("likeness leaves biases out", arguments: [true, false])
  func similar(hasBiases: Bool) throws {
    let model = randomSampleModel(seed: 7, Self.shape(hasBiases))
    let posterior = try #require(model.posterior)
    func vectors<S: Side>(_ table: EmbeddingTable<S>, _ row: Int, _ unit: Double) -> [Double] {
      let numbers = table.numbers(Row(row)).map { $0 * unit }
      return (0..<posterior.samples).flatMap {
        numbers[$0 * posterior.sampleWidth..<$0 * posterior.sampleWidth + posterior.dimension]
      }
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let items = (0..<model.items.count).map { vectors(model.itemEmbeddings, $0, 1) }
    let users = (0..<model.users.count).map {
      vectors(model.userEmbeddings, $0, Double(posterior.samples))
    }
    for found in try model.items(similarTo: "i3", count: 100) {
      let other = items[try #require(model.items.all.firstIndex(of: found.id))]
      let cosine = dot(items[3], other) / (dot(items[3], items[3]) * dot(other, other)).squareRoot()
      expectClose(found.similarity, cosine, absolute: tolerance)
    }
    for found in try model.users(similarTo: "u2", count: 100, by: .dot) {
      let other = users[try #require(model.users.all.firstIndex(of: found.id))]
      // The mean over the samples of their products.
      expectClose(
        found.similarity, dot(users[2], other) / Double(posterior.samples), absolute: tolerance)
    }
  }

  @Test("an explanation adds up to the score, in both ways", arguments: [true, false])
  func explain(hasBiases: Bool) throws {
    let model = randomSampleModel(seed: 8, Self.shape(hasBiases))
    let posterior = try #require(model.posterior)
    for user in model.users.all {
      for item in ["i0", "i7"] {
        let found = try model.explain(user: user, item: item)
        #expect(found.dimensions.count == posterior.samples * posterior.dimension)
        expectClose(
          found.mean + found.userBias + found.itemBias + found.dot, found.score,
          absolute: tolerance)
        expectClose(
          found.dimensions.reduce(0) { $0 + $1.product }, found.dot, absolute: tolerance)
        expectClose(
          found.history.reduce(found.rest) { $0 + $1.contribution }, found.score,
          absolute: tolerance)
        #expect(hasBiases || (found.userBias == 0 && found.itemBias == 0))
      }
    }
    #expect(try !model.explain(user: "u1", item: "i0").history.isEmpty)
  }

  @Test("somebody or something unknown has a zero vector and a zero bias")
  func strangers() throws {
    let model = randomSampleModel(seed: 9)
    let posterior = try #require(model.posterior)
    let pairs = [("nobody", "i2"), ("u3", "nothing"), ("nobody", "nothing")]
    let ratings = try Ratings(pairs.map { (user: $0.0, item: $0.1, rating: 3) })
    let width = posterior.sampleWidth
    let itemBias = (0..<posterior.samples).reduce(0.0) {
      $0 + model.itemEmbeddings.numbers(Row(2))[$1 * width + 5] / Double(posterior.samples)
    }
    let userBias = (0..<posterior.samples).reduce(0.0) {
      $0 + model.userEmbeddings.numbers(Row(3))[$1 * width + 6]
    }
    let diffs = [itemBias, userBias, 0].map { model.mean + $0 - 3 }
    let expected = (diffs.reduce(0) { $0 + $1 * $1 } / 3).squareRoot()
    let found = try #require(model.ratingErrors(on: ratings, clips: false))
    expectClose(found.rmse, expected, absolute: tolerance)
  }

  @Test("what is changed about a model leaves its samples")
  func kept() throws {
    let model = randomSampleModel(seed: 10)
    let folder = try ScratchFolder()
    let others = [
      try model.withSampleTitles, model.withoutHistory(), try model.forgetting(["u0"]),
      model.recording(["a": "b"]),
      model.withHistory(try Ratings([("u1", "i1", 3)])).model,
    ]
    for other in others {
      try other.save(to: folder.path("model"))
      let loaded = try Model(contentsOf: folder.path("model"))
      let (a, b) = (try #require(model.posterior), try #require(loaded.posterior))
      #expect(a.noise == b.noise && a.samples == b.samples && a.dimension == b.dimension)
      #expect(a.userPrior.means == b.userPrior.means)
      #expect(a.userPrior.precisions == b.userPrior.precisions)
      #expect(a.itemPrior.means == b.itemPrior.means)
      #expect(a.itemPrior.precisions == b.itemPrior.precisions)
      #expect(
        try loaded.prediction(user: "u3", item: "i1") == model.prediction(user: "u3", item: "i1"))
    }
  }
}
