// The kernels of the softmax method against their plain Swift twins, bit for bit.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Softmax kernels") struct SoftmaxKernelTests {
  private static let lanes = SoftmaxKernels.lanes

  /// A table of random rows, of which the numbers past the dimension are zero.
  private func rows(_ count: Int, _ dimension: Int, _ random: inout KeyedRandom) -> [[Float]] {
    let stride = SoftmaxKernels.stride(dimension)
    return (0..<count).map { _ in
      (0..<stride).map { $0 < dimension ? Float(random.normal()) : 0 }
    }
  }

  private func buffer(_ numbers: [Float]) -> Buffer<Float> {
    let buffer = Buffer<Float>(uninitialized: numbers.count)
    buffer.write { elements in
      for (place, number) in numbers.enumerated() { elements[place] = number }
    }
    return buffer
  }

  private func differences(_ found: [Float], _ expected: [Float]) -> Int {
    precondition(found.count == expected.count)
    return zip(found, expected).count { $0.bitPattern != $1.bitPattern }
  }

  @Test("the fastest comes first, portable C last")
  func choices() {
    #expect(SoftmaxKernels.choices.last?.name == "portable")
    #expect(SoftmaxKernels.best.name == SoftmaxKernels.choices[0].name)
  }

  @Test("units and panels agree", arguments: [1, 3, 16, 17, 31, 64, 70])
  func units(dimension: Int) {
    var random = KeyedRandom(seed: 1, key: UInt64(dimension))
    var table = rows(40, dimension, &random)
    table[7] = table[7].map { _ in 0 }
    let (stride, flat) = (table[0].count, buffer(table.flatMap(\.self)))
    for count in [1, 15, 16, 33] {
      let places = (0..<count).map { _ in Int32(random.below(40)) }
      for kernels in SoftmaxKernels.choices {
        for normalizes in [true, false] {
          let found = kernels.checkedUnits(
            flat, stride: stride, places: places, normalizes: normalizes)
          for (n, place) in places.enumerated() {
            let row = table[Int(place)]
            let (unit, length) = normalizes ? PlainSoftmax.unit(row) : (row, 1)
            let own = Array(found.units[n * stride..<(n + 1) * stride])
            #expect(differences(own, unit) == 0 && found.lengths[n] == length, "\(kernels.name)")
            for k in 0..<stride {
              let place = (n / Self.lanes * stride + k) * Self.lanes + n % Self.lanes
              #expect(found.panels[place] == own[k])
            }
          }
          for n in count..<(count + 15) / 16 * 16 {
            for k in 0..<stride {
              #expect(found.panels[(n / 16 * stride + k) * 16 + n % 16] == 0)
            }
          }
        }
      }
    }
  }

  @Test("scores agree", arguments: [1, 8, 16, 40, 64, 100])
  func scores(dimension: Int) {
    var random = KeyedRandom(seed: 2, key: UInt64(dimension))
    let items = rows(16 * 7, dimension, &random)
    let stride = items[0].count
    let offsets = items.map { _ in Float(random.normal()) }
    for users in [1, 5, 6, 7, 13] {
      let queries = rows(users, dimension, &random)
      for panels in [1, 3, 4, 7] {
        for kernels in SoftmaxKernels.choices {
          let found = kernels.checkedScores(
            buffer(queries.flatMap(\.self)), users: users,
            buffer(turned(Array(items.prefix(panels * 16)))), panels: panels, stride: stride,
            scale: 1.7, offsets: buffer(offsets))
          for (u, query) in queries.enumerated() {
            let expected = (0..<panels * 16).map {
              PlainSoftmax.score(query, items[$0], scale: 1.7, offset: offsets[$0])
            }
            let own = Array(found.scores[u * panels * 16..<(u + 1) * panels * 16])
            #expect(differences(own, expected) == 0, "\(kernels.name), \(users) × \(panels)")
            #expect(found.most[u] == expected.max())
          }
        }
      }
    }
  }

  private func turned(_ rows: [[Float]]) -> [Float] {
    stride(from: 0, to: rows.count, by: 16).flatMap { first in
      rows[first].indices.flatMap { k in (first..<first + 16).map { rows[$0][k] } }
    }
  }

  @Test("exponentials agree, and are those of the platform's library", arguments: 1...4)
  func exponentials(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 3)
    for count in [16, 32, 48, 160] {
      var scores = (0..<count).map { _ in Float(-100 * random.uniform() * random.uniform()) }
      scores[0] = 0
      scores[1] = -.infinity
      scores[2] = -87
      scores[3] = Float(-87).nextUp
      for most: Float in [0, 2.5] {
        let shifted = scores.map { $0 + most }
        let expected = PlainSoftmax.exponentials(shifted, most: most)
        for (number, score) in zip(expected.numbers, shifted) {
          let exact = exponential(Double(score - most))
          // The polynomial is good to 2⁻²⁴ or so, its last steps are rounded twice.
          if score - most > -87 {
            expectClose(Double(number), exact, absolute: exact * 0x1p-22)
          } else {
            #expect(number == 0)
          }
        }
        for kernels in SoftmaxKernels.choices {
          let found = kernels.checkedExponentials(buffer(shifted), most: most)
          #expect(differences(found.numbers, expected.numbers) == 0, "\(kernels.name)")
          #expect(found.sum == expected.sum)
        }
      }
    }
  }

  @Test("sums of rows agree, whichever way the factors lie", arguments: [1, 16, 48, 64, 144])
  func combinations(dimension: Int) {
    var random = KeyedRandom(seed: 4, key: UInt64(dimension))
    for (a, b) in [(1, 1), (5, 3), (6, 20), (13, 7)] {
      let terms = rows(b, dimension, &random)
      let stride = terms[0].count
      let factors = (0..<a * b).map { _ in Float(random.normal()) }
      for isByRow in [true, false] {
        let (aStep, bStep) = isByRow ? (b, 1) : (1, a)
        for kernels in SoftmaxKernels.choices {
          let found = kernels.checkedCombination(
            buffer(factors), aStep: aStep, aCount: a, bStep: bStep, bCount: b,
            rows: buffer(terms.flatMap(\.self)), stride: stride)
          for row in 0..<a {
            let own = (0..<b).map { factors[row * aStep + $0 * bStep] }
            // The kernel adds the sum to what was there, a zero.
            let expected = PlainSoftmax.combination(own, terms).map { 0 + $0 }
            let part = Array(found[row * stride..<(row + 1) * stride])
            #expect(differences(part, expected) == 0, "\(kernels.name), \(a) × \(b)")
          }
        }
      }
    }
  }

  @Test("steps agree", arguments: [1, 16, 33, 64])
  func steps(dimension: Int) {
    var random = KeyedRandom(seed: 5, key: UInt64(dimension))
    for isAdam in [true, false] {
      for normalizes in [true, false] {
        let drawn = rows(4, dimension, &random)
        let (unit, length) = PlainSoftmax.unit(drawn[0])
        let step = SoftmaxStep(
          scale: 0.3, regularization: 0.02, rate: 0.05, first: isAdam ? 0.1 : 0,
          second: isAdam ? 0.001 : 0, correction: isAdam ? 40 : 1)
        let start = PlainSoftmax.State(
          row: drawn[0], first: isAdam ? drawn[2] : nil, second: drawn[3].map { $0 * $0 })
        var expected = start
        PlainSoftmax.step(
          step, &expected, sum: drawn[1], unit: normalizes ? unit : nil,
          length: normalizes ? length : 1)
        for kernels in SoftmaxKernels.choices {
          let found = kernels.checkedStep(
            step, start, sum: buffer(drawn[1]), unit: normalizes ? buffer(unit) : nil,
            length: normalizes ? length : 1)
          #expect(found == expected, "\(kernels.name), Adam \(isAdam), \(normalizes)")
        }
      }
    }
  }
}
