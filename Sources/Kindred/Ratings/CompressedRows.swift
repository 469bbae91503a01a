// Interactions of one side, row after row.
// SPDX-License-Identifier: Apache-2.0

/// The interactions of every row of side `S`, in compressed row storage.
///
/// Row r holds the entries `offsets[r] ..< offsets[r + 1]`; within a row the columns ascend and none
/// repeats.
package struct CompressedRows<S: Side, Column: Side>: Sendable {
  /// Where each row starts; one more at the end. [rows + 1]
  package let offsets: Flat<Int64>
  /// The other side's row of each entry. [entries]
  package let columns: Flat<Int32>
  /// The rating of each entry; 1 where interactions have no value. [entries]
  package let values: Flat<Float>

  package init(offsets: Flat<Int64>, columns: Flat<Int32>, values: Flat<Float>) {
    self.offsets = offsets
    self.columns = columns
    self.values = values
  }

  package init(offsets: [Int], columns: [Int32], values: [Float]) {
    self.init(
      offsets: Flat(offsets.map { Int64($0) }), columns: Flat(columns), values: Flat(values))
  }

  package var count: Int { columns.count }
  package var rowCount: Int { offsets.count - 1 }

  package func range(_ row: Row<S>) -> Range<Int> {
    range(Int(row.index))
  }

  private func range(_ row: Int) -> Range<Int> { Int(offsets[row])..<Int(offsets[row + 1]) }

  package func columns(_ row: Row<S>) -> Flat<Int32> { columns[range(row)] }
  package func values(_ row: Row<S>) -> Flat<Float> { values[range(row)] }

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
