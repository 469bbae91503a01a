// Matrices of exact fractions.
// SPDX-License-Identifier: Apache-2.0

import BigInt

/// A matrix of exact fractions, stored by rows.
///
/// For systems of worksheet size: every operation is dense, and exact numbers grow with the rank.
package struct RationalMatrix: Hashable, Sendable {
  package let rowCount: Int
  package let columnCount: Int
  private var entries: [Rational]

  /// The matrix with these rows.
  ///
  /// - Precondition: every row has `columns` entries.
  package init(_ rows: [[Rational]], columns: Int) {
    for row in rows { precondition(row.count == columns, "\(row.count) entries, not \(columns)") }
    rowCount = rows.count
    columnCount = columns
    entries = rows.flatMap { $0 }
  }

  /// The matrix with these rows; no rows make a matrix without columns.
  ///
  /// - Precondition: every row has as many entries as the first.
  package init(_ rows: [[Rational]]) { self.init(rows, columns: rows.first?.count ?? 0) }

  package subscript(row: Int, column: Int) -> Rational { entries[row * columnCount + column] }

  package func row(_ index: Int) -> [Rational] {
    Array(entries[index * columnCount..<(index + 1) * columnCount])
  }

  package var rows: [[Rational]] { (0..<rowCount).map(row) }

  package var transposed: RationalMatrix {
    RationalMatrix(
      (0..<columnCount).map { column in (0..<rowCount).map { self[$0, column] } },
      columns: rowCount)
  }

  /// The rows and columns at these places, in this order.
  package func selecting(rows: [Int], columns: [Int]) -> RationalMatrix {
    RationalMatrix(rows.map { r in columns.map { self[r, $0] } }, columns: columns.count)
  }

  package static func * (a: RationalMatrix, b: [Rational]) -> [Rational] {
    precondition(a.columnCount == b.count, "\(a.columnCount) columns times \(b.count) entries")
    let column = IntegerRow(b)
    return a.rows.map { IntegerRow($0).dot(column) }
  }

  package static func * (a: RationalMatrix, b: RationalMatrix) -> RationalMatrix {
    precondition(a.columnCount == b.rowCount, "\(a.columnCount) columns times \(b.rowCount) rows")
    let rows = a.rows.map(IntegerRow.init)
    let columns = b.transposed.rows.map(IntegerRow.init)
    return RationalMatrix(
      rows.map { row in columns.map { row.dot($0) } }, columns: b.columnCount)
  }
}

extension RationalMatrix {
  /// What row reduction finds.
  package struct Reduction: Sendable {
    /// The non-zero rows of the reduced row echelon form.
    package let matrix: RationalMatrix
    /// The column of each row's leading 1, ascending: the first columns that span all of them.
    package let pivotColumns: [Int]
    /// The first rows of the original matrix that span all of them, ascending.
    package let independentRows: [Int]

    package var rank: Int { pivotColumns.count }
  }

  /// The reduced row echelon form, with its pivots.
  ///
  /// - Complexity: O(rows · columns · rank) operations on integers.
  package func reduced() -> Reduction {
    let elimination = eliminated()
    let (rows, pivots) = elimination.echelonRows()
    return Reduction(
      matrix: RationalMatrix(rows, columns: columnCount), pivotColumns: pivots,
      independentRows: elimination.sources)
  }

  /// The number of independent rows, which is also that of independent columns.
  package var rank: Int { eliminated().rank }

  /// The determinant of a square matrix; that of the empty one is 1.
  ///
  /// - Precondition: as many rows as columns.
  package func determinant() -> Rational {
    precondition(rowCount == columnCount, "determinant: \(rowCount) rows, \(columnCount) columns")
    let elimination = eliminated()
    guard elimination.rank == rowCount else { return 0 }
    var product = Rational(elimination.denominator)
    for row in rows { product *= IntegerRow(row).scale }
    // The elimination's determinant takes the columns in the order of the pivots.
    return Self.isOdd(elimination.pivots) ? -product : product
  }

  private func eliminated() -> FractionFreeElimination {
    var elimination = FractionFreeElimination(columns: columnCount)
    for row in rows { _ = elimination.insert(IntegerRow(row).values) }
    return elimination
  }

  private static func isOdd(_ permutation: [Int]) -> Bool {
    var odd = false
    for i in permutation.indices {
      for j in 0..<i where permutation[j] > permutation[i] { odd.toggle() }
    }
    return odd
  }
}
