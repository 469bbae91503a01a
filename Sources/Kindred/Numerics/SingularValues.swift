// Singular values and vectors of small dense matrices.
// SPDX-License-Identifier: Apache-2.0

// One-sided Jacobi (Hestenes 1958): turn pairs of columns of A until all are orthogonal. The
// turns V make A·V = U·Σ: the lengths of the columns are the singular values. Slower than
// bidiagonalization, and at least as accurate (Demmel & Veselić 1992).

/// A matrix as Σ over i of values[i] · left[i] · right[i]ᵀ.
///
/// The values descend. Signs are fixed by making the largest entry of every left vector positive
/// (the first of equals); vectors of equal values are still any basis of their space.
package struct SingularValueDecomposition: Sendable {
  /// The singular values, descending: as many as the shorter side has entries.
  package private(set) var values: [Double]
  /// The left vectors, of length 1, in the values' order; zeros where a value is 0.
  package private(set) var left: [[Double]]
  /// The right vectors, of length 1, in the values' order; zeros where a value is 0.
  package private(set) var right: [[Double]]

  /// Decomposes the matrix with these rows, all of one width.
  ///
  /// Numerics: absolute error of a value about 10⁻¹⁵ · (short side) times the largest value. Values
  /// below 2⁻⁵² · (long side) times the largest are noise, and given as 0.
  ///
  /// - Precondition: every entry is finite, every row as wide as the first.
  /// - Complexity: O(long side · short side²) for each of about ten sweeps.
  package init(rows: [[Double]]) {
    let width = rows.first?.count ?? 0
    for row in rows { precondition(row.count == width, "\(row.count) entries, not \(width)") }
    let columns = (0..<width).map { column in rows.map { $0[column] } }
    // Columns are what is turned, so they should be the few and long ones.
    let isWide = width > rows.count
    let turned = Self.orthogonalize(isWide ? rows : columns)
    values = turned.map(\.value)
    left = turned.map { isWide ? $0.turn : $0.direction }
    right = turned.map { isWide ? $0.direction : $0.turn }
    for i in left.indices where Self.largestIsNegative(left[i]) {
      left[i] = left[i].map { 0 - $0 }
      right[i] = right[i].map { 0 - $0 }
    }
  }

  private struct Column {
    var value: Double
    var direction: [Double]
    var turn: [Double]
  }

  private static func orthogonalize(_ given: [[Double]]) -> [Column] {
    let largest = given.lazy.flatMap { $0 }.map { $0.magnitude }.max() ?? 0
    precondition(largest.isFinite, "singular values: an entry is not finite")
    // A power of two changes no digit, and keeps the squares in range.
    let exponent = largest > 0 ? largest.exponent : 0
    let down = Double(sign: .plus, exponent: -exponent / 2, significand: 1)
    let down2 = Double(sign: .plus, exponent: -exponent - -exponent / 2, significand: 1)
    var columns = given.map { $0.map { $0 * down * down2 } }
    let count = columns.count
    var turns = (0..<count).map { i in (0..<count).map { $0 == i ? 1.0 : 0.0 } }
    for _ in 0..<60 {
      var turned = false
      for p in 0..<count {
        for q in p + 1..<max(count, p + 1) where rotate(p, q, &columns, &turns) { turned = true }
      }
      if !turned { break }
    }
    let lengths = columns.map { dot($0, $0).squareRoot() }
    let noise = 0x1p-52 * Double(given.first?.count ?? 0) * (lengths.max() ?? 0)
    // The order of the columns settles ties.
    let order = columns.indices.sorted { (-lengths[$0], $0) < (-lengths[$1], $1) }
    return order.map { i in
      let length = lengths[i]
      guard length > noise else {
        return Column(
          value: 0, direction: columns[i].map { _ in 0 }, turn: turns[i].map { _ in 0 })
      }
      return Column(
        value: length / down2 / down, direction: columns[i].map { $0 / length }, turn: turns[i])
    }
  }

  /// Makes two columns orthogonal; false if they already are.
  private static func rotate(
    _ p: Int, _ q: Int, _ columns: inout [[Double]], _ turns: inout [[Double]]
  ) -> Bool {
    let (a, b) = (dot(columns[p], columns[p]), dot(columns[q], columns[q]))
    let c = dot(columns[p], columns[q])
    // Below this, rounding in the dot products decides, and turning would never end.
    let rounding = 0x1p-53 * Double(columns[p].count + 2)
    guard c.magnitude > rounding * (a * b).squareRoot(), c.magnitude > .leastNormalMagnitude else {
      return false
    }
    // The smaller root of t² + 2ζt − 1 = 0 turns by the smaller angle.
    let zeta = (b - a) / (2 * c)
    let t = (zeta < 0 ? -1 : 1) / (zeta.magnitude + (1 + zeta * zeta).squareRoot())
    let cosine = 1 / (1 + t * t).squareRoot()
    turn(&columns, p, q, cosine, cosine * t)
    turn(&turns, p, q, cosine, cosine * t)
    return true
  }

  private static func turn(
    _ vectors: inout [[Double]], _ p: Int, _ q: Int, _ cosine: Double, _ sine: Double
  ) {
    for i in vectors[p].indices {
      let (x, y) = (vectors[p][i], vectors[q][i])
      vectors[p][i] = cosine * x - sine * y
      vectors[q][i] = sine * x + cosine * y
    }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }

  private static func largestIsNegative(_ vector: [Double]) -> Bool {
    var largest = 0.0
    // Entries equal but for rounding must not let the rounding choose the sign.
    for entry in vector where entry.magnitude > largest.magnitude * (1 + 0x1p-40) {
      largest = entry
    }
    return largest < 0
  }
}
