// Tables of vectors, of scores and of steps.
// SPDX-License-Identifier: Apache-2.0

/// Sets a grid as one table, or as several where it is too wide for a page.
struct HTMLTable {
  let grid: Grid

  /// How many characters a printed line has room for, at the small size of wide tables.
  private static let lineWidth = 108
  /// From this width on, names above columns are turned and the type is small.
  private static let wideWidth = 88

  var markup: [Markup] {
    let blocks = columnBlocks
    return blocks.enumerated().map { index, columns in
      let note = blocks.count > 1 ? " (\(index + 1) of \(blocks.count))" : ""
      return .tag(
        "div", ["class": "table-box"],
        [
          .tag(
            "table", ["class": classes(isWide: width(of: columns, isWide: false) > Self.wideWidth)],
            [caption(note), head(columns), body(columns)].compactMap { $0 })
        ])
    }
  }

  private var columnCount: Int { grid.rows.map(\.cells.count).max() ?? 0 }

  private func classes(isWide: Bool) -> String {
    let cells = grid.rows.flatMap(\.cells)
    let isForm = !cells.isEmpty && cells.contains { $0.role == .blank }
    // The rungs of a step: boxes that take whole vectors.
    let isLadder = isForm && grid.rows.contains { $0.name.hasPrefix("d loss/d ") }
    return [
      grid.isShaded ? "scores" : nil, isForm ? "form" : nil, isLadder ? "ladder" : nil,
      isWide ? "wide" : nil,
      turnsHeads ? "turned" : nil,
    ].compactMap { $0 }.joined(separator: " ")
  }

  // MARK: Width

  /// Whether the names above the columns are so long that they would set the columns' width.
  private var turnsHeads: Bool {
    guard let header = grid.header?.dropFirst(), header.count > 5 else { return false }
    return header.contains { $0.count > 9 } && !header.contains { $0.hasPrefix("d loss") }
  }

  /// The characters that a column takes: its longest word, since a cell can wrap between words.
  private func width(of column: Int, isWide: Bool) -> Int {
    let hasBoxes = grid.rows.contains { column < $0.cells.count && $0.cells[column].role == .blank }
    let least = !hasBoxes ? 5 : isWide ? 6 : 9
    var texts = grid.rows.compactMap { column < $0.cells.count ? $0.cells[column].text : nil }
    if !turnsHeads, let header = grid.header, column + 1 < header.count {
      texts.append(header[column + 1])
    }
    return max(least, 2 + (texts.flatMap { $0.split(separator: " ") }.map(\.count).max() ?? 0))
  }

  private func width(of columns: Range<Int>, isWide: Bool) -> Int {
    nameWidth + columns.reduce(0) { $0 + width(of: $1, isWide: isWide) }
  }

  private var nameWidth: Int { min(24, grid.rows.map(\.name.count).max() ?? 0) }

  /// The columns that stand together in one table, about as many in each.
  private var columnBlocks: [Range<Int>] {
    var count = 1
    while true {
      let size = max(1, (columnCount + count - 1) / count)
      let blocks = stride(from: 0, to: max(1, columnCount), by: size).map {
        $0..<min(columnCount, $0 + size)
      }
      let fits = blocks.allSatisfy { width(of: $0, isWide: true) <= Self.lineWidth }
      if fits || size == 1 { return blocks }
      count += 1
    }
  }

  // MARK: Rows

  private func caption(_ note: String) -> Markup? {
    grid.caption.map { .tag("caption", typeset($0 + note)) }
  }

  private func head(_ columns: Range<Int>) -> Markup? {
    guard let header = grid.header else { return nil }
    let texts = [header.first ?? ""] + columns.map { $0 + 1 < header.count ? header[$0 + 1] : "" }
    return .tag(
      "thead", [:],
      [
        .tag(
          "tr", [:],
          texts.map { text in
            // An empty header would be read out as one.
            text.isEmpty
              ? .tag("td") : .tag("th", ["scope": "col"], [.tag("span", [:], Self.label(text))])
          })
      ])
  }

  private func body(_ columns: Range<Int>) -> Markup {
    let scale = ScoreScale(grid)
    return .tag(
      "tbody", [:],
      grid.rows.map { row in
        .tag(
          "tr", [:],
          [
            .tag(
              "th", ["scope": "row", "class": row.name.count > 12 ? "long" : nil],
              Self.label(row.name))
          ]
            + columns.map { column in
              column < row.cells.count ? cell(row.cells[column], scale) : .tag("td")
            })
      })
  }

  private func cell(_ cell: Grid.Cell, _ scale: ScoreScale?) -> Markup {
    switch cell.role {
    case .given: return .tag("td", [:], cell.text.isEmpty ? [] : [.text(typeset(cell.text))])
    case .found:
      let shade = cell.value.flatMap { scale?.shade(of: $0) }
      let classes = ["found", shade, cell.text.contains(" ") ? "words" : nil]
      return .tag(
        "td", ["class": classes.compactMap { $0 }.joined(separator: " ")], typeset(cell.text))
    case .blank:
      return .tag("td", ["class": "blank"], [.tag("span", ["class": "box"])])
    }
  }

  /// A name; those of derivatives are set as the fractions that they are.
  private static func label(_ text: String) -> [Markup] {
    if let match = text.wholeMatch(of: /d loss\/d (.+)/) {
      return [MathML.math([MathML.derivative(of: "loss", by: String(match.1))])]
    }
    return breakable(text)
  }

  /// A name whose very long words may be broken, so that they cannot set a table's width.
  private static func breakable(_ text: String) -> [Markup] {
    var pieces: [Markup] = []
    var piece = ""
    var length = 0
    for character in text {
      length = character.isWhitespace ? 0 : length + 1
      if length > longestWord {
        pieces += [.text(piece), .tag("wbr")]
        (piece, length) = ("", 1)
      }
      piece.append(character)
    }
    return pieces + [.text(piece)]
  }

  private static let longestWord = 16
}
