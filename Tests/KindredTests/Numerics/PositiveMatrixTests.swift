// Factoring and solving in Double, against elimination.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Positive matrices") struct PositiveMatrixTests {
  private func problem(_ size: Int, seed: UInt64) -> (rows: [[Double]], right: [Double]) {
    var random = KeyedRandom(seed: seed, key: 7)
    let g = (0..<size).map { _ in (0..<size).map { _ in random.normal() } }
    let rows = (0..<size).map { a in
      (0..<size).map { b in
        (0..<size).reduce(0) { $0 + g[a][$1] * g[b][$1] } + (a == b ? 1 : 0)
      }
    }
    return (rows, (0..<size).map { _ in random.normal() })
  }

  @Test("solve what elimination solves", arguments: [1, 2, 3, 5, 8, 17, 33, 65])
  func solves(size: Int) throws {
    let (rows, right) = problem(size, seed: UInt64(size))
    let matrix = PositiveMatrix(size: size)
    let numbers = rows.flatMap { $0 }
    matrix.assign(numbers.span)
    #expect(matrix.factor())
    var x = right
    var span = x.mutableSpan
    matrix.solveLower(&span)
    matrix.solveUpper(&span)
    // Eigenvalues from 1 to some 4 · size, so that of 2⁻⁵³ at most 4 · size² is left.
    let tolerance = 4 * Double(size * size) * 0x1p-52
    for (found, expected) in zip(x, try #require(solvedByElimination(rows, right))) {
      expectClose(found, expected, absolute: tolerance)
    }
    // UᵀU is the matrix again.
    for column in 0..<size {
      let axis = (0..<size).map { $0 <= column ? matrix[$0, column] : 0 }
      for (row, number) in matrix.multiplyTransposed(axis).enumerated() {
        expectClose(number, rows[row][column], absolute: tolerance)
      }
    }
  }

  @Test("outer products add up, and what is not positive definite is found")
  func outer() {
    let matrix = PositiveMatrix(size: 3)
    matrix.assign(diagonal: [1, 2, 3])
    let v: [Double] = [1, -2, 0.5]
    matrix.add(2, outer: v.span)
    #expect(matrix[0, 0] == 3 && matrix[0, 1] == -4 && matrix[0, 2] == 1)
    #expect(matrix[1, 1] == 10 && matrix[1, 2] == -2 && matrix[2, 2] == 3.5)
    #expect(matrix.factor())
    for diagonal in [[1, 0, 1], [1, -1, 1], [1, .nan, 1], [1, .infinity, 1]] {
      matrix.assign(diagonal: diagonal)
      #expect(!matrix.factor())
    }
  }
}
