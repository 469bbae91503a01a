// How the matrix of a system of equations lies in panels of columns.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels

/// Where the elements of a symmetric matrix with its right side are: column j of row i in panel j / 8,
/// the numbers of a panel's row side by side.
package struct SystemShape: Equatable, Sendable {
  /// The number of unknowns; the right side is the column after the last one.
  package let width: Int
  /// The number of panels.
  package let panels: Int
  /// The rows that a panel has room for.
  package let rows: Int
  /// The numbers from one panel to the next.
  package let pitch: Int

  package init(width: Int) {
    let (columns, rowsAtOnce) = (Int(CKK_SYSTEM_COLUMNS), Int(CKK_SYSTEM_ROWS))
    self.width = width
    panels = width / columns + 1
    rows = (width + rowsAtOnce - 1) / rowsAtOnce * rowsAtOnce
    // Two rows more, so that panels do not start at the same place of the cache.
    pitch = (rows + 2) * columns
  }

  /// All numbers of a matrix in panels.
  package var count: Int { panels * pitch }

  /// Where column j of row i is.
  package func place(_ row: Int, _ column: Int) -> Int {
    let columns = Int(CKK_SYSTEM_COLUMNS)
    return column / columns * pitch + row * columns + column % columns
  }

  /// The elements on and above the diagonal, [width, width] row-major, the others zero.
  package func upperTriangle(of panels: Span<Float>) -> [Float] {
    precondition(panels.count == count, "\(panels.count) numbers for \(count)")
    return (0..<width * width).map { element in
      let (row, column) = (element / width, element % width)
      return column < row ? 0 : panels[place(row, column)]
    }
  }

  /// Copies the column of the right side.
  ///
  /// - Precondition: `panels` has `count` numbers, `side` has room for `width`.
  func copyRightSide(of panels: UnsafePointer<Float>, into side: UnsafeMutablePointer<Float>) {
    let first = unsafe panels + place(0, width)
    for row in 0..<width { unsafe side[row] = unsafe first[row * Int(CKK_SYSTEM_COLUMNS)] }
  }
}

/// A matrix and a right side that the sums of many rows start from.
///
/// Shapes: the matrix [width, width], symmetric, the right side [width]; kept in `Float`.
package struct RowStart: Sendable {
  /// The number of unknowns.
  package let width: Int
  let panels: Flat<Float>

  /// Keeps a start in the form that ``RowSystem`` reads.
  ///
  /// - Parameters:
  ///   - matrix: [width · width], row-major; only the upper triangle is read.
  ///   - rightSide: [width]; empty for zeros.
  ///   - width: The number of unknowns.
  /// - Precondition: The counts fit together.
  package init(matrix: [Double], rightSide: [Double] = [], width: Int) {
    precondition(
      width >= 1 && matrix.count == width * width
        && (rightSide.isEmpty || rightSide.count == width),
      "\(matrix.count) and \(rightSide.count) numbers for \(width) unknowns")
    self.width = width
    let shape = SystemShape(width: width)
    let buffer = Buffer(count: shape.count, repeating: Float(0))
    buffer.write { panels in
      for row in 0..<width {
        for column in row..<width {
          panels[shape.place(row, column)] = Float(matrix[row * width + column])
        }
        if !rightSide.isEmpty { panels[shape.place(row, width)] = Float(rightSide[row]) }
      }
    }
    panels = Flat(buffer)
  }
}
