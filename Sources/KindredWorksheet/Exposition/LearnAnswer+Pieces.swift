// Showing a descent: the steps by hand, the epochs, the end and the floor.
// SPDX-License-Identifier: Apache-2.0

import Kindred

extension LearnAnswer {
  func pieces(for purpose: RenderingPurpose, _ numbers: NumberText) -> [Piece] {
    switch purpose {
    case .blank: blankLadder(numbers)
    case .key: [.grid(stepTable(numbers))] + outcome(numbers)
    case .worked: introduction(numbers) + worked(numbers) + descent(numbers) + outcome(numbers)
    }
  }

  // MARK: The sheet

  /// The rungs of the first step, to be filled in.
  private func blankLadder(_ numbers: NumberText) -> [Piece] {
    guard let step = steps.first, let relation = relations.first else { return [] }
    let rungs =
      ["pred", "diff", "loss", "d loss/d diff", "d loss/d pred"]
      + movingNames(relation).map { "d loss/d \($0)" } + movingNames(relation).map { "new \($0)" }
      + ["new loss"]
    let blank = Grid.Cell(text: "", role: .blank)
    return [
      .grid(
        Grid(
          caption: "One step on \(title(relation)), rate \(numbers(start.rate)), target "
            + numbers(step.objective.target),
          header: ["", "your number", "checked by a wiggle"],
          rows: rungs.map { name in
            let canWiggle = name.hasPrefix("d loss")
            return Grid.Row(
              name: name, cells: [blank, canWiggle ? blank : Grid.Cell(text: "", role: .given)])
          }))
    ]
  }

  /// Every step in a row, for the key.
  private func stepTable(_ numbers: NumberText) -> Grid {
    Grid(
      caption: "The steps, rate \(numbers(start.rate))",
      header: [
        "", "target", "pred", "diff", "loss", "d loss/d diff", "d loss/d pred", "gradient",
        "new vector", "new loss",
      ],
      rows: zip(relations, steps).map { relation, step in
        let shown = exposition(of: step, relation, numbers)
        let texts =
          [
            step.objective.target, step.pred, step.diff, step.loss, step.gradients.diff,
            step.gradients.pred,
          ].map { numbers($0) }
          + [
            shown.moving.map { shown.vector($0.gradient).plain }.joined(separator: " "),
            shown.moving.map { shown.vector($0.after).plain }.joined(separator: " "),
            numbers(step.lossAfter),
          ]
        return Grid.Row(
          name: title(relation), cells: texts.map { Grid.Cell(text: $0, role: .found) })
      })
  }

  // MARK: All work shown

  private func introduction(_ numbers: NumberText) -> [Piece] {
    var pieces: [Piece] = []
    if relationsAreInherited {
      pieces.append(.paragraph("What is wanted comes from the part before:"))
      pieces.append(
        .formulas(
          relations.map { relation in
            .row([
              .dot(part.users.names[relation.user], part.items.names[relation.item]), .equals,
              .number(numbers(relation.target ?? 0)),
            ])
          }))
    }
    pieces.append(
      .paragraph("The start, with \(startWords), at the rate \(numbers(start.rate)):"))
    pieces.append(.grid(vectors(start.users, part.users, numbers)))
    pieces.append(.grid(vectors(start.items, part.items, numbers)))
    return pieces
  }

  private var startWords: String {
    let blanks =
      switch part.settings.start {
      case .zeros: "zero in every blank"
      case .random(let seed): "random numbers in the blanks (seed \(seed))"
      }
    let learned =
      switch start.learned {
      case .both: "both sides are learned"
      case .users: "\(plural(part.users)) are learned, \(plural(part.items)) stay"
      default: "\(plural(part.items)) are learned, \(plural(part.users)) stay"
      }
    return part.users.hasBlanks || part.items.hasBlanks ? "\(blanks); \(learned)" : learned
  }

