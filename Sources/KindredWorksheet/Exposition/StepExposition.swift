// One hand-worked step, in the formulas that a student would write.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// Shows a step: forward, backward with wiggles, the update, and whether it helped.
///
/// The same words serve a worksheet's step and a trace of the real trainer; mean, biases and
/// regularization appear only where the model has them.
struct StepExposition {
  let step: HandWorkedStep
  let user: String
  let item: String
  let numbers: NumberText

  /// A vector or a bias that moves.
  struct Moving {
    let name: String
    let before: [Double]
    let after: [Double]
    let gradient: [Double]
    let wiggles: [Wiggle]
    /// What d loss/d pred is multiplied by: the other side's vector, or 1 for a bias.
    let factors: [Double]
    let rate: Double
  }

  /// What moves, users before items, vectors before biases.
  var moving: [Moving] {
    let (before, after, g, w) = (step.before, step.after, step.gradients, step.wiggles)
    var all: [Moving] = []
    if step.learned.contains(.users) {
      all.append(
        Moving(
          name: user, before: before.user, after: after.user, gradient: g.user, wiggles: w.user,
          factors: before.item, rate: step.rates.user))
    }
    if step.learned.contains(.items) {
      all.append(
        Moving(
          name: item, before: before.item, after: after.item, gradient: g.item, wiggles: w.item,
          factors: before.user, rate: step.rates.item))
    }
    guard let old = before.biases, let new = after.biases, let slope = g.biases else { return all }
    if step.learned.contains(.users), let wiggle = w.userBias {
      all.append(
        Moving(
          name: "bias of \(user)", before: [old.user], after: [new.user], gradient: [slope.user],
          wiggles: [wiggle], factors: [1], rate: step.rates.user))
    }
    if step.learned.contains(.items), let wiggle = w.itemBias {
      all.append(
        Moving(
          name: "bias of \(item)", before: [old.item], after: [new.item], gradient: [slope.item],
          wiggles: [wiggle], factors: [1], rate: step.rates.item))
    }
    return all
  }

  /// The whole step.
  ///
  /// - Parameter explainsWiggles: Whether to say in words what a wiggle is, and to draw the graph.
  /// - Returns: The pieces in order.
  func pieces(explainsWiggles: Bool) -> [Piece] {
    var pieces: [Piece] = [.formulas(forward)]
    if step.wasRight {
      return pieces + [.verdict("Already right, nothing to move.", .good)]
    }
    if explainsWiggles {
      pieces.append(.figure(.stepGraph(StepGraph(step: step, user: user, item: item))))
    }
    pieces.append(.formulas(backward))
    if explainsWiggles { pieces.append(.paragraph(wiggleWords)) }
    return pieces + [.formulas(update), change]
  }

  /// What the step lowers: the loss, or with regularization the loss and the penalty.
  private var measure: String { step.objective.regularization == 0 ? "loss" : "objective" }

  // MARK: Forward

  private var forward: [Formula] {
    let diff = Formula.row([
      .name("diff"), .equals, .name("target"), .minus, .name("pred"), .equals,
      .number(numbers(step.objective.target)), .minus, .factor(numbers(step.pred)), .equals,
      .number(numbers(step.diff)),
    ])
    let loss = Formula.row([
      .name("loss"), .equals, .square(.name("diff")), .equals, .square(.number(numbers(step.diff))),
      .equals, .number(numbers(step.loss)),
    ])
    return [pred, diff, loss] + penalty
  }

  private var pred: Formula {
    let pairs = zip(step.before.user, step.before.item).map { (numbers($0), numbers($1)) }
    var parts: [Formula] = [.name("pred"), .equals]
    if let biases = step.before.biases {
      parts += [
        .words("mean"), .plus, .words("bias of \(user)"), .plus, .words("bias of \(item)"), .plus,
        .dot(user, item), .equals, .number(numbers(step.objective.mean)), .plus,
        .factor(numbers(biases.user)), .plus, .factor(numbers(biases.item)), .plus,
      ]
    }
    return .row(parts + [.products(pairs), .equals, .number(numbers(step.pred))])
  }

  private var penalty: [Formula] {
    guard step.objective.regularization != 0 else { return [] }
    return [
      .row([
        .name("objective"), .equals, .name("loss"), .plus, .words("penalty for long vectors"),
        .equals, .number(numbers(step.loss)), .plus,
        .number(numbers(step.objective.regularization)), .times,
        .number(numbers((step.value - step.loss) / step.objective.regularization)), .equals,
        .number(numbers(step.value)),
      ])
    ]
  }

  // MARK: Backward

  private var backward: [Formula] {
    let g = step.gradients
    let byDiff = Formula.derivative(of: "loss", by: "diff")
    let byPred = Formula.derivative(of: "loss", by: "pred")
    let first: [Formula] = [
      .row([
        byDiff, .equals, .number("2"), .times, .name("diff"), .equals, .number("2"), .times,
        .factor(numbers(step.diff)), .equals, .number(numbers(g.diff)), wiggled(step.wiggles.diff),
      ]),
      .row([
        byPred, .equals, byDiff, .times, .derivative(of: "diff", by: "pred"), .equals,
        .factor(numbers(g.diff)), .times, .factor("-1"), .equals, .number(numbers(g.pred)),
        wiggled(step.wiggles.pred),
      ]),
    ]
    return first + moving.flatMap { part in part.before.indices.map { slope(part, $0) } }
  }

