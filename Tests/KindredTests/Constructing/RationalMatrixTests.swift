// Exact linear algebra, checked against its definitions.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import Testing

@Suite("RationalMatrix") struct RationalMatrixTests {
  /// A matrix of a rank of at most `inner`.
  private func lowRank(_ random: inout KeyedRandom, _ n: Int, _ k: Int, _ inner: Int)
    -> RationalMatrix
  {
    let left = RationalMatrix(random.fractions(n, inner), columns: inner)
    return left * RationalMatrix(random.fractions(inner, k), columns: k)
  }

  @Test("reduces to echelon form", arguments: 0..<40)
  func echelonForm(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 10)
    let (n, k) = (random.below(5) + 1, random.below(5) + 1)
    let matrix = lowRank(&random, n, k, random.below(4) + 1)
    let reduction = matrix.reduced()
    #expect(reduction.pivotColumns == reduction.pivotColumns.sorted())
    for (row, pivot) in reduction.pivotColumns.enumerated() {
      #expect((0..<pivot).allSatisfy { reduction.matrix[row, $0].isZero })
      for other in 0..<reduction.rank {
        #expect(reduction.matrix[other, pivot] == (other == row ? 1 : 0))
      }
    }
    // The pivot columns times the echelon form are the matrix again.
    let columns = matrix.selecting(rows: Array(0..<n), columns: reduction.pivotColumns)
    if reduction.rank > 0 { #expect(columns * reduction.matrix == matrix) }
    #expect(matrix.transposed.rank == reduction.rank)
    let chosen = matrix.selecting(rows: reduction.independentRows, columns: Array(0..<k))
    #expect(chosen.rank == reduction.rank)
    #expect(reduction.independentRows.count == reduction.rank)
  }

  @Test("has a null space of the right size", arguments: 0..<20)
  func nullSpace(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 11)
    let matrix = lowRank(&random, random.below(4) + 1, 5, random.below(4) + 1)
    let basis = matrix.nullSpace()
    #expect(basis.count == 5 - matrix.rank)
    for vector in basis { #expect((matrix * vector).allSatisfy { $0.isZero }) }
    #expect(RationalMatrix(basis, columns: 5).rank == basis.count)
  }

  @Test("solves what has a solution, and nothing else", arguments: 0..<30)
  func solve(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 12)
    let matrix = lowRank(&random, random.below(5) + 1, 4, random.below(4) + 1)
    let constants = matrix * random.fractions(1, 4)[0]
    #expect(matrix * (try #require(matrix.solve(constants))) == constants)
    let other = random.fractions(1, matrix.rowCount)[0]
    let augmented = RationalMatrix(zip(matrix.rows, other).map { $0 + [$1] })
    #expect((matrix.solve(other) == nil) == (augmented.rank > matrix.rank))
    #expect((matrix.minimumNormSolution(other) == nil) == (matrix.solve(other) == nil))
  }

  @Test("finds the smallest solution", arguments: 0..<30)
  func minimumNorm(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 13)
    let matrix = lowRank(&random, random.below(4) + 1, 5, random.below(3) + 1)
    let constants = matrix * random.fractions(1, 5)[0]
    let smallest = try #require(matrix.minimumNormSolution(constants))
    #expect(matrix * smallest == constants)
    // No part of it lies in the null space, so any other solution is longer.
    for vector in matrix.nullSpace() { #expect(Rational.dot(vector, smallest).isZero) }
  }

  @Test("leaves a least-squares residual orthogonal to every column", arguments: 0..<30)
  func leastSquares(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 14)
    let matrix = lowRank(&random, random.below(5) + 1, random.below(4) + 1, random.below(3) + 1)
    let constants = random.fractions(1, matrix.rowCount)[0]
    let closest = matrix.leastSquares(constants)
    let residual = zip(constants, matrix * closest).map { $0 - $1 }
    #expect((matrix.transposed * residual).allSatisfy { $0.isZero })
    for vector in matrix.nullSpace() { #expect(Rational.dot(vector, closest).isZero) }
  }

  @Test("multiplies determinants, and flips the sign with two rows", arguments: 0..<30)
  func determinants(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 15)
    let size = random.below(4) + 1
    let a = RationalMatrix(random.fractions(size, size))
    let b = RationalMatrix(random.integers(size, size))
    #expect((a * b).determinant() == a.determinant() * b.determinant())
    #expect(a.transposed.determinant() == a.determinant())
    #expect((a.rank < size) == a.determinant().isZero)
    if size > 1 {
      let swapped = a.selecting(rows: [1, 0] + Array(2..<size), columns: Array(0..<size))
      #expect(swapped.determinant() == -a.determinant())
    }
  }

  @Test("knows some determinants")
  func knownDeterminants() {
    #expect(RationalMatrix([[0, 1], [1, 0]]).determinant() == -1)
    #expect(RationalMatrix([[2, 0, 1], [1, 3, 2], [1, 1, 1]]).determinant() == 0)
    #expect(RationalMatrix([[0, 0, 2], [3, 0, 0], [0, 5, 0]]).determinant() == 30)
    #expect(RationalMatrix([], columns: 0).determinant() == 1)
  }

  @Test("inverts the Hilbert matrix, which no Double survives")
  func hilbert() throws {
    let size = 12
    let hilbert = RationalMatrix(
      (1...size).map { i in (1...size).map { Rational(numerator: 1, denominator: i + $0 - 1) } })
    let ones = [Rational](repeating: 1, count: size)
    #expect(try #require(hilbert.solve(hilbert * ones)) == ones)
    // The inverse's entries sum to n².
    #expect(Rational.sum(try #require(hilbert.solve(ones))) == Rational(size * size))
  }

  @Test("manages without rows or columns")
  func empty() {
    let none = RationalMatrix([], columns: 3)
    #expect(none.rank == 0)
    #expect(none.nullSpace().count == 3)
    #expect(none.leastSquares([]) == [0, 0, 0])
    #expect(none.minimumNormSolution([]) == [0, 0, 0])
    let narrow = RationalMatrix([[], []], columns: 0)
    #expect(narrow.solve([0, 0]) == [])
    #expect(narrow.solve([0, 1]) == nil)
  }
}
