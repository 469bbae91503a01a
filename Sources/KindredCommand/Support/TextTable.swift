// Tables of results for people.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredWorksheet

/// Lines up cells in columns; numbers to the right, words to the left.
struct TextTable {
  enum Alignment { case left, right }

  let columns: [(title: String, alignment: Alignment)]
  var rows: [[String]] = []

  init(_ columns: [(String, Alignment)]) {
    self.columns = columns.map { (title: $0.0, alignment: $0.1) }
  }

  var text: String {
    let table = [columns.map(\.title)] + rows.map { row in row.map { $0.replacingControls() } }
    let widths = columns.indices.map { column in table.map { $0[column].columns }.max() ?? 0 }
    return table.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.columns)
        line += (column == 0 ? "" : "  ")
        line += columns[column].alignment == .left ? cell + space : space + cell
      }
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
