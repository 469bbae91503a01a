// One step of gradient descent on one rating, with nothing left out.
// SPDX-License-Identifier: Apache-2.0

/// One update worked out the way a student does it: pred, diff, loss, the derivative at each stage
/// with its check by wiggling, the new numbers, and the loss again.
///
/// ```swift
/// let step = HandWorkedStep(
///   PairObjective(target: 1), from: PairState(user: [-1], item: [0]), learned: .items, rate: 0.1)
/// print(step.gradients.item, step.after.item, step.lossAfter)  // [2.0] [-0.2] 0.64
/// ```
public struct HandWorkedStep: Equatable, Sendable {
  /// The objective: the rating and what it is compared with.
  public let objective: PairObjective
  /// The numbers before the step.
  public let before: PairState
  /// Which side moves.
  public let learned: LearnedSides
  /// What multiplies the gradient, of either side.
  public let rates: PairRates
  /// The prediction.
  public let pred: Double
  /// The rating less the prediction.
  public let diff: Double
  /// The squared difference.
  public let loss: Double
  /// The loss and the penalty for long vectors; the loss itself without regularization.
  public let value: Double
  /// The derivatives, by the chain rule.
  public let gradients: PairGradients
  /// The same derivatives, by wiggling.
  public let wiggles: Wiggles
  /// The numbers after the step.
  public let after: PairState
  /// The prediction with the new numbers.
  public let predAfter: Double
  /// The loss with the new numbers.
  public let lossAfter: Double
  /// Loss and penalty with the new numbers.
  public let valueAfter: Double

  /// The wiggle beside every derivative.
  public struct Wiggles: Equatable, Sendable {
    /// Of the loss by diff.
    public let diff: Wiggle
    /// Of the loss by pred.
    public let pred: Wiggle
    /// Of the objective by each number of the user's vector.
    public let user: [Wiggle]
    /// Of the objective by each number of the item's vector.
    public let item: [Wiggle]
    /// Of the objective by the user's bias; nil in a plain dot-product model.
    public let userBias: Wiggle?
    /// Of the objective by the item's bias; nil in a plain dot-product model.
    public let itemBias: Wiggle?
  }

  /// Works one step out at one rate.
  ///
  /// - Parameters:
  ///   - objective: The rating, with mean and regularization where the model has them.
  ///   - state: The two vectors, and biases, as they are.
  ///   - learned: Which side moves.
  ///   - rate: What multiplies the full gradient, the 2 of the square included.
  /// - Complexity: O(dimension²), nearly all of it the wiggles.
  public init(
    _ objective: PairObjective, from state: PairState, learned: LearnedSides, rate: Double
  ) {
    self.init(objective, from: state, learned: learned, rates: PairRates(user: rate, item: rate))
  }

  /// Works one step out with a rate for either side, as ``SGD`` takes it.
  ///
  /// - Complexity: O(dimension²), nearly all of it the wiggles.
  public init(
    _ objective: PairObjective, from state: PairState, learned: LearnedSides, rates: PairRates
  ) {
    self.objective = objective
    self.learned = learned
    self.rates = rates
    before = state
    let pred = objective.pred(state)
    self.pred = pred
    diff = objective.target - pred
    loss = objective.loss(state)
    value = objective.value(state)
    gradients = objective.gradients(state)
    wiggles = Wiggles(objective, state)
    after = state.moved(against: gradients, rates: rates, learned: learned)
    predAfter = objective.pred(after)
    lossAfter = objective.loss(after)
    valueAfter = objective.value(after)
  }

  /// Whether there was nothing to learn: the prediction was right already.
  public var wasRight: Bool { diff == 0 && objective.regularization == 0 }

  /// Whether the step made things better, penalty included.
  public var wentDown: Bool { valueAfter < value }

  /// Whether every derivative agrees with its wiggle.
  public var wigglesAgree: Bool {
    let pairs =
      [(wiggles.diff, gradients.diff), (wiggles.pred, gradients.pred)]
      + zip(wiggles.user, gradients.user) + zip(wiggles.item, gradients.item)
      + [(wiggles.userBias, gradients.biases?.user), (wiggles.itemBias, gradients.biases?.item)]
      .compactMap { wiggle, slope in wiggle.flatMap { w in slope.map { (w, $0) } } }
    return pairs.allSatisfy { $0.0.agrees(with: $0.1) }
  }
}

extension HandWorkedStep.Wiggles {
  init(_ objective: PairObjective, _ state: PairState) {
    let pred = objective.pred(state)
    func wiggle(_ path: WritableKeyPath<PairState, Double>) -> Wiggle {
      Wiggle(state[keyPath: path]) { number in
        var nudged = state
        nudged[keyPath: path] = number
        return objective.value(nudged)
      }
    }
    diff = Wiggle(objective.target - pred) { objective.loss(diff: $0) }
    self.pred = Wiggle(pred) { objective.loss(diff: objective.target - $0) }
    user = state.user.indices.map { wiggle(\.user[$0]) }
    item = state.item.indices.map { wiggle(\.item[$0]) }
    if let biases = state.biases {
      func nudged(_ change: (inout PairState.Biases) -> Void) -> Double {
        var nudged = state
        var moved = biases
        change(&moved)
        nudged.biases = moved
        return objective.value(nudged)
      }
      userBias = Wiggle(biases.user) { number in nudged { $0.user = number } }
      itemBias = Wiggle(biases.item) { number in nudged { $0.item = number } }
    } else {
      userBias = nil
      itemBias = nil
    }
  }
}
