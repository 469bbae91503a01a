// A solved worksheet for the terminal.
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension SolvedWorksheet {
  /// The worksheet as plain text.
  ///
  /// - Parameters:
  ///   - purpose: All work shown, the student's sheet, or the key.
  ///   - color: Whether to use the terminal's colours.
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
      let underline = level <= 2 ? [String(repeating: level == 1 ? "═" : "─", count: width(text))] : []
      return ([text] + underline).map { styled($0, .bold) }
    case .text(let lines): return lines.map { styled($0, .dim) }
    case .paragraph(let text): return wrapped(text)
    case .verdict(let text, let tone):
      let mark = ["good": "✓", "bad": "✗", "open": "?"]["\(tone)"] ?? ""
      let style: Style = tone == .good ? .green : tone == .bad ? .red : .yellow
      return wrapped("\(mark) \(text)", indent: "  ").map { styled($0, style) }
    case .grid(let grid): return self.lines(grid)
    case .formulas(let formulas): return formulas.map { "  " + $0.plain }
    case .figure(.stepGraph): return []  // the formulas around it say the same
    case .figure(.lossCurve(let curve)): return self.lines(curve)
    case .writingSpace(let count): return Array(repeating: String(repeating: "_", count: 60), count: count)
    }
  }

  // MARK: Tables

  private func lines(_ grid: Grid) -> [String] {
    let body = grid.rows.map { row in [row.name] + row.cells.map { $0.role == .blank ? "____" : $0.text } }
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

  // MARK: The loss curve

  /// A curve in block characters, the floor as a line through them.
  private func lines(_ curve: LossCurve) -> [String] {
    let height = 8
    let columns = min(60, curve.losses.count)
    guard columns > 1, let top = curve.losses.max(), top > 0 else { return [] }
    let last = curve.losses.count - 1
    // Early epochs change most, so the axis is logarithmic where there are many.
    let epochs = (0..<columns).map { column -> Int in
      let share = Double(column) / Double(columns - 1)
      return last < columns ? column : Int((exp(share * log(Double(last) + 1)) - 1).rounded())
    }
    let floor = curve.floors.map(\.loss).max()
    var lines: [String] = []
    for row in 0..<height {
      let upper = top * Double(height - row) / Double(height)
      let lower = top * Double(height - row - 1) / Double(height)
      let hasFloor = floor.map { $0 >= lower && $0 < upper } ?? false
      let cells = epochs.map { epoch -> String in
        let loss = curve.losses[epoch]
        if loss > lower && (loss <= upper || row == 0) { return "●" }
        return hasFloor ? "┄" : " "
      }
      let label = row == 0 ? NumberText.digits(top) : hasFloor ? NumberText.digits(floor ?? 0) : ""
      let space = String(repeating: " ", count: max(0, 10 - width(label)))
      lines.append("  \(space)\(label) │\(cells.joined().trimmingTrailingSpaces)")
    }
    lines.append("  " + String(repeating: " ", count: 11) + "└" + String(repeating: "─", count: columns))
    let ends = "epoch 0" + String(repeating: " ", count: max(1, columns - 7 - "\(last)".count)) + "\(last)"
    lines.append("  " + String(repeating: " ", count: 12) + ends)
    lines += curve.floors.map { "    ┄ \(NumberText.digits($0.loss)): \($0.label)" }
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

  /// Columns that a text takes: two for the wide characters of East Asia and for emoji.
  private func width(_ text: String) -> Int {
    text.reduce(0) { sum, character in
      guard let scalar = character.unicodeScalars.first else { return sum }
      let isWide =
        scalar.properties.isEmojiPresentation || (0x1100...0x115F).contains(scalar.value)
        || (0x2E80...0xA4CF).contains(scalar.value) || (0xAC00...0xD7A3).contains(scalar.value)
        || (0xF900...0xFAFF).contains(scalar.value) || (0xFF00...0xFF60).contains(scalar.value)
      return sum + (isWide ? 2 : 1)
    }
  }

  private enum Style: Int { case bold = 1, dim = 2, red = 31, green = 32, yellow = 33 }

  private func styled(_ text: String, _ style: Style) -> String {
    color && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}

extension String {
  var trimmingTrailingSpaces: String {
    var text = self[...]
    while text.hasSuffix(" ") { text.removeLast() }
    return String(text)
  }
}
