// Model files: what is saved is what is loaded.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Model files") struct ModelFileTests {
  private static let titles = [
    "i0": "Quotes \" and \\ and /", "i1": "🎬 Les Misérables", "i2": "a\nb\tc\u{0}d",
    "i4": String(repeating: "long ", count: 2000),
  ]

  private func model(
    _ seed: UInt64, hasBiases: Bool = true, hasHistory: Bool = true, hasTitles: Bool = true
  ) -> Model {
    var shape = ModelShape()
    shape.hasBiases = hasBiases
    shape.hasHistory = hasHistory
    shape.dimension = 1 + Int(seed % 9)
    let model = randomModel(seed: seed, shape)
    return hasTitles ? model.withTitles { Self.titles[$0] } : model
  }

  private func expectSame(_ a: Model, _ b: Model) {
    #expect(bits(a.userEmbeddings) == bits(b.userEmbeddings))
    #expect(bits(a.itemEmbeddings) == bits(b.itemEmbeddings))
    #expect(a.dimension == b.dimension)
    #expect(a.biases?.users == b.biases?.users && a.biases?.items == b.biases?.items)
    #expect(a.mean.bitPattern == b.mean.bitPattern)
    #expect(a.users.all == b.users.all && a.items.all == b.items.all)
    #expect(a.users.order == b.users.order && a.items.order == b.items.order)
    #expect(a.titles == b.titles)
    #expect(a.history?.offsets == b.history?.offsets)
    #expect(a.history?.columns == b.history?.columns)
    #expect(a.history?.values == b.history?.values)
    #expect(a.record == b.record)
  }

  private func bits<S: Side>(_ table: EmbeddingTable<S>) -> [UInt32] {
    table.elements.indices.map { table.elements[$0].bitPattern }
  }

  @Test("hold all of a model", arguments: 0..<10, [true, false])
  func roundTrip(seed: UInt64, hasBiases: Bool) throws {
    let folder = try ScratchFolder()
    for (hasHistory, hasTitles) in [(true, true), (true, false), (false, true), (false, false)] {
      let model = model(
        seed, hasBiases: hasBiases, hasHistory: hasHistory, hasTitles: hasTitles)
      try model.save(to: folder.path("a"))
      let loaded = try Model(contentsOf: folder.path("a"), verifies: seed % 2 == 0)
      expectSame(loaded, model)
      try loaded.save(to: folder.path("b"))
      #expect(try folder.bytes("a") == folder.bytes("b"))
      for user in model.users.rows {
        #expect(loaded.scores(user).map(\.bitPattern) == model.scores(user).map(\.bitPattern))
      }
    }
    #expect(try folder.names == ["a", "b"])
  }

  @Test("hold ids of every kind, and models of next to nothing")
  func oddModels() throws {
    let ids = ["", "🎬", "\"", "a\u{0}b", "é", "e\u{301}", String(repeating: "x", count: 10_000)]
    let record = TrainingRecord(
      method: "test 🎬", options: ["a \"b\"": "c\\d", "": ""], seed: .max, ratingRange: nil,
      fingerprint: "")
    let folder = try ScratchFolder()
    for count in [ids.count, 1, 0] {
      let model = Model(
        userEmbeddings: EmbeddingTable(count: count, dimension: 1) { _ in },
        itemEmbeddings: EmbeddingTable(count: 0, dimension: 1) { _ in }, biases: nil, mean: -0.0,
        users: IDs(ids.prefix(count)), items: IDs([String]()), titles: Texts([String]()),
        history: CompressedRows(
          offsets: Array(repeating: 0, count: count + 1), columns: [], values: []),
        record: record)
      try model.save(to: folder.path("model"))
      expectSame(try Model(contentsOf: folder.path("model")), model)
    }
  }

  @Test("hold extreme numbers bit for bit")
  func extremeNumbers() throws {
    let numbers: [Float] = [
      0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, .pi,
    ]
    let folder = try ScratchFolder()
    let model = Model(
      userEmbeddings: try EmbeddingTable(rows: [numbers]),
      itemEmbeddings: try EmbeddingTable(rows: [numbers.reversed()]),
      biases: .init(users: [-0.0], items: [.leastNonzeroMagnitude]),
      mean: .leastNonzeroMagnitude, users: IDs(["u"]), items: IDs(["i"]), history: nil,
      record: TrainingRecord(
        method: "m", options: [:], seed: 0,
        ratingRange: -.greatestFiniteMagnitude ... .leastNonzeroMagnitude, fingerprint: "f"))
    try model.save(to: folder.path("model"))
    expectSame(try Model(contentsOf: folder.path("model")), model)
  }

  @Test("have a header that others can read")
  func header() throws {
    let folder = try ScratchFolder()
    let model = model(1)
    try model.save(to: folder.path("model"))
    let bytes = try folder.bytes("model")
    let file = try ModelFile(bytes)
    #expect(file.dataStart % 64 == 0)
    #expect(bytes[8] == UInt8(ascii: "{"))
    var end = 0
    let sizes = ["U8": 1, "I32": 4, "I64": 8, "F32": 4, "F64": 8]
    let arrays = file.header.keys.filter { $0 != "__metadata__" }
    for name in arrays.sorted(by: { file.range($0).lowerBound < file.range($1).lowerBound })
    where !file.range(name).isEmpty {
      let size = sizes[file[name]["dtype"] as? String ?? ""] ?? 0
      let shape = file[name]["shape"] as? [Int] ?? []
      #expect(file.range(name).lowerBound == end, "\(name)")
      #expect(file.range(name).lowerBound % size == 0, "\(name) is not aligned")
      #expect(file.range(name).count == shape.reduce(size, *), "\(name)")
      end = file.range(name).upperBound
    }
    #expect(end == file.data.count)
    #expect(
      Set(arrays) == [
        "users", "items", "mean", "user_bias", "item_bias", "user_ids", "user_id_offsets",
        "user_id_order", "item_ids", "item_id_offsets", "item_id_order", "item_titles",
        "item_title_offsets", "history_offsets", "history_items", "history_values",
      ])
    #expect(
      file.metadata == [
        "format": "kindred-model 1", "method": "test", "seed": "1", "rating_min": "0.5",
        "rating_max": "5.0", "ratings_fingerprint": "0123456789abcdef",
        "program": Program.nameAndVersion, "dimension": "2", "regularization": "0.1",
      ])
  }

  @Test("made by others, without a stored order, are found their way in")
  func withoutOrder() throws {
    let folder = try ScratchFolder()
    let model = model(2)
    try model.save(to: folder.path("model"))
    var file = try ModelFile(folder.bytes("model"))
    // The order arrays are given other names; nothing asks for those.
    for side in ["user", "item"] {
      file.header["\(side)_other"] = file.header.removeValue(forKey: "\(side)_id_order")
    }
    expectSame(try Model(contentsOf: folder.file(file.bytes)), model)
  }

  @Test("refuse numbers that are not finite")
  func nonFinite() throws {
    let folder = try ScratchFolder()
    let good = randomModel(seed: 1)
    func saveError(
      userValue: Float = 0, itemValue: Float = 0, mean: Double = 0, bias: Float = 0
    ) -> FileError? {
      func table<S: Side>(_ count: Int, _ value: Float) -> EmbeddingTable<S> {
        EmbeddingTable(count: count, dimension: 2) { $0[2 * count - 1] = value }
      }
      let model = Model(
        userEmbeddings: table(good.users.count, userValue),
        itemEmbeddings: table(good.items.count, itemValue),
        biases: .init(
          users: Array(repeating: bias, count: good.users.count),
          items: Array(repeating: 0, count: good.items.count)), mean: mean, users: good.users,
        items: good.items, history: nil, record: good.record)
      do throws(FileError) {
        try model.save(to: folder.path("model"))
        return nil
      } catch { return error }
    }
    #expect(saveError() == nil)
    let kept = try folder.bytes("model")
    for value in [Float.nan, .infinity, -.infinity] {
      #expect(saveError(userValue: value)?.code == .cannotWrite)
      #expect(saveError(userValue: value)?.reason.contains("user u6") ?? false)
      #expect(saveError(itemValue: value)?.reason.contains("item i29") ?? false)
      #expect(saveError(mean: Double(value))?.code == .cannotWrite)
      #expect(saveError(bias: value)?.code == .cannotWrite)
    }
    #expect(try folder.bytes("model") == kept)
    #expect(try folder.names == ["model"])
  }
}
