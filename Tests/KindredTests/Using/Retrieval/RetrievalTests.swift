// Retrieval with every filter and option against scoring and sorting everything.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Retrieval") struct RetrievalTests {
  private typealias Pick = NaiveRetrieval.Pick

  private func picks(_ list: [Recommendation]) -> [Pick] {
    list.map { Pick(item: $0.item, score: $0.score) }
  }

  /// A model with some hundred items, of which every fourth has the vector and bias of another one.
  private func model(_ random: inout KeyedRandom, seed: UInt64) -> Model {
    var shape = ModelShape()
    shape.users = 1 + random.below(120)
    shape.items = 1 + random.below(700)
    shape.dimension = 1 + random.below(20)
    shape.hasBiases = random.below(2) == 0
    shape.isCoarse = random.below(2) == 0
    let model = randomModel(seed: seed, shape)
    let twins = (0..<shape.items).map { random.below(4) == 0 ? random.below(shape.items) : $0 }
    let table = EmbeddingTable<ItemSide>(count: shape.items, dimension: shape.dimension) {
      for (item, twin) in twins.enumerated() {
        for k in 0..<shape.dimension {
          $0[item * shape.dimension + k] = model.itemEmbeddings.vector(Row(twin))[k]
        }
      }
    }
    let biases = model.biases.map { biases in
      Model.Biases(users: Array(biases.users), items: twins.map { biases.items[$0] })
    }
    return Model(
      userEmbeddings: model.userEmbeddings, itemEmbeddings: table, biases: biases,
      mean: model.mean, users: model.users, items: model.items, history: model.history,
      record: model.record)
  }

  private func options(
    _ random: inout KeyedRandom, _ model: Model
  ) -> (options: RecommendationOptions, among: [Bool]?) {
    var options = RecommendationOptions()
    var among: [Bool]?
    let items = 0..<model.items.count
    options.includeSeen = random.below(3) == 0
    if random.below(3) == 0 {
      options.only = items.filter { _ in random.below(2) == 0 }.map { "i\($0)" }
    }
    if random.below(3) == 0 {
      options.without = items.filter { _ in random.below(3) == 0 }.map { "i\($0)" }
    }
    if random.below(3) == 0 {
      let chosen = items.map { _ in random.below(3) > 0 }
      options.among = ItemSet(chosen)
      among = chosen
    }
    if random.below(3) == 0 { options.damping = random.normal() }
    if random.below(3) == 0 { options.diversity = Double(random.below(5)) / 4 }
    return (options, among)
  }

  @Test("equals scoring and sorting everything, for one and for many", arguments: 0..<60)
  func naive(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 55)
    let model = model(&random, seed: seed)
    for _ in 0..<3 {
      let (options, among) = options(&random, model)
      let oracle = NaiveRetrieval(model: model, options: options, among: among)
      // The oracle compares each item with all that have been chosen.
      let most = options.diversity > 0 ? 12 : .max
      let count = min(most, [1, 2, 10, 33, model.items.count + 5][random.below(5)])
      let users = (0..<12).map { _ in random.below(model.users.count) }
      let lists = try model.recommend(
        for: users.map { "u\($0)" }, count: count, options: options, threads: 1 + random.below(3))
      #expect(lists.count == users.count)
      for (user, list) in zip(users, lists) {
        let expected = oracle.picks(user, count)
        #expect(picks(list) == expected, "user \(user), \(count) items, \(options)")
        let alone = try model.recommend(for: "u\(user)", count: count, options: options)
        #expect(picks(alone) == expected, "user \(user) alone, \(count) items, \(options)")
      }
    }
  }

  @Test("for more users than a block holds keeps their order, whatever the threads")
  func manyUsers() throws {
    var shape = ModelShape()
    shape.users = 2 * ScoreBlocks.blockUsers + 7
    shape.items = ScoreBlocks.blockItems + 33
    let model = randomModel(seed: 56, shape)
    let users = model.users.all
    let expected = try users.map { try model.recommend(for: $0) }
    for threads in 1...3 {
      #expect(try model.recommend(for: users, threads: threads) == expected)
      var streamed: [[Recommendation]] = []
      let recommender = try Recommender(model, count: 10, options: .init(), isForMany: true)
      let rows = Array(model.users.rows)
      try recommender.stream(rows, threads: threads) { _, list in
        list
      } each: {
        streamed += $0
      }
      #expect(streamed == expected)
    }
    #expect(try model.recommend(for: []).isEmpty)
  }

  @Test("of more items than one user's block holds keeps the best of all blocks")
  func manyItems() throws {
    var shape = ModelShape()
    shape.users = 3
    shape.items = 10_000
    shape.dimension = 3
    shape.isCoarse = true
    let model = randomModel(seed: 57, shape)
    let oracle = NaiveRetrieval(model: model, options: .init(), among: nil)
    for user in 0..<3 {
      #expect(picks(try model.recommend(for: "u\(user)", count: 500)) == oracle.picks(user, 500))
    }
  }

  @Test("says why nothing is left")
  func exclusions() throws {
    let model = randomModel(seed: 58)
    let seen = model.seen(2).count
    var options = RecommendationOptions()
    #expect(
      try model.exclusions(for: "u2").description
        == "\(30 - seen) of the model's 30 items may be recommended: \(seen) rated already.")
    options.only = ["i1", "i2"]
    options.without = ["i1", "i2", "i7"]
    let why = try model.exclusions(for: "u2", options: options)
    #expect(why.allowed == 0 && why.notAmong == 28 && why.without == 2 && why.seen == 0)
    #expect(try model.recommend(for: "u2", options: options).isEmpty)
    #expect(try model.recommend(for: ["u2", "u0"], options: options) == [[], []])
    options.without = ["i1"]
    #expect(try model.exclusions(rated: ["i2"], options: options).seen == 1)
    #expect(throws: ModelError.unknownItem("q", nearest: [])) {
      options.without = ["q"]
      return try model.exclusions(for: "u2", options: options)
    }
  }

  @Test("is refused where a score is not finite, for one and for many")
  func overflow() throws {
    let model = Model(
      userEmbeddings: try EmbeddingTable(rows: [[1, 1], [3e25, 0]]),
      itemEmbeddings: try EmbeddingTable(rows: [[3e25, 0], [1, 1]]), biases: nil, mean: 0,
      users: IDs(["a", "b"]), items: IDs(["x", "y"]),
      history: CompressedRows(offsets: [0, 0, 0], columns: [], values: []),
      record: TrainingRecord(
        method: "test", options: [:], seed: 0, ratingRange: nil, fingerprint: ""))
    #expect(try model.recommend(for: ["a"], count: 1)[0].map(\.item) == ["x"])
    #expect(throws: ModelError.outOfRange("Scoring the items")) { try model.recommend(for: "b") }
    #expect(throws: ModelError.outOfRange("Scoring the items")) {
      try model.recommend(for: ["a", "b"])
    }
    var options = RecommendationOptions()
    options.only = ["y"]
    #expect(try model.recommend(for: ["a", "b"], options: options)[1].map(\.item) == ["y"])
  }

  @Test("needs a history to know what is popular, and possible options")
  func misuse() async throws {
    let bare = randomModel(seed: 59).withoutHistory()
    var options = RecommendationOptions()
    options.includeSeen = true
    options.damping = 0.5
    #expect(throws: ModelError.noHistory(need: "Damping what is popular")) {
      try bare.recommend(for: "u1", options: options)
    }
    await #expect(processExitsWith: .failure) {
      var options = RecommendationOptions()
      options.diversity = 1.5
      _ = try randomModel(seed: 59).recommend(for: "u1", options: options)
    }
    await #expect(processExitsWith: .failure) {
      var options = RecommendationOptions()
      options.damping = .nan
      _ = try randomModel(seed: 59).recommend(for: "u1", options: options)
    }
  }
}
