// The pieces of a section as elements, neighbours of one kind together.
// SPDX-License-Identifier: Apache-2.0

/// Sets the pieces of one section.
struct HTMLBlocks {
  private let pieces: [HTMLPiece]
  private let headingRank: Int

  init(_ pieces: [HTMLPiece], heading rank: Int) {
    self.pieces = pieces
    headingRank = rank
  }

  var markup: [Markup] {
    var output: [Markup] = []
    var rest = pieces[...]
    while let first = rest.first {
      switch first.piece {
      case .text:
        let run = Self.takeRun(&rest) { if case .text(let lines) = $0 { lines } else { nil } }
        output.append(
          .tag("div", ["class": "sheet-text"], TextBlock.read(run).map(\.markup)))
      case .formulas:
        let run = Self.takeRun(&rest) { if case .formulas(let lines) = $0 { lines } else { nil } }
        output.append(FormulaLines.markup(run.flatMap { $0 }))
      case .grid(let grid) where grid.isShaded:
        rest.removeFirst()
        output.append(scores(grid))
      case .grid:
        let run = Self.takeRun(&rest) { piece -> Grid? in
          if case .grid(let grid) = piece, !grid.isShaded { grid } else { nil }
        }
        output.append(.tag("div", ["class": "tables"], run.flatMap { HTMLTable(grid: $0).markup }))
      default:
        rest.removeFirst()
        output += single(first)
      }
    }
    return output
  }

  /// The pieces of one kind that come first.
  private static func takeRun<Value>(
    _ rest: inout ArraySlice<HTMLPiece>, _ value: (Piece) -> Value?
  ) -> [Value] {
    var run: [Value] = []
    while let next = rest.first, let value = value(next.piece) {
      run.append(value)
      rest.removeFirst()
    }
    return run
  }

  private func scores(_ grid: Grid) -> Markup {
    .tag(
      "div", ["class": "tables"],
      HTMLTable(grid: grid).markup + [ScoreScale(grid)?.legend].compactMap { $0 })
  }

  private func single(_ piece: HTMLPiece) -> [Markup] {
    let id = "figure-\(piece.place)"
    switch piece.piece {
    case .heading(_, let text): return [.tag("h\(headingRank)", [:], InlineText.markup(text))]
    case .paragraph(let text): return [.tag("p", typeset(text))]
    case .verdict(let text, let tone): return [verdict(text, tone)]
    case .figure(.stepGraph(let graph)): return [StepGraphDrawing(graph: graph, id: id).markup]
    case .figure(.lossCurve(let curve)):
      return [LossCurveDrawing(curve, id: id)?.markup].compactMap { $0 }
    case .writingSpace(let lines):
      return [
        .tag(
          "div",
          ["class": "ruled", "role": "img", "aria-label": "Room to write, \(lines) lines"],
          Array(repeating: .tag("div"), count: lines))
      ]
    case .text, .grid, .formulas: return []  // taken in runs above
    }
  }

  private func verdict(_ text: String, _ tone: Piece.Tone) -> Markup {
    let style =
      switch tone {
      case .good: "good"
      case .bad: "bad"
      case .open: "open"
      }
    return .tag(
      "p", ["class": "verdict \(style)"],
      [
        .tag("span", ["class": "mark", "aria-hidden": "true"], tone.mark),
        .tag("span", [:], typeset(text)),
      ])
  }
}
