// The vectors of a step and of a table, ready to be shown.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

/// One side of a step that moves.
struct MovingSide {
  let side: VectorSide
  let before: [Double]
  let after: [Double]
  let gradient: [Double]
  let wiggles: [Wiggle]
  /// The other side's vector, which the gradient is a multiple of.
  let other: [Double]

  func name(_ relation: RelationStatement, _ part: Part) -> String {
    side == .user ? part.users.names[relation.user] : part.items.names[relation.item]
  }
}

extension LearnAnswer {
  func title(_ relation: RelationStatement) -> String {
    "\(part.users.names[relation.user]) and \(part.items.names[relation.item])"
  }

  /// The sides of a step that move, users first.
  func moving(_ step: HandWorkedStep) -> [MovingSide] {
    var sides: [MovingSide] = []
    if step.learned.contains(.users) {
      sides.append(
        MovingSide(
          side: .user, before: step.before.user, after: step.after.user,
          gradient: step.gradients.user, wiggles: step.wiggles.user, other: step.before.item))
    }
    if step.learned.contains(.items) {
      sides.append(
        MovingSide(
          side: .item, before: step.before.item, after: step.after.item,
          gradient: step.gradients.item, wiggles: step.wiggles.item, other: step.before.user))
    }
    return sides
  }

  /// The names of what moves in a step on a relation.
  func movingNames(_ relation: RelationStatement) -> [String] {
    (start.learned.contains(.users) ? [part.users.names[relation.user]] : [])
      + (start.learned.contains(.items) ? [part.items.names[relation.item]] : [])
  }

  /// A vector as a formula; a single number without parentheses around it.
  func vector(_ values: [Double], _ numbers: NumberText) -> Formula {
    if values.count == 1 { return .number(numbers(values[0])) }
    return .vector(values.map { .number(numbers($0)) })
  }

  /// A vector inside a product: a single negative number does need parentheses there.
  func vectorFactor(_ values: [Double], _ numbers: NumberText) -> Formula {
    values.count == 1 ? .factor(numbers(values[0])) : vector(values, numbers)
  }

  /// A table of vectors; numbers that still are as they were given are shown as given.
  func vectors(_ values: [[Double]], _ table: VectorTable, _ numbers: NumberText) -> Grid {
    Grid(
      caption: table.caption, header: table.header,
      rows: zip(table.rows, values).map { row, vector in
        Grid.Row(
          name: row.name,
          cells: zip(row.cells, vector).map { given, value in
            Grid.Cell(text: numbers(value), role: given?.doubleValue == value ? .given : .found)
          })
      })
  }
}
