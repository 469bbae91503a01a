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
