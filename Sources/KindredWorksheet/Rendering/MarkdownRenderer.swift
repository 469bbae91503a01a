// A solved worksheet as Markdown.
// SPDX-License-Identifier: Apache-2.0

extension SolvedWorksheet {
  /// The worksheet as Markdown, with pipe tables and formulas in plain text.
  ///
  /// - Parameter purpose: All work shown, the student's sheet, or the key.
  /// - Returns: The text.
  public func markdown(_ purpose: RenderingPurpose = .worked) -> String {
    exposition(purpose).compactMap(markdownText).joined(separator: "\n\n") + "\n"
  }
}

private func markdownText(_ piece: Piece) -> String? {
  switch piece {
  case .heading(let level, let text):
    String(repeating: "#", count: level) + " " + text.replacing("<", with: "&lt;")
  case .text(let lines): lines.joined(separator: "\n")
  case .paragraph(let text): escaped(text)
  case .verdict(let text, _): "**\(escaped(text))**"
  case .grid(let grid): table(grid)
  case .formulas(let formulas):
    "```\n" + formulas.map(\.plain).joined(separator: "\n") + "\n```"
  case .figure(.stepGraph): nil  // the formulas around it say the same
  case .figure(.lossCurve(let curve)):
    curve.floors.isEmpty
      ? nil
      : curve.floors.map { "- Floor \(NumberText.digits($0.loss)): \($0.label)" }
        .joined(separator: "\n")
  case .writingSpace(let lines):
    Array(repeating: String(repeating: "\\_", count: 40), count: lines).joined(separator: "\n\n")
  }
}

private func table(_ grid: Grid) -> String {
  let columns = max(grid.header?.count ?? 0, 1 + (grid.rows.map(\.cells.count).max() ?? 0))
  let header = (grid.header ?? [grid.caption ?? ""]).map(escaped)
  var lines: [String] = []
  if let caption = grid.caption, grid.header != nil { lines += ["**\(escaped(caption))**", ""] }
  lines.append(row(header + Array(repeating: "", count: columns - header.count)))
  lines.append("| --- |" + String(repeating: " ---: |", count: columns - 1))
  for line in grid.rows {
    lines.append(
      row(
        [escaped(line.name)] + line.cells.map { $0.role == .blank ? "\\_\\_\\_" : escaped($0.text) }
      ))
  }
  return lines.joined(separator: "\n")
}

private func row(_ cells: [String]) -> String {
  "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
}

private func escaped(_ text: String) -> String {
  text.replacing("*", with: "\\*").replacing("_", with: "\\_").replacing("<", with: "&lt;")
}
