// Dividing a number of ratings among users.
// SPDX-License-Identifier: Apache-2.0

/// Whole numbers that are as near to multiples of `weights` as they can be, between `low` and `high`,
/// and whose sum is `total`.
///
/// With targets t_u = min(max(c · w_u, low), high), where c is chosen so that the targets' sum is
/// `total`, each number is t_u rounded down, and the largest remainders are rounded up (Hamilton's
/// method), the first of equal ones first.
///
/// - Precondition: Weights are above 0, and `total` lies between all low and all high.
/// - Complexity: O(*n* log *n*).
package func apportioned(_ total: Int, weights: [Double], low: Int, high: Int) -> [Int] {
  precondition(
    total >= low * weights.count && total <= high * weights.count,
    "\(total) cannot be divided into \(weights.count) numbers from \(low) to \(high)")
  func target(_ weight: Double, _ scale: Double) -> Double {
    min(max(scale * weight, Double(low)), Double(high))
  }
  var below = 0.0
  var above = Double(high) / (weights.min() ?? 1)
  // Each step halves the interval; the last bits are the remainders' business.
  for _ in 0..<100 where below < above {
    let middle = below + (above - below) / 2
    if weights.reduce(0, { $0 + target($1, middle) }) < Double(total) {
      below = middle
    } else {
      above = middle
    }
  }
  let targets = weights.map { target($0, below) }
  var counts = targets.map { Int($0) }
  var left = total - counts.reduce(0, +)
  let order = targets.indices.sorted { a, b in
    let (p, q) = (targets[a] - Double(counts[a]), targets[b] - Double(counts[b]))
    return p > q || (p == q && a < b)
  }
  // Once around is enough but for rounding in the sums.
  while left != 0 {
    let step = left.signum()
    for place in order where left != 0 && (low...high).contains(counts[place] + step) {
      counts[place] += step
      left -= step
    }
  }
  return counts
}
