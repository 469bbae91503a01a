// The C kernels behind safe signatures; shapes are checked before any pointer is taken.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels

/// The innermost loops, in the fastest form that this processor runs or in portable C.
// Unchecked: the table of functions is constant data, never written after the program is loaded.
@safe package struct Kernels: @unchecked Sendable {
  let table: UnsafePointer<ckk_kernels>

  /// The kernels of least squares row by row.
  let rows: UnsafePointer<ckk_row_kernels>

  /// The fastest kernels for this processor.
  package static let best = unsafe Kernels(table: ckk_best(), rows: ckk_row_choice(0))
  /// The kernels in portable C.
  package static let portable = rowChoices.last ?? best

  /// Each implementation that this processor runs, the fastest first.
  package static var rowChoices: [Kernels] {
    var choices: [Kernels] = []
    // As many of the one kind as of the other: both ask for the same instructions.
    while let rows = unsafe ckk_row_choice(choices.count),
      let table = unsafe ckk_choice(choices.count)
    {
      unsafe choices.append(Kernels(table: table, rows: rows))
    }
    return choices
  }

  private init(table: UnsafePointer<ckk_kernels>, rows: UnsafePointer<ckk_row_kernels>) {
    unsafe self.table = table
    unsafe self.rows = rows
  }

  /// The instruction set of the row kernels: "avx512", "avx2", "neon" or "portable".
  package var rowsName: String { unsafe String(cString: rows.pointee.name) }

  /// The instruction set: "avx512", "avx2", "neon" or "portable".
  package var name: String { unsafe String(cString: table.pointee.name) }

  /// Writes the dot product of `query` with every row of `rows` into `scores`.
  ///
  /// Shapes: `query` [d], `rows` [n, d] row-major, `scores` [n]; every element is overwritten.
  ///
  /// Numerics: `Float` products fused into one accumulator in order, so results repeat bit for bit.
  /// To first order the error is at most d · 2⁻²⁴ · Σ|qₖxₖ|. Non-finite inputs propagate.
  ///
  /// - Precondition: `rows.count == scores.count * query.count`.
  /// - Complexity: O(*n* · *d*) time, no allocation.
  package func score(
    _ query: Span<Float>, _ rows: Span<Float>, into scores: inout MutableSpan<Float>
  ) {
    let count = scores.count
    precondition(
      rows.count == count * query.count,
      "score: \(rows.count) elements are not \(count) rows of \(query.count)")
    let function = unsafe table.pointee.scores
    unsafe query.withUnsafeBufferPointer { query in
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe scores.withUnsafeMutableBufferPointer { scores in
          guard let out = scores.baseAddress else { return }
          unsafe function?(query.baseAddress, rows.baseAddress, count, query.count, out)
        }
      }
    }
  }

  /// Writes the dot product of `query` with rows here and there into `scores`; the bits are those of
  /// `score`.
  ///
  /// - Parameters:
  ///   - query: [d].
  ///   - rows: Rows, of whose numbers the first d count.
  ///   - stride: The numbers in a row, d or more.
  ///   - places: Which rows. [n]
  ///   - scores: [n]; every element is overwritten.
  /// - Precondition: All the rows are there.
  /// - Complexity: O(*n* · *d*) time, no allocation.
  package func score(
    _ query: Span<Float>, _ rows: Span<Float>, stride: Int, at places: Span<Int32>,
    into scores: inout MutableSpan<Float>
  ) {
    precondition(
      scores.count == places.count && stride >= query.count && stride > 0,
      "score: \(places.count) places, \(scores.count) scores, a stride of \(stride)")
    let count = Int32(clamping: rows.count / stride)
    for index in 0..<places.count {
      precondition(0 <= places[index] && places[index] < count, "score: no row \(places[index])")
    }
    let function = unsafe table.pointee.gathered
    unsafe query.withUnsafeBufferPointer { query in
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe places.withUnsafeBufferPointer { places in
          unsafe scores.withUnsafeMutableBufferPointer { scores in
            guard let out = scores.baseAddress else { return }
            unsafe function?(
              query.baseAddress, rows.baseAddress, stride, places.baseAddress, places.count,
              query.count, out)
          }
        }
      }
    }
  }

  /// The dot product that defines a score; the same bits as `score` gives for that row.
  ///
  /// - Precondition: `a.count == b.count`.
  package func dot(_ a: Span<Float>, _ b: Span<Float>) -> Float {
    precondition(a.count == b.count, "dot: \(a.count) against \(b.count) elements")
    var result: Float = 0
    let function = unsafe table.pointee.scores
    unsafe a.withUnsafeBufferPointer { p in
      unsafe b.withUnsafeBufferPointer { q in
        unsafe function?(p.baseAddress, q.baseAddress, 1, p.count, &result)
      }
    }
    return result
  }
}
