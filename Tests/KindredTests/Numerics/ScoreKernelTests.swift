// The scoring kernels against their plain Swift twin, bit for bit.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Score kernels") struct ScoreKernelTests {
  private static let special: [Float] = [
    0, -0.0, 1, -1, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude / 2,
    .leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e20, -1e20,
    .infinity, -.infinity, .nan,
  ]

  /// Rows and a query that start `offset` numbers into their buffers.
  private func compare(
    dimension: Int, rows count: Int, offset: Int, draw: () -> Float, note: String
  ) {
    let query = (0..<dimension + offset).map { _ in draw() }
    let table = (0..<count * dimension + offset).map { _ in draw() }
    let q = query.span.extracting(droppingFirst: offset)
    let rows = table.span.extracting(droppingFirst: offset)
    let expected = (0..<count).map { row in
      bits(plainDot(q, rows.extracting(row * dimension..<(row + 1) * dimension)))
    }
    for kernels in Kernels.rowChoices {
      // A number too many at the end shows writing past the last row.
      var scores = Array(repeating: Float(77), count: count + offset + 1)
      var span = scores.mutableSpan
      var out = span._mutatingExtracting(offset..<offset + count)
      kernels.score(q, rows, into: &out)
      let found = scores[offset..<offset + count].map { bits($0) }
      #expect(found == expected, "\(kernels.name), \(count) rows of \(dimension) \(note)")
      #expect(scores[..<offset].allSatisfy { $0 == 77 } && scores.last == 77)
      // The same rows backwards, as if they lay here and there.
      let places = (0..<count).reversed().map { Int32($0) }
      var gathered = Array(repeating: Float(77), count: count + 1)
      var place = gathered.mutableSpan
      var backwards = place._mutatingExtracting(0..<count)
      kernels.score(q, rows, stride: dimension, at: places.span, into: &backwards)
      #expect(gathered.prefix(count).reversed().map { bits($0) } == expected, "\(kernels.name)")
      #expect(gathered.last == 77)
      for row in 0..<count {
        let vector = rows.extracting(row * dimension..<(row + 1) * dimension)
        #expect(bits(kernels.dot(q, vector)) == expected[row], "\(kernels.name), row \(row)")
      }
    }
  }

  @Test("agree in every dimension, number of rows and place", arguments: 1...130)
  func everyShape(dimension: Int) {
    var random = KeyedRandom(seed: 1, key: UInt64(dimension))
    for count in 0...20 {
      compare(
        dimension: dimension, rows: count, offset: (dimension + count) % 5,
        draw: { Float(random.normal()) }, note: "")
    }
  }

  @Test("agree on zeros, subnormals, infinities and NaN", arguments: 0..<40)
  func specialValues(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 2)
    for dimension in [1, 2, 7, 8, 9, 15, 16, 17, 33] {
      // Seven of ten draws are ordinary, so that not every sum is NaN.
      compare(
        dimension: dimension, rows: 11, offset: Int(seed % 4),
        draw: {
          random.below(10) < 7
            ? Float(random.normal()) : Self.special[random.below(Self.special.count)]
        }, note: "seed \(seed)")
    }
  }

  @Test("agree where every product underflows or overflows", arguments: [1e-30, 1e-23, 1e19, 1e30])
  func extremes(scale: Double) {
    var random = KeyedRandom(seed: 3)
    for dimension in 1...20 {
      compare(
        dimension: dimension, rows: 9, offset: 1, draw: { Float(random.normal() * scale) },
        note: "scale \(scale)")
    }
  }

  @Test("fuse the product into the sum")
  func fused() {
    // (1 + 2⁻¹²)² − (1 + 2⁻¹¹) = 2⁻²⁴ exactly; rounding the product first would leave 0.
    let a: [Float] = [-(1 + 0x1p-11), 1 + 0x1p-12]
    let b: [Float] = [1, 1 + 0x1p-12]
    for kernels in Kernels.rowChoices {
      #expect(kernels.dot(a.span, b.span) == 0x1p-24, "\(kernels.name)")
    }
  }

  @Test("let NaN and infinity through")
  func propagation() {
    for kernels in Kernels.rowChoices {
      #expect(kernels.dot([0, 1].span, [Float.nan, 1].span).isNaN)
      #expect(kernels.dot([0, 1].span, [Float.infinity, 1].span).isNaN)
      #expect(kernels.dot([2, 1].span, [Float.infinity, 1].span) == .infinity)
    }
  }

  @Test("have names")
  func names() {
    #expect(Kernels.portable.name == "portable")
    #expect(["avx512", "avx2", "neon", "portable"].contains(Kernels.best.name))
  }

  @Test("refuse counts that do not fit")
  func counts() async {
    await #expect(processExitsWith: .failure) {
      let (query, rows): ([Float], [Float]) = ([1, 2, 3], [1, 2, 3, 4, 5])
      var scores: [Float] = [0, 0]
      var span = scores.mutableSpan
      Kernels.best.score(query.span, rows.span, into: &span)
    }
    await #expect(processExitsWith: .failure) {
      let (a, b): ([Float], [Float]) = ([1, 2, 3], [1, 2])
      _ = Kernels.best.dot(a.span, b.span)
    }
    await #expect(processExitsWith: .failure) {
      let (a, b): ([Float], [Float]) = ([1], [1, 2])
      _ = plainDot(a.span, b.span)
    }
  }
}

/// The bits of a number, all NaN being one.
private func bits(_ number: Float) -> UInt32 {
  number.isNaN ? Float.nan.bitPattern : number.bitPattern
}
