// Drawing one row, against the moments of its distribution.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Draws of rows") struct RowDrawTests {
  /// A row's entries, and what it is drawn with.
  private struct Problem {
    let prior: RowPrior
    let noisePrecision = 0.7
    let mean = 3.0
    let table: SideTable
    let columns: [Int32]
    let values: [Float]
    /// τ of the user of each entry.
    let weights: [Float]

    /// A problem whose features have this size: from some size on `Float` cannot factor the equations.
    init(width: Int, scale: Double) {
      var random = KeyedRandom(seed: UInt64(width), key: 21)
      table = SideTable(count: 9, dimension: width - 1, hasBiases: true)
      for row in 0..<9 {
        let sample = (0..<width).map { _ in Float(scale * random.normal()) }
        table.set(row, to: sample.span)
      }
      columns = [1, 2, 4, 5, 8]
      values = [1, 4, 2, 5, 3]
      weights = [0.3, 2, 1, 0.6, 1.7]
      prior = RowPrior(
        mean: (0..<width).map { 0.5 - Double($0) },
        precision: (0..<width * width).map { $0 / width == $0 % width ? 2 + Double($0 % 3) : 0.4 })
    }

    var width: Int { prior.mean.count }

    /// A = Λ + α Σ τ zzᵀ, and Λ mean + α Σ τ z t.
    var equations: (matrix: [[Double]], right: [Double]) {
      var matrix = (0..<width).map { a in (0..<width).map { prior.precision[a * width + $0] } }
      var right = prior.weightedMean
      for (entry, column) in columns.enumerated() {
        let start = Int(column) * table.stride
        let z = (0..<width).map { Double(table.rows.span[start + $0]) }
        let t = Double(values[entry]) - mean - Double(table.bias(Int(column)))
        let precision = noisePrecision * Double(weights[entry])
        for a in 0..<width {
          right[a] += precision * z[a] * t
          for b in 0..<width { matrix[a][b] += precision * z[a] * z[b] }
        }
      }
      return (matrix, right)
    }
  }

  @Test(
    "have the mean and the covariance of the row's distribution",
    arguments: [2, 3, 5], [1.0, 1e4])
  func moments(width: Int, scale: Double) throws {
    let problem = Problem(width: width, scale: scale)
    let (matrix, right) = problem.equations
    let mean = try #require(solvedByElimination(matrix, right))
    let count = 20_000
    let draw = RowDraw(prior: problem.prior, noisePrecision: problem.noisePrecision)
    draw.take(
      Flat(problem.columns), Flat(problem.values), mean: problem.mean, of: problem.table
    ) { column in
      problem.columns.firstIndex(of: Int32(column)).map { problem.weights[$0] } ?? 0
    }
    var sums = Array(repeating: 0.0, count: width)
    var squares = Array(repeating: 0.0, count: width * width)
    for index in 0..<count {
      var random = KeyedRandom(seed: UInt64(index), key: 22)
      draw.run(using: &random)
      let off = (0..<width).map { Double(draw.sample[$0]) - mean[$0] }
      for a in 0..<width {
        sums[a] += off[a] / Double(count)
        for b in 0..<width { squares[a * width + b] += off[a] * off[b] / Double(count) }
      }
    }
    #expect(!draw.isBeyondNumbers)
    for a in 0..<width {
      let column = try #require(
        solvedByElimination(matrix, (0..<width).map { $0 == a ? 1 : 0 }))
      // A mean of n normal draws strays by σ/√n, a product's by less than √2 σσ/√n; five times that
      // happens once in a million. Beside it, the rounding of a number to `Float`.
      let rounding = 0x1p-22 * (abs(mean[a]) + 1)
      expectClose(
        sums[a], 0, absolute: 5 * (column[a] / Double(count)).squareRoot() + rounding,
        "mean of \(a)")
      for b in 0..<width {
        let other = try #require(
          solvedByElimination(matrix, (0..<width).map { $0 == b ? 1 : 0 }))
        let size = (column[a] * other[b]).squareRoot()
        expectClose(
          squares[a * width + b], column[b],
          absolute: 5 * (2 / Double(count)).squareRoot() * size + rounding * rounding,
          "covariance of \(a) and \(b)")
      }
    }
  }
}
