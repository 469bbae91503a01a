// The C kernels of weighted least squares over all pairs, behind safe signatures.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels

/// A row's equations A x = b with A = S + ridge I + Σ c y yᵀ and b = Σ c y over its pairs, S diagonal.
package struct InteractionRow {
  /// y, row after row, each starting `lanes` times some numbers after the one before. [rows, stride]
  package let table: Buffer<Float>
  /// S; zeros beyond the dimension. [stride]
  package let spectrum: Buffer<Float>
  /// The pairs' rows of the table. [n]
  package let rows: Flat<Int32>
  /// c; empty where all are 1. [n]
  package let weights: Flat<Float>
  /// Above 0.
  package let ridge: Float
  /// A is preconditioned by S (1 + share) + ridge.
  package let share: Float

  package init(
    table: Buffer<Float>, spectrum: Buffer<Float>, rows: Flat<Int32>, weights: Flat<Float>,
    ridge: Float, share: Float
  ) {
    self.table = table
    self.spectrum = spectrum
    self.rows = rows
    self.weights = weights
    self.ridge = ridge
    self.share = share
  }
}

/// The innermost loops of conjugate gradients over the rows of ``IALS``; what they compute, to the bit, is
/// said by ``PlainInteractions``.
// Unchecked: the table of functions is constant data, never written after the program is loaded.
@safe package struct InteractionKernels: @unchecked Sendable {
  private let table: UnsafePointer<ckk_interaction_kernels>

  /// What a stride is a multiple of.
  package static let lanes = Int(CKK_INTERACTION_LANES)

  /// The implementations that this processor runs, the fastest first and portable C last.
  package static let choices: [InteractionKernels] = {
    var choices: [InteractionKernels] = []
    while let table = unsafe ckk_interaction_choice(choices.count) {
      unsafe choices.append(InteractionKernels(table: table))
    }
    return choices
  }()

  /// The fastest implementation.
  package static let best = choices[0]

  private init(table: UnsafePointer<ckk_interaction_kernels>) { unsafe self.table = table }

  /// "avx512", "avx2", "neon" or "portable".
  package var name: String { unsafe String(cString: table.pointee.name) }

  /// Writes b − A x into `left`.
  ///
  /// - Returns: The row's objective, Σ c (1 − y·x)² + x·(S + ridge) x.
  /// - Precondition: `x` and `left` have a stride's numbers, and the rows are there.
  package func residual(
    _ row: InteractionRow, at x: Buffer<Float>, into left: Buffer<Float>
  ) -> Double {
    unsafe withRow(row, x, left) { unsafe table.pointee.residual(&$0, x.base, left.base) }
  }

  /// Writes Σ c (1 − y·x) y into `left`.
  ///
  /// - Returns: Σ c (1 − y·x)².
  /// - Precondition: `x` and `left` have a stride's numbers, and the rows are there.
  package func pull(
    _ row: InteractionRow, at x: Buffer<Float>, into left: Buffer<Float>
  ) -> Double {
    unsafe withRow(row, x, left) { unsafe table.pointee.pull(&$0, x.base, left.base) }
  }

  /// Takes steps of preconditioned conjugate gradients from `x`, whose residual is `left`; both are
  /// updated.
  ///
  /// - Parameters:
  ///   - row: The equations.
  ///   - x: Where to start, and what it comes to.
  ///   - left: The residual of the start, and then about that of the end.
  ///   - scratch: Room for three strides.
  ///   - steps: The most steps.
  ///   - least: Where r·(r preconditioned) has come down to, there are no more steps.
  /// - Returns: By how much the objective falls.
  /// - Precondition: `x` and `left` have a stride's numbers, `scratch` has three of them, and the rows
  ///   are there.
  package func descend(
    _ row: InteractionRow, from x: Buffer<Float>, _ left: Buffer<Float>, scratch: Buffer<Float>,
    steps: Int, least: Double
  ) -> Double {
    precondition(scratch.count == 3 * x.count, "scratch of \(scratch.count) for \(x.count)")
    return unsafe withRow(row, x, left) {
      unsafe table.pointee.descend(&$0, x.base, left.base, scratch.base, steps, least)
    }
  }

  /// Checks the shapes, and calls `body` with the row as the kernels see it.
  private func withRow(
    _ row: InteractionRow, _ x: Buffer<Float>, _ left: Buffer<Float>,
    _ body: (inout ckk_interaction_row) -> Double
  ) -> Double {
    let stride = x.count
    precondition(
      stride > 0 && stride % Self.lanes == 0 && left.count == stride
        && row.spectrum.count == stride && row.table.count % stride == 0,
      "\(stride), \(left.count), \(row.spectrum.count) numbers of \(row.table.count)")
    precondition(
      row.weights.isEmpty || row.weights.count == row.rows.count,
      "\(row.weights.count) weights for \(row.rows.count) pairs")
    let rows = row.rows.span
    var last: UInt32 = 0
    for n in 0..<rows.count { last = max(last, UInt32(bitPattern: rows[n])) }
    precondition(
      rows.isEmpty || Int(last) < row.table.count / stride,
      "row \(last) of \(row.table.count / stride)")
    return unsafe rows.withUnsafeBufferPointer { rows in
      unsafe row.weights.span.withUnsafeBufferPointer { weights in
        var equations = unsafe ckk_interaction_row(
          table: UnsafePointer(row.table.base), stride: stride, rows: rows.baseAddress,
          weights: weights.isEmpty ? nil : weights.baseAddress, count: rows.count,
          spectrum: UnsafePointer(row.spectrum.base), ridge: row.ridge, share: row.share)
        return unsafe body(&equations)
      }
    }
  }
}
