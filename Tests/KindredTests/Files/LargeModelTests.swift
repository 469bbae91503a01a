// Model files too large to be checked whole: what they say falsely does no harm.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Large model files") struct LargeModelTests {
  private let folder: ScratchFolder
  private let good: ModelFile

  init() throws {
    folder = try ScratchFolder()
    var shape = ModelShape()
    (shape.users, shape.items, shape.dimension) = (4, 6, 2)
    try randomModel(seed: 3, shape).withSampleTitles.save(to: folder.path("small"))
    good = try ModelFile(folder.bytes("small"))
  }

  /// The path of the file with a hole behind it, in an array that nothing asks for, so that it is
  /// past the size up to which files are checked.
  private func large(_ file: ModelFile) throws -> String {
    var file = file
    let end = file.data.count
    file["further"] = [
      "dtype": "U8", "shape": [Model.checkedSize], "data_offsets": [end, end + Model.checkedSize],
    ]
    let bytes = try file.bytes
    let path = try folder.file(bytes, "large")
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try handle.truncate(atOffset: UInt64(bytes.count + Model.checkedSize))
    try handle.close()
    return path
  }

  @Test("say the same as small ones")
  func same() throws {
    let small = try Model(contentsOf: folder.path("small"))
    let path = try large(good)
    for verifies in [true, false] {
      let model = try Model(contentsOf: path, verifies: verifies)
      #expect(model.users.all == small.users.all)
      for user in small.users.all {
        #expect(try model.recommend(for: user) == small.recommend(for: user))
        #expect(try model.explain(user: user, item: "i1") == small.explain(user: user, item: "i1"))
      }
      #expect(model.attributes(of: "i0") == small.attributes(of: "i0"))
    }
  }

  @Test("with damaged arrays answer or refuse, and are refused when verified", arguments: 0..<600)
  func damaged(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 10)
    var file = good
    // Damage to one array at a time is not hidden by damage to another.
    let names = file.header.keys.filter { $0 != "__metadata__" }.sorted()
    let range = file.range(names[random.below(names.count)])
    let part = mutated(Array(file.data[range]), keepsLength: true, using: &random)
    file.data.replaceSubrange(range, with: part)
    let path = try large(file)
    do {
      try Model(contentsOf: path).useEverything(in: folder)
    } catch let error as FileError {
      #expect(error.code == .malformed)
    }
  }

  @Test("with indices far outside answer or refuse")
  func farOutside() throws {
    for value in [Int64.min, -1, 1, 1 << 40, .max] {
      for name in ["user_id", "item_id", "item_title", "item_attribute", "history"] {
        var file = good
        let count = file.range("\(name)_offsets").count / 8
        file.overwrite("\(name)_offsets", with: [0] + Array(repeating: value, count: count - 2))
        let path = try large(file)
        // Texts of which only the first has a letter, and the last all others, are possible.
        guard value != 1 else {
          try Model(contentsOf: path).useEverything(in: folder)
          continue
        }
        let error = #expect(throws: FileError.self) { try Model(contentsOf: path) }
        #expect(error?.reason == "its \(name)_offsets fall")
      }
      for name in ["user_id_order", "item_id_order", "history_items"] {
        var file = good
        let count = file.range(name).count / 4
        file.overwrite(
          name, with: Array(repeating: Int32(clamping: value), count: count))
        let path = try large(file)
        let model = try Model(contentsOf: path)
        try model.useEverything(in: folder)
        if name == "history_items", value != 1 {
          // Nothing that was rated is there, so everything may come up.
          #expect(try model.recommend(for: "u1").count == 6)
        }
        #expect(throws: FileError.self) { try Model(contentsOf: path, verifies: true) }
      }
    }
  }

  @Test("with rows that overlap are refused before memory is asked for them")
  func overlapping() throws {
    for name in ["user_id", "item_id", "item_title", "item_attribute", "history"] {
      var file = good
      let offsets = file.range("\(name)_offsets")
      let end = Array(file.data[offsets.upperBound - 8..<offsets.upperBound])
      // 0, the end, 0, the end, … and the end.
      for place in stride(from: 1, to: offsets.count / 8 - 1, by: 2) {
        let start = offsets.lowerBound + 8 * place
        file.data.replaceSubrange(start..<start + 8, with: end)
        file.data.replaceSubrange(start + 8..<start + 16, with: Array(repeating: 0, count: 8))
      }
      file.data.replaceSubrange(offsets.upperBound - 8..<offsets.upperBound, with: end)
      let path = try large(file)
      let error = #expect(throws: FileError.self, "\(name)") { try Model(contentsOf: path) }
      #expect(error?.code == .malformed && error?.reason == "its \(name)_offsets fall")
    }
  }

  @Test("with numbers that are not finite give no figures", arguments: [Float.nan, .infinity])
  func noFigures(value: Float) throws {
    let test = try Ratings(
      (0..<4).flatMap { user in
        (0..<6).map { (user: "u\(user)", item: "i\($0)", rating: Float(3)) }
      })
    for name in ["users", "items", "user_bias", "item_bias", "mean"] {
      var file = good
      if name == "mean" {
        file.overwrite(name, with: [Double(value).bitPattern])
      } else {
        // Not the first number, which a maximum might keep by chance.
        let start = file.range(name).lowerBound + 4
        let bits = value.bitPattern
        for byte in 0..<4 {
          file.data[start + byte] = UInt8(truncatingIfNeeded: bits >> (8 * UInt32(byte)))
        }
      }
      let model = try Model(contentsOf: large(file))
      for metrics in ["rmse", "mae", "recall@3", "mrr,auc", "coverage@2"] {
        for clips in [true, false] {
          var options = EvaluationOptions()
          options.metrics = try Metric.list(metrics)
          options.clips = clips
          let error = #expect(throws: EvaluationError.self, "\(metrics) of \(name)") {
            try model.evaluate(on: test, options: options)
          }
          guard case .outOfRange = error else {
            Issue.record("\(String(describing: error))")
            continue
          }
        }
      }
      for similarity in Similarity.allCases {
        if name == "items" {
          for item in ["i0", "i3"] {
            #expect(throws: ModelError.self) { try model.items(similarTo: item, by: similarity) }
          }
        } else if name == "users" {
          for user in ["u0", "u3"] {
            #expect(throws: ModelError.self) { try model.users(similarTo: user, by: similarity) }
          }
        }
      }
    }
  }

  @Test("with vectors of NaN give errors where they are used")
  func nan() throws {
    var file = good
    file.overwrite("users", with: [Float.nan.bitPattern])
    let path = try large(file)
    let model = try Model(contentsOf: path)
    #expect(throws: ModelError.self) { try model.recommend(for: "u0") }
    #expect(throws: ModelError.self) { try model.score(user: "u0", item: "i0") }
    #expect(try model.recommend(for: "u1").count > 0)
    #expect(throws: FileError.self) { try model.save(to: folder.path("again")) }
    #expect(throws: FileError.self) { try Model(contentsOf: path, verifies: true) }
  }

  @Test("live on after the file is replaced")
  func replaced() throws {
    let path = try large(good)
    let model = try Model(contentsOf: path)
    let before = try model.recommend(for: "u1")
    try randomModel(seed: 9).save(to: path)
    #expect(try model.recommend(for: "u1") == before)
  }

  @Test("come through a pipe too")
  func pipe() throws {
    let path = folder.path("pipe")
    try #require(unsafe mkfifo(path, 0o600) == 0)
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: "/bin/sh")
    writer.arguments = ["-c", "cat '\(folder.path("small"))' > '\(path)'"]
    try writer.run()
    let model = try Model(contentsOf: path)
    writer.waitUntilExit()
    #expect(model.users.all == (try Model(contentsOf: folder.path("small"))).users.all)
  }

  @Test("with arrays that are not aligned are copied")
  func misaligned() throws {
    for shift in 1..<8 {
      // A byte array in front moves all others; the format allows it.
      var file = good
      for name in file.header.keys where name != "__metadata__" {
        let range = file.range(name)
        file[name]["data_offsets"] = [range.lowerBound + shift, range.upperBound + shift]
      }
      file.data.insert(contentsOf: Array(repeating: 7, count: shift), at: 0)
      file["first"] = ["dtype": "U8", "shape": [shift], "data_offsets": [0, shift]]
      let model = try Model(contentsOf: folder.file(file.bytes, "moved"))
      let small = try Model(contentsOf: folder.path("small"))
      for user in small.users.all {
        #expect(try model.recommend(for: user) == small.recommend(for: user))
      }
    }
  }
}
