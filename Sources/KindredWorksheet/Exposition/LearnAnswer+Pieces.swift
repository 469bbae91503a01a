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
        let texts =
          [
            step.objective.target, step.pred, step.diff, step.loss, step.gradients.diff,
            step.gradients.pred,
          ].map { numbers($0) }
          + [
            moving(step).map { vector($0.gradient, numbers).plain }.joined(separator: " "),
            moving(step).map { vector($0.after, numbers).plain }.joined(separator: " "),
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
      case .users: "\(part.users.caption) are learned, \(part.items.caption) stay"
      default: "\(part.items.caption) are learned, \(part.users.caption) stay"
      }
    return part.users.hasBlanks || part.items.hasBlanks ? "\(blanks); \(learned)" : learned
  }

  private func worked(_ numbers: NumberText) -> [Piece] {
    zip(relations, steps).enumerated().flatMap { index, pair -> [Piece] in
      let (relation, step) = pair
      var pieces: [Piece] = [
        .heading(level: 3, text: "Step \(index + 1): \(title(relation)), wanted "
          + numbers(step.objective.target))
      ]
      pieces.append(.formulas(forward(step, relation, numbers)))
      if step.wasRight {
        pieces.append(.verdict("Already right, nothing to move.", .good))
        return pieces
      }
      if index == 0 {
        pieces.append(
          .figure(
            .stepGraph(
              StepGraph(
                step: step, user: part.users.names[relation.user],
                item: part.items.names[relation.item]))))
      }
      pieces.append(.formulas(backward(step, relation, numbers)))
      if index == 0 { pieces.append(.paragraph(wiggleWords(step, numbers))) }
      pieces.append(.formulas(update(step, relation, numbers)))
      pieces.append(change(step, numbers))
      return pieces
    }
  }

  private func forward(
    _ step: HandWorkedStep, _ relation: RelationStatement, _ numbers: NumberText
  ) -> [Formula] {
    let pairs = zip(step.before.user, step.before.item).map { (numbers($0), numbers($1)) }
    return [
      .row([.name("pred"), .equals, .products(pairs), .equals, .number(numbers(step.pred))]),
      .row([
        .name("diff"), .equals, .name("target"), .minus, .name("pred"), .equals,
        .number(numbers(step.objective.target)), .minus, .factor(numbers(step.pred)), .equals,
        .number(numbers(step.diff)),
      ]),
      .row([
        .name("loss"), .equals, .square(.name("diff")), .equals,
        .square(.number(numbers(step.diff))), .equals, .number(numbers(step.loss)),
      ]),
    ]
  }

  private func backward(
    _ step: HandWorkedStep, _ relation: RelationStatement, _ numbers: NumberText
  ) -> [Formula] {
    let g = step.gradients
    var lines: [Formula] = [
      .row([
        .derivative(of: "loss", by: "diff"), .equals, .number("2"), .times, .name("diff"), .equals,
        .number("2"), .times, .factor(numbers(step.diff)), .equals, .number(numbers(g.diff)),
        wiggled(step.wiggles.diff, numbers),
      ]),
      .row([
        .derivative(of: "loss", by: "pred"), .equals, .minus,
        .derivative(of: "loss", by: "diff"), .equals, .number(numbers(g.pred)),
        wiggled(step.wiggles.pred, numbers),
      ]),
    ]
    for side in moving(step) {
      for (place, gradient) in side.gradient.enumerated() {
        let name = side.name(relation, part) + (side.gradient.count > 1 ? "[\(place + 1)]" : "")
        lines.append(
          .row([
            .derivative(of: "loss", by: name), .equals, .derivative(of: "loss", by: "pred"), .times,
            .factor(numbers(side.other[place])), .equals, .factor(numbers(g.pred)), .times,
            .factor(numbers(side.other[place])), .equals, .number(numbers(gradient)),
            wiggled(side.wiggles[place], numbers),
          ]))
      }
    }
    return lines
  }

  private func wiggled(_ wiggle: Wiggle, _ numbers: NumberText) -> Formula {
    .words("(wiggled: \(numbers(wiggle.slope)))")
  }

  private func wiggleWords(_ step: HandWorkedStep, _ numbers: NumberText) -> String {
    let wiggle = step.wiggles.diff
    let fine = NumberText.manyDigits
    return "A wiggle nudges one number both ways and watches the loss. With diff "
      + "\(fine(wiggle.value + wiggle.nudge)) the loss is \(fine(wiggle.lossUp)), with diff "
      + "\(fine(wiggle.value - wiggle.nudge)) it is \(fine(wiggle.lossDown)); the difference divided "
      + "by \(fine(2 * wiggle.nudge)) is \(numbers(wiggle.slope)), as the formula says."
      + (step.wigglesAgree ? "" : " Here a wiggle and its formula disagree: a mistake in Kindred.")
  }

  private func update(
    _ step: HandWorkedStep, _ relation: RelationStatement, _ numbers: NumberText
  ) -> [Formula] {
    moving(step).map { side in
      .row([
        .words("new \(side.name(relation, part))"), .equals, vector(side.before, numbers), .minus,
        .number(numbers(step.rate)), .times, vectorFactor(side.gradient, numbers), .equals,
        vector(side.after, numbers),
      ])
    } + [
      .row([
        .words("new pred"), .equals, .number(numbers(step.predAfter)), .words(", new loss"), .equals,
        .square(
          .row([
            .sign("("), .number(numbers(step.objective.target)), .minus,
            .factor(numbers(step.predAfter)), .sign(")"),
          ])), .equals, .number(numbers(step.lossAfter)),
      ])
    ]
  }

  private func change(_ step: HandWorkedStep, _ numbers: NumberText) -> Piece {
    if step.wentDown {
      return .verdict(
        "The loss went down, from \(numbers(step.loss)) to \(numbers(step.lossAfter)).", .good)
    }
    if step.lossAfter == step.loss {
      return .verdict(
        "The loss stayed at \(numbers(step.loss)): every gradient that could move something is zero.",
        .open)
    }
    return .verdict(
      "The loss went up, from \(numbers(step.loss)) to \(numbers(step.lossAfter)): the rate "
        + "\(numbers(step.rate)) is too large, and the step jumped over the lowest point.", .bad)
  }

  // MARK: The epochs

  private func descent(_ numbers: NumberText) -> [Piece] {
    var pieces: [Piece] = [
      .heading(level: 3, text: "Carried on: \(epochWords)"),
      .paragraph(
        "Again from the start. The loss of a minibatch is the mean of its squared differences, and "
          + "an epoch goes over all \(relations.count) relations."),
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
          .init(loss: mean(given.doubleValue), label: "least with these \(table.caption)"))
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
    let epochs = result.epochLosses.count
    switch result.ending {
    case .settled: return .verdict("It settled after \(epochs) epochs: \(loss).", .good)
    case .solved: return .verdict("Solved after \(epochs) epochs: \(loss).", .good)
    case .alreadySolved:
      return .verdict("Every relation holds from the start: nothing to learn.", .good)
    case .limit: return .verdict("After \(epochs) epochs, not yet settled: \(loss).", .open)
    case .diverged(let epoch):
      return .verdict(
        "It diverged in epoch \(epoch): the rate \(numbers(start.rate)) is too large, and the "
          + "numbers grew beyond all bounds. Below are the last ones that were finite. Try a smaller "
          + "rate.", .bad)
    case .saddle:
      return .verdict(
        "Nothing moves: both sides are zero, so every gradient is zero, though the loss is not. "
          + "This is a saddle. Start with random numbers instead: init=random seed=1.", .bad)
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
        "With these \(table.caption) as they are, the least is \(numbers(given)) in all (mean "
          + "\(meanText(given, given.doubleValue, numbers))).")
    }
    return sentences.joined(separator: " ")
  }

  private func meanText(_ exact: Rational?, _ value: Double, _ numbers: NumberText) -> String {
    exact.map { numbers($0 / Rational(relations.count)) } ?? numbers(mean(value))
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
