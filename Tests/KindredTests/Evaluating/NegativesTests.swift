// One test item among given negatives.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("One against many") struct NegativesTests {
  /// Users a and b; item n scores n for both, z and y 0, so that ties are at hand.
  private func model() throws -> Model {
    Model(
      userEmbeddings: try EmbeddingTable(rows: [[1], [1]]),
      itemEmbeddings: try EmbeddingTable(rows: [[1], [2], [3], [4], [0], [0]]), biases: nil,
      mean: 0,
      users: IDs(["a", "b"]), items: IDs(["1", "2", "3", "4", "z", "y"]),
      history: CompressedRows(offsets: [0, 1, 1], columns: [3], values: [1]),
      record: TrainingRecord(
        method: "test", options: [:], seed: 0, ratingRange: nil, fingerprint: ""))
  }

  private func values(
    _ negatives: String, _ test: [(user: String, item: String, rating: Float)],
    _ metrics: String = "hr@1,hr@2,ndcg@2,mrr,mrr@2,auc"
  ) throws -> [Double?] {
    let folder = try ScratchFolder()
    var options = EvaluationOptions()
    options.metrics = try Metric.list(metrics)
    options.negatives = try Negatives(contentsOf: folder.file(negatives))
    let found = try model().evaluate(on: Ratings(test), options: options)
    #expect(found.isOneAgainstMany)
    return found.results.map(\.value)
  }

  @Test("by hand, in both forms of the file")
  func byHand() throws {
    // 3 stands behind 4 only: rank 2 of four.
    let third = 1 / 1.584962500721156
    for file in ["a 1 4 2\n", "(a,3)\t1\t4\t2\n", "a 1\na 4 2 4 3\n"] {
      let found = try values(file, [("a", "3", 1)])
      #expect(found[0] == 0 && found[1] == 1 && found[3] == 0.5 && found[4] == 0.5)
      expectClose(try #require(found[2]), third, relative: 1e-15)
      #expect(found[5] == 2.0 / 3)
    }
  }

  @Test("equal scores count against the model")
  func ties() throws {
    let found = try values("a y\n", [("a", "z", 1)], "hr@1,hr@2,mrr,auc")
    #expect(found == [0, 1, 0.5, 0])
  }

  @Test("an unknown test item comes last; an unknown negative scores as one without a vector")
  func unknown() throws {
    let third = 1.0 / 3.0
    #expect(try values("a 1 2\n", [("a", "new", 1)], "mrr,auc") == [third, 0])
    #expect(try values("a new 2\n", [("a", "z", 1)], "mrr,auc") == [third, 0])
    #expect(try values("a new\n", [("a", "1", 1)], "mrr,auc") == [1, 1])
    // Somebody unknown scores everything alike.
    #expect(try values("c 1 2\n", [("c", "3", 1)], "mrr") == [third])
  }

  @Test("a user's value is the mean over its test items, history plays no part")
  func means() throws {
    let test: [(user: String, item: String, rating: Float)] = [
      ("a", "4", 1), ("a", "1", 1), ("b", "3", 1),
    ]
    let file = "(a,4) 1 2 3\n(a,1) 2 3 4\n(b,3) 4 1\n"
    let expected = 0.5625  // the mean of 0.625 and 0.5
    #expect(try values(file, test, "mrr") == [expected])
  }

  @Test("what is missing or malformed is an error that says where")
  func errors() throws {
    #expect(throws: EvaluationError.noNegatives(user: "b", item: "1")) {
      try values("a 1 2\n", [("b", "1", 1)])
    }
    #expect(throws: EvaluationError.noNegatives(user: "a", item: "1")) {
      try values("a 1 1\n", [("a", "1", 1)])
    }
    #expect(throws: EvaluationError.notOneAgainstMany(metrics: ["recall@2", "coverage@3"])) {
      try values("a 1 2\n", [("a", "3", 1)], "recall@2,hr@1,coverage@3")
    }
    for (text, line) in [
      ("a\n", 1), ("a 1\n(a,2) 1\n", 2), ("(a,1) 2\na 2\n", 2), ("(a;1) 2\n", 1),
      ("(a,1,2) 2\n", 1),
      ("a 1\n\n(a 2\n", 3),
    ] {
      let error = #expect(throws: RatingsError.self) { try values(text, [("a", "3", 1)]) }
      #expect(error?.line == line, "\(text): \(error?.description ?? "")")
    }
    #expect(throws: RatingsError.self) { try values("\n \n", [("a", "3", 1)]) }
    #expect(throws: RatingsError.self) { try Negatives(contentsOf: "/nowhere/negatives") }
  }

  @Test("is what comparing each pair gives, for any number of threads", arguments: 0..<10)
  func naive(seed: UInt64) throws {
    var shape = ModelShape()
    shape.isCoarse = true
    shape.users = 300
    let model = randomModel(seed: seed, shape)
    let test = try randomTest(seed: seed, users: 300, items: 30)
    var random = KeyedRandom(seed: seed, key: 3)
    var (lines, total) = ("", 0.0)
    for user in test.users.rows {
      let (id, items) = (test.users[user], test.byUser.columns(user))
      var sum = 0.0
      for item in items {
        let name = test.items[ItemRow(item)]
        let names = Set((0..<9).map { _ in "i\(random.below(33))" }).subtracting([name])
        lines += "(\(id),\(name)) \(names.sorted().joined(separator: " "))\n"
        func score(_ name: String) -> Double {
          guard let item = model.items.row(of: name) else {
            return model.mean + (model.users.row(of: id).map { model.userBias($0) } ?? 0)
          }
          if let row = model.users.row(of: id) {
            return model.plainScore(Int(row.index), Int(item.index))
          }
          return model.mean + model.itemBias(item)
        }
        let ahead =
          model.items.contains(name) ? names.count { score($0) >= score(name) } : names.count
        sum += 1 / Double(1 + ahead)
      }
      total += sum / Double(items.count)
    }
    let folder = try ScratchFolder()
    var options = EvaluationOptions()
    options.metrics = [Metric(.reciprocalRank)]
    options.negatives = try Negatives(contentsOf: folder.file(lines))
    for threads in [1, 2, 4] {
      options.threads = threads
      let found = try #require(try model.evaluate(on: test, options: options).results[0].value)
      expectClose(found, total / Double(test.users.count), relative: 1e-13)
    }
  }
}
