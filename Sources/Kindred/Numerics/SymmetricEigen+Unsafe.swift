// Eigenvalues and eigenvectors of a symmetric matrix, in Double.
// SPDX-License-Identifier: Apache-2.0

// 1. Householder reflections H₁ … make T = HᵀAH tridiagonal (Householder 1958; Golub & Van Loan,
//    algorithm 8.3.1). H is multiplied up from the last reflection to the first.
// 2. Implicit QL steps with Wilkinson's shift make T diagonal (Bowdler, Martin, Reinsch & Wilkinson 1968).
//    Each plane rotation turns two columns of the vectors. They are kept as rows here, so that a rotation
//    runs over numbers side by side.
// All inner loops run over whole rows, so that the compiler's vectors change no sum's order.

/// A = Σ over i of values[i] · v_i v_iᵀ, in no particular order.
package struct SymmetricEigen: Sendable {
  /// The eigenvalues. [n]
  package let values: [Double]
  /// v_0, v_1, …, each of length 1, as rows. [n · n]
  package let vectors: [Double]

  /// Decomposes a symmetric matrix.
  ///
  /// Numerics: absolute error of a value about 10⁻¹⁵ · n times the largest.
  ///
  /// - Parameters:
  ///   - matrix: [n · n], row-major; finite.
  ///   - size: n, 1 or more.
  /// - Precondition: There are n² numbers.
  /// - Complexity: O(n³).
  package init(_ matrix: [Double], size: Int) {
    precondition(
      size >= 1 && matrix.count == size * size, "\(matrix.count) numbers for \(size) rows")
    let work = Work(matrix, size: size)
    work.makeTridiagonal()
    work.makeDiagonal()
    values = work.diagonal.array
    vectors = work.vectors.array
  }

  @safe private final class Work {
    private let size: Int
    /// A, of which the rows before the current reflection hold the reflections' vectors.
    private let matrix: Buffer<Double>
    let diagonal: Buffer<Double>
    private let beside: Buffer<Double>
    let vectors: Buffer<Double>
    private let scales: Buffer<Double>
    private let sums: Buffer<Double>

    init(_ numbers: [Double], size: Int) {
      self.size = size
      matrix = Buffer(count: size * size, repeating: 0)
      for index in 0..<size * size { unsafe matrix.base[index] = numbers[index] }
      diagonal = Buffer(count: size, repeating: 0)
      beside = Buffer(count: size, repeating: 0)
      vectors = Buffer(count: size * size, repeating: 0)
      scales = Buffer(count: size, repeating: 0)
      sums = Buffer(count: size, repeating: 0)
    }

    /// y += scale · x.
    @inline(__always)
    private func add(
      _ scale: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ count: Int
    ) {
      for k in 0..<count { unsafe y[k] += scale * x[k] }
    }

    func makeTridiagonal() {
      let n = size
      for k in 0..<n { unsafe diagonal.base[k] = matrix.base[k * n + k] }
      for k in 0..<max(0, n - 1) {
        unsafe diagonal.base[k] = matrix.base[k * n + k]
        reflect(k)
      }
      unsafe diagonal.base[n - 1] = matrix.base[n * n - 1]
      multiplyUp()
    }

    /// Makes row k zero but for its diagonal and the number beside it.
    private func reflect(_ k: Int) {
      let (n, first) = (size, k + 1)
      let v = unsafe matrix.base + k * n
      var most = 0.0
      for j in first..<n { most = unsafe max(most, abs(v[j])) }
      guard most > 0 else {
        unsafe (beside.base[k], scales.base[k]) = (0, 0)
        return
      }
      var squares = 0.0
      for j in first..<n {
        unsafe v[j] /= most
        unsafe squares += v[j] * v[j]
      }
      let length = unsafe v[first] > 0 ? -squares.squareRoot() : squares.squareRoot()
      unsafe beside.base[k] = length * most
      let own = unsafe squares - v[first] * length
      unsafe v[first] -= length
      // H = I − β v vᵀ with β = 2 / v·v, and v·v = 2 (‖x‖² − x₁ length).
      let scale = own > 0 ? 1 / own : 0
      unsafe scales.base[k] = scale
      // p = β A v, by rows: A is symmetric.
      for j in first..<n { unsafe sums.base[j] = 0 }
      for j in first..<n {
        unsafe add(scale * v[j], matrix.base + j * n + first, sums.base + first, n - first)
      }
      var along = 0.0
      for j in first..<n { unsafe along += sums.base[j] * v[j] }
      unsafe add(-scale * along / 2, v + first, sums.base + first, n - first)
      // A −= v wᵀ + w vᵀ.
      for j in first..<n {
        let row = unsafe matrix.base + j * n + first
        unsafe add(-v[j], sums.base + first, row, n - first)
        unsafe add(-sums.base[j], v + first, row, n - first)
      }
    }

    /// The product of the reflections, turned so that its columns are rows.
    private func multiplyUp() {
      let n = size
      let product = Buffer(count: n * n, repeating: 0.0)
      for k in 0..<n { unsafe product.base[k * n + k] = 1 }
      for k in (0..<max(0, n - 1)).reversed() {
        let (v, scale, first) = unsafe (matrix.base + k * n, scales.base[k], k + 1)
        for j in first..<n { unsafe sums.base[j] = 0 }
        for j in first..<n {
          unsafe add(v[j], product.base + j * n + first, sums.base + first, n - first)
        }
        for j in first..<n {
          unsafe add(-scale * v[j], sums.base + first, product.base + j * n + first, n - first)
        }
      }
      for row in 0..<n {
        for column in 0..<n {
          unsafe vectors.base[column * n + row] = product.base[row * n + column]
        }
      }
    }

    func makeDiagonal() {
      let (n, d, e) = unsafe (size, diagonal.base, beside.base)
      for low in 0..<n {
        // Each value takes about two; more than this nobody has seen, and what is left is small.
        for _ in 0..<80 {
          var high = low
          while high < n - 1 {
            let size = unsafe abs(d[high]) + abs(d[high + 1])
            if unsafe abs(e[high]) <= 0x1p-53 * size { break }
            high += 1
          }
          guard high > low else { break }
          step(low, high)
        }
      }
    }

    /// A QL step of the part of T between two rows.
    private func step(_ low: Int, _ high: Int) {
      let (n, d, e) = unsafe (size, diagonal.base, beside.base)
      let half = unsafe (d[low + 1] - d[low]) / (2 * e[low])
      let root = (half * half + 1).squareRoot()
      var shifted = unsafe d[high] - d[low] + e[low] / (half + (half < 0 ? -root : root))
      var (sine, cosine, change) = (1.0, 1.0, 0.0)
      for i in (low..<high).reversed() {
        let (f, b) = unsafe (sine * e[i], cosine * e[i])
        let length = (f * f + shifted * shifted).squareRoot()
        unsafe e[i + 1] = length
        guard length > 0 else {
          unsafe d[i + 1] -= change
          unsafe e[high] = 0
          return
        }
        sine = f / length
        cosine = shifted / length
        let g = unsafe d[i + 1] - change
        let r = unsafe (d[i] - g) * sine + 2 * cosine * b
        change = sine * r
        unsafe d[i + 1] = g + change
        shifted = cosine * r - b
        let (x, y) = unsafe (vectors.base + i * n, vectors.base + (i + 1) * n)
        for k in 0..<n {
          let (a, b) = unsafe (x[k], y[k])
          unsafe y[k] = sine * a + cosine * b
          unsafe x[k] = cosine * a - sine * b
        }
      }
      unsafe d[low] -= change
      unsafe e[low] = shifted
      unsafe e[high] = 0
    }
  }
}
