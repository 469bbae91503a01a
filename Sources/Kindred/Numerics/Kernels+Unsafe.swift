// The C kernels behind safe signatures; shapes are checked before any pointer is taken.
// SPDX-License-Identifier: Apache-2.0

package import CKindredKernels

/// The innermost loops, in the fastest form that this processor runs or in portable C.
// Unchecked: the table of functions is constant data, never written after the program is loaded.
@safe package struct Kernels: @unchecked Sendable {
  let table: UnsafePointer<ckk_kernels>

  /// The fastest kernels for this processor.
  package static let best = unsafe Kernels(table: ckk_best())
  /// The kernels in portable C.
  package static let portable = unsafe Kernels(table: ckk_portable())

  private init(table: UnsafePointer<ckk_kernels>) {
    unsafe self.table = table
  }

  /// The kernels of least squares row by row.
  var rows: UnsafePointer<ckk_row_kernels> { unsafe table.pointee.rows }

  /// The instruction set: "avx2", "neon" or "portable".
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

  /// Updates the rows of each rating in turn; see `PlainSGDStep` for what one update does.
  ///
  /// - Returns: The sum of the squared errors, each taken before its update.
  package func sgd(
    _ model: inout ckk_sgd, _ users: UnsafePointer<Int32>, _ items: UnsafePointer<Int32>,
    _ ratings: UnsafePointer<Float>, _ count: Int
  ) -> Double {
    unsafe table.pointee.sgd?(&model, users, items, ratings, count) ?? 0
  }
}

/// Rows for the SGD kernel in plain arrays, for checking a kernel on a few of them.
package struct SGDRows: Equatable, Sendable {
  /// The users' rows, `stride` numbers each, padded with zeros.
  package var users: [Float]
  /// The items' rows, likewise.
  package var items: [Float]
  /// One number per user; empty, as for the items, in a model without biases.
  package var userBiases: [Float]
  package var itemBiases: [Float]
  package let stride: Int
  package let mean: Float
  package let step: Float
  package let decay: Float

  package init(
    users: [Float], items: [Float], userBiases: [Float] = [], itemBiases: [Float] = [],
    stride: Int, mean: Float = 0, step: Float, decay: Float
  ) {
    self.users = users
    self.items = items
    self.userBiases = userBiases
    self.itemBiases = itemBiases
    self.stride = stride
    self.mean = mean
    self.step = step
    self.decay = decay
  }
}

extension Kernels {
  /// Updates the rows of each rating in turn, as `SGDState` does for a block.
  ///
  /// - Returns: The sum of the squared errors, each taken before its update.
  /// - Precondition: The stride is a multiple of the kernel's padding, the lists of the ratings are
  ///   equally long, and all their rows are there.
  package func sgd(
    _ rows: inout SGDRows, users: [Int32], items: [Int32], ratings: [Float]
  ) -> Double {
    let stride = rows.stride
    precondition(
      stride > 0 && stride % Int(CKK_SGD_PADDING) == 0 && rows.users.count % stride == 0
        && rows.items.count % stride == 0,
      "sgd: \(rows.users.count) and \(rows.items.count) numbers are not rows of \(stride)")
    let (userCount, itemCount) = (rows.users.count / stride, rows.items.count / stride)
    let hasBiases = !rows.userBiases.isEmpty || !rows.itemBiases.isEmpty
    precondition(
      !hasBiases || (rows.userBiases.count == userCount && rows.itemBiases.count == itemCount),
      "sgd: \(rows.userBiases.count) and \(rows.itemBiases.count) biases do not fit the rows")
    precondition(
      users.count == ratings.count && items.count == ratings.count,
      "sgd: \(users.count) users and \(items.count) items for \(ratings.count) ratings")
    precondition(
      users.allSatisfy { (0..<userCount).contains(Int($0)) }
        && items.allSatisfy { (0..<itemCount).contains(Int($0)) },
      "sgd: a rating names a row that is not there")
    let (mean, step, decay) = (rows.mean, rows.step, rows.decay)
    let function = unsafe table.pointee.sgd
    return unsafe rows.users.withUnsafeMutableBufferPointer { x in
      unsafe rows.items.withUnsafeMutableBufferPointer { y in
        unsafe rows.userBiases.withUnsafeMutableBufferPointer { userBiases in
          unsafe rows.itemBiases.withUnsafeMutableBufferPointer { itemBiases in
            var model = unsafe ckk_sgd(
              users: x.baseAddress, items: y.baseAddress,
              user_biases: hasBiases ? userBiases.baseAddress : nil,
              item_biases: hasBiases ? itemBiases.baseAddress : nil, stride: stride, mean: mean,
              step: step, decay: decay)
            return unsafe function?(&model, users, items, ratings, ratings.count) ?? 0
          }
        }
      }
    }
  }
}
