// Damaged model files: an error that says so, never a crash.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Damaged model files") struct DamagedModelTests {
  private let folder: ScratchFolder
  private let good: [UInt8]

  init() throws {
    var shape = ModelShape()
    shape.users = 3
    shape.items = 4
    shape.dimension = 2
    folder = try ScratchFolder()
    let model = try randomModel(seed: 2, shape).withSampleTitles
    // Damage to a history needs one to be there.
    try #require(model.history?.count ?? 0 > 0)
    try model.save(to: folder.path("good"))
    good = try folder.bytes("good")
  }

  /// The error that loading these bytes ends with; nil if they load.
  private func loadingError(_ bytes: [UInt8]) throws -> FileError? {
    let path = try folder.file(bytes, "bad")
    do throws(FileError) {
      _ = try Model(contentsOf: path)
      return nil
    } catch { return error }
  }

  private func expectMalformed(
    _ bytes: [UInt8], _ note: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let error = try loadingError(bytes)
    #expect(error?.code == .malformed, "\(note)", sourceLocation: sourceLocation)
    #expect(error?.reason.isEmpty == false, "\(note)", sourceLocation: sourceLocation)
  }

  private func expectMalformed(
    _ note: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ change: (inout ModelFile) -> Void
  ) throws {
    var file = try ModelFile(good)
    change(&file)
    try expectMalformed(file.bytes, note, sourceLocation: sourceLocation)
  }

  @Test("cut short at any length")
  func truncated() throws {
    for length in 0..<good.count {
      try expectMalformed(Array(good.prefix(length)), "\(length) of \(good.count) bytes")
    }
    try expectMalformed(good + [0], "a byte too many")
  }

  @Test("with flipped bytes load or are refused, and what loads can be used", arguments: 0..<2000)
  func flipped(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 8)
    let header = try ModelFile(good).dataStart
    // Half of the changes go to the arrays, which are the smaller part.
    let bytes = mutated(good, from: seed % 2 == 0 ? 0 : header, using: &random)
    let path = try folder.file(bytes, "flipped")
    do {
      let model = try Model(contentsOf: path)
      // Ids are UTF-8 and distinct, so each is found again.
      for user in model.users.all { #expect(model.users.contains(user)) }
      try model.useEverything(in: folder)
      try model.save(to: folder.path("again"))
      #expect(try Model(contentsOf: folder.path("again")).record == model.record)
    } catch let error as FileError {
      #expect(error.code == .malformed && error.path == path)
    }
  }

  @Test("that are no model at all", arguments: 0..<100)
  func noise(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 9)
    let noise = (0..<random.below(300)).map { _ in UInt8(random.below(256)) }
    try expectMalformed(noise, "noise")
    try expectMalformed(ModelFile.bytes(json: noise, data: []), "a header of noise")
  }

  @Test("whose first eight bytes lie")
  func headerLength() throws {
    for length in [0, 1, 7, UInt64(good.count), 100_000_000, 100_000_001, .max, 1 << 63, 1 << 32] {
      var bytes = good
      for place in 0..<8 { bytes[place] = UInt8(truncatingIfNeeded: length >> (8 * UInt64(place))) }
      try expectMalformed(bytes, "a header of \(length) bytes")
    }
  }

  @Test(
    "whose header is not what it should be",
    arguments: [
      "", "{", "[]", "null", "3", "\"\"", "{}", "{\"users\":3}", "{\"users\":null}",
      "{\"__metadata__\":{\"format\":3}}", "{\"__metadata__\":[]}",
      "{\"__metadata__\":{\"format\":\"kindred-model 1\"}}",
      "{\"users\":{\"dtype\":\"F32\",\"shape\":[0,0]}}",
      "{\"users\":{\"dtype\":\"F32\",\"shape\":[1e99,0],\"data_offsets\":[0,0]}}",
      "{\"users\":{\"dtype\":\"F32\",\"shape\":[0.5],\"data_offsets\":[0,0]}}",
      String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000),
    ])
  func headerText(json: String) throws {
    try expectMalformed(ModelFile.bytes(json: Array(json.utf8), data: []), "nothing behind it")
  }

  @Test("whose arrays are not where or what the header says")
  func arrays() throws {
    for name in try ModelFile(good).header.keys where name != "__metadata__" {
      try expectMalformed("\(name): a negative extent") { $0[name]["shape"] = [-1] }
      try expectMalformed("\(name): a huge extent") { $0[name]["shape"] = [Int.max, 2] }
      try expectMalformed("\(name): more numbers than Int counts") {
        $0[name]["shape"] = Array(repeating: 1 << 30, count: 9)
      }
      try expectMalformed("\(name): no shape") { $0[name]["shape"] = nil }
      try expectMalformed("\(name): no extents") { $0[name]["shape"] = [Int]() }
      try expectMalformed("\(name): too many extents") {
        $0[name]["shape"] = ($0[name]["shape"] as? [Int] ?? []) + [1]
      }
      for dtype in ["F16", "f32", "", "I64", "U8", "F32", "BOOL"] {
        try expectMalformed("\(name): \(dtype)") {
          let isSame = $0[name]["dtype"] as? String == dtype
          $0[name]["dtype"] = isSame ? "I8" : dtype
        }
      }
      for offsets in [
        [], [0], [0, 0, 0], [-8, 0], [8, 0], [Int.max - 1, Int.max], [Int.min, Int.max],
        [Int.max, Int.min], [1, 2],
      ] {
        try expectMalformed("\(name): \(offsets)") { $0[name]["data_offsets"] = offsets }
      }
      for shift in [-4, 4, 1000] {
        try expectMalformed("\(name) moved by \(shift)") {
          let range = $0.range(name)
          $0[name]["data_offsets"] = [range.lowerBound + shift, range.upperBound + shift]
        }
      }
      let optional = [
        "user_id_order", "item_id_order", "item_titles", "item_attributes", "history_offsets",
      ]
      guard !optional.contains(name) else { continue }
      // Its bytes stay, under a name that nothing asks for.
      try expectMalformed("no \(name)") {
        $0.header["something_else"] = $0.header.removeValue(forKey: name)
      }
    }
  }

  @Test("with bytes between or over the arrays")
  func gapsAndOverlaps() throws {
    try expectMalformed("a gap before the first array") { file in
      for name in file.header.keys where name != "__metadata__" {
        let range = file.range(name)
        file[name]["data_offsets"] = [range.lowerBound + 8, range.upperBound + 8]
      }
      file.data.insert(contentsOf: Array(repeating: 0, count: 8), at: 0)
    }
    try expectMalformed("two arrays in one place") { file in
      file["another"] = file["users"]
    }
    try expectMalformed("one array inside another") { file in
      let start = file.range("users").lowerBound
      file["another"] = ["dtype": "F32", "shape": [1], "data_offsets": [start, start + 4]]
    }
  }

  @Test("of another format, or of none")
  func format() throws {
    for format in ["kindred-model 2", "kindred-model", "pt", ""] {
      try expectMalformed("format \(format)") { $0.metadata["format"] = format }
    }
    try expectMalformed("no format") { $0.metadata["format"] = nil }
    try expectMalformed("no metadata") { $0.header["__metadata__"] = nil }
  }

  @Test("with numbers in the metadata that cannot be are refused by their key")
  func impossibleMetadata() throws {
    for (key, values) in [
      ("rating_min", ["nan", "inf", "-inf", "5.5", "low", "", "1e99"]),
      ("rating_max", ["nan", "inf", "0", "high"]),
      ("regularization", ["nan", "inf", "-0.5", "-1e-30", "much", ""]),
    ] {
      for value in values {
        var file = try ModelFile(good)
        file.metadata[key] = value
        let error = try loadingError(file.bytes)
        #expect(error?.code == .malformed, "\(key) \(value)")
        #expect(error?.reason.contains(key) ?? false, "\(key) \(value)")
      }
    }
  }

  @Test("with further arrays of any type load, and needed ones of another type are named")
  func otherTypes() throws {
    let expected = try Model(contentsOf: folder.path("good")).users.all
    for type in TensorType.allCases {
      var file = try ModelFile(good)
      let end = file.data.count
      file["further"] = [
        "dtype": type.rawValue, "shape": [3], "data_offsets": [end, end + 3 * type.size],
      ]
      file.data += Array(repeating: 0xFF, count: 3 * type.size)
      let model = try Model(contentsOf: folder.file(file.bytes, type.rawValue))
      #expect(model.users.all == expected)
    }
    let sizes = [
      "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "I16": 2, "U16": 2, "F16": 2,
      "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8,
    ]
    #expect(TensorType.allCases.map(\.rawValue).sorted() == sizes.keys.sorted())
    #expect(TensorType.allCases.allSatisfy { $0.size == sizes[$0.rawValue] })
    // The users come as halves, in half of the bytes; what is behind them moves down.
    var file = try ModelFile(good)
    let users = file.range("users")
    let half = users.count / 2
    for name in file.header.keys where name != "__metadata__" {
      let range = file.range(name)
      guard range.lowerBound >= users.upperBound else { continue }
      file[name]["data_offsets"] = [range.lowerBound - half, range.upperBound - half]
    }
    file["users"]["dtype"] = "F16"
    file["users"]["data_offsets"] = [users.lowerBound, users.upperBound - half]
    file.data.removeSubrange(users.upperBound - half..<users.upperBound)
    let error = try loadingError(file.bytes)
    #expect(error?.reason == "the array users is F16 [3, 2], not F32 [3, 2]")
    file["users"]["dtype"] = "F4"
    let unknown = try loadingError(file.bytes)
    #expect(unknown?.reason == "the array users has the type F4, whose size is not known")
  }

  @Test("with metadata that makes no sense load with what does")
  func metadata() throws {
    var file = try ModelFile(good)
    file.metadata["seed"] = "minus one"
    file.metadata["rating_min"] = nil
    file.metadata["regularization"] = nil
    file.metadata["method"] = nil
    let model = try Model(contentsOf: folder.file(file.bytes))
    #expect(model.record.seed == 0 && model.record.ratingRange == nil)
    #expect(model.record.method == "unknown")
    #expect(try model.explain(user: "u1", item: "i1").history.isEmpty)
  }

  @Test("with ids that repeat, are out of order, or are not text")
  func ids() throws {
    let users = try ModelFile(good).range("user_ids")
    try expectMalformed("u0 twice") { $0.data[users.lowerBound + 3] = UInt8(ascii: "0") }
    try expectMalformed("u9 first") { $0.data[users.lowerBound + 1] = UInt8(ascii: "9") }
    for byte in [0x80, 0xC0, 0xF5, 0xFF] as [UInt8] {
      try expectMalformed("the byte \(byte)") { $0.data[users.lowerBound + 1] = byte }
    }
    for order in [[0, 0, 1], [1, 0, 2], [0, 1, 3], [0, 1, -1], [0, 1, Int32.max]] as [[Int32]] {
      try expectMalformed("order \(order)") { $0.overwrite("user_id_order", with: order) }
    }
    for offsets in [[1, 2, 4, 6], [0, 4, 2, 6], [0, 2, 4, 5], [0, 2, 4, 7], [0, -1, 4, 6]] {
      try expectMalformed("offsets \(offsets)") { $0.overwrite("user_id_offsets", with: offsets) }
    }
    try expectMalformed("huge offsets") {
      $0.overwrite("user_id_offsets", with: [0, Int.max, Int.min, 6])
    }
    try expectMalformed("repeats without an order") { file in
      file.header["other"] = file.header.removeValue(forKey: "user_id_order")
      file.data[users.lowerBound + 3] = UInt8(ascii: "0")
    }
  }

  @Test("with an id that ends inside a letter")
  func splitLetter() throws {
    // All bytes together are UTF-8, "é" being two of them; cut between, neither id is.
    try expectMalformed("é in two ids") { file in
      let users = file.range("user_ids")
      file.data.replaceSubrange(users.lowerBound..<users.lowerBound + 3, with: [0x75, 0xC3, 0xA9])
      file.overwrite("user_id_order", with: [2, 0, 1] as [Int32])
    }
  }

  @Test("with attributes that are not lists of texts")
  func attributes() throws {
    let texts = try ModelFile(good).range("item_attributes")
    for change in ["[", "{{", "{\"genres\":{", "null"] {
      try expectMalformed("attributes \(change)") {
        $0.data.replaceSubrange(
          texts.lowerBound..<texts.lowerBound + change.utf8.count, with: Array(change.utf8))
      }
    }
  }

  @Test("with numbers that are not finite")
  func nonFinite() throws {
    for name in ["users", "items", "user_bias", "item_bias", "history_values"] {
      for value in [Float.nan, .infinity, -.infinity] {
        try expectMalformed("\(value) in \(name)") {
          $0.overwrite(name, with: [value.bitPattern])
        }
      }
    }
    try expectMalformed("a mean of NaN") { $0.overwrite("mean", with: [Double.nan.bitPattern]) }
  }

  @Test("with a history that points elsewhere")
  func history() throws {
    for item in [4, -1, Int32.max, Int32.min] {
      try expectMalformed("item \(item)") { $0.overwrite("history_items", with: [item]) }
    }
    for offset in [-1, 1, Int.max] {
      try expectMalformed("offset \(offset)") { $0.overwrite("history_offsets", with: [offset]) }
    }
    try expectMalformed("a title that starts behind its end") {
      $0.overwrite("item_title_offsets", with: [0, 1000])
    }
  }

  @Test("that are missing, or folders")
  func missing() {
    let error = #expect(throws: FileError.self) { try Model(contentsOf: folder.path("none")) }
    #expect(error?.code == .notFound)
    #expect(error?.description == "There is no file \(folder.path("none")).")
    let other = #expect(throws: FileError.self) { try Model(contentsOf: folder.path) }
    #expect(other?.code == .malformed)
    #expect(throws: FileError.self) { try Model(contentsOf: "") }
  }
}
