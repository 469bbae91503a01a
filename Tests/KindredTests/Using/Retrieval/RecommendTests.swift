// Recommendations against sorting all scores.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Recommendations") struct RecommendTests {
  private struct Pick: Equatable {
    let item: Int
    let score: Double

    init(item: Int, score: Double) {
      self.item = item
      self.score = score
    }

    init(_ recommendation: Recommendation) {
      item = Int(recommendation.item.dropFirst()) ?? -1
      score = recommendation.score
    }
  }

  /// Best first, ties toward the earlier item.
  private func sorted(_ picks: [Pick]) -> [Pick] {
    picks.sorted { a, b in a.score != b.score ? a.score > b.score : a.item < b.item }
  }

  /// The best of `candidates` by score.
  private func naive(_ model: Model, _ user: Int, _ count: Int, _ candidates: [Int]) -> [Pick] {
    let picks = candidates.map { Pick(item: $0, score: model.plainScore(user, $0)) }
    return Array(sorted(picks).prefix(count))
  }

  private func picks(
    _ model: Model, _ user: Int, _ count: Int, _ options: RecommendationOptions = .init()
  ) throws -> [Pick] {
    try model.recommend(for: "u\(user)", count: count, options: options).map { Pick($0) }
  }

  private func model(_ seed: UInt64, coarse: Bool) -> Model {
    var random = KeyedRandom(seed: seed, key: 3)
    var shape = ModelShape()
    shape.isCoarse = coarse
    shape.items = 1 + random.below(60)
    shape.dimension = 1 + random.below(12)
    shape.hasBiases = random.below(2) == 0
    return randomModel(seed: seed, shape)
  }

  @Test("are all scores sorted, without what was seen", arguments: 0..<40, [true, false])
  func allSorted(seed: UInt64, coarse: Bool) throws {
    let model = model(seed, coarse: coarse)
    for user in 0..<model.users.count {
      let seen = model.seen(user)
      let fresh = (0..<model.items.count).filter { !seen.contains($0) }
      var everything = RecommendationOptions()
      everything.includeSeen = true
      for count in [0, 1, 2, 5, 10, model.items.count, model.items.count + 7] {
        #expect(try picks(model, user, count) == naive(model, user, count, fresh))
        #expect(
          try picks(model, user, count, everything)
            == naive(model, user, count, Array(0..<model.items.count)))
      }
    }
  }

  @Test("keep to what is allowed", arguments: 0..<20)
  func allowed(seed: UInt64) throws {
    let model = model(seed, coarse: true)
    var random = KeyedRandom(seed: seed, key: 4)
    let only = (0..<model.items.count).filter { _ in random.below(2) == 0 }
    let without = (0..<model.items.count).filter { _ in random.below(4) == 0 }
    for user in 0..<model.users.count {
      for includeSeen in [true, false] {
        var options = RecommendationOptions()
        options.includeSeen = includeSeen
        options.without = without.map { "i\($0)" }
        let seen = includeSeen ? [] : model.seen(user)
        let remaining = (0..<model.items.count).filter {
          !seen.contains($0) && !without.contains($0)
        }
        #expect(try picks(model, user, 9, options) == naive(model, user, 9, remaining))
        options.only = only.map { "i\($0)" }
        #expect(
          try picks(model, user, 9, options)
            == naive(model, user, 9, remaining.filter { only.contains($0) }))
      }
    }
    var nothing = RecommendationOptions()
    nothing.only = []
    #expect(try model.recommend(for: "u1", options: nothing).isEmpty)
  }

  @Test("of equal scores come in the order of the items")
  func ties() throws {
    let table = EmbeddingTable<ItemSide>(count: 50, dimension: 2) { _ in }
    let model = Model(
      userEmbeddings: try EmbeddingTable(rows: [[1, 2]]), itemEmbeddings: table, biases: nil,
      mean: 0, users: IDs(["u"]), items: IDs((0..<50).map { "i\($0)" }),
      history: CompressedRows(offsets: [0, 1], columns: [2], values: [4]),
      record: TrainingRecord(
        method: "test", options: [:], seed: 0, ratingRange: nil, fingerprint: ""))
    #expect(
      try model.recommend(for: "u", count: 5).map(\.item) == ["i0", "i1", "i3", "i4", "i5"])
  }

  @Test("carry titles where there are any")
  func titles() throws {
    let model = randomModel(seed: 2).withTitles { $0 == "i3" ? "The \"Third\" 🎬" : nil }
    let picks = try model.recommend(for: "u0", count: 100)
    #expect(picks.count == 30)
    #expect(picks.filter { $0.title != nil }.map(\.item) == ["i3"])
    #expect(model.title(of: "i3") == "The \"Third\" 🎬" && model.title(of: "i4") == nil)
    #expect(model.title(of: "nobody") == nil)
  }

  @Test("for somebody new are those of the folded-in vector", arguments: 0..<20)
  func foldedIn(seed: UInt64) throws {
    let model = model(seed, coarse: false)
    let rated = [(item: "i0", rating: Float(5))]
    let folded = try model.foldIn(rated)
    let vector = folded.vector.map { Float($0) }
    let expected = (1..<model.items.count).map { item -> Pick in
      let dot = plainDot(vector.span, model.itemEmbeddings.vector(Row(item)))
      let bias = Double(model.biases?.items[item] ?? 0)
      return Pick(item: item, score: model.mean + folded.bias + bias + Double(dot))
    }
    let found = try model.recommend(rated: rated, count: 8).map { Pick($0) }
    #expect(found == Array(sorted(expected).prefix(8)))
    var options = RecommendationOptions()
    options.includeSeen = true
    let all = try model.recommend(rated: rated, count: .max, options: options)
    #expect(all.count == model.items.count)
  }

  @Test("need known ids, and a history to leave out what was seen")
  func errors() throws {
    let model = randomModel(seed: 3)
    #expect(throws: ModelError.unknownUser("u77", nearest: [])) {
      try model.recommend(for: "u77")
    }
    var options = RecommendationOptions()
    options.only = ["i1", "q"]
    #expect(throws: ModelError.unknownItem("q", nearest: [])) {
      try model.recommend(for: "u1", options: options)
    }
    options.only = nil
    options.without = ["q"]
    #expect(throws: ModelError.unknownItem("q", nearest: [])) {
      try model.recommend(rated: [("i1", 3)], options: options)
    }
    let bare = model.withoutHistory()
    #expect(!bare.hasHistory && model.hasHistory)
    #expect(throws: ModelError.noHistory(need: "Leaving out what a user has rated")) {
      try bare.recommend(for: "u1")
    }
    options = RecommendationOptions()
    options.includeSeen = true
    #expect(try bare.recommend(for: "u1", options: options).count == 10)
    #expect(try model.recommend(for: "u1", count: -3).isEmpty)
  }

  @Test("the selection keeps what sorting keeps", arguments: 0..<40)
  func selection(seed: UInt64) {
    var random = KeyedRandom(seed: seed)
    var offers = (0..<random.below(80)).map { Pick(item: $0, score: Double(random.below(7))) }
    let capacity = random.below(20)
    let expected = Array(sorted(offers).prefix(capacity))
    random.shuffle(&offers)
    var selection = TopSelection<ItemSide>(capacity: capacity)
    for offer in offers { selection.offer(Row(offer.item), score: offer.score) }
    #expect(selection.sorted().map { Pick(item: Int($0.row.index), score: $0.score) } == expected)
  }
}
