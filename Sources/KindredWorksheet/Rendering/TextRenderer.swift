// A solved worksheet for the terminal.
// SPDX-License-Identifier: Apache-2.0

extension SolvedWorksheet {
  /// The worksheet as plain text.
  ///
  /// - Parameters:
  ///   - purpose: All work shown, the student's sheet, or the key.
  ///   - color: Whether to use the terminal's colours.
  /// - Returns: The text, lines ended.
  public func text(_ purpose: RenderingPurpose = .worked, color: Bool = false) -> String {
    TextRenderer(color: color).render(exposition(purpose))
  }
}

/// Lays pieces out in lines of fixed-width characters.
struct TextRenderer {
  let color: Bool

  func render(_ pieces: [Piece]) -> String {
    var lines: [String] = []
    for piece in pieces {
      let piece = self.lines(piece)
      guard !piece.isEmpty else { continue }
      if !lines.isEmpty { lines.append("") }
      lines += piece
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func lines(_ piece: Piece) -> [String] {
    switch piece {
    case .heading(let level, let text):
      let underline =
        level <= 2 ? [String(repeating: level == 1 ? "═" : "─", count: width(text))] : []
      return ([text] + underline).map { styled($0, .bold) }
    case .text(let lines): return lines.map { styled($0, .dim) }
    case .paragraph(let text): return wrapped(text)
    case .verdict(let text, let tone):
      let style: Style = tone == .good ? .green : tone == .bad ? .red : .yellow
      return wrapped("\(tone.mark) \(text)", indent: "  ").map { styled($0, style) }
    case .grid(let grid): return self.lines(grid)
    case .formulas(let formulas): return formulas.map { "  " + $0.plain }
    case .figure(.stepGraph): return []  // the formulas around it say the same
    case .figure(.lossCurve(let curve)):
      return TextPlot(
        series: [.init(mark: "●", values: curve.losses)],
        floors: curve.floors.map { .init(value: $0.loss, label: $0.label) }
      ).lines
    case .writingSpace(let count):
      return Array(repeating: String(repeating: "_", count: 60), count: count)
    }
  }

  // MARK: Tables

  private func lines(_ grid: Grid) -> [String] {
    let body = grid.rows.map { row in
      [row.name] + row.cells.map { $0.role == .blank ? "____" : $0.text }
    }
    let table = (grid.header.map { [$0] } ?? []) + body
    let columns = table.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      table.map { column < $0.count ? width($0[column]) : 0 }.max() ?? 0
    }
    var lines = grid.caption.map { [styled("  \($0)", .bold)] } ?? []
    for (index, texts) in table.enumerated() {
      let bodyRow = grid.header == nil ? index : index - 1
      let cells = texts.enumerated().map { column, text -> String in
        let space = String(repeating: " ", count: widths[column] - width(text))
        if column == 0 { return text + space }
        let isFound = bodyRow >= 0 && grid.rows[bodyRow].cells[column - 1].role == .found
        return space + (isFound ? styled(text, .green) : text)
      }
      let line = "  " + cells.joined(separator: "  ")
      lines.append(bodyRow < 0 ? styled(line, .dim) : line.trimmingTrailingSpaces)
    }
    return lines
  }

  // MARK: Lines

  private func wrapped(_ text: String, indent: String = "") -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, width(line) + 1 + width(String(word)) > 88 {
        lines.append(line)
        line = indent + word
      } else {
        line += (line.isEmpty ? "" : " ") + word
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  private func width(_ text: String) -> Int { text.columns }

  private enum Style: Int { case bold = 1, dim = 2, red = 31, green = 32, yellow = 33 }

  private func styled(_ text: String, _ style: Style) -> String {
    color && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}

extension String {
  /// Columns that a text takes in a terminal: two for the wide characters of East Asia and for
  /// emoji.
  package var columns: Int {
    reduce(0) { sum, character in
      guard let scalar = character.unicodeScalars.first else { return sum }
      let isWide =
        scalar.properties.isEmojiPresentation || (0x1100...0x115F).contains(scalar.value)
        || (0x2E80...0xA4CF).contains(scalar.value) || (0xAC00...0xD7A3).contains(scalar.value)
        || (0xF900...0xFAFF).contains(scalar.value) || (0xFF00...0xFF60).contains(scalar.value)
      return sum + (isWide ? 2 : 1)
    }
  }

  var trimmingTrailingSpaces: String {
    var text = self[...]
    while text.hasSuffix(" ") { text.removeLast() }
    return String(text)
  }
}
