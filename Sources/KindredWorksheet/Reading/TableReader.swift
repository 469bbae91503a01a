// From rows as written to vectors of one width.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

/// A table as written: a caption and rows of cells.
struct WrittenTable {
  let caption: String
  let captionLine: Int
  private(set) var header: [String]?
  private(set) var rows: [Row] = []
  private var last: (cells: RowCells, line: SourceLine, isKept: Bool)?

  struct Row {
    let name: String
    let cells: [String]
    let line: SourceLine
    var holdsNumber: Bool { cells.contains { !isBlankCell($0) } }
  }

  init(caption: String, line: Int) {
    self.caption = caption
    captionLine = line
  }

  /// Adds a row; ornament is left out, and the row above a `|---|` line becomes the header.
  mutating func add(_ cells: RowCells, _ line: SourceLine) {
    if cells.isRule {
      // Only the first rule has a header above it.
      guard header == nil else { return }
      if let last, last.isKept { rows.removeLast() }
      header = last.map { [$0.cells.name] + $0.cells.cells }
      last = nil
      return
    }
    let isKept = !cells.isDecoration
    if isKept { rows.append(Row(name: cells.name, cells: cells.cells, line: line)) }
    last = (cells, line, isKept)
  }

  /// Whether the caption says that these are the items.
  var saysItems: Bool {
    caption.lowercased().split { !$0.isLetter }.contains {
      ["movie", "movies", "item", "items"].contains($0)
    }
  }
}

/// The two tables of a part, in one width.
struct TableReader {
  let users: WrittenTable
  let items: WrittenTable

  /// Sorts out which table is which side.
  init(_ tables: [WrittenTable], at line: Int) throws(WorksheetError) {
    guard tables.count == 2 else {
      let found =
        tables.isEmpty ? "none" : tables.map { "\"\($0.caption)\"" }.joined(separator: ", ")
      throw WorksheetError(
        "A part has two tables, one of users and one of items, each below a caption such as "
          + "Users; found: \(found).",
        line: tables.count > 2 ? tables[2].captionLine : line)
    }
    let itemsFirst = tables[0].saysItems
    users = itemsFirst ? tables[1] : tables[0]
    items = itemsFirst ? tables[0] : tables[1]
    for table in tables where table.rows.isEmpty {
      throw WorksheetError("The table \"\(table.caption)\" has no rows.", line: table.captionLine)
    }
  }

  /// The dimension: the directive's, else that of the rows that hold a number, else the number of
  /// cells that all blank rows share.
  ///
  /// - Throws: `WorksheetError` for rows of different widths, or if nothing says the dimension.
  func dimension(stated: Int?) throws(WorksheetError) -> Int {
    let rows = users.rows + items.rows
    let numbered = rows.filter(\.holdsNumber).sorted { $0.line.number < $1.line.number }
    if let first = numbered.first {
      for row in numbered where row.cells.count != first.cells.count {
        throw row.line.error(
          "\"\(row.name)\" has \(row.cells.count) numbers, \"\(first.name)\" on line "
            + "\(first.line.number) has \(first.cells.count): all vectors of a part have the same "
            + "dimension.")
      }
      if let stated, stated != first.cells.count {
        throw first.line.error(
          "\"\(first.name)\" has \(first.cells.count) numbers, but the directive says "
            + "dimension=\(stated).")
      }
      return first.cells.count
    }
    if let stated { return stated }
    let widths = Set(rows.map(\.cells.count))
    if widths.count == 1, let width = widths.first, width > 0 { return width }
    throw WorksheetError(
      "Nothing says how many numbers each vector has: add a line "
        + "<!-- kindred: dimension=2 --> to this part.",
      line: users.captionLine)
  }

  /// The rows as vectors; a row without any number is all blanks.
  ///
  /// - Throws: `WorksheetError` for a cell that is neither a number nor a blank.
  func vectors(_ table: WrittenTable, dimension: Int) throws(WorksheetError) -> VectorTable {
    var rows: [VectorRow] = []
    for row in table.rows {
      var cells: [Rational?] = []
      if row.holdsNumber {
        for cell in row.cells {
          cells.append(isBlankCell(cell) ? nil : try number(cell, at: row.line))
        }
      } else {
        cells = Array(repeating: nil, count: dimension)
      }
      rows.append(VectorRow(name: row.name, cells: cells, line: row.line.number))
    }
    return VectorTable(caption: table.caption, header: table.header, rows: rows)
  }

  var usesFractions: Bool {
    (users.rows + items.rows).contains { $0.cells.contains { $0.contains("/") } }
  }
}
