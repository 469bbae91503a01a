// The kernels on single vectors and on all rows of a table, behind safe signatures: for methods whose
// innermost loop is neither a block of descent nor a row of least squares.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels

extension Kernels {
  /// The dot product for training: lanes side by side, quicker than the one that defines a score and
  /// in the last bits different from it; see ``plainLaneDot(_:_:)``.
  ///
  /// - Precondition: `a.count == b.count`.
  package func laneDot(_ a: Span<Float>, _ b: Span<Float>) -> Float {
    precondition(a.count == b.count, "dot: \(a.count) against \(b.count) elements")
    let function = unsafe rows.pointee.dot
    return unsafe a.withUnsafeBufferPointer { p in
      unsafe b.withUnsafeBufferPointer { q in
        guard let first = p.baseAddress, let second = q.baseAddress else { return 0 }
        return unsafe function?(first, second, p.count) ?? 0
      }
    }
  }

  /// Adds `scale` · `x` to `y`, each product fused into its sum.
  ///
  /// - Precondition: `x.count == y.count`.
  package func add(_ scale: Float, times x: Span<Float>, to y: inout MutableSpan<Float>) {
    precondition(x.count == y.count, "axpy: \(x.count) against \(y.count) elements")
    let function = unsafe rows.pointee.axpy
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let from = x.baseAddress, let to = y.baseAddress else { return }
        unsafe function?(scale, from, to, x.count)
      }
    }
  }

  /// Σ z zᵀ over all rows of a table.
  ///
  /// Numerics: blocks of 256 rows in `Float`, their sums in `Double` in the rows' order, so that the
  /// result does not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - table: Rows of which each starts `stride` numbers after the one before.
  ///   - stride: From one row to the next.
  ///   - width: The numbers of a row that count, from its first on.
  ///   - count: The number of rows.
  ///   - threads: How many may work at a time; 0 for one per core.
  /// - Returns: [width · width], row-major, symmetric.
  /// - Precondition: The rows are there.
  /// - Complexity: O(*count* · *width*²).
  package func gram(
    _ table: Span<Float>, stride: Int, width: Int, count: Int, threads: Int
  ) -> [Double] {
    precondition(
      width >= 1 && stride >= width && count >= 0
        && (count == 0 || (count - 1) * stride + width <= table.count),
      "\(table.count) numbers for \(count) rows of \(width) in \(stride)")
    let shape = SystemShape(width: width)
    // Pieces of a fixed size: their sums are added in order.
    let size = RowSystem.blockSize * 16
    let rows = unsafe self.rows
    let sums = unsafe table.withUnsafeBufferPointer { table in
      nonisolated(unsafe) let base = table.baseAddress
      nonisolated(unsafe) let kernels = unsafe rows
      return parallelMap((count + size - 1) / size, threads: threads) { piece in
        let pitch = (RowSystem.blockSize + 2) * Int(CKK_SYSTEM_COLUMNS)
        let panels = Buffer<Float>(uninitialized: shape.panels * pitch)
        let sums = Buffer(count: shape.count, repeating: 0.0)
        let end = min(count, (piece + 1) * size)
        for first in Swift.stride(from: piece * size, to: end, by: RowSystem.blockSize) {
          let some = min(RowSystem.blockSize, end - first)
          unsafe kernels.pointee.pack(
            base, stride, width, nil, first, nil, nil, some, nil, panels.base, pitch)
          var system = unsafe ckk_system(
            width: width, left: UnsafePointer(panels.base), right: UnsafePointer(panels.base),
            entry_pitch: pitch, count: some, start: nil, ridge: 0, tolerance: 0,
            // Not written to: only places in it are worked out.
            factor: panels.base, factor_pitch: shape.pitch, inverses: nil)
          unsafe kernels.pointee.add_products(&system, sums.base)
        }
        return Flat(sums)
      }
    }
    var gram = Array(repeating: 0.0, count: width * width)
    for sum in sums {
      for row in 0..<width {
        for column in row..<width { gram[row * width + column] += sum[shape.place(row, column)] }
      }
    }
    for row in 0..<width {
      for column in 0..<row { gram[row * width + column] = gram[column * width + row] }
    }
    return gram
  }
}
