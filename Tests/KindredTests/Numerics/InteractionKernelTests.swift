// The kernels of weighted least squares over all pairs against their plain twin, bit for bit.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Interaction kernels") struct InteractionKernelTests {
  /// A row's equations with random numbers, padded to a stride.
  private static func row(
    seed: UInt64, dimension: Int, count: Int, isWeighted: Bool
  ) -> (row: InteractionRow, x: [Float]) {
    var random = KeyedRandom(seed: seed, key: UInt64(dimension), UInt64(count))
    let lanes = InteractionKernels.lanes
    let stride = (dimension + lanes - 1) / lanes * lanes
    func padded(_ numbers: [Float]) -> [Float] {
      numbers + Array(repeating: 0, count: stride - dimension)
    }
    func normal() -> [Float] { (0..<dimension).map { _ in Float(random.normal()) } }
    let rows = 50
    let table = Buffer((0..<rows).flatMap { _ in padded(normal()) })
    let spectrum = Buffer(padded((0..<dimension).map { _ in Float(5 * random.uniform()) }))
    let entries = (0..<count).map { _ in Int32(random.below(rows)) }
    let weights = isWeighted ? (0..<count).map { _ in Float(0.5 + random.uniform()) } : []
    let row = InteractionRow(
      table: table, spectrum: spectrum, rows: Flat(entries), weights: Flat(weights), ridge: 0.3,
      share: 0.2)
    return (row, padded(normal()))
  }

  @Test("all implementations give the twin's bits", arguments: [1, 15, 16, 17, 64, 100])
  func bits(dimension: Int) {
    for count in [0, 1, 2, 3, 4, 5, 8, 17, 40] {
      for isWeighted in [false, true] {
        let (row, x) = Self.row(
          seed: 1, dimension: dimension, count: count, isWeighted: isWeighted)
        let plain = PlainInteractions(row)
        let (left, objective) = plain.residual(at: x)
        var (moved, rest) = (x, left)
        let fall = plain.descend(from: &moved, &rest, steps: 3, least: 0)
        for kernels in InteractionKernels.choices {
          let note = "\(kernels.name), dimension \(dimension), \(count) pairs"
          let (start, sums) = (Buffer(x), Buffer(x))
          #expect(kernels.pull(row, at: start, into: sums) == plain.pull(at: x).squares, "\(note)")
          #expect(sums.bits == plain.pull(at: x).left.map(\.bitPattern), "\(note)")
          #expect(kernels.residual(row, at: start, into: sums) == objective, "\(note)")
          #expect(sums.bits == left.map(\.bitPattern), "\(note)")
          let scratch = Buffer(count: 3 * x.count, repeating: Float(0))
          let found = kernels.descend(
            row, from: start, sums, scratch: scratch, steps: 3, least: 0)
          #expect(found == fall, "\(note)")
          #expect(start.bits == moved.map(\.bitPattern), "\(note)")
          #expect(sums.bits == rest.map(\.bitPattern), "\(note)")
        }
      }
    }
  }

  @Test("gradients lead to the solution of the equations", arguments: 1...6)
  func solves(seed: UInt64) throws {
    let dimension = 12
    let (row, x) = Self.row(seed: seed, dimension: dimension, count: 30, isWeighted: true)
    // A and b in Double, pair by pair.
    let stride = x.count
    var matrix = Array(repeating: 0.0, count: dimension * dimension)
    var right = Array(repeating: 0.0, count: dimension)
    for (entry, weight) in zip(row.rows, row.weights) {
      let y = (0..<dimension).map { Double(row.table.span[Int(entry) * stride + $0]) }
      for a in 0..<dimension {
        right[a] += Double(weight) * y[a]
        for b in 0..<dimension { matrix[a * dimension + b] += Double(weight) * y[a] * y[b] }
      }
    }
    for a in 0..<dimension {
      matrix[a * dimension + a] += Double(row.spectrum.span[a]) + Double(row.ridge)
    }
    let solution = try #require(Cholesky(matrix, size: dimension)).solve(right)
    let kernels = InteractionKernels.best
    let (start, left) = (Buffer(x), Buffer(x))
    let before = kernels.residual(row, at: start, into: left)
    let scratch = Buffer(count: 3 * stride, repeating: Float(0))
    let fall = kernels.descend(row, from: start, left, scratch: scratch, steps: 60, least: 0)
    // Sums of 30 terms in Float and a condition below 200: 200 · 30 · 2⁻²⁴ of numbers of about 1.
    for k in 0..<dimension { expectClose(Double(start.span[k]), solution[k], absolute: 4e-4) }
    // The fall that the steps add up is that of the objective.
    let after = kernels.residual(row, at: start, into: left)
    expectClose(before - after, fall, absolute: 1e-4 * before)
    // Numbers beyond the dimension stay zero.
    for k in dimension..<stride { #expect(start.span[k] == 0) }
  }
}

extension Buffer<Float> {
  fileprivate convenience init(_ numbers: [Float]) {
    self.init(count: numbers.count, repeating: 0)
    write { for k in 0..<$0.count { $0[k] = numbers[k] } }
  }

  fileprivate var bits: [UInt32] { (0..<count).map { span[$0].bitPattern } }
}
