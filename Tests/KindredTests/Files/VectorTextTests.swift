// Vectors as text: word2vec's form and the embedding projector's.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Vectors as text") struct VectorTextTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func word2vec(_ text: String) throws -> Model {
    try Model(importing: .word2vec, from: folder.file(text, "w.txt"))
  }

  private func projector(_ vectors: String, _ metadata: String) throws -> Model {
    _ = try folder.file(vectors, "vectors.tsv")
    _ = try folder.file(metadata, "metadata.tsv")
    return try Model(importing: .projector, from: folder.path)
  }

  private func numbers(_ model: Model) -> [Double] {
    model.items.rows.flatMap { model.itemEmbeddings.numbers($0) }
  }

  @Test("of word2vec are read as others write them")
  func word2vecForms() throws {
    for text in [
      "2 3\nking 1 -2.5 3e-1\nqueen 0.5 0 1\n", "2 3\r\nking 1 -2.5 0.3 \r\nqueen .5 0 1.0",
      "\u{FEFF}2 3\nking\t1\t-2.5\t.3\nqueen 5e-1 -0 +1 \n",
    ] {
      let model = try word2vec(text)
      #expect(model.items.all == ["king", "queen"])
      #expect(numbers(model) == [1, -2.5, Double(Float(0.3)), 0.5, 0, 1])
      #expect(model.users.count == 0 && model.record.method == "imported")
      #expect(try model.items(similarTo: "king").map(\.id) == ["queen"])
      // Without users it recommends to somebody new.
      #expect(try model.recommend(rated: [(item: "king", rating: 5)]).map(\.item) == ["queen"])
    }
    #expect(try word2vec("1 1\nNew York 7\n").items.all == ["New York"])
    #expect(try word2vec("0 5\n").items.count == 0)
  }

  @Test(
    "of word2vec are refused with the line",
    arguments: [
      ("", "first line"), ("\n", "first line"), ("king 1 2\n", "first line"),
      ("2\nking 1\n", "first line"), ("1 0\nking\n", "first line"), ("-1 2\n", "first line"),
      ("99999999999999999999 2\n", "first line"), ("1 16777217\nking 1\n", "first line"),
      ("2 3\nking 1 2 3\n", "2 vectors, and 1"), ("1 2\nking 1 2\nqueen 1 2\n", "1 vectors, and 2"),
      ("1000000 2\nking 1 2\n", "1000000 vectors"), ("1 9000000\nking 1 2\n", "room"),
      ("1 2\nking 1\n", "line 2"), ("1 2\nking 1 x\n", "line 2"), ("1 2\nking 1 nan\n", "line 2"),
      ("1 2\nking 1 0x1p3\n", "line 2"), ("1 2\nking 1 1e99\n", "line 2"),
      ("1 2\nking 1  2\n", "line 2"), ("1 2\n1 2\n", "line 2"), ("1 2\n 1 2\n", "line 2"),
      ("2 1\na 1\na 2\n", "same id"),
    ])
  func badWord2vec(text: String, reason: String) throws {
    let error = #expect(throws: FileError.self) { try word2vec(text) }
    #expect(error?.code == .malformed && error?.reason.contains(reason) ?? false, "\(text)")
  }

  @Test("of word2vec have no blanks in their names")
  func blanks() throws {
    func model(_ ids: [String]) throws -> Model {
      Model(
        userEmbeddings: EmbeddingTable(count: 0, dimension: 2) { _ in },
        itemEmbeddings: try EmbeddingTable(rows: ids.map { _ in [0.1, -1e-30] }), biases: nil,
        mean: 0, users: IDs([String]()), items: IDs(ids), history: nil,
        record: TrainingRecord(metadata: [:]))
    }
    let path = folder.path("w.txt")
    #expect(try model(["New York", "a", "tab\t\n"]).export(.word2vec, to: path) == 2)
    #expect(
      try folder.bytes("w.txt")
        == Array("3 2\nNew_York 0.1 -1e-30\na 0.1 -1e-30\ntab__ 0.1 -1e-30\n".utf8))
    let clash = #expect(throws: FileError.self) {
      try model(["a b", "a_b"]).export(.word2vec, to: path)
    }
    #expect(clash?.code == .cannotWrite && clash?.reason.contains("a_b") ?? false)
    #expect(throws: FileError.self) { try model([""]).export(.word2vec, to: path) }
  }

  @Test("of the projector are read with and without a header")
  func projectorForms() throws {
    let plain = try projector("1\t2\n3\t4.5\n", "a\nb b\n")
    #expect(plain.items.all == ["a", "b b"] && numbers(plain) == [1, 2, 3, 4.5])
    #expect(plain.titles == nil)
    let full = try projector("1\t2\r\n3\t4.5", "title\tid\tgenre\r\nA\ta\tX|Y\r\nB\tb\t")
    #expect(full.items.all == ["a", "b"] && full.title(of: "a") == "A")
    #expect(full.attributes(of: "a") == ["genre": ["X", "Y"]])
  }

  @Test(
    "of the projector are refused with the line",
    arguments: [
      ("", "a\n", "empty"), ("1\t2\n3\n", "a\nb\n", "line 2"),
      ("1\t2\n3\t4\t5\n", "a\nb\n", "line 2"),
      ("1\tx\n", "a\n", "line 1"), ("1\tinf\n", "a\n", "line 1"), ("1\n2\n", "a\n", "describes 1"),
      ("1\n2\n", "a\nb\nc\n", "describes 3"), ("1\n2\n", "id\tx\na\t1\nb\n", "line 3"),
      ("1\n2\n", "a\na\n", "same id"),
    ])
  func badProjector(vectors: String, metadata: String, reason: String) throws {
    let error = #expect(throws: FileError.self) { try projector(vectors, metadata) }
    #expect(error?.code == .malformed && error?.reason.contains(reason) ?? false)
  }

  @Test("give back every number of a model", arguments: 0..<20)
  func roundTrip(seed: UInt64) throws {
    let model = try randomModel(seed: seed).withSampleTitles
    #expect(try model.export(.word2vec, to: folder.path("w")) == 0)
    let words = try Model(importing: .word2vec, from: folder.path("w"))
    try model.export(.projector, to: folder.path("p"))
    let shown = try Model(importing: .projector, from: folder.path("p"))
    for other in [words, shown] {
      #expect(other.items.all == model.items.all)
      #expect(numbers(other) == numbers(model))
    }
    for item in model.items.all {
      #expect(shown.title(of: item) == model.title(of: item))
      #expect(shown.attributes(of: item) == model.attributes(of: item))
    }
    try model.export(.projector, to: folder.path("u"), side: .users)
    let lines = String(decoding: try folder.bytes("u/metadata.tsv"), as: UTF8.self)
    #expect(lines.split(separator: "\n").map(String.init) == model.users.all)
    try model.export(.npy, to: folder.path("n"))
    let arrays = try Model(importing: .npy, from: folder.path("n"))
    #expect(arrays.users.all == model.users.all && arrays.mean == model.mean)
    #expect(arrays.biases?.users == model.biases?.users)
    for user in model.users.rows {
      #expect(arrays.scores(user).map(\.bitPattern) == model.scores(user).map(\.bitPattern))
    }
  }

  @Test("of word2vec with damage are read or refused", arguments: 0..<2000)
  func mutatedWord2vec(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 12)
    let good = "3 4\nking 0.25 -1.5 3e-05 7\nNew_York 1 2 3 4.125\né 9 8 7 -6\n"
    let path = try folder.file(mutated(Array(good.utf8), using: &random), "w.txt")
    do {
      let model = try Model(importing: .word2vec, from: path)
      #expect(model.itemEmbeddings.firstNonFinite == nil)
      #expect(model.items.isStrictlyAscending)
    } catch {
      #expect(error.code == .malformed && error.path == path)
    }
  }

  @Test("of the projector with damage are read or refused", arguments: 0..<2000)
  func mutatedProjector(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 13)
    let vectors = Array("0.25\t-1.5\n1\t2e-3\n9\t8\n".utf8)
    let metadata = Array("id\ttitle\tgenres\na\tAlien (1979)\tA|B\nb\t\té\nc\tC\t\n".utf8)
    _ = try folder.file(seed % 2 == 0 ? mutated(vectors, using: &random) : vectors, "vectors.tsv")
    _ = try folder.file(
      seed % 2 == 0 ? metadata : mutated(metadata, using: &random), "metadata.tsv")
    do {
      let model = try Model(importing: .projector, from: folder.path)
      #expect(model.itemEmbeddings.firstNonFinite == nil)
      try model.save(to: folder.path("model"))
      _ = try Model(contentsOf: folder.path("model"))
    } catch {
      #expect(error.code == .malformed)
    }
  }
}
