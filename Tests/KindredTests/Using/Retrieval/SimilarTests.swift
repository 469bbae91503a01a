// Similar rows against comparing all of them.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Similar rows") struct SimilarTests {
  /// Neighbours by the definition, from vectors in `Double`.
  private func naive<S: Side>(
    _ table: EmbeddingTable<S>, _ row: Int, _ similarity: Similarity
  ) -> [Double] {
    func length(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let x = table.numbers(Row(row))
    return (0..<table.count).map { other in
      let y = table.numbers(Row(other))
      let dot = Double(plainDot(table.vector(Row(row)), table.vector(Row(other))))
      let lengths = length(x) * length(y)
      return similarity == .dot ? dot : lengths > 0 ? min(1, max(-1, dot / lengths)) : 0
    }
  }

  private func check(
    _ found: [Neighbor], prefix: String, _ row: Int, _ expected: [Double], count: Int,
    where isAllowed: (Int) -> Bool = { _ in true }
  ) {
    let order = expected.indices.filter { $0 != row && isAllowed($0) }.sorted { a, b in
      expected[a] != expected[b] ? expected[a] > expected[b] : a < b
    }
    #expect(found.map(\.id) == order.prefix(count).map { "\(prefix)\($0)" })
    #expect(found.map(\.similarity) == order.prefix(count).map { expected[$0] })
  }

  @Test(
    "are those of all, sorted; every other model has many ties", arguments: 0..<30,
    Similarity.allCases)
  func sorted(seed: Int, similarity: Similarity) throws {
    var shape = ModelShape()
    shape.isCoarse = seed % 2 == 0
    shape.dimension = 1 + seed % 6
    shape.users = 15
    let model = randomModel(seed: UInt64(seed), shape)
    for row in [0, 3, 14] {
      for count in [0, 1, 6, 100] {
        check(
          try model.items(similarTo: "i\(row)", count: count, by: similarity), prefix: "i", row,
          naive(model.itemEmbeddings, row, similarity), count: count)
        check(
          try model.users(similarTo: "u\(row)", count: count, by: similarity), prefix: "u", row,
          naive(model.userEmbeddings, row, similarity), count: count)
      }
    }
  }

  @Test("by cosine lie from −1 to 1, and a vector of zeros is like nothing")
  func zeros() throws {
    let vectors: [[Float]] = [[3, 4], [0, 0], [6, 8], [-3, -4], [4, -3], [0, 0]]
    let model = Model(
      userEmbeddings: try EmbeddingTable(rows: [[1, 1]]),
      itemEmbeddings: try EmbeddingTable(rows: vectors), biases: nil, mean: 0, users: IDs(["u"]),
      items: IDs(vectors.indices.map { "i\($0)" }), history: nil,
      record: TrainingRecord(
        method: "test", options: [:], seed: 0, ratingRange: nil, fingerprint: ""))
    let near = try model.items(similarTo: "i0")
    #expect(near.map(\.id) == ["i2", "i1", "i4", "i5", "i3"])
    #expect(near.map(\.similarity) == [1, 0, 0, 0, -1])
    #expect(try model.items(similarTo: "i1").allSatisfy { $0.similarity == 0 })
    #expect(try model.items(similarTo: "i0", by: .dot).map(\.similarity) == [50, 0, 0, 0, -25])
  }

  @Test("are refused where a product leaves the range of Float", arguments: Similarity.allCases)
  func overflow(similarity: Similarity) throws {
    let model = Model(
      userEmbeddings: try EmbeddingTable(rows: [[1, 1]]),
      itemEmbeddings: try EmbeddingTable(rows: [[3e25, 0], [2e25, 2e25], [1, 1]]), biases: nil,
      mean: 0, users: IDs(["u"]), items: IDs(["i0", "i1", "i2"]), history: nil,
      record: TrainingRecord(
        method: "test", options: [:], seed: 0, ratingRange: nil, fingerprint: ""))
    #expect(throws: ModelError.outOfRange("Comparing the items")) {
      try model.items(similarTo: "i0", by: similarity)
    }
    // The product with the other two is in range, and the item is not compared with itself.
    #expect(try model.items(similarTo: "i2", by: similarity).count == 2)
  }

  @Test("leave out rows with few ratings", arguments: [1, 2, 3, 5, 100])
  func minimum(ratings: Int) throws {
    let model = randomModel(seed: 4)
    let history = try #require(model.history)
    let byItem = history.transposed(columnCount: model.items.count)
    check(
      try model.items(similarTo: "i2", count: 50, minimumRatings: ratings), prefix: "i", 2,
      naive(model.itemEmbeddings, 2, .cosine), count: 50
    ) { byItem.columns(ItemRow($0)).count >= ratings }
    check(
      try model.users(similarTo: "u2", count: 50, minimumRatings: ratings), prefix: "u", 2,
      naive(model.userEmbeddings, 2, .cosine), count: 50
    ) { history.columns(UserRow($0)).count >= ratings }
  }

  @Test("need known ids, and a history to count ratings")
  func errors() throws {
    let model = randomModel(seed: 5)
    #expect(throws: ModelError.unknownItem("x", nearest: [])) { try model.items(similarTo: "x") }
    #expect(throws: ModelError.unknownUser("x", nearest: [])) { try model.users(similarTo: "x") }
    let bare = model.withoutHistory()
    #expect(try bare.items(similarTo: "i1").count == 10)
    #expect(try bare.users(similarTo: "u1").count == 6)
    #expect(throws: ModelError.noHistory(need: "Counting an item's ratings")) {
      try bare.items(similarTo: "i1", minimumRatings: 1)
    }
    #expect(throws: ModelError.noHistory(need: "Counting a user's ratings")) {
      try bare.users(similarTo: "u1", minimumRatings: 1)
    }
  }

  @Test("carry titles")
  func titles() throws {
    let model = randomModel(seed: 6).withTitles { "Title of \($0)" }
    let near = try model.items(similarTo: "i1")
    #expect(near.allSatisfy { $0.title == "Title of \($0.id)" })
  }
}
