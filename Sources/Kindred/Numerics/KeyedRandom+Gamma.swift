// Random draws that stand for precisions: gamma and chi-square.
// SPDX-License-Identifier: Apache-2.0

extension KeyedRandom {
  /// A draw from the gamma distribution with this shape and scale 1: its mean and its variance are
  /// both `shape`.
  ///
  /// Source: Marsaglia & Tsang 2000, "A simple method for generating gamma variables"; a shape below 1
  /// is drawn one higher and multiplied by a power of a uniform number, as section 6 there says.
  ///
  /// - Precondition: `shape` is above 0 and finite.
  /// - Complexity: O(1); 1.05 normal draws on average at most.
  public mutating func gamma(shape: Double) -> Double {
    precondition(shape > 0 && shape.isFinite, "a gamma distribution of shape \(shape)")
    guard shape >= 1 else {
      let power = logarithm(1 - uniform()) / shape
      return gamma(shape: shape + 1) * exponential(power)
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      // Of (0, 1], so that its logarithm is finite.
      let u = 1 - uniform()
      if logarithm(u) < x * x / 2 + d * (1 - v + logarithm(v)) { return d * v }
    }
  }

  /// A draw from the chi-square distribution: the sum of so many squared normal numbers, also for a
  /// number of them that is not whole.
  ///
  /// - Precondition: `degrees` is above 0 and finite.
  /// - Complexity: O(1).
  public mutating func chiSquare(degrees: Double) -> Double { 2 * gamma(shape: degrees / 2) }
}
