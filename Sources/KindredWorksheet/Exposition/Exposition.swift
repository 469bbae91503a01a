// From a solved worksheet to the pieces that every rendering shows.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// What a rendering is for.
public enum RenderingPurpose: String, Sendable, CaseIterable {
  /// Everything solved, with all work shown.
  case worked
  /// The student's sheet: nothing solved, room to write.
  case blank
  /// The teacher's key: the student's sheet with the answers in place.
  case key
}

extension SolvedWorksheet {
  /// The pieces of a rendering, in order.
  func exposition(_ purpose: RenderingPurpose) -> [Piece] {
    var pieces: [Piece] = []
    var answers = answers[...]
    for section in worksheet.sections {
      if let heading = section.heading {
        pieces.append(.heading(level: heading.level, text: heading.text))
      }
      let answer = section.part == nil ? nil : answers.popFirst()
      for block in section.blocks {
        switch block {
        case .text(let lines): pieces.append(.text(lines))
        case .table(let side):
          if let answer { pieces.append(.grid(answer.grid(of: side, for: purpose))) }
        case .relations(let range):
          guard let answer else { continue }
          let stated = answer.stated(range, for: purpose)
          // Relations on lines that follow one another are one list.
          if case .formulas(let before)? = pieces.last {
            pieces[pieces.count - 1] = .formulas(before + stated)
          } else {
            pieces.append(.formulas(stated))
          }
        }
      }
      if let answer { pieces += answer.pieces(for: purpose) }
    }
    return pieces
  }
}

extension Answer {
  var numbers: NumberText { NumberText(usesFractions: part.usesFractions) }

  /// One of the part's tables as the sheet shows it; the key has the answers in the blanks.
  fileprivate func grid(of side: VectorSide, for purpose: RenderingPurpose) -> Grid {
    let table = part.table(side)
    let filled = purpose == .key ? filled(side) : nil
    return Grid(
      caption: table.caption, header: table.header,
      rows: table.rows.enumerated().map { row, vector in
        Grid.Row(
          name: vector.name,
          cells: vector.cells.enumerated().map { place, cell in
            if let cell { return Grid.Cell(text: numbers(cell), role: .given) }
            guard let text = filled?[row][place] else { return Grid.Cell(text: "", role: .blank) }
            return Grid.Cell(text: text, role: .found)
          })
      })
  }

  /// What goes into the blanks of a table.
  private func filled(_ side: VectorSide) -> [[String]] {
    switch self {
    case .score(let answer): answer.part.table(side).cells.map { $0.map { _ in "" } }
    case .construct(let answer):
      (side == .user ? answer.construction.users : answer.construction.items)
        .map { $0.map { numbers($0) } }
    case .learn(let answer):
      // What is penciled in before the first step; the steps and the end stand below.
      (side == .user ? answer.start.users : answer.start.items).map { $0.map { numbers($0) } }
    }
  }

  /// A line of relations as stated, with the values that were asked for where they are known.
  fileprivate func stated(_ range: Range<Int>, for purpose: RenderingPurpose) -> [Formula] {
    part.relations[range].map { relation in
      let left = Formula.dot(
        part.users.rows[relation.user].name, part.items.rows[relation.item].name)
      let value: Formula =
        if let target = relation.target { .number(numbers(target)) } else if purpose == .blank {
          .words("_____")
        } else { .number(value(of: relation)) }
      return .row([left, .equals, value])
    }
  }

  /// The dot product that a relation asks for.
  private func value(of relation: RelationStatement) -> String {
    switch self {
    case .score(let answer): return numbers(answer.scores[relation.user][relation.item])
    case .construct(let answer):
      let (x, y) = (
        answer.construction.users[relation.user], answer.construction.items[relation.item]
      )
      let exact = zip(x, y).map { a, b in a.rational.flatMap { a in b.rational.map { a * $0 } } }
      let terms = exact.compactMap { $0 }
      if terms.count == x.count { return numbers(terms.reduce(Rational.zero) { $0 + $1 }) }
      return numbers(zip(x, y).reduce(0) { $0 + $1.0.doubleValue * $1.1.doubleValue })
    case .learn(let answer):
      let (x, y) = (answer.result.users[relation.user], answer.result.items[relation.item])
      return numbers(zip(x, y).reduce(0) { $0 + $1.0 * $1.1 })
    }
  }

  fileprivate func pieces(for purpose: RenderingPurpose) -> [Piece] {
    switch self {
    case .score(let answer): answer.pieces(for: purpose, numbers)
    case .construct(let answer): answer.pieces(for: purpose, numbers)
    case .learn(let answer): answer.pieces(for: purpose, numbers)
    }
  }
}
