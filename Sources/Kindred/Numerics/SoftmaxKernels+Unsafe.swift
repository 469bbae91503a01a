// The C kernels of the softmax method, behind names and types of Swift.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels

/// The innermost loops of ``Softmax``: rows made units, scores of many users and items, their exponentials,
/// sums of rows, and steps of Adam or AdaGrad.
///
/// Rows have a stride of a multiple of `lanes` and start on a cache line, as those of a `Buffer` do. What
/// each loop computes, to the bit, is said by ``PlainSoftmax``.
// Unchecked: the table of functions is constant data, never written after the program is loaded.
@safe package struct SoftmaxKernels: @unchecked Sendable {
  private let table: UnsafePointer<ckk_softmax_kernels>

  /// What a stride is a multiple of, and how many rows a panel holds.
  package static let lanes = Int(CKK_SOFTMAX_LANES)

  /// The implementations that this processor runs, the fastest first and portable C last.
  package static let choices: [SoftmaxKernels] = {
    var choices: [SoftmaxKernels] = []
    while let table = unsafe ckk_softmax_choice(choices.count) {
      unsafe choices.append(SoftmaxKernels(table: table))
    }
    return choices
  }()

  /// The fastest implementation.
  package static let best = choices[0]

  /// "avx512", "avx2", "neon" or "portable".
  package var name: String { unsafe String(cString: table.pointee.name) }

  /// The stride of rows of some dimension.
  package static func stride(_ dimension: Int) -> Int { (dimension + lanes - 1) / lanes * lanes }

  /// Copies rows of a table, each divided by its length where that is asked for, and turns them.
  ///
  /// - Parameters:
  ///   - table: The table's rows.
  ///   - stride: The numbers from one row to the next.
  ///   - places: Which rows. [n]
  ///   - count: n.
  ///   - normalizes: Whether they become units; otherwise their lengths count as 1.
  ///   - units: The copies. [n, stride]
  ///   - lengths: What they were divided by. [n]
  ///   - panels: Dimension k of row r at (r / lanes · stride + k) · lanes + r mod lanes; nil for none.
  package func units(
    _ table: UnsafePointer<Float>, stride: Int, places: UnsafePointer<Int32>, count: Int,
    normalizes: Bool, into units: UnsafeMutablePointer<Float>,
    lengths: UnsafeMutablePointer<Float>, panels: UnsafeMutablePointer<Float>?
  ) {
    unsafe self.table.pointee.units(
      table, stride, places, count, normalizes ? 1 : 0, Self.leastLength, units, lengths, panels)
  }

  /// The least length that a row is divided by.
  package static let leastLength: Float = 1e-12

  /// Scores of users and a run of panels: scale · (x · y) + offset; `most` becomes the largest of a user's.
  package func scores(
    _ users: UnsafePointer<Float>, count: Int, _ panels: UnsafePointer<Float>, panelCount: Int,
    stride: Int, scale: Float, offsets: UnsafePointer<Float>,
    into scores: UnsafeMutablePointer<Float>, pitch: Int, most: UnsafeMutablePointer<Float>
  ) {
    unsafe table.pointee.scores(
      users, count, panels, panelCount, stride, scale, offsets, scores, pitch, most)
  }

  /// Replaces scores by e to the score less `most`, and returns their sum.
  package func exponentials(
    _ scores: UnsafeMutablePointer<Float>, count: Int, most: Float
  ) -> Float {
    unsafe table.pointee.exponentials(scores, count, most)
  }

  /// Adds Σ over b of factors[a · aStep + b · bStep] · rows[b] to row a of `sums`.
  package func combine(
    _ factors: UnsafePointer<Float>, aStep: Int, aCount: Int, bStep: Int, bCount: Int,
    rows: UnsafePointer<Float>, stride: Int, into sums: UnsafeMutablePointer<Float>
  ) {
    unsafe table.pointee.combine(factors, aStep, aCount, bStep, bCount, rows, stride, sums)
  }

  /// Moves a row against its gradient.
  ///
  /// - Parameters:
  ///   - step: How far.
  ///   - row: The row. [stride]
  ///   - sum: The gradient by the row's unit vector, before the step's scale. [stride]
  ///   - unit: The row's unit vector; nil for a row that is not normalized.
  ///   - length: What the row was divided by.
  ///   - stride: The numbers of a padded row.
  ///   - first: Adam's first moment; nil for AdaGrad.
  ///   - second: The second moment, or the sum of squares.
  package func step(
    _ step: SoftmaxStep, _ row: UnsafeMutablePointer<Float>, sum: UnsafePointer<Float>,
    unit: UnsafePointer<Float>?, length: Float, stride: Int,
    first: UnsafeMutablePointer<Float>?, second: UnsafeMutablePointer<Float>
  ) {
    var step = ckk_softmax_step(
      scale: step.scale, regularization: step.regularization, rate: step.rate, first: step.first,
      second: step.second, correction: step.correction)
    unsafe table.pointee.step(&step, row, sum, unit, length, stride, first, second)
  }
}

/// One step of Adam (Kingma & Ba 2015) or AdaGrad (Duchi, Hazan & Singer 2011).
package struct SoftmaxStep: Sendable {
  /// What a row's sum of terms is multiplied by to be its gradient.
  package var scale: Float
  /// Times the row, joins the gradient.
  package var regularization: Float
  /// The rate; of Adam divided by the first moment's correction for its start at zero.
  package var rate: Float
  /// 1 − β₁.
  package var first: Float = 0
  /// 1 − β₂.
  package var second: Float = 0
  /// 1 / (1 − β₂ᵗ) of Adam, 1 of AdaGrad.
  package var correction: Float = 1

  package init(
    scale: Float, regularization: Float, rate: Float, first: Float = 0, second: Float = 0,
    correction: Float = 1
  ) {
    self.scale = scale
    self.regularization = regularization
    self.rate = rate
    self.first = first
    self.second = second
    self.correction = correction
  }
}
