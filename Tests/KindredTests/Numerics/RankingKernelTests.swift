// The kernels that rank for many users against their plain Swift twins, bit for bit.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Ranking kernels") struct RankingKernelTests {
  private static let special: [Float] = [
    0, -0.0, 1, -1, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude / 2,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e20, -1e20, .infinity, -.infinity, .nan,
  ]

  /// Queries that start `offset` numbers into their buffer, products likewise, over all panels and
  /// over the last ones.
  private func compare(
    dimension: Int, queries: Int, rows: Int, offset: Int, draw: () -> Float, note: String
  ) {
    let left = (0..<queries * dimension + offset).map { _ in draw() }
    let right = (0..<rows * dimension).map { _ in draw() }
    let q = left.span.extracting(droppingFirst: offset)
    let panels = RowPanels(right.span, dimension: dimension)
    #expect(panels.rowCount == rows && panels.count == (rows + 15) / 16)
    for first in Set([0, max(0, panels.count - 1)]) {
      let width = (panels.count - first) * RowPanels.width
      for kernels in Kernels.rowChoices {
        var products = Array(repeating: Float(77), count: queries * width + offset + 1)
        var span = products.mutableSpan
        var out = span._mutatingExtracting(offset..<offset + queries * width)
        kernels.multiply(q, panels, panels: first..<panels.count, into: &out)
        var wrong = 0
        for query in 0..<queries {
          let x = q.extracting(query * dimension..<(query + 1) * dimension)
          for row in first * 16..<rows {
            let y = right.span.extracting(row * dimension..<(row + 1) * dimension)
            let found = products[offset + query * width + row - first * 16]
            if bits(found) != bits(plainDot(x, y)) { wrong += 1 }
          }
        }
        #expect(
          wrong == 0, "\(kernels.name), \(queries) queries, \(rows) rows of \(dimension) \(note)")
        #expect(products[..<offset].allSatisfy { $0 == 77 } && products.last == 77)
      }
    }
  }

  @Test("products agree in every dimension", arguments: 1...130)
  func everyDimension(dimension: Int) {
    var random = KeyedRandom(seed: 1, key: UInt64(dimension))
    for (queries, rows) in [(1, 1), (7, 17), (12, 40)] {
      compare(
        dimension: dimension, queries: queries, rows: rows, offset: dimension % 5,
        draw: { Float(random.normal()) }, note: "")
    }
  }

  @Test("products agree for every number of queries and rows", arguments: 0...20)
  func everyCount(queries: Int) {
    var random = KeyedRandom(seed: 2, key: UInt64(queries))
    for rows in 0...50 {
      compare(
        dimension: 1 + (queries + rows) % 9, queries: queries, rows: rows, offset: rows % 4,
        draw: { Float(random.normal()) }, note: "")
    }
  }

  @Test("products agree on zeros, subnormals, infinities and NaN", arguments: 0..<30)
  func specialValues(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 3)
    for dimension in [1, 2, 7, 8, 17, 33] {
      // Seven of ten draws are ordinary, so that not every sum is NaN.
      compare(
        dimension: dimension, queries: 8, rows: 21, offset: Int(seed % 4),
        draw: {
          random.below(10) < 7
            ? Float(random.normal()) : Self.special[random.below(Self.special.count)]
        }, note: "seed \(seed)")
    }
  }

  @Test("products are the scores of the score kernel")
  func sameAsScores() {
    let model = randomModel(seed: 4)
    let panels = RowPanels(model.itemEmbeddings.elements, dimension: model.dimension)
    for user in model.users.rows {
      var products = Array(repeating: Float(0), count: panels.count * RowPanels.width)
      var out = products.mutableSpan
      Kernels.best.multiply(
        model.userEmbeddings.vector(user), panels, panels: 0..<panels.count, into: &out)
      var scores = Array(repeating: Float(0), count: model.items.count)
      var span = scores.mutableSpan
      Kernels.best.score(
        model.userEmbeddings.vector(user), model.itemEmbeddings.elements, into: &span)
      #expect(products.prefix(scores.count).map(bits) == scores.map(bits))
    }
  }

  @Test("places and standings agree, with ties and what is not finite", arguments: 0..<60)
  func places(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 5)
    let coarse: [Float] = [-1, 0, -0.0, 0.5, 1, Float(1).nextUp]
    func number() -> Float {
      switch random.below(10) {
      case 0: Self.special[random.below(Self.special.count)]
      case 1...6: coarse[random.below(coarse.count)]
      default: Float(random.normal())
      }
    }
    for count in Array(0...40) + [511, 512] {
      let offset = Int(seed % 3)
      let all = (0..<count + offset).map { _ in number() }
      let dots = all.span.extracting(droppingFirst: offset)
      let allBiases = seed % 2 == 0 ? (0..<count).map { _ in number() } : []
      let biases = allBiases.span
      let base: Double = [0, 3.5, -1e-9, 0x1p-60][Int(seed / 2 % 4)]
      let limits: [Double] = [-.infinity, base, base + 1, base + 1.5, .infinity, .nan]
      for limit in limits {
        let expected = plainPlaces(of: dots, biases: biases, base: base, above: limit)
        let standing = plainStanding(of: limit, among: dots, biases: biases, base: base)
        #expect(standing.above == expected.count)
        for kernels in Kernels.rowChoices {
          var places = Array(repeating: Int32(-7), count: count + 1)
          var span = places.mutableSpan
          let found = kernels.places(
            of: dots, biases: biases, base: base, above: limit, into: &span)
          #expect(
            Array(places.prefix(found)) == expected, "\(kernels.name), \(count) above \(limit)")
          #expect(places.last == -7)
          let counts = kernels.standing(of: limit, among: dots, biases: biases, base: base)
          #expect(
            counts == standing, "\(kernels.name), \(count) against \(limit)")
        }
      }
    }
  }

  @Test("refuse counts that do not fit")
  func counts() async {
    await #expect(processExitsWith: .failure) {
      let numbers: [Float] = [1, 2, 3]
      _ = RowPanels(numbers.span, dimension: 2)
    }
    await #expect(processExitsWith: .failure) {
      let numbers: [Float] = [1, 2, 3, 4]
      var products = Array(repeating: Float(0), count: 16)
      var span = products.mutableSpan
      Kernels.best.multiply(
        numbers.span, RowPanels(numbers.span, dimension: 2), panels: 0..<1, into: &span)
    }
    await #expect(processExitsWith: .failure) {
      let (dots, biases): ([Float], [Float]) = ([1, 2, 3], [1])
      _ = Kernels.best.standing(of: 0, among: dots.span, biases: biases.span, base: 0)
    }
    await #expect(processExitsWith: .failure) {
      let dots: [Float] = [1, 2, 3]
      var places: [Int32] = [0]
      var span = places.mutableSpan
      _ = Kernels.best.places(of: dots.span, biases: dots.span, base: 0, above: 0, into: &span)
    }
  }
}

/// The bits of a number, all NaN being one.
private func bits(_ number: Float) -> UInt32 {
  number.isNaN ? Float.nan.bitPattern : number.bitPattern
}
