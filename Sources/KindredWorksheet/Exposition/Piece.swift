// What a rendering says, before it is decided how it looks.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// One piece of a rendered worksheet; text, Markdown and HTML all show the same pieces.
enum Piece: Equatable, Sendable {
  /// A heading, from 1 (the largest).
  case heading(level: Int, text: String)
  /// A paragraph or list of the worksheet's own, line by line as written.
  case text([String])
  /// A paragraph of Kindred's.
  case paragraph(String)
  /// What a part comes to, in a line that stands out.
  case verdict(String, Tone)
  /// A table.
  case grid(Grid)
  /// Lines of arithmetic, one below the other.
  case formulas([Formula])
  /// A drawing, with the words that stand for it where nothing can be drawn.
  case figure(Figure)
  /// Lines to write on.
  case writingSpace(lines: Int)

  /// How a verdict is meant.
  enum Tone: Equatable, Sendable {
    case good, bad, open

    /// What stands before the words.
    var mark: String {
      switch self {
      case .good: "✓"
      case .bad: "✗"
      case .open: "?"
      }
    }
  }
}

/// A table to be shown.
struct Grid: Equatable, Sendable {
  /// One cell.
  struct Cell: Equatable {
    /// What is in it; empty where there is something to be filled in.
    let text: String
    /// Where it comes from.
    let role: Role
    /// Its value, where cells are shaded by value.
    var value: Double?

    enum Role: Equatable {
      /// Stood on the sheet.
      case given
      /// Was worked out.
      case found
      /// Is for the student to fill in.
      case blank
    }
  }

  struct Row: Equatable {
    let name: String
    let cells: [Cell]
  }

  /// What stands above the table.
  var caption: String?
  /// The columns' names, the first one that of the column of names; nil for no header.
  var header: [String]?
  var rows: [Row]
  /// Whether cells are shaded by their values: the grid of scores.
  var isShaded = false
}

/// A drawing.
enum Figure: Equatable, Sendable {
  /// The computation graph of a step: values forward, gradients backward.
  case stepGraph(StepGraph)
  /// The loss of each epoch, with the floor.
  case lossCurve(LossCurve)
}

/// What the drawing of a step needs.
struct StepGraph: Equatable {
  let step: HandWorkedStep
  let user: String
  let item: String
}

/// What the drawing of a descent needs; all losses are means over the relations.
struct LossCurve: Equatable {
  /// The loss before the first epoch and after each.
  let losses: [Double]
  /// The least that is possible, with what it is the least of.
  let floors: [Floor]

  struct Floor: Equatable {
    let loss: Double
    let label: String
  }
}
