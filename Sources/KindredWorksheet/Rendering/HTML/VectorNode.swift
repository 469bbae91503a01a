// A vector in the drawing of a step: its numbers, and what becomes of them.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// One of the two vectors that a step starts from, with its gradient and its new numbers if it is
/// learned.
struct VectorNode {
  let name: String
  let values: [String]
  /// The gradient and the new numbers; nil for a vector that stays.
  let change: (gradient: [String], after: [String])?

  static let nameLimit = 16
  private static let rowHeight = 20.0
  private static let top = 44.0

  init(
    name: String, before: [Double], gradient: [Double], after: [Double], isLearned: Bool
  ) {
    self.name = name
    values = Self.texts(before)
    change = isLearned ? (Self.texts(gradient), Self.texts(after)) : nil
  }

  /// The numbers of a vector; of a long one the first and the last ones.
  private static func texts(_ values: [Double]) -> [String] {
    let texts = values.map { typeset(NumberText.digits($0)) }
    return texts.count <= 6 ? texts : texts.prefix(3) + ["⋮"] + texts.suffix(2)
  }

  /// What stands above each column, its class and its numbers.
  private var columns: [(title: String, style: String, texts: [String])] {
    guard let change else { return [("stays as it is", "value", values)] }
    return [
      ("now", "value", values), ("gradient", "value back", change.gradient),
      ("new", "value new", change.after),
    ]
  }

  private var columnWidths: [Double] {
    columns.map { column in
      max(
        Drawing.width(of: column.title, size: 11),
        column.texts.map { Drawing.width(of: $0, size: 14) }.max() ?? 0) + 16
    }
  }

  var width: Double {
    max(
      columnWidths.reduce(0, +),
      Drawing.width(of: shortened(name, to: Self.nameLimit), size: 13) + 24) + 8
  }

  var height: Double { Self.top + Double(values.count) * Self.rowHeight + 6 }

  /// The node, its upper left corner here; wider than it needs to be where the other one is.
  func markup(at corner: Point, width: Double) -> [Markup] {
    var markup = [
      Drawing.box(corner, width: width, height: height, change == nil ? "node" : "node learned"),
      Drawing.name(
        name, limit: Self.nameLimit, Point(x: corner.x + width / 2, y: corner.y + 19), "name",
        anchor: "middle"),
    ]
    let spare = (width - columnWidths.reduce(0, +)) / Double(columns.count)
    var x = corner.x
    for (column, own) in zip(columns, columnWidths) {
      let center = x + (own + spare) / 2
      markup.append(
        Drawing.text(column.title, Point(x: center, y: corner.y + 36), "small", anchor: "middle"))
      for (row, text) in column.texts.enumerated() {
        let y = corner.y + Self.top + Double(row) * Self.rowHeight + 13
        markup.append(Drawing.text(text, Point(x: center, y: y), column.style, anchor: "middle"))
      }
      x += own + spare
    }
    return markup
  }
}