  private func worked(_ numbers: NumberText) -> [Piece] {
    zip(relations, steps).enumerated().flatMap { index, pair -> [Piece] in
      let (relation, step) = pair
      return [
        .heading(
          level: 3,
          text: "Step \(index + 1): \(title(relation)), wanted \(numbers(step.objective.target))")
      ] + exposition(of: step, relation, numbers).pieces(explainsWiggles: index == 0)
    }
  }

  private func exposition(
    of step: HandWorkedStep, _ relation: RelationStatement, _ numbers: NumberText
  ) -> StepExposition {
    StepExposition(
      step: step, user: part.users.names[relation.user], item: part.items.names[relation.item],
      numbers: numbers)
  }

  // MARK: The epochs

  private func descent(_ numbers: NumberText) -> [Piece] {
    var pieces: [Piece] = [
      .heading(level: 3, text: "Carried on: \(epochWords)"),
      .paragraph(
        "Again from the start. The loss of a minibatch is the mean of its squared differences, and "
          + "an epoch goes over "
          + (relations.count == 1 ? "the one relation." : "all \(relations.count) relations.")),
    ]
    if !result.epochLosses.isEmpty {
      pieces.append(.grid(epochTable(numbers)))
      pieces.append(.figure(.lossCurve(curve)))
    }
    return pieces
  }

  private var epochWords: String {
    guard let batch = part.settings.batch, batch < relations.count else {
      return "all relations at once"
    }
    return batch == 1 ? "one relation after the other" : "minibatches of \(batch)"
  }

  private func epochTable(_ numbers: NumberText) -> Grid {
    let last = result.epochLosses.count
    let row = { (name: String, loss: Double) in
      Grid.Row(
        name: name,
        cells: [loss, mean(loss)].map { Grid.Cell(text: numbers($0), role: .found) })
    }
    return Grid(
      header: ["epoch", "squared differences", "mean"],
      rows: [row("start", result.startLoss)]
        + thinned(last).map { row("\($0)", result.epochLosses[$0 - 1]) })
  }

  var curve: LossCurve {
    var floors: [LossCurve.Floor] = []
    if let any = floor.any {
      floors.append(.init(loss: mean(any), label: "least for any vectors of this dimension"))
    }
    for (given, table) in [(floor.givenUsers, part.users), (floor.givenItems, part.items)] {
      if let given, given.doubleValue != floor.any {
        floors.append(
          .init(loss: mean(given.doubleValue), label: "least with these \(plural(table))"))
      }
    }
    return LossCurve(losses: ([result.startLoss] + result.epochLosses).map(mean), floors: floors)
  }

  // MARK: The end

  private func outcome(_ numbers: NumberText) -> [Piece] {
    var pieces: [Piece] = [ending(numbers)]
    if result.ending != .saddle {
      if start.learned.contains(.users) {
        pieces.append(.grid(vectors(result.users, part.users, numbers)))
      }
      if start.learned.contains(.items) {
        pieces.append(.grid(vectors(result.items, part.items, numbers)))
      }
    }
    pieces.append(.paragraph(floorWords(numbers)))
    return pieces
  }

  private func ending(_ numbers: NumberText) -> Piece {
    let loss =
      "squared differences \(numbers(result.finalLoss)) in all, "
      + "\(numbers(mean(result.finalLoss))) on average"
    let count = result.epochLosses.count
    let epochs = count == 1 ? "1 epoch" : "\(count) epochs"
    switch result.ending {
    case .bouncing:
      return .verdict(
        "It bounces: after \(epochs) the loss stays the same (\(loss)) while the vectors jump to "
          + "and fro. The rate \(numbers(start.rate)) is too large; try a smaller one.", .bad)
    case .settled: return .verdict("It settled after \(epochs): \(loss).", .good)
    case .solved:
      return .verdict(
        "Solved after \(epochs): squared differences practically 0 "
          + "(\(numbers(result.finalLoss))).", .good)
    case .alreadySolved:
      return .verdict("Every relation holds from the start: nothing to learn.", .good)
    case .limit: return .verdict("After \(epochs), not yet settled: \(loss).", .open)
    case .diverged(let epoch):
      return .verdict(
        "It diverged in epoch \(epoch): the rate \(numbers(start.rate)) is too large, and the "
          + "numbers grew beyond all bounds. Below are the last ones that were finite. Try a smaller "
          + "rate.", .bad)
    case .saddle:
      return .verdict(
        (start.learned == .both
          ? "Nothing moves: both sides are zero, so every gradient is zero, though the loss is not. "
            + "This is a saddle."
          : "Nothing moves: the side that stays is zero, so every gradient is zero, though the loss "
            + "is not.")
          + " Start with random numbers instead: init=random seed=1.", .bad)
    }
  }

