// Rows turned in groups, as the product kernel reads them.
// SPDX-License-Identifier: Apache-2.0

import CKindredKernels

/// The rows of a table in panels of sixteen, the numbers of one dimension side by side.
///
/// Dimension k of row r is number k · 16 + r mod 16 of panel r / 16. The last panel is filled up with
/// zeros. A copy of the table, made once and read by all threads.
package struct RowPanels: Sendable {
  /// How many rows a panel holds.
  package static let width = Int(CKK_PANEL_ROWS)

  /// The number of rows.
  package let rowCount: Int
  /// The numbers in each row.
  package let dimension: Int
  /// The number of panels.
  package let count: Int
  private let numbers: Flat<Float>

  /// Turns rows.
  ///
  /// - Parameters:
  ///   - rows: [rows, dimension], row-major.
  ///   - dimension: The numbers in each row, 1 or more.
  /// - Precondition: The count of numbers is a multiple of `dimension`.
  /// - Complexity: O(rows · *dimension*).
  package init(_ rows: Span<Float>, dimension: Int) {
    precondition(
      dimension > 0 && rows.count % dimension == 0,
      "panels: \(rows.count) elements are not rows of \(dimension)")
    self.init(rows, dimension: dimension, rowCount: rows.count / dimension) { $0 }
  }

  /// Turns some rows of a table.
  ///
  /// - Parameters:
  ///   - table: [n, dimension], row-major.
  ///   - dimension: The numbers in each row, 1 or more.
  ///   - rows: Which rows, each of them in the table.
  /// - Complexity: O(rows · *dimension*).
  package init(_ table: Span<Float>, dimension: Int, rows: [Int32]) {
    self.init(table, dimension: dimension, rowCount: rows.count) { Int(rows[$0]) }
  }

  private init(_ table: Span<Float>, dimension: Int, rowCount: Int, row: (Int) -> Int) {
    let width = Self.width
    self.rowCount = rowCount
    self.dimension = dimension
    count = (rowCount + width - 1) / width
    let buffer = Buffer(count: count * width * dimension, repeating: Float(0))
    buffer.write { panels in
      for place in 0..<rowCount {
        let start = place / width * width * dimension + place % width
        let vector = table.extracting(row(place) * dimension..<(row(place) + 1) * dimension)
        for k in 0..<dimension { panels[start + k * width] = vector[k] }
      }
    }
    numbers = Flat(buffer)
  }

  /// The numbers of some panels, one after another.
  @_lifetime(borrow self)
  package func elements(_ panels: Range<Int>) -> Span<Float> {
    let size = Self.width * dimension
    return numbers.span.extracting(panels.lowerBound * size..<panels.upperBound * size)
  }
}
