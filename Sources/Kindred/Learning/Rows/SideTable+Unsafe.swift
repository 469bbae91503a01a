// One side's vectors while rows are solved for or drawn.
// SPDX-License-Identifier: Apache-2.0

/// The rows of one side as features of the other side's equations: each vector, a 1 where there are
/// biases, and zeros up to whole vectors of the processor; the biases beside them.
///
/// Rows are written by the threads that solve for or draw them, no row by two of them.
package struct SideTable: Sendable {
  /// The number of rows.
  package let count: Int
  /// The numbers in each vector.
  package let dimension: Int
  /// The numbers from one row to the next.
  package let stride: Int
  /// The vectors with what follows them. [count, stride]
  package let rows: Buffer<Float>
  /// One number per row; nil in a model without biases. [count]
  package let biases: Buffer<Float>?

  /// What a row's equations solve for: the vector, and the bias if there is one.
  package var width: Int { dimension + (biases == nil ? 0 : 1) }

  /// Rows of zeros, each filled up to a multiple of `lanes` numbers.
  package init(count: Int, dimension: Int, hasBiases: Bool, lanes: Int = 8) {
    self.count = count
    self.dimension = dimension
    let used = dimension + (hasBiases ? 1 : 0)
    stride = (used + lanes - 1) / lanes * lanes
    rows = Buffer(count: count * stride, repeating: 0)
    biases = hasBiases ? Buffer(count: count, repeating: 0) : nil
    if hasBiases {
      for row in 0..<count { unsafe rows.base[row * stride + dimension] = 1 }
    }
  }

  /// A copy that does not change with the original.
  package init(copying other: SideTable) {
    count = other.count
    dimension = other.dimension
    stride = other.stride
    rows = Buffer(copying: other.rows)
    biases = other.biases.map { Buffer(copying: $0) }
  }

  /// The bias of a row; 0 in a model without biases.
  @inline(__always)
  package func bias(_ row: Int) -> Float {
    precondition(row >= 0 && row < count, "row \(row) of \(count)")
    guard let biases else { return 0 }
    return unsafe biases.base[row]
  }

  /// Sets a row to what its equations gave: its vector, and its bias after it.
  ///
  /// - Precondition: The row is there, `solution` has `width` numbers, and no other thread works on the
  ///   row.
  package func set(_ row: Int, to solution: Span<Float>) {
    precondition(
      row >= 0 && row < count && solution.count == width,
      "row \(row) of \(count), \(solution.count) numbers for \(width)")
    let start = unsafe rows.base + row * stride
    for k in 0..<dimension { unsafe start[k] = solution[k] }
    if let biases { unsafe biases.base[row] = solution[dimension] }
  }

  /// The numbers of one row's vector. [dimension]
  @_lifetime(borrow self)
  package func vector(_ row: Int) -> Span<Float> {
    precondition(row >= 0 && row < count, "row \(row) of \(count)")
    let span = unsafe Span(
      _unsafeStart: UnsafePointer(rows.base + row * stride), count: dimension)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// The vectors alone, as a finished model has them.
  package func embeddings<S: Side>() -> EmbeddingTable<S> {
    EmbeddingTable(count: count, dimension: dimension) { elements in
      for row in 0..<count {
        let vector = vector(row)
        for k in 0..<dimension { elements[row * dimension + k] = vector[k] }
      }
    }
  }
}
