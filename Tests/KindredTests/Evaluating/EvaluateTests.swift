// Evaluating in blocks against evaluating the plain way, and the laws of metrics.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Evaluating rankings") struct EvaluateTests {
  private func shape(_ seed: UInt64) -> ModelShape {
    var shape = ModelShape()
    shape.users = 11
    shape.items = [30, 16, 1, 47][Int(seed % 4)]
    shape.dimension = [5, 1, 3][Int(seed % 3)]
    shape.hasBiases = seed % 2 == 0
    shape.isCoarse = seed % 3 != 0
    return shape
  }

  @Test("is what sorting all scores gives, for every metric", arguments: 0..<24)
  func naive(seed: UInt64) throws {
    let shape = shape(seed)
    let model = randomModel(seed: seed, shape)
    var naive = NaiveEvaluator(
      model: model, test: try randomTest(seed: seed, users: shape.users, items: shape.items))
    var options = EvaluationOptions()
    options.metrics = Metric.allOfRankings
    if seed % 2 == 1 {
      naive.excluded = try randomTest(seed: seed + 100, users: shape.users, items: shape.items)
      options.excluded = naive.excluded
    }
    let found = try model.evaluate(on: naive.test, options: options)
    for metric in options.metrics {
      let expected = naive.value(of: metric)
      #expect((found[metric] == nil) == (expected == nil), "\(metric)")
      // A few hundred roundings of numbers of at most 10.
      expectClose(found[metric] ?? 0, expected ?? 0, absolute: 1e-12, "\(metric), seed \(seed)")
    }
  }

  @Test("over several blocks of users and items is the same", arguments: [true, false])
  func blocks(coarse: Bool) throws {
    var shape = ModelShape()
    (shape.users, shape.items, shape.dimension) = (230, 1100, 2)
    shape.isCoarse = coarse
    let model = randomModel(seed: 5, shape)
    let naive = NaiveEvaluator(
      model: model, test: try randomTest(seed: 5, users: 230, items: 1100, share: 150))
    var options = EvaluationOptions()
    options.metrics = try Metric.list("recall@20,ndcg@700,mrr,auc,coverage@5")
    #expect(shape.items > ScoreBlocks.blockItems && shape.users > 2 * ScoreBlocks.blockUsers)
    let found = try model.evaluate(on: naive.test, options: options)
    for metric in options.metrics {
      let expected = try #require(naive.value(of: metric))
      expectClose(try #require(found[metric]), expected, absolute: 1e-12, "\(metric)")
    }
  }

  @Test("of an empty catalogue covers no share of it")
  func noItems() throws {
    let model = Model(
      userEmbeddings: try EmbeddingTable(rows: [[1]]),
      itemEmbeddings: EmbeddingTable(count: 0, dimension: 1) { _ in }, biases: nil, mean: 0,
      users: IDs(["u0"]), items: IDs([String]()),
      history: CompressedRows(offsets: [0, 0], columns: [], values: []),
      record: TrainingRecord(
        method: "test", options: [:], seed: 0, ratingRange: nil, fingerprint: ""))
    var options = EvaluationOptions()
    options.metrics = try Metric.list("coverage@5,recall@5")
    let found = try model.evaluate(on: interactions([("u0", "i0", 1)]), options: options)
    #expect(found[options.metrics[0]] == nil && found[options.metrics[1]] == 0)
  }

  @Test("of predictions beyond the range of Float is refused", arguments: [true, false])
  func overflow(clips: Bool) throws {
    let model = Model(
      userEmbeddings: try EmbeddingTable(rows: [[3e25]]),
      itemEmbeddings: try EmbeddingTable(rows: [[2e25]]), biases: nil, mean: 0, users: IDs(["u0"]),
      items: IDs(["i0"]), history: CompressedRows(offsets: [0, 0], columns: [], values: []),
      record: TrainingRecord(
        method: "test", options: [:], seed: 0, ratingRange: 1...5, fingerprint: ""))
    for metric in ["rmse", "mae", "mrr"] {
      var options = EvaluationOptions()
      options.metrics = try Metric.list(metric)
      options.clips = clips
      #expect(throws: EvaluationError.self) {
        try model.evaluate(on: interactions([("u0", "i0", 1)]), options: options)
      }
    }
  }

  @Test("has the same bits for any number of threads", arguments: 0..<6)
  func threads(seed: UInt64) throws {
    var shape = shape(seed)
    shape.users = 400
    let model = randomModel(seed: seed, shape)
    let test = try randomTest(seed: seed, users: 400, items: shape.items)
    var options = EvaluationOptions()
    options.metrics = Metric.allOfRankings + [Metric(.rmse), Metric(.mae)]
    var found: [[UInt64?]] = []
    for threads in [1, 2, 4, 0] {
      options.threads = threads
      found.append(
        try model.evaluate(on: test, options: options).results.map { $0.value?.bitPattern })
    }
    #expect(found.allSatisfy { $0 == found[0] })
  }

  @Test("does not depend on the order of the users but for rounding", arguments: 0..<6)
  func order(seed: UInt64) throws {
    let model = randomModel(seed: seed)
    let test = try randomTest(seed: seed, users: 7, items: 30)
    var triples = test.users.rows.reduce(into: [(user: String, item: String, rating: Float)]()) {
      triples, user in
      for (item, rating) in zip(test.byUser.columns(user), test.byUser.values(user)) {
        triples.append((test.users[user], test.items[ItemRow(item)], rating))
      }
    }
    triples.reverse()
    var options = EvaluationOptions()
    options.metrics = Metric.allOfRankings
    let (one, other) = (
      try model.evaluate(on: test, options: options),
      try model.evaluate(on: Ratings(triples), options: options)
    )
    for metric in options.metrics {
      expectClose(one[metric] ?? 0, other[metric] ?? 0, absolute: 1e-13, "\(metric)")
    }
  }

  @Test("lies in its range, and finds more in longer lists", arguments: 0..<12)
  func ranges(seed: UInt64) throws {
    let model = randomModel(seed: seed, shape(seed))
    let test = try randomTest(seed: seed, users: 11, items: model.items.count)
    var options = EvaluationOptions()
    options.metrics = Metric.allOfRankings
    let found = try model.evaluate(on: test, options: options)
    for result in found.results {
      guard let value = result.value else { continue }
      let low = result.metric.kind == .similarity ? -1.0 : 0
      let high = result.metric.kind == .novelty ? Double.infinity : 1
      #expect((low...high).contains(value), "\(result.metric): \(value)")
    }
    for kind in [Metric.Kind.recall, .hitRatio, .coverage, .reciprocalRank, .fullAveragePrecision] {
      options.metrics = (1...12).map { Metric(kind, cutoff: $0) }
      let values = try model.evaluate(on: test, options: options).results.compactMap(\.value)
      #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }, "\(kind): \(values)")
    }
  }

  /// One user, six items with scores 5, 4, … 0, or the other way round.
  private func ladder(reversed: Bool = false, range: Range<Int> = 0..<6) throws -> Model {
    Model(
      userEmbeddings: try EmbeddingTable(rows: [[reversed ? -1 : 1]]),
      itemEmbeddings: try EmbeddingTable(rows: range.map { [Float(5 - $0)] }), biases: nil, mean: 0,
      users: IDs(["u"]), items: IDs(range.map { "i\($0)" }),
      history: CompressedRows(offsets: [0, 0], columns: [], values: []),
      record: TrainingRecord(
        method: "test", options: [:], seed: 0, ratingRange: nil, fingerprint: ""))
  }

  @Test("by hand: two test items, one at rank 2 and one unknown")
  func byHand() throws {
    let test = try interactions([("u", "i1", 2), ("u", "x", 5)])
    var options = EvaluationOptions()
    let third = 1 / 1.584962500721156  // 1/log₂ 3
    let graded = 3 * third / (31 + 3 * third)
    let linear = 2 * third / (5 + 2 * third)
    let expected: [(String, Double)] = [
      ("recall@3", 0.5), ("recall-capped@1", 0), ("precision@3", 1.0 / 3.0), ("hr@1", 0),
      ("hr@2", 1), ("ndcg@3", third / (1 + third)), ("ndcg-jk@3", 0.5), ("ndcg-graded@3", graded),
      ("ndcg-linear@3", linear), ("map@1", 0), ("map@3", 0.25), ("map-full@3", 0.25), ("mrr", 0.5),
      ("mrr@1", 0), ("auc", 0.4), ("coverage@3", 0.5),
    ]
    options.metrics = try expected.map { try Metric($0.0) }
    let found = try ladder().evaluate(on: test, options: options)
    for (result, (name, value)) in zip(found.results, expected) {
      expectClose(try #require(result.value), value, relative: 1e-15, name)
    }
    #expect(found.unknownItems == 1 && found.unknownUsers == 0 && found.ratings == 2)
  }

  @Test("of a ranking turned round: the area goes to one minus itself, the rank to the other end")
  func reversed() throws {
    var options = EvaluationOptions()
    options.metrics = [Metric(.auc), Metric(.reciprocalRank)]
    for item in 0..<6 {
      let test = try interactions([("u", "i\(item)", 1)])
      let (up, down) = (
        try ladder().evaluate(on: test, options: options),
        try ladder(reversed: true).evaluate(on: test, options: options)
      )
      let area = try #require(up[Metric(.auc)])
      expectClose(try #require(down[Metric(.auc)]), 1 - area, absolute: 1e-15)
      #expect(up[Metric(.reciprocalRank)] == 1 / Double(item + 1))
      #expect(down[Metric(.reciprocalRank)] == 1 / Double(6 - item))
    }
  }

  @Test("a test item that has been seen cannot come up, is a miss and is counted")
  func seen() throws {
    let excluded = try interactions([("u", "i0", 1), ("u", "nothing", 1), ("nobody", "i1", 1)])
    let test = try interactions([("u", "i0", 1), ("u", "i1", 1)])
    var options = EvaluationOptions()
    options.metrics = try Metric.list("recall@1,mrr,auc")
    let plain = try ladder().evaluate(on: test, options: options)
    #expect(plain.results.map(\.value) == [0.5, 1, 1] && plain.seenTestItems == 0)
    options.excluded = excluded
    let found = try ladder().evaluate(on: test, options: options)
    // i1 now comes first; i0 is half of the test items and loses its pairs.
    #expect(found.results.map(\.value) == [0.5, 1, 0.5] && found.seenTestItems == 1)
    // Without a history of its own the model is told what has been seen.
    let bare = try ladder().withoutHistory()
    #expect(try bare.evaluate(on: test, options: options).results.map(\.value) == [0.5, 1, 0.5])
    options.excluded = nil
    #expect(throws: EvaluationError.noHistory) { try bare.evaluate(on: test, options: options) }
  }

  @Test("users whom the model does not know count, with the items' biases alone")
  func unknownUser() throws {
    let model = Model(
      userEmbeddings: try EmbeddingTable(rows: [[1]]),
      itemEmbeddings: try EmbeddingTable(rows: [[9], [0], [0]]),
      biases: .init(users: [0], items: [0, 2, 3]), mean: 1, users: IDs(["u"]),
      items: IDs(["a", "b", "c"]),
      history: CompressedRows(offsets: [0, 0], columns: [], values: []),
      record: TrainingRecord(
        method: "test", options: [:], seed: 0, ratingRange: nil, fingerprint: ""))
    var options = EvaluationOptions()
    options.metrics = [Metric(.reciprocalRank)]
    let found = try model.evaluate(
      on: interactions([("u", "a", 1), ("new", "a", 1)]), options: options)
    // First for u, last for the new one.
    let expected = (1.0 + 1.0 / 3.0) / 2.0
    #expect(found[Metric(.reciprocalRank)] == expected)
    #expect(found.users == 2 && found.unknownUsers == 1)
  }

  @Test("users without test items are left out, and said")
  func empty() throws {
    let folder = try ScratchFolder()
    let test = try Ratings(
      contentsOf: try folder.file("u i0 i3\nv\nw\nx i1\n"), options: .init(format: .adjacency))
    var options = EvaluationOptions()
    options.metrics = [Metric(.recall, cutoff: 1)]
    let found = try ladder().evaluate(on: test, options: options)
    #expect(found.users == 2 && found.emptyUsers == 2 && found.ratings == 3)
    #expect(found[Metric(.recall, cutoff: 1)] == 0.25)
    #expect(throws: EvaluationError.noTestItems) { try ladder().evaluate(on: interactions([])) }
  }

  @Test("where nothing can be said, nothing is")
  func undefined() throws {
    let test = try interactions((0..<6).map { ("u", "i\($0)", 1) })
    var options = EvaluationOptions()
    options.metrics = try Metric.list("auc,ndcg@3")
    let found = try ladder().evaluate(on: test, options: options)
    #expect(found[Metric(.auc)] == nil, "every candidate is a test item")
    #expect(found[Metric(.ndcg, cutoff: 3)] == 1)
  }

  @Test("scores beyond Float, and gains beyond reason, are an error and not an answer")
  func outOfRange() throws {
    let model = Model(
      userEmbeddings: try EmbeddingTable(rows: [[3e38]]),
      itemEmbeddings: try EmbeddingTable(rows: [[1], [2]]), biases: nil, mean: 0, users: IDs(["u"]),
      items: IDs(["a", "b"]), history: CompressedRows(offsets: [0, 0], columns: [], values: []),
      record: TrainingRecord(
        method: "test", options: [:], seed: 0, ratingRange: nil, fingerprint: ""))
    var options = EvaluationOptions()
    options.metrics = [Metric(.recall, cutoff: 1)]
    #expect(throws: EvaluationError.outOfRange("Scoring the items")) {
      try model.evaluate(on: interactions([("u", "a", 1)]), options: options)
    }
    options.metrics = [Metric(.gradedNDCG, cutoff: 1)]
    #expect(throws: EvaluationError.self) {
      try ladder().evaluate(on: interactions([("u", "i0", 2000)]), options: options)
    }
  }

  @Test("measures by default what fits model and test set")
  func defaults() throws {
    let rated = try interactions([("u1", "i1", 3), ("u2", "i2", 4)])
    let folder = try ScratchFolder()
    let pairs = try Ratings(contentsOf: try folder.file("u1 i1\nu2 i2\nu3 i3\n"))
    func names(_ model: Model, _ test: Ratings) throws -> [String] {
      try model.evaluate(on: test).results.map { "\($0.metric)" }
    }
    let model = randomModel(seed: 1)
    #expect(try names(model, rated) == ["rmse", "mae"])
    #expect(try names(model, pairs) == ["recall@20", "ndcg@20"])
    #expect(try names(Baseline.popular.fit(rated), rated) == ["recall@20", "ndcg@20"])
    #expect(try names(Baseline.mean(by: .item).fit(rated), rated) == ["rmse", "mae"])
  }

  @Test("errors of ratings are those that training reports")
  func ratingErrors() throws {
    let model = randomModel(seed: 9)
    let test = try randomTest(seed: 9, users: 7, items: 30)
    for clips in [true, false] {
      var options = EvaluationOptions()
      options.metrics = [Metric(.mae), Metric(.rmse)]
      options.clips = clips
      let found = try model.evaluate(on: test, options: options)
      let errors = try #require(model.ratingErrors(on: test, clips: clips))
      #expect(found.results.map(\.value) == [errors.mae, errors.rmse])
      #expect(found.unknownUsers == errors.unknownUsers)
      #expect(found.unknownItems == errors.unknownItems)
      #expect(found.clippedTo == (clips ? 0.5...5 : nil))
      for result in found.results {
        // The same squares, added up user by user.
        expectClose(
          try #require(result.shares?.value), try #require(result.value), relative: 1e-14)
      }
    }
  }
}
