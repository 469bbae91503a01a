// Vectors and targets in CSV files, exactly as written.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredWorksheet

/// A table of vectors from a file: a name, then numbers; blanks where they are to be found.
struct VectorFile {
  let names: [String]
  let cells: [[Rational?]]
  private let lines: [Int]
  private let path: String

  /// Reads a CSV file (RFC 4180); a first row without any number is a header.
  ///
  /// - Throws: `RatingsError` if the file cannot be read, `Exit.Problem` for a row that is wrong.
  init(_ path: String) throws {
    let rows = try CSVRows(path).rows
    var names: [String] = []
    var cells: [[Rational?]] = []
    var lines: [Int] = []
    var known: Set<String> = []
    for (index, row) in rows.enumerated() {
      let numbers = row.fields.dropFirst()
      let isHeader =
        index == 0 && !numbers.isEmpty
        && numbers.allSatisfy { cell in
          !isBlankCell(cell) && Rational(cell) == nil
        }
      if isHeader { continue }
      guard let name = row.fields.first, !name.isEmpty else {
        throw row.problem("the row has no name")
      }
      guard known.insert(name).inserted else {
        throw row.problem("there are two rows named \"\(name)\"")
      }
      if let first = cells.first, numbers.count != first.count {
        throw row.problem(
          "\"\(name)\" has \(numbers.count) numbers where the rows above have \(first.count)")
      }
      names.append(name)
      lines.append(row.line)
      cells.append(try numbers.map { try row.number($0) })
    }
    guard let first = cells.first, !first.isEmpty else {
      throw Exit.Problem.badData("\(path) holds no vectors: a row is a name, then numbers.")
    }
    self.names = names
    self.cells = cells
    self.lines = lines
    self.path = path
  }

  /// Refuses blanks, where every number is needed.
  func requireNumbers() throws {
    guard let row = cells.firstIndex(where: { $0.contains(nil) }) else { return }
    throw Exit.Problem.badData(
      "\(path), line \(lines[row]): \"\(names[row])\" has a blank, and a score needs every number; "
        + "kindred construct fills blanks in.")
  }

  /// The rows as a table for a worksheet part.
  func table(caption: String) -> VectorTable {
    VectorTable(
      caption: caption, header: nil,
      rows: names.indices.map {
        VectorRow(name: names[$0], cells: cells[$0], line: lines[$0])
      })
  }
}

/// The rows of a CSV file as texts.
struct CSVRows {
  struct Row {
    let fields: [String]
    let line: Int
    let path: String

    func problem(_ reason: String) -> Exit.Problem {
      .badData("\(path), line \(line): \(reason).")
    }

    /// A number, or nil for a blank.
    func number(_ text: String) throws -> Rational? {
      if isBlankCell(text) { return nil }
      guard let value = Rational(text) else {
        throw problem(
          "\"\(text.prefix(40))\" is no number: an integer, a decimal, a fraction such as 1/2 or a "
            + "blank was expected")
      }
      return value
    }
  }

  let rows: [Row]

  init(_ path: String) throws {
    let file = try TextFile.load(path)
    try file.checkText()
    try file.checkUTF8()
    var records = Records(file.bytes, from: file.start, separator: .comma, quoting: true)
    var rows: [Row] = []
    reading: while true {
      switch records.next() {
      case .end: break reading
      case .fault:
        throw Exit.Problem.badData("\(path), line \(records.line): the quotes do not match.")
      case .record:
        let fields = records.fields.map { records.text($0).trimmingSpaces }
        rows.append(Row(fields: fields, line: records.line, path: path))
      }
    }
    guard !rows.isEmpty else { throw Exit.Problem.badData("\(path) is empty.") }
    self.rows = rows
  }
}
