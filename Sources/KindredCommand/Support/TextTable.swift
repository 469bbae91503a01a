// Tables of results for people.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredWorksheet

/// Lines up cells in columns; numbers to the right, words to the left.
///
/// Where rows would be wider than the terminal, words are cut with an ellipsis, those of the widest
/// columns first, and so are the titles of columns; numbers never are.
struct TextTable {
  /// What stands to the right, or is `whole`, is never cut: numbers, ranges of them, paths.
  enum Alignment { case left, right, whole }

  /// Words are not cut to less than this: they would say nothing.
  private static let narrowest = 12

  let columns: [(title: String, alignment: Alignment)]
  var rows: [[String]] = []

  init(_ columns: [(String, Alignment)]) {
    self.columns = columns.map { (title: $0.0.replacingControls(), alignment: $0.1) }
  }

  /// The table in the terminal's width.
  var text: String {
    let rows = rows.map { row in row.map { $0.replacingControls() } }
    let widths = widths(rows, in: Terminal.columns)
    return ([columns.map(\.title)] + rows).map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        line += (column == 0 ? "" : "  ")
        let short = cell.fitted(widths[column])
        line +=
          columns[column].alignment == .right
          ? short.trailing(widths[column]) : short.leading(widths[column])
      }
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  /// The columns' widths: as wide as their cells, but for words under the largest cap that lets rows
  /// fit.
  private func widths(_ rows: [[String]], in total: Int) -> [Int] {
    let cells = columns.indices.map { column in rows.map { $0[column].columns }.max() ?? 0 }
    let wanted = zip(columns, cells).map { max($0.title.columns, $1) }
    let kept = zip(columns, cells).map { $0.alignment == .left ? 0 : $1 }
    let room = total - 2 * (columns.count - 1)
    let capped = { (cap: Int) in zip(wanted, kept).map { min($0, max($1, cap)) } }
    var (low, high) = (Self.narrowest, max(Self.narrowest, wanted.max() ?? 0))
    while low < high {
      let middle = (low + high + 1) / 2
      if capped(middle).reduce(0, +) <= room { low = middle } else { high = middle - 1 }
    }
    return capped(low)
  }
}
