// People taken out of a model.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Forgetting") struct ForgettingTests {
  private func bytes(_ numbers: [Float]) -> [UInt8] {
    numbers.flatMap { n in (0..<4).map { UInt8(truncatingIfNeeded: n.bitPattern >> (8 * $0)) } }
  }

  private func contains(_ file: [UInt8], _ wanted: [UInt8]) -> Bool {
    Data(file).range(of: Data(wanted)) != nil
  }

  private func seen(_ model: Model, _ row: UserRow) -> [String] {
    model.seen(Int(row.index)).map { model.items[ItemRow($0)] }.sorted()
  }

  @Test("takes the items that nobody else has rated", arguments: [true, false])
  func ownItems(hasHistory: Bool) throws {
    let folder = try ScratchFolder()
    // Items 1 and 3 are the person's alone, and item 4 nobody's.
    let ids = ["i-both", "own-1", "i-other", "own-3", "i-nobody"]
    let numbers: [Float] = [0.5, 1.25, 2.125, 3.0625, 4.5]
    let model = Model(
      userEmbeddings: try EmbeddingTable(rows: [[1], [2]]),
      itemEmbeddings: try EmbeddingTable(rows: numbers.map { [$0 * 1.1] }),
      biases: .init(users: [0.1, 0.2], items: numbers.map { $0 * 1.3 }), mean: 3,
      users: IDs(["person", "other"]), items: IDs(ids), titles: Texts(ids.map { "Title \($0)" }),
      attributes: Texts(ids.map { "{\"of\":[\"attribute \($0)\"]}" }),
      history: hasHistory
        ? CompressedRows(offsets: [0, 3, 5], columns: [0, 1, 3, 0, 2], values: [1, 2, 3, 4, 5])
        : nil,
      record: randomModel(seed: 1).record)
    try model.save(to: folder.path("before"))
    let after = try Model(contentsOf: folder.path("before")).forgetting(["person"])
    try after.save(to: folder.path("after"))
    let (old, new) = (try folder.bytes("before"), try folder.bytes("after"))
    for secret in [
      Array("own-".utf8), Array("Title own".utf8), Array("attribute own".utf8),
      bytes([numbers[1] * 1.1]), bytes([numbers[3] * 1.3]),
    ] {
      #expect(contains(old, secret), "the test looks for what is there")
      // Without a history nobody knows whose an item was.
      #expect(contains(new, secret) == !hasHistory)
    }
    let again = try Model(contentsOf: folder.path("after"))
    guard hasHistory else {
      #expect(again.items.all == ids)
      return
    }
    #expect(again.items.all == ["i-both", "i-other", "i-nobody"])
    #expect(again.seen(0) == [0, 1] && Array(again.history?.values ?? []) == [4, 5])
    for item in again.items.all {
      #expect(
        try again.score(user: "other", item: item) == model.score(user: "other", item: item))
      #expect(again.title(of: item) == "Title \(item)")
      #expect(again.attributes(of: item) == ["of": ["attribute \(item)"]])
    }
  }

  @Test(
    "leaves a baseline as if the person had never been there",
    arguments: [
      Baseline.popular, .mean(by: .item), .mean(by: .user), .mean(by: .global),
    ])
  func baselines(baseline: Baseline) throws {
    var random = KeyedRandom(seed: 6, key: 20)
    // Half stars, whose sums are exact in any order.
    var all = [(user: "u3", item: "own", rating: Float(5))]
    for user in 0..<12 {
      for item in 0..<20 where random.below(4) == 0 {
        all.append((user: "u\(user)", item: "i\(item)", rating: Float(random.below(10)) / 2 + 0.5))
      }
    }
    let out: Set = ["u3", "u7"]
    let after = try baseline.fit(Ratings(all)).forgetting(out.sorted())
    let expected = try baseline.fit(Ratings(all.filter { !out.contains($0.user) }))
    #expect(after.users.all == expected.users.all)
    #expect(after.items.all.sorted() == expected.items.all.sorted())
    #expect(after.mean == expected.mean)
    for user in after.users.all {
      for item in after.items.all {
        #expect(
          try after.score(user: user, item: item) == expected.score(user: user, item: item))
      }
    }
  }

  @Test("leaves nothing of a person in the file, and all of the others", arguments: 0..<20)
  func gone(seed: UInt64) throws {
    let folder = try ScratchFolder()
    var shape = ModelShape()
    shape.users = 12
    let plain = try randomModel(seed: seed, shape).withSampleTitles
    // An id that is found nowhere else, and ratings that are nobody else's.
    let out = [Int(seed % 12), Int((seed * 7 + 3) % 12)]
    let ids = plain.users.all.enumerated().map { place, id in
      out.contains(place) ? "person-\(place)-secret" : id
    }
    let history = try #require(plain.history)
    let values = (0..<12).flatMap { user in
      history.values(UserRow(user)).indices.map { entry in
        out.contains(user) ? Float(100 + user) + Float(entry) / 1024 : history.values[entry]
      }
    }
    let model = Model(
      userEmbeddings: plain.userEmbeddings, itemEmbeddings: plain.itemEmbeddings,
      biases: plain.biases, mean: plain.mean, users: IDs(ids), items: plain.items,
      titles: plain.titles, attributes: plain.attributes,
      history: CompressedRows(
        offsets: history.offsets, columns: history.columns, values: Flat(values)),
      record: plain.record)
    try model.save(to: folder.path("before"))
    let loaded = try Model(contentsOf: folder.path("before"))
    let after = try loaded.forgetting(out.map { ids[$0] })
    try after.save(to: folder.path("after"))
    let (old, new) = (try folder.bytes("before"), try folder.bytes("after"))
    for user in Set(out) {
      let row = UserRow(user)
      let vector = plain.userEmbeddings.numbers(row).map { Float($0) }
      var secrets = [Array("secret".utf8), bytes(vector)]
      if !history.values(row).isEmpty {
        secrets.append(bytes(Array(loaded.history?.values(row) ?? [])))
      }
      for secret in secrets {
        #expect(contains(old, secret), "the test looks for what is there")
        #expect(!contains(new, secret))
      }
      #expect(!contains(new, Array(plain.record.fingerprint.utf8)))
    }
    let again = try Model(contentsOf: folder.path("after"))
    #expect(again.users.count == 12 - Set(out).count)
    #expect(again.record.options["forgotten"] == "\(Set(out).count)")
    for user in again.users.all {
      let (row, oldRow) = (try again.row(ofUser: user), try loaded.row(ofUser: user))
      for item in again.items.all {
        let scores = try [again, loaded].map { try $0.score(user: user, item: item) }
        #expect(scores[0].bitPattern == scores[1].bitPattern)
        #expect(try again.explain(user: user, item: item) == loaded.explain(user: user, item: item))
        #expect(again.title(of: item) == loaded.title(of: item))
        #expect(again.attributes(of: item) == loaded.attributes(of: item))
      }
      #expect(seen(again, row) == seen(loaded, oldRow))
    }
  }

  @Test("counts on, and forgets everybody")
  func everybody() throws {
    let folder = try ScratchFolder()
    var model = randomModel(seed: 1)
    for id in model.users.all { model = try model.forgetting([id]) }
    #expect(model.users.count == 0 && model.record.options["forgotten"] == "7")
    try model.save(to: folder.path("model"))
    #expect(try Model(contentsOf: folder.path("model")).users.count == 0)
  }

  @Test("knows nobody who is not there, and then forgets nobody")
  func unknown() {
    let model = randomModel(seed: 1)
    #expect(throws: ModelError.unknownUser("u7", nearest: ["u0", "u1", "u2"])) {
      try model.forgetting(["u1", "u7"])
    }
  }
}
