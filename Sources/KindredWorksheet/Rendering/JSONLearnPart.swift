// The JSON shape of a learn part.
// SPDX-License-Identifier: Apache-2.0

import Kindred

struct JSONLearnPart: Encodable {
  struct Vectors: Encodable {
    let users: [JSONVector]
    let items: [JSONVector]
  }

  /// Derivatives; those of a side that does not move are left out.
  struct Gradients: Encodable {
    let diff: Double
    let pred: Double
    let user: [Double]?
    let item: [Double]?
  }

  struct Step: Encodable {
    let user: String
    let item: String
    let target: Double
    let pred: Double
    let diff: Double
    let loss: Double
    let gradients: Gradients
    let wiggles: Gradients
    let userAfter: [Double]?
    let itemAfter: [Double]?
    let lossAfter: Double
    let wentDown: Bool
  }

  struct Epoch: Encodable {
    let epoch: Int
    let loss: JSONLoss
  }

  struct Final: Encodable {
    let users: [JSONVector]
    let items: [JSONVector]
    let loss: JSONLoss
  }

  /// Sums and means of squared differences; null where nothing is proven.
  struct Floor: Encodable {
    @Null var sum: Double?
    @Null var mean: Double?
    let givenUsers: Double?
    let givenItems: Double?

    init(_ answer: LearnAnswer) {
      let floor = answer.floor
      let count = Rational(answer.relations.count)
      givenUsers = floor.givenUsers?.doubleValue
      givenItems = floor.givenItems?.doubleValue
      sum = floor.any
      // The exact mean where there is one: 1/6, not a sixth of a rounded sum.
      mean = floor.anyExact.map { ($0 / count).doubleValue } ?? floor.any.map(answer.mean)
    }
  }

  let kind = "learn"
  let heading: String
  let dimension: Int
  let rate: Double
  let initial: Vectors
  let steps: [Step]
  let epochs: [Epoch]
  @Null var diverged: Int?
  let ending: String
  let final: Final
  let floor: Floor

  init(_ answer: LearnAnswer) {
    let part = answer.part
    heading = part.heading
    dimension = part.dimension
    rate = answer.start.rate
    initial = Vectors(
      users: JSONVector.all(part.users, answer.start.users),
      items: JSONVector.all(part.items, answer.start.items))
    // JSON has no infinity: a step that left the finite numbers is not shown.
    steps = zip(answer.relations, answer.steps)
      .filter { $0.1.lossAfter.isFinite && $0.1.wiggles.pred.slope.isFinite }
      .map { Self.step($0, $1, part) }
    epochs = answer.result.epochLosses.enumerated().map {
      Epoch(epoch: $0 + 1, loss: JSONLoss(sum: $1, mean: answer.mean($1)))
    }
    diverged = answer.result.divergedEpoch
    ending =
      switch answer.result.ending {
      case .settled: "settled"
      case .bouncing: "bouncing"
      case .solved: "solved"
      case .alreadySolved: "already solved"
      case .saddle: "saddle"
      case .limit: "limit"
      case .diverged: "diverged"
      }
    final = Final(
      users: JSONVector.all(part.users, answer.result.users),
      items: JSONVector.all(part.items, answer.result.items),
      loss: JSONLoss(
        sum: answer.result.finalLoss, mean: answer.mean(answer.result.finalLoss)))
    floor = Floor(answer)
  }

  private static func step(
    _ relation: RelationStatement, _ step: HandWorkedStep, _ part: Part
  ) -> Step {
    let users = step.learned.contains(.users)
    let items = step.learned.contains(.items)
    let positive = { (values: [Double]) in values.map { $0 + 0 } }
    let g = step.gradients
    let w = step.wiggles
    return Step(
      user: part.users.names[relation.user], item: part.items.names[relation.item],
      target: step.objective.target, pred: step.pred + 0, diff: step.diff + 0, loss: step.loss,
      gradients: Gradients(
        diff: g.diff + 0, pred: g.pred + 0, user: users ? positive(g.user) : nil,
        item: items ? positive(g.item) : nil),
      wiggles: Gradients(
        diff: w.diff.slope + 0, pred: w.pred.slope + 0,
        user: users ? positive(w.user.map(\.slope)) : nil,
        item: items ? positive(w.item.map(\.slope)) : nil),
      userAfter: users ? positive(step.after.user) : nil,
      itemAfter: items ? positive(step.after.item) : nil, lossAfter: step.lossAfter,
      wentDown: step.wentDown)
  }
}
