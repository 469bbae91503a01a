// What the kernels of weighted least squares over all pairs compute, in plain Swift.
// SPDX-License-Identifier: Apache-2.0

/// The twin of ``InteractionKernels``, number by number in the same order, for the tests to compare with.
package struct PlainInteractions {
  private let row: InteractionRow
  private let stride: Int
  private let ridge: Float

  /// - Precondition: The stride is a multiple of sixteen.
  package init(_ row: InteractionRow) {
    self.row = row
    stride = row.spectrum.count
    ridge = row.ridge
  }

  /// Sixteen lanes of one accumulator each, added up in halves.
  private func sum(_ a: [Float], _ b: [Float]) -> Float {
    var lanes = Array(repeating: Float(0), count: 16)
    for k in 0..<stride { lanes[k % 16].addProduct(a[k], b[k]) }
    for width in [8, 4] { for lane in 0..<width { lanes[lane] += lanes[lane + width] } }
    return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3])
  }

  private func vector(_ place: Int32) -> [Float] {
    (0..<stride).map { row.table.span[Int(place) * stride + $0] }
  }

  /// Adds Σ c (target − y·x) y to `sums`; returns Σ c (target − y·x)².
  private func pull(_ target: Float, _ x: [Float], _ sums: inout [Float]) -> Double {
    var (squares, some) = (0.0, 0.0)
    let whole = row.rows.count / 4 * 4
    for n in 0..<row.rows.count {
      let y = vector(row.rows.span[n])
      let error = target - sum(y, x)
      let scale = row.weights.isEmpty ? error : row.weights.span[n] * error
      // Squares are added up by fours.
      some += Double(scale) * Double(error)
      if (n + 1) % 4 == 0 || (n >= whole && n + 1 == row.rows.count) {
        squares += some
        some = 0
      }
      for k in 0..<stride { sums[k].addProduct(scale, y[k]) }
    }
    return squares
  }

  /// Σ c (1 − y·x) y, and Σ c (1 − y·x)².
  package func pull(at x: [Float]) -> (left: [Float], squares: Double) {
    var left = Array(repeating: Float(0), count: stride)
    let squares = pull(1, x, &left)
    return (left, squares)
  }

  /// b − A x, and the row's objective.
  package func residual(at x: [Float]) -> (left: [Float], objective: Double) {
    var (left, squares) = pull(at: x)
    let held = x.indices.map { (row.spectrum.span[$0] + ridge) * x[$0] }
    for k in x.indices { left[k] -= held[k] }
    squares += Double(sum(held, x))
    return (left, squares)
  }

  /// Steps of preconditioned conjugate gradients.
  package func descend(
    from x: inout [Float], _ left: inout [Float], steps: Int, least: Double
  ) -> Double {
    let more = 1 + row.share
    let inverse = left.indices.map { k in
      Float(1) / ridge.addingProduct(row.spectrum.span[k], more)
    }
    var direction = left.indices.map { inverse[$0] * left[$0] }
    var (length, fall, step) = (Double(sum(left, direction)), 0.0, 0)
    while step < steps, length > least {
      step += 1
      var product = Array(repeating: Float(0), count: stride)
      var curvature = pull(0, direction, &product)
      let held = direction.indices.map { (row.spectrum.span[$0] + ridge) * direction[$0] }
      for k in held.indices { product[k] = held[k] - product[k] }
      curvature += Double(sum(held, direction))
      let size = length / curvature
      guard curvature > 0, size * length > 0 else { break }
      fall += size * length
      for k in x.indices {
        x[k].addProduct(Float(size), direction[k])
        left[k].addProduct(-Float(size), product[k])
      }
      let conditioned = left.indices.map { inverse[$0] * left[$0] }
      let before = length
      length = Double(sum(left, conditioned))
      let turn = Float(length / before)
      for k in x.indices { direction[k] = conditioned[k].addingProduct(turn, direction[k]) }
    }
    return fall
  }
}
