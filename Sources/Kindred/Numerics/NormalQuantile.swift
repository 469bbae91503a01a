// How far out so much of a normal distribution lies.
// SPDX-License-Identifier: Apache-2.0

/// The z that a standard normal number is below with this probability.
///
/// Newton's method on the distribution function from 0 outwards, where that function is concave: every
/// step ends before the root, so that it cannot overshoot. Good to a few units in the last place, and to
/// the last digits of 1 − p where p is near 1.
///
/// - Precondition: 0 < `probability` < 1.
/// - Complexity: about 10 steps, hundreds in the far tails, where a step is as short as 1 / z.
package func normalQuantile(_ probability: Double) -> Double {
  precondition(probability > 0 && probability < 1, "the quantile of \(probability)")
  // In the lower half the tail itself is known, without cancellation.
  let tail = min(probability, 1 - probability)
  var z = 0.0
  for _ in 0..<2_000 {
    let density = exponential(-z * z / 2) / (2 * Double.pi).squareRoot()
    let step = (upperTail(z) - tail) / density
    guard step.isFinite, abs(step) > 1e-16 * max(1, z) else { break }
    z += step
  }
  return probability < 0.5 ? -z : z
}
