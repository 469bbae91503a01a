// Showing the table of scores, and each sum behind it.
// SPDX-License-Identifier: Apache-2.0

import Kindred

extension ScoreAnswer {
  func pieces(for purpose: RenderingPurpose, _ numbers: NumberText) -> [Piece] {
    let grid = Grid(
      caption: "Scores: \(part.users.caption) × \(part.items.caption)",
      header: [""] + part.items.names,
      rows: zip(part.users.names, scores).map { name, row in
        Grid.Row(
          name: name,
          cells: row.map { score in
            purpose == .blank
              ? Grid.Cell(text: "", role: .blank)
              : Grid.Cell(text: numbers(score), role: .found, value: score.doubleValue)
          })
      },
      isShaded: purpose != .blank)
    guard purpose == .worked else { return [.grid(grid)] }
    return [
      .paragraph(
        "A dot product multiplies first by first, second by second and so on, and adds up the "
          + "results."),
      .formulas(sums(numbers)), .grid(grid), .paragraph(favourites),
    ]
  }

  /// dot(user, item) = a·b + … = score, for every pair.
  private func sums(_ numbers: NumberText) -> [Formula] {
    part.users.rows.indices.flatMap { user in
      part.items.rows.indices.map { item in
        let pairs = zip(part.users.rows[user].cells, part.items.rows[item].cells).map { x, y in
          (numbers(x ?? 0), numbers(y ?? 0))
        }
        return .row([
          .dot(part.users.names[user], part.items.names[item]), .equals, .products(pairs), .equals,
          .number(numbers(scores[user][item])),
        ])
      }
    }
  }

  /// Who likes what best: the reason for computing scores at all.
  private var favourites: String {
    let best = zip(part.users.names, scores).map { name, row -> String in
      guard let top = row.max() else { return "\(name): nothing to choose from" }
      let items = row.indices.filter { row[$0] == top }.map { part.items.names[$0] }
      if items.count == row.count, items.count > 1 { return "\(name): all alike" }
      return "\(name): \(items.joined(separator: " and "))"
    }
    return "Highest score for each. " + best.joined(separator: "; ") + "."
  }
}
