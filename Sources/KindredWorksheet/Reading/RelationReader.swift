// Looking up the rows that a relation names.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

/// Turns names in relations into places in the two tables.
struct RelationReader {
  private let users: VectorTable
  private let items: VectorTable
  /// The rows that bear a name.
  private let places: [String: [(side: VectorSide, row: Int)]]

  init(users: VectorTable, items: VectorTable) {
    self.users = users
    self.items = items
    var places: [String: [(side: VectorSide, row: Int)]] = [:]
    for (side, table) in [(VectorSide.user, users), (VectorSide.item, items)] {
      for (row, name) in table.names.enumerated() {
        places[Self.normalized(name), default: []].append((side, row))
      }
    }
    self.places = places
  }

  /// A relation with its rows found and its target read.
  ///
  /// - Throws: `WorksheetError` for a name that is no row, or two rows of one side.
  func read(_ written: WrittenRelation, at line: SourceLine) throws(WorksheetError)
    -> RelationStatement
  {
    let first = try place(written.first, at: line)
    let second = try place(written.second, at: line)
    guard first.side != second.side else {
      let caption = (first.side == .user ? users : items).caption
      throw line.error(
        "\"\(written.first)\" and \"\(written.second)\" are both rows of \(caption): a dot product "
          + "here is between a row of \(users.caption) and one of \(items.caption).")
    }
    var target: Rational?
    if let text = written.target { target = try number(text, at: line) }
    return RelationStatement(
      user: first.side == .user ? first.row : second.row,
      item: first.side == .user ? second.row : first.row, target: target, line: line.number)
  }

  private func place(
    _ name: String, at line: SourceLine
  ) throws(WorksheetError) -> (side: VectorSide, row: Int) {
    let wanted = Self.normalized(name)
    let found = places[wanted] ?? []
    if found.count > 1 {
      throw line.error("\"\(name)\" is the name of \(found.count) rows; which one is meant?")
    }
    if let only = found.first { return only }
    if let match = wanted.wholeMatch(of: /(\p{L})_?\{?([0-9]+)\}?/), let side = side(of: match.1) {
      let count = table(side).rows.count
      guard let row = Int(match.2), (1...count).contains(row) else {
        throw line.error(
          "\"\(name)\" is row \(match.2) of \(table(side).caption), which has \(count) "
            + "row\(count == 1 ? "" : "s").")
      }
      return (side, row - 1)
    }
    let known = (users.names + items.names).prefix(6).joined(separator: ", ")
    throw line.error(
      "There is no row \"\(name)\". Rows are named by letter and number (u1, m2) or by name: "
        + "\(known)\(users.names.count + items.names.count > 6 ? ", …" : "").")
  }

  /// The side that a letter stands for: the first letters of the captions where they differ, else
  /// u for users and m or i for items.
  private func side(of letter: Substring) -> VectorSide? {
    let captions = [users, items].map { Self.normalized($0.caption).prefix(1) }
    if captions[0] != captions[1] {
      if letter == captions[0] { return .user }
      if letter == captions[1] { return .item }
    }
    return ["u": .user, "m": .item, "i": .item][letter]
  }

  private func table(_ side: VectorSide) -> VectorTable { side == .user ? users : items }

  private static func normalized(_ name: String) -> String {
    name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
