// Bytes first, exact scores then, against exact scores alone.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Quantized items") struct QuantizedItemsTests {
  private func model(_ random: inout KeyedRandom, seed: UInt64, items: Int) -> Model {
    var shape = ModelShape()
    shape.users = 9
    shape.items = items
    shape.dimension = 1 + random.below(40)
    shape.hasBiases = random.below(2) == 0
    shape.isCoarse = random.below(3) == 0
    return randomModel(seed: seed, shape)
  }

  @Test("recommend what the model does, with every option", arguments: 0..<40)
  func exact(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 56)
    let model = model(&random, seed: seed, items: 1 + random.below(6000))
    let quantized = try QuantizedItems(model, threads: 1 + random.below(3))
    for user in 0..<9 {
      var options = RecommendationOptions()
      options.includeSeen = random.below(2) == 0
      if random.below(3) == 0 {
        options.among = ItemSet((0..<model.items.count).map { _ in random.below(3) > 0 })
      }
      if random.below(3) == 0 { options.without = ["i0"] }
      if random.below(3) == 0 { options.damping = random.normal() }
      if random.below(4) == 0 { options.diversity = 0.5 }
      let most = options.diversity > 0 ? 50 : .max
      let count = min(most, [0, 1, 10, 50, model.items.count][random.below(5)])
      let expected = try model.recommend(for: "u\(user)", count: count, options: options)
      let found = try quantized.recommend(
        for: "u\(user)", count: count, options: options, threads: 1 + random.below(3))
      #expect(found == expected, "user \(user), \(count) of \(model.items.count), \(options)")
    }
  }

  @Test("find what the model finds among vectors of very unlike lengths", arguments: 0..<10)
  func lengths(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 57)
    let plain = model(&random, seed: seed, items: 5000)
    let dimension = plain.dimension
    let table = EmbeddingTable<ItemSide>(count: 5000, dimension: dimension) {
      for item in 0..<5000 {
        // From 2⁻⁶⁴ to 2⁶⁴, and every hundredth is zero.
        let scale =
          item % 100 == 0 ? 0 : Float(sign: .plus, exponent: item % 129 - 64, significand: 1)
        for k in 0..<dimension {
          $0[item * dimension + k] = scale * plain.itemEmbeddings.vector(Row(item))[k]
        }
      }
    }
    let model = Model(
      userEmbeddings: plain.userEmbeddings, itemEmbeddings: table, biases: plain.biases,
      mean: plain.mean, users: plain.users, items: plain.items, history: plain.history,
      record: plain.record)
    let quantized = try QuantizedItems(model)
    for user in plain.users.all {
      #expect(try quantized.recommend(for: user) == model.recommend(for: user))
    }
  }

  @Test("are looked through in parts by several threads, and ties between parts do not show")
  func parts() throws {
    // Two threads share 2,048 panels of 16 items or more, three 3,072: here there are 3,125. Coarse numbers
    // have 3⁴ scores at most, so that thousands of items in every part share the best.
    var random = KeyedRandom(seed: 61, key: 61)
    for isCoarse in [true, false] {
      var shape = ModelShape()
      shape.users = 4
      shape.items = 50_000
      shape.dimension = 4
      shape.hasBiases = false
      shape.hasHistory = false
      shape.isCoarse = isCoarse
      let model = randomModel(seed: 61, shape)
      let quantized = try QuantizedItems(model, threads: 2)
      var options = RecommendationOptions()
      options.includeSeen = true
      // Parts of which one has far fewer that may come up than is asked for.
      let some = ItemSet((0..<50_000).map { $0 > 49_990 || ($0 < 20_000 && random.below(2) == 0) })
      for among in [nil, some] {
        options.among = among
        for user in model.users.all {
          for count in [1, 10, 300] {
            let expected = try model.recommend(for: user, count: count, options: options)
            for threads in 1...3 {
              let found = try quantized.recommend(
                for: user, count: count, options: options, threads: threads)
              #expect(found == expected, "\(user), \(count), \(threads) threads")
            }
          }
        }
      }
    }
  }

  @Test("know a model of samples and its quantiles")
  func samples() throws {
    let model = randomSampleModel(seed: 3)
    let quantized = try QuantizedItems(model)
    for user in model.users.all {
      #expect(try quantized.recommend(for: user) == model.recommend(for: user))
      var options = RecommendationOptions()
      options.quantile = 0.9
      #expect(
        try quantized.recommend(for: user, options: options)
          == model.recommend(for: user, options: options))
    }
  }

  @Test("mostly need the first candidates alone: their recall without the proof")
  func recall() throws {
    // The share of the 10 best of 20,000 that are among the 72 best by bytes. Bytes are off by about
    // 1 % of the scores' deviation (two vectors of 64 numbers with errors of half a scale, evenly), the
    // 10th and the 72nd best lie half a deviation apart: none should be missed.
    var shape = ModelShape()
    shape.items = 20_000
    shape.dimension = 64
    shape.users = 20
    let model = randomModel(seed: 58, shape)
    let panels = try #require(
      BytePanels(model.itemEmbeddings.flat, dimension: 64, threads: 1))
    let biases =
      try #require(model.biases).items.map { $0 }
      + Array(repeating: 0, count: panels.count * BytePanels.width - 20_000)
    var options = RecommendationOptions()
    options.includeSeen = true
    for user in 0..<20 {
      let query = RoundedVector(model.userEmbeddings.vector(Row(user)))
      let scores = plainScan(query, panels, biases: biases.span)
      let byBytes = (0..<20_000).sorted {
        scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1
      }.prefix(72)
      let best = try model.recommend(for: "u\(user)", options: options).map(\.item)
      #expect(Set(best).isSubset(of: byBytes.map { "i\($0)" }), "user \(user)")
    }
  }

  @Test("are refused where a number is not finite")
  func notFinite() throws {
    let table = EmbeddingTable<ItemSide>(count: 2, dimension: 1) { $0[1] = .nan }
    let model = Model(
      userEmbeddings: try EmbeddingTable(rows: [[1]]), itemEmbeddings: table, biases: nil, mean: 0,
      users: IDs(["u"]), items: IDs(["a", "b"]), history: nil,
      record: TrainingRecord(
        method: "test", options: [:], seed: 0, ratingRange: nil, fingerprint: ""))
    #expect(throws: ModelError.outOfRange("Rounding the items to bytes")) {
      try QuantizedItems(model)
    }
  }

  @Test("leave errors to exact scores", arguments: [Float(3e25), 1e19])
  func overflow(size: Float) throws {
    let model = Model(
      userEmbeddings: try EmbeddingTable(rows: [[size, 0], [1, 1]]),
      itemEmbeddings: try EmbeddingTable(rows: [[size, 0], [1, 1]]), biases: nil, mean: 0,
      users: IDs(["a", "b"]), items: IDs(["x", "y"]),
      history: CompressedRows(offsets: [0, 0, 0], columns: [], values: []),
      record: TrainingRecord(
        method: "test", options: [:], seed: 0, ratingRange: nil, fingerprint: ""))
    let quantized = try QuantizedItems(model)
    #expect(try quantized.recommend(for: "b").map(\.item) == ["x", "y"])
    if size > 1e19 {
      #expect(throws: ModelError.outOfRange("Scoring the items")) {
        try quantized.recommend(for: "a")
      }
    } else {
      #expect(try quantized.recommend(for: "a") == model.recommend(for: "a"))
    }
  }
}

