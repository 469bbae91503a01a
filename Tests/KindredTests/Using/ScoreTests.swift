// Scores against their definition.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Scores") struct ScoreTests {
  @Test("of a table are the dot products in Double, but for rounding", arguments: 0..<20)
  func table(seed: UInt64) {
    var random = KeyedRandom(seed: seed)
    var shape = ModelShape()
    shape.dimension = 1 + random.below(40)
    shape.items = random.below(25)
    let model = randomModel(seed: seed, shape)
    let table = ScoreTable(users: model.userEmbeddings, items: model.itemEmbeddings)
    #expect(table.scores.count == model.users.count)
    for user in 0..<model.users.count {
      #expect(table.scores[user].count == model.items.count)
      let x = model.userEmbeddings.numbers(Row(user))
      for item in 0..<model.items.count {
        let y = model.itemEmbeddings.numbers(Row(item))
        let products = zip(x, y).map { $0 * $1 }
        // One rounding per dimension of a sum no larger than Σ|xy|.
        expectClose(
          table.scores[user][item], products.reduce(0, +),
          absolute: Double(shape.dimension) * 0x1p-24 * products.reduce(0) { $0 + abs($1) })
      }
    }
  }

  @Test("of the founding worksheet are whole numbers")
  func worksheet() throws {
    let users = try EmbeddingTable<UserSide>(
      rows: [[2, 0, -2], [1, -1, -1], [0, 1, -1], [0, -1, 0], [-1, 1, -1]])
    let films = try EmbeddingTable<ItemSide>(rows: [[0, -1, 0], [-1, -2, 0], [1, 1, 1]])
    #expect(
      ScoreTable(users: users, items: films).scores
        == [[0, -2, 0], [1, 1, -1], [-1, -2, 0], [1, 2, -1], [-1, -1, -1]])
  }

  @Test("are mean, biases and the fused dot product, exactly", arguments: 0..<20, [true, false])
  func definition(seed: UInt64, hasBiases: Bool) throws {
    var shape = ModelShape()
    shape.hasBiases = hasBiases
    shape.dimension = 1 + Int(seed) * 3
    let model = randomModel(seed: seed, shape)
    for user in 0..<model.users.count {
      let all = model.scores(UserRow(user))
      for item in 0..<model.items.count {
        let expected = model.plainScore(user, item)
        #expect(try model.score(user: "u\(user)", item: "i\(item)") == expected)
        #expect(all[item] == expected)
      }
    }
  }

  @Test("of unknown ids are errors that name the nearest")
  func unknown() {
    let model = randomModel(seed: 1)
    #expect(throws: ModelError.unknownUser("u00", nearest: ["u0"])) {
      try model.score(user: "u00", item: "i1")
    }
    #expect(throws: ModelError.unknownItem("I29 ", nearest: ["i29"])) {
      try model.score(user: "u1", item: "I29 ")
    }
    #expect(throws: ModelError.unknownItem("", nearest: [])) {
      try model.score(user: "u1", item: "")
    }
    let long = String(repeating: "é", count: 5000)
    #expect(ModelError.unknownUser(long, nearest: []).description.count < 200)
    let hint = ModelError.unknownItem("x", nearest: ["a", "b"]).description
    #expect(hint.contains("\"a\", \"b\""))
  }

  @Test("a table refuses what is no table")
  func badTables() {
    #expect(throws: TableError.empty) { try EmbeddingTable<UserSide>(rows: []) }
    #expect(throws: TableError.empty) { try EmbeddingTable<UserSide>(rows: [[]]) }
    #expect(throws: TableError.unevenRow(row: 1, width: 3, expected: 2)) {
      try EmbeddingTable<UserSide>(rows: [[1, 2], [1, 2, 3]])
    }
    for number in [Float.nan, .infinity, -.infinity] {
      #expect(throws: TableError.notFinite(row: 1, dimension: 0)) {
        try EmbeddingTable<ItemSide>(rows: [[1, 2], [number, 3]])
      }
    }
  }

  @Test("of tables of two dimensions are refused")
  func unevenTables() async {
    await #expect(processExitsWith: .failure) {
      let users = EmbeddingTable<UserSide>(count: 1, dimension: 2) { _ in }
      let items = EmbeddingTable<ItemSide>(count: 1, dimension: 3) { _ in }
      _ = ScoreTable(users: users, items: items)
    }
  }
}
