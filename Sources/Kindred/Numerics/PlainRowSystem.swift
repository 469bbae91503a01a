// The row kernels in plain Swift: the definition of what the fast ones compute, and their oracle.
// SPDX-License-Identifier: Apache-2.0

/// The equations that ``RowSystem`` solves, in the same operations in the same order.
///
/// Of element (i, j) of A, i ≤ j, and of the right side as its column `width`: the sum starts from the
/// start's element, takes fl(w_n z_ni) · z_nj over the entries in order, each product fused into it,
/// then −U_pi · U_pj for p < i in order, and is multiplied by the rounded 1 / U_ii. The pivot is the
/// ridge plus that sum, in `Double`. With more than a block of entries, each block's sums begin at 0;
/// they are added up in `Double`, then to the start's element, and rounded.
package struct PlainRowSystem {
  private let width: Int
  /// [width, width + 1], row-major; elements below the diagonal mean nothing.
  private var upper: [Float]
  private var inverses: [Float]
  /// The first pivot that is not above its floor; nil if all are well.
  package private(set) var failedPivot: Int?

  /// Assembles and factors.
  ///
  /// Shapes: `features` [n][width], `targets` [n], `weights` [n] or empty, `start` [width][width + 1],
  /// the right side in the last column, or empty.
  package init(
    features: [[Float]], targets: [Float], weights: [Float] = [], start: [[Float]] = [],
    width: Int, ridge: Double
  ) {
    self.width = width
    let columns = width + 1
    let rows = zip(features, targets).map { $0 + [$1] }
    var sums =
      start.isEmpty ? Array(repeating: Float(0), count: width * columns) : Array(start.joined())
    func add(_ range: Range<Int>, to sums: inout [Float]) {
      for n in range {
        for i in 0..<width {
          let left = weights.isEmpty ? rows[n][i] : weights[n] * rows[n][i]
          for j in i..<columns {
            sums[i * columns + j] = sums[i * columns + j].addingProduct(left, rows[n][j])
          }
        }
      }
    }
    if rows.count <= RowSystem.blockSize {
      add(0..<rows.count, to: &sums)
    } else {
      var totals = Array(repeating: 0.0, count: sums.count)
      for first in stride(from: 0, to: rows.count, by: RowSystem.blockSize) {
        var block = Array(repeating: Float(0), count: sums.count)
        add(first..<min(first + RowSystem.blockSize, rows.count), to: &block)
        for index in sums.indices { totals[index] += Double(block[index]) }
      }
      for index in sums.indices { sums[index] = Float(totals[index] + Double(sums[index])) }
    }
    upper = sums
    inverses = Array(repeating: 0, count: width)
    failedPivot = factor(ridge: ridge)
  }

  private mutating func factor(ridge: Double) -> Int? {
    let columns = width + 1
    let diagonal = (0..<width).map { upper[$0 * columns + $0] }
    for i in 0..<width {
      for p in 0..<i {
        for j in i..<columns {
          upper[i * columns + j] = upper[i * columns + j].addingProduct(
            -upper[p * columns + i], upper[p * columns + j])
        }
      }
      let pivot = ridge + Double(upper[i * columns + i])
      let floor = RowSystem.tolerance * (ridge + Double(diagonal[i]))
      let inverse = Float(1 / pivot.squareRoot())
      guard pivot > 0, pivot > floor, pivot.isFinite, inverse.isFinite else { return i }
      inverses[i] = inverse
      for j in i + 1..<columns { upper[i * columns + j] *= inverse }
      upper[i * columns + i] = Float(pivot.squareRoot())
    }
    return nil
  }

  /// The factor, [width, width] row-major, zeros below the diagonal.
  package var factor: [Float] {
    (0..<width * width).map {
      $0 % width < $0 / width ? 0 : upper[$0 / width * (width + 1) + $0 % width]
    }
  }

  /// The x with U x = U⁻ᵀb + `noise`.
  package func solve(adding noise: [Float] = []) -> [Float] {
    solveUpper(
      (0..<width).map { i in
        let side = upper[i * (width + 1) + width]
        return noise.isEmpty ? side : side + noise[i]
      })
  }

  /// The solution for another right side.
  package func solve(_ side: [Float]) -> [Float] {
    var y = side
    for i in 0..<width {
      for p in 0..<i { y[i] = y[i].addingProduct(-upper[p * (width + 1) + i], y[p]) }
      y[i] *= inverses[i]
    }
    return solveUpper(y)
  }

  /// Each row has eight sums over the blocks of eight unknowns from the last to the one after its own,
  /// added in halves and subtracted from the right side; then its own block's terms from the last.
  private func solveUpper(_ y: [Float]) -> [Float] {
    var x = Array(repeating: Float(0), count: width)
    for i in (0..<width).reversed() {
      let own = i / 8
      var lanes = Array(repeating: Float(0), count: 8)
      for block in (own + 1..<max((width + 7) / 8, own + 1)).reversed() {
        for lane in 0..<8 {
          let j = block * 8 + lane
          let (element, value) = j < width ? (upper[i * (width + 1) + j], x[j]) : (0, 0)
          lanes[lane] = lanes[lane].addingProduct(element, value)
        }
      }
      let half: [Float] = (0..<4).map { lanes[$0] + lanes[$0 + 4] }
      var value = y[i] - ((half[0] + half[2]) + (half[1] + half[3]))
      for j in (i + 1..<max(i + 1, min(width, own * 8 + 8))).reversed() {
        value = value.addingProduct(-upper[i * (width + 1) + j], x[j])
      }
      x[i] = value * inverses[i]
    }
    return x
  }
}

/// The dot product as training adds it up.
///
/// Block b of eight dimensions goes to accumulator b mod 4,
/// the four are added in pairs, then the lanes in halves. May differ from `plainDot` in the last bits.
///
/// - Precondition: `a.count == b.count`.
package func plainLaneDot(_ a: Span<Float>, _ b: Span<Float>) -> Float {
  precondition(a.count == b.count, "dot: \(a.count) against \(b.count) elements")
  var lanes = Array(repeating: Float(0), count: 32)
  for k in 0..<(a.count + 7) / 8 * 8 {
    let place = (k / 8 % 4) * 8 + k % 8
    let (x, y) = k < a.count ? (a[k], b[k]) : (0, 0)
    lanes[place] = lanes[place].addingProduct(x, y)
  }
  let total: [Float] = (0..<8).map { lane in
    let low: Float = lanes[lane] + lanes[lane + 8]
    let high: Float = lanes[lane + 16] + lanes[lane + 24]
    return low + high
  }
  let half: [Float] = (0..<4).map { total[$0] + total[$0 + 4] }
  return (half[0] + half[2]) + (half[1] + half[3])
}