@Suite("Scan kernel") struct ScanKernelTests {
  @Test("agrees with plain Swift in every implementation and dimension", arguments: 1...70)
  func everyDimension(dimension: Int) throws {
    var random = KeyedRandom(seed: 59, key: UInt64(dimension))
    for rows in [1, 15, 16, 17, 70, 150] {
      let numbers = (0..<rows * dimension).map { _ in Float(random.normal()) }
      let panels = try #require(BytePanels(Flat(numbers), dimension: dimension, threads: 2))
      // The greatest bytes of both signs too.
      let vector = (0..<dimension).map { $0 % 3 == 0 ? Float(-2) : Float(random.normal()) }
      let query = RoundedVector(vector.span)
      let count = panels.count * BytePanels.width
      for biases in [[], (0..<count).map { _ in Float(random.normal()) }] {
        let expected = plainScan(query, panels, biases: biases.span)
        for kernel in ScanKernel.choices {
          var scores = Array(repeating: Float(77), count: count + 1)
          var all = scores.mutableSpan
          var out = all._mutatingExtracting(0..<count)
          kernel.scan(query, panels, panels: 0..<panels.count, biases: biases.span, into: &out)
          #expect(
            scores.prefix(count).elementsEqual(expected) && scores.last == 77,
            "\(kernel.name), \(rows) rows of \(dimension)")
        }
      }
    }
    #expect(ScanKernel.choices.last?.name == "portable")
  }

  @Test("bytes are off by half a scale at most, and say by how much", arguments: 0..<20)
  func rounding(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 60)
    let (dimension, rows) = (1 + random.below(50), 40)
    let numbers = (0..<rows * dimension).map { _ in Float(random.normal()) }
    let panels = try #require(BytePanels(Flat(numbers), dimension: dimension, threads: 1))
    var (error, length) = (0.0, 0.0)
    for row in 0..<rows {
      let vector = Array(numbers[row * dimension..<(row + 1) * dimension])
      let rounded = RoundedVector(vector.span)
      let greatest = vector.map(abs).max() ?? 0
      #expect(rounded.scale == greatest / 127 && panels.scales[row] == rounded.scale)
      for (number, byte) in zip(vector, rounded.bytes) {
        // The division and the multiplication back are off by 2⁻²⁴ each, of 127 scales at most.
        #expect(abs(number - Float(byte) * rounded.scale) <= rounded.scale * (0.5 + 127 * 0x1p-22))
      }
      (error, length) = (max(error, rounded.error), max(length, rounded.length))
    }
    #expect(panels.error == error && panels.length == length)
  }

  @Test("refuses counts that do not fit")
  func counts() async {
    await #expect(processExitsWith: .failure) {
      let numbers: [Float] = [1, 2, 3, 4]
      guard let panels = BytePanels(Flat(numbers), dimension: 2, threads: 1) else { return }
      var scores = Array(repeating: Float(0), count: 16)
      var out = scores.mutableSpan
      let none: [Float] = []
      let vector: [Float] = [1, 2, 3, 4, 5]
      let query = RoundedVector(vector.span)
      ScanKernel.best.scan(query, panels, panels: 0..<1, biases: none.span, into: &out)
    }
    await #expect(processExitsWith: .failure) {
      _ = BytePanels(Flat([Float(1), 2, 3]), dimension: 2, threads: 1)
    }
  }
}
