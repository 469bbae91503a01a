// Models put together from arrays made elsewhere.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Importing") struct ImportTests {
  private let folder: ScratchFolder
  private let model: Model

  init() throws {
    folder = try ScratchFolder()
    model = randomModel(seed: 4)
    try model.export(.npy, to: folder.path)
  }

  private func error(_ change: (inout NumPyFiles) -> Void) -> FileError? {
    var files = NumPyFiles(folder: folder.path)
    change(&files)
    do throws(FileError) {
      _ = try Model(importing: files)
      return nil
    } catch { return error }
  }

  @Test("gives rows numbers for ids where there are none")
  func defaultIDs() throws {
    var files = NumPyFiles(items: folder.path("items.npy"))
    files.users = folder.path("users.npy")
    let imported = try Model(importing: files, mean: 2.5)
    #expect(imported.users.all == (0..<7).map(String.init))
    #expect(imported.mean == 2.5 && imported.biases == nil)
    #expect(imported.record.options == ["dimension": "5", "regularization": "0.1"])
  }

  @Test("takes biases of one side, the other's being zero")
  func oneBias() throws {
    var files = NumPyFiles(folder: folder.path)
    files.userBias = nil
    let imported = try Model(importing: files)
    #expect(imported.biases?.users.allSatisfy { $0 == 0 } ?? false)
    #expect(imported.biases?.items == model.biases?.items)
  }

  @Test("refuses what does not fit")
  func misfits() throws {
    let path = { folder.path($0) }
    #expect(error { _ in } == nil)
    #expect(error { $0.items = path("none.npy") }?.code == .notFound)
    #expect(error { $0.items = path("item_bias.npy") }?.reason.contains("shape") ?? false)
    #expect(error { $0.userBias = path("item_bias.npy") }?.reason.contains("7 rows") ?? false)
    #expect(error { $0.userIDs = path("items.txt") }?.reason.contains("30 lines") ?? false)
    #expect(error { $0.mean = path("users.npy") }?.reason.contains("35 numbers") ?? false)
    let narrow = randomModel(
      seed: 1,
      {
        var shape = ModelShape()
        shape.dimension = 3
        return shape
      }())
    try narrow.export(.npy, to: folder.path("narrow"))
    #expect(error { $0.users = path("narrow/users.npy") }?.reason.contains("3 numbers") ?? false)
    _ = try folder.file("a\nb\na\nc\nd\ne\nf\n", "twice.txt")
    #expect(error { $0.userIDs = path("twice.txt") }?.reason.contains("\"a\"") ?? false)
    _ = try folder.file("a\n\nb\nc\nd\ne\nf\n", "empty.txt")
    #expect(error { $0.userIDs = path("empty.txt") }?.reason == "line 2 is empty")
    _ = try folder.file(Array("a\nb\n".utf8) + [0xFF] + Array("\nd\ne\nf\ng\n".utf8), "bytes.txt")
    #expect(error { $0.userIDs = path("bytes.txt") }?.reason == "it is not UTF-8")
  }

  @Test("refuses to write ids that a line cannot hold")
  func lineBreaks() throws {
    for id in ["", "a\nb", "a\rb", "a\r\nb"] {
      let odd = Model(
        userEmbeddings: try EmbeddingTable(rows: [[1]]),
        itemEmbeddings: try EmbeddingTable(rows: [[1]]), biases: nil, mean: 0, users: IDs(["u"]),
        items: IDs([id]), history: nil, record: model.record)
      let error = #expect(throws: FileError.self) { try odd.export(.npy, to: folder.path("odd")) }
      #expect(error?.code == .cannotWrite && error?.reason.contains("row 0") ?? false)
      if !id.isEmpty {
        #expect(throws: FileError.self) { try odd.export(.projector, to: folder.path("odd")) }
      }
    }
  }

  @Test("of an export without biases over one with biases has none")
  func staleBiases() throws {
    var shape = ModelShape()
    shape.hasBiases = false
    let plain = randomModel(seed: 5, shape)
    try #require(folder.names.contains("user_bias.npy"))
    try plain.export(.npy, to: folder.path)
    #expect(
      try folder.names == ["items.npy", "items.txt", "mean.npy", "users.npy", "users.txt"])
    let imported = try Model(importing: .npy, from: folder.path)
    #expect(imported.biases == nil && imported.mean == 0)
  }

  @Test("an export that fails leaves the older one as it was, and nothing of its own")
  func failedExport() throws {
    try model.export(.projector, to: folder.path)
    let names = try folder.names
    let old = try names.map { try folder.bytes($0) }
    func expectUntouched() throws {
      #expect(try folder.names == names)
      #expect(try names.map { try folder.bytes($0) } == old)
    }
    // An id in the last row of the second list.
    let ids = (0..<30).map { $0 == 29 ? "a\nb" : "i\($0)" }
    let odd = Model(
      userEmbeddings: model.userEmbeddings, itemEmbeddings: model.itemEmbeddings,
      biases: model.biases, mean: model.mean, users: model.users, items: IDs(ids), history: nil,
      record: model.record)
    for form in [VectorFormat.npy, .projector] {
      #expect(throws: FileError.self) { try odd.export(form, to: folder.path) }
      try expectUntouched()
      #expect(throws: FileError.self) { try odd.export(form, to: folder.path("new")) }
      try expectUntouched()
    }
  }

  @Test("an export that cannot write its last file writes none")
  func lastFile() throws {
    let inner = folder.path("inner")
    for (form, last) in [(VectorFormat.npy, "item_bias.npy"), (.projector, "metadata.tsv")] {
      try FileManager.default.createDirectory(
        atPath: inner + "/" + last, withIntermediateDirectories: true)
      #expect(throws: FileError.self) { try model.export(form, to: inner) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: inner) == [last])
      try FileManager.default.removeItem(atPath: inner)
    }
  }

  @Test("takes interactions along, in the model's rows")
  func history() throws {
    let ratings = try Ratings([
      (user: "u3", item: "i7", rating: 4), (user: "x", item: "i7", rating: 1),
      (user: "u3", item: "y", rating: 1), (user: "u3", item: "i2", rating: 5),
      (user: "u0", item: "i0", rating: 2),
    ])
    let (withHistory, unknown) = try Model(importing: .npy, from: folder.path).withHistory(ratings)
    #expect(unknown == 2)
    #expect(withHistory.seen(3) == [2, 7] && withHistory.seen(0) == [0])
    #expect(withHistory.history?.isStrictlyAscending ?? false)
    #expect(withHistory.record.ratingRange == 1...5)
    let picks = try withHistory.recommend(for: "u3", count: 30).map(\.item)
    #expect(picks.count == 28 && !picks.contains("i7") && !picks.contains("i2"))
    try withHistory.save(to: folder.path("model"))
    #expect(try Model(contentsOf: folder.path("model")).seen(3) == [2, 7])
  }

  @Test("without users saves and loads")
  func noUsers() throws {
    let imported = try Model(importing: NumPyFiles(items: folder.path("items.npy")))
    try imported.save(to: folder.path("model"))
    let loaded = try Model(contentsOf: folder.path("model"))
    #expect(loaded.users.count == 0 && loaded.items.count == 30)
    #expect(throws: ModelError.self) { try loaded.recommend(for: "u") }
    #expect(try loaded.recommend(rated: [(item: "3", rating: 5)]).count == 10)
  }
}
