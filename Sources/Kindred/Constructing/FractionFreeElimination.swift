// Row reduction in integers, one row at a time.
// SPDX-License-Identifier: Apache-2.0

import BigInt

// Let the independent rows so far have the reduced row echelon form R, and let D be the determinant
// of their pivot columns. The entries of D·R are minors of the rows themselves (Cramer's rule), so
// they are integers, no longer than Hadamard's bound allows. A new row a is added so:
//
//   1. a' = D·a − Σ a[pivot j] · (D·R)[j]     the new row without the pivots so far
//   2. D' = a'[q], q its first entry ≠ 0      the next minor; none: a depends on the rows so far
//   3. (D·R)[i] ← (D'·(D·R)[i] − (D·R)[i][q] · a') / D      the division leaves no remainder
//
// (Bareiss 1968, in Gauss and Jordan's order.) No fraction is ever reduced to lowest terms on the
// way, and a row that depends on the others costs only as much as there are free columns.

/// A row of fractions as integers: `row = scale · values`, where `values` have no common factor.
struct IntegerRow {
  var values: [BigInt]
  var scale: Rational

  init(_ row: [Rational]) {
    var denominator = BigInt(1)
    for entry in row where entry.denominator != denominator && entry.denominator != 1 {
      let common = greatestCommonDivisor(denominator.magnitude, entry.denominator.magnitude)
      denominator *= entry.denominator / BigInt(common)
    }
    values = row.map { $0.numerator * (denominator / $0.denominator) }
    var common: BigUInt = 0
    for value in values where !value.isZero {
      common = greatestCommonDivisor(common, value.magnitude)
      if common == 1 { break }
    }
    if common > 1 { values = values.map { $0 / BigInt(common) } }
    scale = Rational(common == 0 ? 1 : BigInt(common), over: denominator)
  }

  /// The dot product of the rows.
  func dot(_ other: IntegerRow) -> Rational {
    var total = BigInt(0)
    for (x, y) in zip(values, other.values) where !x.isZero && !y.isZero { total += x * y }
    return Rational(total) * (scale * other.scale)
  }

  /// The bits of the longest value.
  var bitCount: Int { values.lazy.map(\.magnitude.bitWidth).max() ?? 0 }
}

/// The reduced row echelon form of the rows inserted so far, times the determinant of its pivots.
struct FractionFreeElimination {
  enum Insertion {
    /// The row is independent of those before it.
    case independent
    /// The row is a combination of those before it, right-hand sides included.
    case dependent
    /// The row's coefficients are a combination of those before it, its right-hand side is not.
    case contradictory
  }

  /// The columns that may hold a pivot; those beyond are right-hand sides.
  let columns: Int
  /// Each independent row, reduced, times `denominator`; in the order of insertion.
  private(set) var rows: [[BigInt]] = []
  /// The pivot column of each of `rows`.
  private(set) var pivots: [Int] = []
  /// Which insertion, counted from 0, each of `rows` came from.
  private(set) var sources: [Int] = []
  /// The determinant of the independent rows' pivot columns, in the order of insertion.
  private(set) var denominator = BigInt(1)
  private var inserted = 0

  init(columns: Int) { self.columns = columns }

  var rank: Int { rows.count }

  /// Adds a row of the matrix.
  ///
  /// - Complexity: O(rank · (free columns)) operations on integers of O(rank) words.
  mutating func insert(_ row: [BigInt]) -> Insertion {
    defer { inserted += 1 }
    let reduced = reduce(row)
    guard let pivot = reduced.firstIndex(where: { !$0.isZero }) else { return .dependent }
    guard pivot < columns else { return .contradictory }
    let next = reduced[pivot]
    for i in rows.indices { eliminate(pivot, from: &rows[i], with: reduced, next: next) }
    rows.append(reduced)
    pivots.append(pivot)
    sources.append(inserted)
    denominator = next
    return .independent
  }

  private func reduce(_ row: [BigInt]) -> [BigInt] {
    var reduced = denominator == 1 ? row : row.map { $0.isZero ? $0 : $0 * denominator }
    for (i, pivot) in pivots.enumerated() {
      let factor = row[pivot]
      if factor.isZero { continue }
      for column in reduced.indices where !rows[i][column].isZero {
        reduced[column] -= factor * rows[i][column]
      }
    }
    return reduced
  }

  private func eliminate(
    _ pivot: Int, from row: inout [BigInt], with reduced: [BigInt], next: BigInt
  ) {
    let factor = row[pivot]
    for column in row.indices {
      var value = row[column].isZero ? row[column] : row[column] * next
      if !factor.isZero, !reduced[column].isZero { value -= factor * reduced[column] }
      row[column] = value.isZero || denominator == 1 ? value : value / denominator
    }
  }
}

extension FractionFreeElimination {
  /// The reduced row echelon form: its non-zero rows in the order of their pivots.
  func echelonRows() -> (rows: [[Rational]], pivots: [Int]) {
    let order = pivots.indices.sorted { pivots[$0] < pivots[$1] }
    return (
      order.map { i in rows[i].map { Rational($0, over: denominator) } },
      order.map { pivots[$0] }
    )
  }
}
