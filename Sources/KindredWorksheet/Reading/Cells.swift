// Splitting a line into a name and cells.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

/// A line that looks like a row of a table: a name, then cells.
struct RowCells: Equatable {
  enum Separator: Equatable { case tab, pipe, spaces, none }

  let name: String
  let cells: [String]
  let separator: Separator

  /// Splits by tabs if there is one, else by `|`, else by two or more spaces.
  init(_ line: String) {
    let trimmed = line.trimmingCharacters(in: .whitespaces)
    let pieces: [Substring]
    if line.contains("\t") {
      separator = .tab
      // The tabs at the end are empty cells; those before the name are indentation.
      pieces = line.drop { $0 == " " || $0 == "\t" }
        .split(separator: "\t", omittingEmptySubsequences: false)
    } else if trimmed.contains("|") {
      separator = .pipe
      var inner = trimmed[...]
      if inner.hasPrefix("|") { inner = inner.dropFirst() }
      if inner.hasSuffix("|") { inner = inner.dropLast() }
      pieces = inner.split(separator: "|", omittingEmptySubsequences: false)
    } else {
      // Building a pattern costs far more than most lines are worth.
      let bySpaces =
        trimmed.contains("  ") ? trimmed.split(separator: /[ ]{2,}/) : [trimmed[...]]
      separator = bySpaces.count > 1 ? .spaces : .none
      pieces = bySpaces
    }
    let texts = pieces.map { $0.trimmingCharacters(in: .whitespaces) }
    name = texts.first ?? ""
    cells = Array(texts.dropFirst())
  }

  /// Whether a line of this shape is a row wherever a table may start.
  ///
  /// Two spaces also stand in running text, and so do bars, so those need a cell that is a number or
  /// a blank (or, with bars, the bar at the line's start) to count. One is enough, and it may be
  /// written wrongly: what else is in the row is better refused than passed over.
  func startsTable(line: String) -> Bool {
    switch separator {
    case .tab: true
    case .pipe:
      line.trimmingCharacters(in: .whitespaces).hasPrefix("|") || isRule
        || cells.contains(where: Self.isBlankOrNumber)
    case .spaces: cells.contains(where: Self.isBlankOrNumber)
    case .none: false
    }
  }

  private static func isBlankOrNumber(_ cell: String) -> Bool {
    isBlankCell(cell) || WrittenRelation.isMeantAsNumber(cell)
  }

  /// Whether the row is ornament: its name has no letter or digit.
  var isDecoration: Bool {
    !name.unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
  }

  /// Whether the row is the `|---|` line under a header.
  var isRule: Bool {
    separator == .pipe
      && ([name] + cells).allSatisfy { cell in
        !cell.isEmpty && cell.contains("-") && cell.allSatisfy { $0 == "-" || $0 == ":" }
      }
  }
}

/// Whether a cell is there to be filled in: empty, underscores, or a question mark.
///
/// Markdown writes an underscore as `\_`.
package func isBlankCell(_ cell: String) -> Bool {
  cell.isEmpty || cell == "?" || cell.replacing("\\_", with: "_").allSatisfy { $0 == "_" }
}
