// Solving symmetric positive definite systems.
// SPDX-License-Identifier: Apache-2.0

/// The factor L of a symmetric positive definite matrix A = LLᵀ, in `Double`.
package struct Cholesky {
  private let size: Int
  private var lower: [Double]

  /// Factors the matrix, or returns nil if a pivot is not safely positive: the matrix is singular
  /// to working precision or not positive definite.
  ///
  /// - Parameters:
  ///   - matrix: [size · size], row-major; only the lower triangle is read.
  ///   - size: The number of rows.
  /// - Complexity: O(size³).
  package init?(_ matrix: [Double], size: Int) {
    precondition(matrix.count == size * size, "\(matrix.count) elements for \(size) rows")
    self.size = size
    lower = matrix
    for column in 0..<size {
      // A pivot this far below its diagonal entry is rounding noise, not information.
      let floor = abs(matrix[column * size + column]) * 1e-13
      var pivot = lower[column * size + column]
      for k in 0..<column { pivot -= lower[column * size + k] * lower[column * size + k] }
      guard pivot > floor, pivot.isFinite else { return nil }
      let root = pivot.squareRoot()
      lower[column * size + column] = root
      for row in column + 1..<max(size, column + 1) {
        var sum = lower[row * size + column]
        for k in 0..<column { sum -= lower[row * size + k] * lower[column * size + k] }
        lower[row * size + column] = sum / root
      }
    }
  }

  /// The x with Ax = `rightSide`.
  ///
  /// - Complexity: O(size²).
  package func solve(_ rightSide: [Double]) -> [Double] {
    precondition(rightSide.count == size, "\(rightSide.count) numbers for \(size) unknowns")
    var x = rightSide
    for row in 0..<size {
      for k in 0..<row { x[row] -= lower[row * size + k] * x[k] }
      x[row] /= lower[row * size + row]
    }
    for row in (0..<size).reversed() {
      for k in row + 1..<max(size, row + 1) { x[row] -= lower[k * size + row] * x[k] }
      x[row] /= lower[row * size + row]
    }
    return x
  }
}