  private func floorWords(_ numbers: NumberText) -> String {
    var sentences: [String] = []
    if let any = floor.any {
      let total = floor.anyExact.map { numbers($0) } ?? numbers(any)
      let dimensions = "\(part.dimension) dimension\(part.dimension == 1 ? "" : "s")"
      sentences.append(
        any == 0
          ? "In \(dimensions) the loss can be 0."
          : "No vectors of \(dimensions) can do better than \(total) in all "
            + "(mean \(meanText(floor.anyExact, any, numbers))): that is what the singular values of "
            + "the table of targets leave.")
    } else {
      sentences.append(
        "Not every pair has a target, so nothing is proven here about the best of all vectors.")
    }
    for (given, table) in [(floor.givenUsers, part.users), (floor.givenItems, part.items)] {
      guard let given else { continue }
      sentences.append(
        "With these \(plural(table)) as they are, the least is \(numbers(given)) in all (mean "
          + "\(meanText(given, given.doubleValue, numbers))).")
    }
    if let lowest {
      let table = start.learned == .users ? part.users : part.items
      let points = zip(table.names, lowest).map { name, vector -> String in
        let texts = vector.map { numbers($0) }
        return "\(name) = " + (texts.count == 1 ? texts[0] : "(\(texts.joined(separator: ", ")))")
      }
      sentences.append(
        "Least squares finds that lowest point at once: \(points.joined(separator: ", ")).")
    }
    return sentences.joined(separator: " ")
  }

  private func meanText(_ exact: Rational?, _ value: Double, _ numbers: NumberText) -> String {
    exact.map { numbers($0 / Rational(relations.count)) } ?? numbers(mean(value))
  }
}

extension LearnAnswer {
  fileprivate func title(_ relation: RelationStatement) -> String {
    "\(part.users.names[relation.user]) and \(part.items.names[relation.item])"
  }

  /// The names of what moves in a step on a relation.
  fileprivate func movingNames(_ relation: RelationStatement) -> [String] {
    (start.learned.contains(.users) ? [part.users.names[relation.user]] : [])
      + (start.learned.contains(.items) ? [part.items.names[relation.item]] : [])
  }

  /// A caption inside a sentence: "movies".
  fileprivate func plural(_ table: VectorTable) -> String {
    table.caption.prefix(1).lowercased() + table.caption.dropFirst()
  }

  fileprivate func vectors(
    _ values: [[Double]], _ table: VectorTable, _ numbers: NumberText
  ) -> Grid {
    Grid(
      caption: table.caption, header: table.header,
      rows: zip(table.rows, values).map { row, vector in
        Grid.Row(
          name: row.name,
          cells: zip(row.cells, vector).map { given, value in
            // Numbers that still are as they were given are shown as given.
            Grid.Cell(text: numbers(value), role: given?.doubleValue == value ? .given : .found)
          })
      })
  }
}

/// The epochs that a thinned list shows: the first ten, then 1, 2 and 5 of each power of ten, and
/// the last.
func thinned(_ last: Int) -> [Int] {
  guard last > 10 else { return last < 1 ? [] : Array(1...last) }
  var shown = [1, 2, 3, 5, 10]
  var power = 10
  while power <= last {
    shown += [2 * power, 5 * power, 10 * power].filter { $0 < last }
    power *= 10
  }
  return shown + [last]
}
