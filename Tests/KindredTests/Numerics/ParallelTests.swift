// Parallel loops and the Cholesky factor.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Parallel loops") struct ParallelTests {
  @Test("give what a plain loop gives", arguments: 1...4, [0, 1, 2, 3, 17, 1000])
  func plainLoop(threads: Int, count: Int) {
    let work = { (piece: Int) -> Double in
      var random = KeyedRandom(seed: 1, key: UInt64(piece))
      return (0..<random.below(50)).reduce(0) { sum, _ in sum + random.normal() }
    }
    #expect(parallelMap(count, threads: threads, work) == (0..<count).map(work))
  }

  @Test("keep results that are nil or nothing")
  func optional() {
    let results = parallelMap(100, threads: 3) { $0 % 2 == 0 ? nil : $0 }
    #expect(results.count == 100 && results[3] == 3 && results[4] == nil)
    #expect(parallelMap(10, threads: 2) { _ in }.count == 10)
  }

  @Test("use all cores for 0")
  func allCores() {
    #expect(threadCount(0) >= 1)
    #expect(threadCount(3) == 3)
    #expect(parallelMap(50, threads: 0) { $0 * $0 } == (0..<50).map { $0 * $0 })
  }
}

@Suite("Cholesky") struct CholeskyTests {
  @Test("solves what elimination solves", arguments: 0..<40)
  func elimination(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed)
    let size = 1 + random.below(20)
    let factors = (0..<size * size).map { _ in random.normal() }
    // A = FFᵀ + I has eigenvalues of 1 and more.
    let matrix = (0..<size).map { a in
      (0..<size).map { b in
        (0..<size).reduce(a == b ? 1.0 : 0) { $0 + factors[a * size + $1] * factors[b * size + $1] }
      }
    }
    let right = (0..<size).map { _ in random.normal() }
    let found = try #require(Cholesky(matrix.flatMap { $0 }, size: size)).solve(right)
    let expected = try #require(solvedByElimination(matrix, right))
    // Both are off by about size · 2⁻⁵³ · condition · ‖x‖; the condition is below trace(A) here,
    // some 20 · 20, and ‖x‖ ≤ ‖right‖: 1e-11 leaves a factor of ten.
    for (a, b) in zip(found, expected) { expectClose(a, b, absolute: 1e-11) }
  }

  @Test("refuses what is not positive definite")
  func refused() {
    #expect(Cholesky([0], size: 1) == nil)
    #expect(Cholesky([-1], size: 1) == nil)
    #expect(Cholesky([.nan], size: 1) == nil)
    #expect(Cholesky([.infinity], size: 1) == nil)
    #expect(Cholesky([1, 1, 1, 1], size: 2) == nil)
    #expect(Cholesky([1, 2, 2, 1], size: 2) == nil)
    #expect(Cholesky([], size: 0)?.solve([]) == [])
  }

  @Test("refuses a matrix of another size")
  func wrongSize() async {
    await #expect(processExitsWith: .failure) { _ = Cholesky([1, 2], size: 2) }
    await #expect(processExitsWith: .failure) { _ = Cholesky([1], size: 1)?.solve([1, 2]) }
  }
}
