// Interactions of one side, row after row.
// SPDX-License-Identifier: Apache-2.0

/// The interactions of every row of side `S`, in compressed row storage.
///
/// Row r holds the entries `offsets[r] ..< offsets[r + 1]`; within a row the columns ascend and none
/// repeats. The columns of a mapped file that nobody has checked may break this: `columns` and `values`
/// of a row then give what of it makes sense.
package struct CompressedRows<S: Side, Column: Side>: Sendable {
  /// Where each row starts, never falling from 0; one more at the end, the number of entries. [rows + 1]
  package let offsets: Flat<Int64>
  /// The other side's row of each entry. [entries]
  package let columns: Flat<Int32>
  /// The rating of each entry; 1 where interactions have no value. [entries]
  package let values: Flat<Float>
  /// Where the columns have not been checked, the number of rows of the other side: a column from
  /// here on is none.
  private let uncheckedColumnCount: Int?

  package init(
    offsets: Flat<Int64>, columns: Flat<Int32>, values: Flat<Float>,
    uncheckedColumnCount: Int? = nil
  ) {
    self.offsets = offsets
    self.columns = columns
    self.values = values
    self.uncheckedColumnCount = uncheckedColumnCount
  }

  package init(offsets: [Int], columns: [Int32], values: [Float]) {
    self.init(
      offsets: Flat(offsets.map { Int64($0) }), columns: Flat(columns), values: Flat(values))
  }

  /// Whether the columns come from a file that nobody has checked.
  package var isUnchecked: Bool { uncheckedColumnCount != nil }

  package var count: Int { columns.count }
  package var rowCount: Int { offsets.count - 1 }

  package func range(_ row: Row<S>) -> Range<Int> {
    range(Int(row.index))
  }

  private func range(_ row: Int) -> Range<Int> {
    Int(offsets[row])..<Int(offsets[row + 1])
  }

  package func columns(_ row: Row<S>) -> Flat<Int32> {
    let all = columns[range(row)]
    guard let limit = limit(exceededBy: all) else { return all }
    return Flat(all.filter { (0..<limit).contains($0) })
  }

  package func values(_ row: Row<S>) -> Flat<Float> {
    let range = range(row)
    guard let limit = limit(exceededBy: columns[range]) else { return values[range] }
    return Flat(range.filter { (0..<limit).contains(columns[$0]) }.map { values[$0] })
  }

  /// The number of columns, if one of these is beyond it; a row is looked at when it is used, since
  /// all rows of a large file would take long to read.
  private func limit(exceededBy columns: Flat<Int32>) -> Int32? {
    guard let uncheckedColumnCount else { return nil }
    let limit = Int32(clamping: uncheckedColumnCount)
    return columns.allSatisfy { (0..<limit).contains($0) } ? nil : limit
  }

  /// How many entries each column has. [columnCount]
  ///
  /// - Complexity: O(entries + *columnCount*).
  package func counts(columnCount: Int) -> [Int] {
    var counts = Array(repeating: 0, count: columnCount)
    for column in columns where counts.indices.contains(Int(column)) { counts[Int(column)] += 1 }
    return counts
  }

  /// Whether the columns ascend within each row and none repeats.
  ///
  /// - Complexity: O(entries).
  package var isStrictlyAscending: Bool {
    (0..<rowCount).allSatisfy { row in
      let columns = columns[range(row)]
      return zip(columns, columns.dropFirst()).allSatisfy { $0 < $1 }
    }
  }
}
