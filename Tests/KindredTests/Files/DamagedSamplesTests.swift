// Damaged files of models of samples: an error that says so, never a crash.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Damaged files of samples") struct DamagedSamplesTests {
  private let folder: ScratchFolder
  private let good: [UInt8]

  init() throws {
    var shape = ModelShape()
    shape.users = 3
    shape.items = 4
    shape.dimension = 2
    folder = try ScratchFolder()
    try randomSampleModel(seed: 2, samples: 3, shape).save(to: folder.path("good"))
    good = try folder.bytes("good")
  }

  private func expectMalformed(_ note: String, _ change: (inout ModelFile) throws -> Void) throws {
    var file = try ModelFile(good)
    try change(&file)
    let path = try folder.file(file.bytes, "bad")
    let error = #expect(throws: FileError.self, "\(note)") { _ = try Model(contentsOf: path) }
    #expect(error?.code == .malformed, "\(note)")
  }

  @Test("with flipped bytes load or are refused, and what loads can be used", arguments: 0..<1000)
  func flipped(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 14)
    let header = try ModelFile(good).dataStart
    let bytes = mutated(good, from: seed % 2 == 0 ? 0 : header, using: &random)
    let path = try folder.file(bytes, "flipped")
    do {
      let model = try Model(contentsOf: path)
      try model.useEverything(in: folder)
      try model.save(to: folder.path("again"))
      #expect(try Model(contentsOf: folder.path("again")).record == model.record)
    } catch let error as FileError {
      #expect(error.code == .malformed && error.path == path)
    }
  }

  @Test("whose samples are not what their shapes say")
  func shapes() throws {
    for width: Int64 in [0, -1, 3, 5, 12, 13, .max, .min] {
      try expectMalformed("a width of \(width)") { $0.overwrite("sample_width", with: [width]) }
    }
    let names = [
      "noise_precision", "user_prior_mean", "user_prior_precision", "item_prior_mean",
      "item_prior_precision",
    ]
    for name in names {
      try expectMalformed("\(name) of another shape") {
        let shape = ($0[name]["shape"] as? [Int]) ?? []
        $0[name]["shape"] = Array(shape.reversed()) + [1]
      }
      try expectMalformed("\(name) missing") { $0.header[name] = nil }
      for bits: UInt64 in [Double.nan.bitPattern, Double.infinity.bitPattern] {
        try expectMalformed("\(name) that is none") { $0.overwrite(name, with: [bits]) }
      }
    }
    for noise: Double in [0, -1, -.infinity, .leastNonzeroMagnitude] {
      try expectMalformed("a noise precision of \(noise)") {
        $0.overwrite("noise_precision", with: [noise.bitPattern])
      }
    }
    // Where the width of the samples is not said, the rest is arrays that nobody knows.
    var file = try ModelFile(good)
    let range = file.range("sample_width")
    file.header["sample_width"] = nil
    file.header["something_else"] = [
      "dtype": "I64", "shape": [1], "data_offsets": [range.lowerBound, range.upperBound],
    ]
    let path = try folder.file(file.bytes, "plain")
    #expect(try Model(contentsOf: path).posterior == nil)
  }

  @Test("are not written", arguments: [0, -1, Double.nan])
  func unwritten(noise: Double) throws {
    let model = randomSampleModel(seed: 3, samples: 1)
    let posterior = try #require(model.posterior)
    let bad = Model(
      userEmbeddings: model.userEmbeddings, itemEmbeddings: model.itemEmbeddings, biases: nil,
      mean: model.mean, users: model.users, items: model.items, history: nil, record: model.record,
      posterior: Posterior(
        dimension: posterior.dimension, hasBiases: true, userPriors: posterior.userPrior,
        itemPriors: posterior.itemPrior, noise: [noise]))
    let error = #expect(throws: FileError.self) { try bad.save(to: folder.path("bad")) }
    #expect(error?.code == .cannotWrite)
    #expect(throws: ModelError.self) { try bad.prediction(user: "u1", item: "i1") }
  }
}
