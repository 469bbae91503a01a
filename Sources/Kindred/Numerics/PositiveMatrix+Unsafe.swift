// A symmetric positive definite matrix in Double, factored in place: for the few systems whose answer
// must be good to the last digits of Float.
// SPDX-License-Identifier: Apache-2.0

/// Room for a symmetric matrix A and its factor A = UᵀU, U upper triangular, used again and again.
///
/// Rows are updated as wholes (right-looking, no sum over a row), so that the compiler vectorizes the
/// inner loop without changing the order of any sum.
///
/// Not for several threads: each has its own.
@safe package final class PositiveMatrix {
  /// The number of rows.
  package let size: Int
  /// The upper triangle of A until `factor()`, of U after it, row-major; what is below is not looked at.
  private let elements: Buffer<Double>

  package init(size: Int) {
    precondition(size >= 1, "a matrix of \(size) rows")
    self.size = size
    elements = Buffer(count: size * size, repeating: 0)
  }

  /// Takes up another matrix.
  ///
  /// - Precondition: There are `size`² numbers; only the upper triangle is read.
  package func assign(_ matrix: Span<Double>) {
    precondition(matrix.count == size * size, "\(matrix.count) numbers for \(size) rows")
    for index in 0..<matrix.count { unsafe elements.base[index] = matrix[index] }
  }

  /// Takes up the matrix with these numbers on the diagonal and zeros elsewhere.
  package func assign(diagonal: [Double]) {
    precondition(diagonal.count == size, "\(diagonal.count) numbers for \(size) rows")
    unsafe elements.base.update(repeating: 0, count: size * size)
    for k in 0..<size { unsafe elements.base[k * size + k] = diagonal[k] }
  }

  /// Adds `scale` · v vᵀ to the upper triangle.
  ///
  /// - Precondition: `v` has `size` numbers.
  /// - Complexity: O(size²).
  package func add(_ scale: Double, outer v: Span<Double>) {
    precondition(v.count == size, "\(v.count) numbers for \(size) rows")
    unsafe v.withUnsafeBufferPointer { v in
      guard let v = v.baseAddress else { return }
      for row in 0..<size {
        let factor = unsafe scale * v[row]
        let out = unsafe elements.base + row * size
        for column in row..<size { unsafe out[column] += factor * v[column] }
      }
    }
  }

  /// Factors A.
  ///
  /// - Returns: Whether it is positive definite; if not, what is here makes no sense.
  /// - Complexity: O(size³).
  package func factor() -> Bool {
    for pivot in 0..<size {
      let row = unsafe elements.base + pivot * size
      let value = unsafe row[pivot]
      guard value > 0, value.isFinite else { return false }
      let inverse = 1 / value.squareRoot()
      for column in pivot..<size { unsafe row[column] *= inverse }
      for below in pivot + 1..<max(size, pivot + 1) {
        let factor = unsafe row[below]
        let out = unsafe elements.base + below * size
        for column in below..<size { unsafe out[column] -= factor * row[column] }
      }
    }
    return true
  }

  /// Replaces b by U⁻ᵀb, and so A⁻¹b by this and ``solveUpper(_:)``.
  ///
  /// - Precondition: Factored; `b` has `size` numbers.
  /// - Complexity: O(size²).
  package func solveLower(_ b: inout MutableSpan<Double>) {
    precondition(b.count == size, "\(b.count) numbers for \(size) unknowns")
    for row in 0..<size {
      let line = unsafe elements.base + row * size
      let value = unsafe b[row] / line[row]
      b[row] = value
      for column in row + 1..<max(size, row + 1) { unsafe b[column] -= line[column] * value }
    }
  }

  /// Replaces y by U⁻¹y.
  ///
  /// - Precondition: Factored; `y` has `size` numbers.
  /// - Complexity: O(size²).
  package func solveUpper(_ y: inout MutableSpan<Double>) {
    precondition(y.count == size, "\(y.count) numbers for \(size) unknowns")
    for row in (0..<size).reversed() {
      let line = unsafe elements.base + row * size
      var value = y[row]
      for column in row + 1..<max(size, row + 1) { unsafe value -= line[column] * y[column] }
      unsafe y[row] = value / line[row]
    }
  }

  /// Uᵀy.
  ///
  /// - Precondition: Factored; `y` has `size` numbers.
  /// - Complexity: O(size²).
  package func multiplyTransposed(_ y: [Double]) -> [Double] {
    precondition(y.count == size, "\(y.count) numbers for \(size) rows")
    var product = Array(repeating: 0.0, count: size)
    for row in 0..<size {
      let line = unsafe elements.base + row * size
      for column in row..<size { unsafe product[column] += line[column] * y[row] }
    }
    return product
  }

  /// All numbers, of which those on and above the diagonal count. [size · size]
  package var upper: [Double] { elements.array }

  /// The number in this place, on or above the diagonal.
  package subscript(row: Int, column: Int) -> Double {
    precondition(
      0 <= row && row <= column && column < size, "row \(row), column \(column) of \(size)")
    return unsafe elements.base[row * size + column]
  }
}
