// Singular values against known cases and against the definition.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Singular values") struct SingularValueTests {
  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test("rebuild the matrix from orthonormal vectors", arguments: 0..<40)
  func reconstruct(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 20)
    let (n, m) = (random.below(9) + 1, random.below(9) + 1)
    let rows = (0..<n).map { _ in (0..<m).map { _ in random.normal() } }
    let parts = SingularValueDecomposition(rows: rows)
    #expect(parts.values.count == min(n, m))
    #expect(zip(parts.values, parts.values.dropFirst()).allSatisfy { $0 >= $1 })
    // Each entry takes about 10 · 9² roundings of numbers of size σ₁.
    let tolerance = 1e-14 * parts.values[0]
    for i in 0..<n {
      for j in 0..<m {
        let sum = parts.values.indices.reduce(0.0) {
          $0 + parts.values[$1] * parts.left[$1][i] * parts.right[$1][j]
        }
        expectClose(sum, rows[i][j], absolute: tolerance)
      }
    }
    for a in parts.values.indices {
      for b in 0...a {
        // A square Gaussian matrix can have a small last value: its vector is less certain.
        let slack = 1e-14 * parts.values[0] / parts.values[a]
        expectClose(dot(parts.left[a], parts.left[b]), a == b ? 1 : 0, absolute: slack)
        expectClose(dot(parts.right[a], parts.right[b]), a == b ? 1 : 0, absolute: slack)
      }
      let largest = parts.left[a].max { $0.magnitude < $1.magnitude } ?? 0
      #expect(largest > 0)
    }
  }

  @Test("are √3 and 1 for the founding table")
  func founding() {
    let values = SingularValueDecomposition(rows: [[1, 0, -1], [0, -1, 1]]).values
    expectClose(values[0], 3.0.squareRoot(), relative: 1e-15)
    expectClose(values[1], 1, relative: 1e-15)
  }

  @Test("are the magnitudes of a diagonal, in order")
  func diagonal() {
    let parts = SingularValueDecomposition(rows: [[0, 0, 2], [-5, 0, 0], [0, 0, 0]])
    #expect(parts.values == [5, 2, 0])
    #expect(parts.left == [[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    #expect(parts.right == [[-1, 0, 0], [0, 0, 1], [0, 0, 0]])
  }

  @Test("survive numbers near the ends of Double's range", arguments: [1e-300, 1e300, 0x1p-1064])
  func extremes(scale: Double) {
    let values = SingularValueDecomposition(rows: [[scale, 0, -scale], [0, -scale, scale]]).values
    // A subnormal scale has few digits itself.
    expectClose(values[0] / scale, 3.0.squareRoot(), relative: scale < 1e-307 ? 1e-3 : 1e-14)
    expectClose(values[1] / scale, 1, relative: scale < 1e-307 ? 1e-3 : 1e-14)
  }

  @Test("are 0 beyond the rank", arguments: 0..<20)
  func rankDeficient(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 21)
    let left = (0..<8).map { _ in [random.normal(), random.normal()] }
    let right = (0..<6).map { _ in [random.normal(), random.normal()] }
    let parts = SingularValueDecomposition(rows: left.map { a in right.map { dot(a, $0) } })
    #expect(parts.values[1] > 0)
    #expect(parts.values[2...].allSatisfy { $0 <= 1e-14 * parts.values[0] })
  }

  @Test("of nothing are none")
  func empty() {
    #expect(SingularValueDecomposition(rows: []).values.isEmpty)
    #expect(SingularValueDecomposition(rows: [[], []]).values.isEmpty)
    #expect(SingularValueDecomposition(rows: [[0, 0]]).values == [0])
  }
}
