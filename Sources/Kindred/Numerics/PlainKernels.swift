// The kernels in plain Swift: the definition of what the fast ones compute, and their oracle.
// SPDX-License-Identifier: Apache-2.0

/// The dot product by which every score is defined: one accumulator over the dimensions in order,
/// each product fused into it.
///
/// - Precondition: `a.count == b.count`.
package func plainDot(_ a: Span<Float>, _ b: Span<Float>) -> Float {
  precondition(a.count == b.count, "dot: \(a.count) against \(b.count) elements")
  var sum: Float = 0
  for k in 0..<a.count { sum = sum.addingProduct(a[k], b[k]) }
  return sum
}

/// The places, in order, where (`base` + `biases[i]`) + `dots[i]` is above `limit`; no biases if empty.
package func plainPlaces(
  of dots: Span<Float>, biases: Span<Float>, base: Double, above limit: Double
) -> [Int32] {
  (0..<dots.count).filter { place in
    (biases.isEmpty ? base : base + Double(biases[place])) + Double(dots[place]) > limit
  }.map { Int32($0) }
}

/// How many of the same scores are above `limit`, and how many equal it.
package func plainStanding(
  of limit: Double, among dots: Span<Float>, biases: Span<Float>, base: Double
) -> (above: Int, equal: Int) {
  let scores = (0..<dots.count).map { place in
    (biases.isEmpty ? base : base + Double(biases[place])) + Double(dots[place])
  }
  return (scores.count { $0 > limit }, scores.count { $0 == limit })
}

/// What the SGD kernel does to one user's row `x` and one item's row `y`.
///
/// pred = μ + b_u + b_i + x·y, diff = rating − pred, and with s = 2 · rate and decay = 1 − s·λ
/// x ← decay · x + s · diff · y, y ← decay · y + s · diff · x (the x before), b ← decay · b + s · diff.
/// The dot product here runs in four accumulators of eight lanes, which is what a vector unit does
/// fast; it may differ from `plainDot` in the last bits.
package struct PlainSGDStep {
  package var x: [Float]
  package var y: [Float]
  package var biases: (user: Float, item: Float)?
  package var mean: Float
  package var step: Float
  package var decay: Float

  package init(
    x: [Float], y: [Float], biases: (user: Float, item: Float)?, mean: Float, step: Float,
    decay: Float
  ) {
    self.x = x
    self.y = y
    self.biases = biases
    self.mean = mean
    self.step = step
    self.decay = decay
  }

  /// Updates both rows and returns the diff before the update.
  package mutating func update(rating: Float) -> Float {
    var base = mean
    if let biases { base = (base + biases.user) + biases.item }
    let diff = rating - (base + trainingDot(x, y))
    let scale = step * diff
    for k in x.indices {
      let before = x[k]
      x[k] = (decay * before).addingProduct(scale, y[k])
      y[k] = (decay * y[k]).addingProduct(scale, before)
    }
    if let before = biases {
      biases = (
        user: scale.addingProduct(decay, before.user), item: scale.addingProduct(decay, before.item)
      )
    }
    return diff
  }
}

/// The dot product as the SGD kernel adds it up: block b of eight dimensions goes to accumulator
/// b mod 4, the four are added in pairs, then the lanes in halves.
private func trainingDot(_ x: [Float], _ y: [Float]) -> Float {
  var lanes = Array(repeating: Float(0), count: 32)
  for k in x.indices {
    let place = (k / 8 % 4) * 8 + k % 8
    lanes[place] = lanes[place].addingProduct(x[k], y[k])
  }
  let total: [Float] = (0..<8).map { lane in
    let low: Float = lanes[lane] + lanes[lane + 8]
    let high: Float = lanes[lane + 16] + lanes[lane + 24]
    return low + high
  }
  let half: [Float] = (0..<4).map { total[$0] + total[$0 + 4] }
  return (half[0] + half[2]) + (half[1] + half[3])
}
