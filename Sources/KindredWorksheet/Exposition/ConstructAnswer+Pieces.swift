// Showing the vectors found, the verdict and its proof.
// SPDX-License-Identifier: Apache-2.0

import Kindred

extension ConstructAnswer {
  func pieces(for purpose: RenderingPurpose, _ numbers: NumberText) -> [Piece] {
    switch purpose {
    case .blank: return [.writingSpace(lines: 3)]
    case .key: return [verdict]
    case .worked: break
    }
    var pieces: [Piece] = [verdict, .paragraph(construction.why)]
    pieces += filledTables(numbers)
    if !construction.outcomes.isEmpty {
      pieces.append(.paragraph(checkHeading))
      pieces.append(.formulas(construction.outcomes.map { check($0, numbers) }))
    }
    if !isExact || construction.verdict == .impossible {
      pieces.append(
        .paragraph(
          "Squared differences: \(lossText(numbers)) in all, "
            + "\(meanText(numbers)) on average."))
    }
    if let minimum = construction.minimumDimension {
      pieces.append(
        .paragraph(
          "This table of targets has rank \(minimum), so it needs at least \(minimum) "
            + "dimension\(minimum == 1 ? "" : "s")\(comparison(minimum))."))
    }
    return pieces
  }

  private var verdict: Piece {
    switch construction.verdict {
    case .unique: .verdict("Unique: there is exactly one solution.", .good)
    case .family:
      .verdict("A family: there are infinitely many solutions. \(freedom)", .good)
    case .impossible:
      .verdict(
        "Impossible in \(part.dimension) dimension\(part.dimension == 1 ? "" : "s"): proven. What is "
          + "filled in is the best approximation\(isBest ? "" : " that was found").", .bad)
    case .undecided:
      .verdict(
        "Undecided: no proof either way. What is filled in is the best that was found.", .open)
    }
  }

  private var freedom: String {
    guard let free = construction.freeDimensions else { return "" }
    let shown = "Shown is one of them"
    guard let vectors = free.vectors else {
      return "\(free.total) number\(free.total == 1 ? "" : "s") can be chosen freely. \(shown)."
    }
    let each = vectors.map { "\($0.count) in \($0.name)" }.joined(separator: ", ")
    return "Numbers that can be chosen freely: \(each). \(shown), the smallest."
  }

  private func comparison(_ minimum: Int) -> String {
    let here = part.dimension == 1 ? "here there is 1" : "here there are \(part.dimension)"
    if minimum > part.dimension { return "; \(here)" }
    if construction.verdict == .impossible {
      return ". There are enough of them here: it is the given numbers that stand in the way"
    }
    return minimum < part.dimension ? "; \(here), more than it needs" : ""
  }

  /// Whether what is shown is the best there is: exact least squares, or a table with nothing given,
  /// whose singular vectors are the best even where roots must be rounded.
  private var isBest: Bool {
    let isBlank = (part.users.cells + part.items.cells).allSatisfy { $0.allSatisfy { $0 == nil } }
    return isExact || (isBlank && construction.minimumDimension != nil)
  }

  private var isExact: Bool {
    (construction.users + construction.items).allSatisfy { $0.allSatisfy { $0.rational != nil } }
  }

  private func lossText(_ numbers: NumberText) -> String {
    construction.loss.exactSum.map { numbers($0) } ?? numbers(construction.loss.sum)
  }

  private func meanText(_ numbers: NumberText) -> String {
    construction.loss.exactMean.map { numbers($0) } ?? numbers(construction.loss.mean)
  }

  private var checkHeading: String {
    construction.verdict == .impossible ? "What these vectors give:" : "The check:"
  }

  /// The tables that had blanks, filled in.
  private func filledTables(_ numbers: NumberText) -> [Piece] {
    [
      (part.users, construction.users), (part.items, construction.items),
    ].filter { $0.0.hasBlanks }.map { table, vectors in
      .grid(
        Grid(
          caption: table.caption, header: table.header,
          rows: zip(table.rows, vectors).map { row, vector in
            Grid.Row(
              name: row.name,
              cells: zip(row.cells, vector).map { given, entry in
                Grid.Cell(text: numbers(entry), role: given == nil ? .found : .given)
              })
          }))
    }
  }

  private func check(_ outcome: Construction.RelationOutcome, _ numbers: NumberText) -> Formula {
    let relation = outcome.relation
    let pairs = zip(construction.users[relation.user], construction.items[relation.item]).map {
      (numbers($0), numbers($1))
    }
    let left: [Formula] = [
      .dot(part.users.names[relation.user], part.items.names[relation.item]), .equals,
      .products(pairs), .equals, .number(numbers(outcome.achieved)),
    ]
    guard !outcome.holds else { return .row(left + [.words("✓")]) }
    return .row(left + [.words("(wanted \(numbers(relation.target)))")])
  }
}
