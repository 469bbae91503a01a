// A solution in Float made good in Double.
// SPDX-License-Identifier: Apache-2.0

/// Iterative refinement (Wilkinson 1963): the error of a quick solution is solved for again and again,
/// from what the equations leave over, worked out in `Double`.
enum Refinement {
  /// Where refinement has converged.
  private static let precision = 1e-10
  private static let mostRounds = 30

  /// The solution to the precision of `Double`; nil if refinement does not converge, or there are numbers
  /// beyond `Float`.
  ///
  /// - Parameters:
  ///   - width: The number of unknowns.
  ///   - first: Writes the quick solution.
  ///   - solve: Replaces a right side by its quick solution.
  ///   - leftOver: The right side less the matrix times a solution.
  /// - Returns: The solution. [width]
  static func refine(
    width: Int, first: (inout [Float]) -> Void, solve: (inout [Float]) -> Void,
    leftOver: ([Double]) -> [Double]
  ) -> [Double]? {
    var step = Array(repeating: Float(0), count: width)
    first(&step)
    // Beyond `Float` there is nothing to refine.
    guard step.allSatisfy({ $0.isFinite }) else { return nil }
    var solution = step.map { Double($0) }
    var before = Double.infinity
    for _ in 0..<mostRounds {
      let left = leftOver(solution)
      let scale = left.reduce(0.0) { max($0, abs($1)) }
      guard scale > 0 else { return solution }
      for k in 0..<width { step[k] = Float(left[k] / scale) }
      solve(&step)
      var (change, size) = (0.0, 0.0)
      for k in 0..<width {
        solution[k] += Double(step[k]) * scale
        change = max(change, abs(Double(step[k])) * scale)
        size = max(size, abs(solution[k]))
      }
      guard change.isFinite, size.isFinite else { return nil }
      // Each round leaves the same part of the error, so that what is left is smaller than `change`.
      if change <= precision * size { return solution }
      guard change < before / 2 else { return nil }
      before = change
    }
    return nil
  }
}
