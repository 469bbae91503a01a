// Baselines: what they predict, and that they are models like any other.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Baselines") struct BaselineTests {
  private static let all: [Baseline] = [
    .popular, .mean(by: .user), .mean(by: .item), .mean(by: .global), .random(seed: 3),
  ]

  private func ratings() throws -> Ratings {
    try interactions([
      ("a", "p", 5), ("a", "q", 3), ("b", "p", 1), ("c", "p", 3), ("c", "r", 4), ("c", "q", 2),
    ])
  }

  @Test("predict counts and means")
  func values() throws {
    let ratings = try ratings()
    func scores(_ baseline: Baseline, _ user: String) throws -> [Double] {
      let model = try baseline.fit(ratings)
      return try ["p", "q", "r"].map { try model.score(user: user, item: $0) }
    }
    #expect(try scores(.popular, "a") == [3, 2, 1])
    #expect(try scores(.mean(by: .global), "b") == [3, 3, 3])
    #expect(try scores(.mean(by: .user), "a") == [4, 4, 4])
    #expect(try scores(.mean(by: .user), "b") == [1, 1, 1])
    #expect(try scores(.mean(by: .item), "a") == [3, 2.5, 4])
  }

  @Test("popular shows everybody, also somebody unknown, what is popular, less what they have seen")
  func popular() throws {
    let ratings = try ratings()
    let model = try Baseline.popular.fit(ratings)
    #expect(try model.recommend(for: "b").map(\.item) == ["q", "r"])
    #expect(try model.recommend(rated: [("q", 1)]).map(\.item) == ["p", "r"])
    var options = EvaluationOptions()
    options.metrics = [Metric(.reciprocalRank)]
    let found = try model.evaluate(on: interactions([("new", "q", 1)]), options: options)
    #expect(found[Metric(.reciprocalRank)] == 0.5)
  }

  @Test("somebody new gets what the rule gives them")
  func foldIn() throws {
    let ratings = try ratings()
    let new: [(item: String, rating: Float)] = [("p", 5), ("q", 4)]
    for (baseline, bias) in zip(Self.all, [0, 1.5, 0, 0, 0]) {
      let folded = try baseline.fit(ratings).foldIn(new)
      #expect(folded.bias == bias, "\(baseline)")
      #expect(folded.vector.count == (baseline.method == "random" ? 32 : 1))
    }
    // The order of the items is random for them too.
    let random = try Baseline.random(seed: 3).fit(ratings).foldIn(new)
    #expect(random.vector.contains { $0 != 0 })
  }

  @Test("are models like any other", arguments: 0..<5)
  func usable(place: Int) throws {
    let baseline = Self.all[place]
    let planted = try PlantedRatings(seed: 1)
    let model = try baseline.fit(planted.training)
    #expect(model.record.method == baseline.method && model.record.baseline == baseline)
    #expect(model.record.fingerprint == planted.training.fingerprint)
    #expect(model.record.ratingRange == planted.training.range)
    let folder = try ScratchFolder()
    try model.save(to: folder.path("model"))
    let loaded = try Model(contentsOf: folder.path("model"))
    #expect(loaded.record == model.record)
    for user in model.users.rows {
      #expect(loaded.scores(user).map(\.bitPattern) == model.scores(user).map(\.bitPattern))
    }
    let (user, item) = (model.users.all[0], model.items.all[0])
    let explained = try model.explain(user: user, item: item)
    #expect(explained.score == explained.rest && explained.history.isEmpty)
    #expect(try model.items(similarTo: item, count: 3).allSatisfy { $0.similarity.isFinite })
    #expect(try model.users(similarTo: user, count: 3).count == 3)
    #expect(try model.recommend(rated: [(item, 3)], count: 4).count == 4)
    try baseline.fit(planted.training).save(to: folder.path("again"))
    #expect(try folder.bytes("again") == folder.bytes("model"))
  }

  @Test("users and items without a rating are predicted the mean of all")
  func cold() throws {
    let planted = try PlantedRatings(seed: 7, users: 12, items: 9, density: 0.2)
    let few = planted.training.split(validationFraction: 0.8, seed: 1).training
    let cold = try #require(few.users.rows.first { few.byUser.columns($0).isEmpty })
    let model = try Baseline.mean(by: .user).fit(few)
    #expect(model.scores(cold).allSatisfy { $0 == few.mean })
    for baseline in Self.all {
      #expect(throws: TrainingError.noRatings) { try baseline.fit(Ratings([])) }
    }
  }

  @Test("random orders have nothing to do with taste, and every item comes up alike often")
  func random() throws {
    let ratings = try interactions((0..<2000).map { ("u\($0)", "i\($0 % 20)", 1) })
    let model = try Baseline.random(seed: 1).fit(ratings)
    var options = RecommendationOptions()
    options.includeSeen = true
    var counts: [String: Int] = [:]
    for user in ratings.users.all {
      let best = try model.recommend(for: user, count: 1, options: options)
      counts[best[0].item, default: 0] += 1
    }
    // The items' lengths differ, and long vectors come first more often, but none of them always:
    // a χ² of 32 degrees of freedom has deviation 8, so lengths differ by an eighth or so.
    #expect(counts.count == 20 && counts.values.allSatisfy { (20...400).contains($0) }, "\(counts)")
    let other = try Baseline.random(seed: 2).fit(ratings)
    #expect(other.scores(Row(0)) != model.scores(Row(0)))
  }
}