  /// d loss/d (one number) = d loss/d pred · the number it is multiplied by (+ 2λ · itself).
  private func slope(_ part: Moving, _ place: Int) -> Formula {
    let byPred = Formula.derivative(of: "loss", by: "pred")
    let name = part.name + (part.before.count > 1 ? "[\(place + 1)]" : "")
    var parts: [Formula] = [
      .derivative(of: measure, by: name), .equals, byPred, .times,
      .factor(numbers(part.factors[place])),
    ]
    let lambda = step.objective.regularization
    if lambda != 0 {
      parts += [.plus, .number(numbers(2 * lambda)), .times, .factor(numbers(part.before[place]))]
    }
    parts += [
      .equals, .factor(numbers(step.gradients.pred)), .times, .factor(numbers(part.factors[place])),
    ]
    if lambda != 0 { parts += [.plus, .factor(numbers(2 * lambda * part.before[place]))] }
    return .row(
      parts + [.equals, .number(numbers(part.gradient[place])), wiggled(part.wiggles[place])])
  }

  private func wiggled(_ wiggle: Wiggle) -> Formula {
    .words("(wiggled: \(numbers(wiggle.slope)))")
  }

  private var wiggleWords: String {
    let wiggle = step.wiggles.diff
    let fine = NumberText.manyDigits
    return "A wiggle nudges one number both ways and watches the loss. With diff "
      + "\(fine(wiggle.value + wiggle.nudge)) the loss is \(fine(wiggle.lossUp)), with diff "
      + "\(fine(wiggle.value - wiggle.nudge)) it is \(fine(wiggle.lossDown)); the difference divided "
      + "by \(fine(2 * wiggle.nudge)) is \(numbers(wiggle.slope)), as the formula says."
      + (step.wigglesAgree ? "" : " Here a wiggle and its formula disagree: a mistake in Kindred.")
  }

  // MARK: The update

  private var update: [Formula] {
    let moved = moving.map { part in
      Formula.row([
        .words("new \(part.name)"), .equals, vector(part.before, inside: true), .minus,
        .number(numbers(part.rate)), .times, vector(part.gradient, inside: true), .equals,
        vector(part.after),
      ])
    }
    let after: [Formula] = [
      .row([.name("new pred"), .equals, .number(numbers(step.predAfter))]),
      .row([
        .name("new loss"), .equals,
        .square(
          .row([
            .sign("("), .number(numbers(step.objective.target)), .minus,
            .factor(numbers(step.predAfter)), .sign(")"),
          ])), .equals, .number(numbers(step.lossAfter)),
      ]),
    ]
    guard step.objective.regularization != 0 else { return moved + after }
    return moved + after + [
      .row([.name("new objective"), .equals, .number(numbers(step.valueAfter))])
    ]
  }

  /// A vector as a formula; a single number stands alone, in parentheses only if it is negative and
  /// inside a sum.
  func vector(_ values: [Double], inside: Bool = false) -> Formula {
    if values.count == 1 {
      return inside ? .factor(numbers(values[0])) : .number(numbers(values[0]))
    }
    return .vector(values.map { .number(numbers($0)) })
  }

  /// The rate of what moves; the two rates of a trained model's rows where they differ.
  private var rateWords: String {
    let rates = Set(moving.map(\.rate)).sorted(by: >).map { numbers($0) }
    return rates.count > 1
      ? "rates \(rates.joined(separator: " and ")) are" : "rate \(rates.first ?? "0") is"
  }

  private var change: Piece {
    let (from, to) = (numbers(step.value), numbers(step.valueAfter))
    let what = measure
    if step.wentDown { return .verdict("The \(what) went down, from \(from) to \(to).", .good) }
    let isAtRest = moving.allSatisfy { $0.gradient.allSatisfy { $0 == 0 } }
    if step.valueAfter == step.value, !isAtRest {
      return .verdict(
        "The \(what) stayed at \(from): the \(rateWords) too large, and the step "
          + "jumped over the lowest point, just as far to the other side.", .bad)
    }
    if step.valueAfter == step.value {
      return .verdict(
        "The \(what) stayed at \(from): every gradient that could move something is zero.", .open)
    }
    return .verdict(
      "The \(what) went up, from \(from) to \(to): the \(rateWords) too large, and "
        + "the step jumped over the lowest point.", .bad)
  }
}

extension HandWorkedStep {
  /// The step worked out in plain text, for two rows with these names.
  package func text(user: String, item: String, color: Bool) -> String {
    let exposition = StepExposition(
      step: self, user: user, item: item, numbers: NumberText(usesFractions: false))
    return TextRenderer(color: color).render(exposition.pieces(explainsWiggles: true))
  }
}
