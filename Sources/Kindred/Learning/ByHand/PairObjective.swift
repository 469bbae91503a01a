// The loss of one rating, its gradient and its update, in readable form.
// SPDX-License-Identifier: Apache-2.0

/// The vectors (and biases, where the model has them) of one user and one item.
public struct PairState: Equatable, Sendable {
  /// The user's vector x.
  public var user: [Double]
  /// The item's vector y.
  public var item: [Double]
  /// The user's and the item's bias; nil in a plain dot-product model.
  public var biases: Biases?

  /// The biases of one user and one item.
  public struct Biases: Equatable, Sendable {
    /// b_u.
    public var user: Double
    /// b_i.
    public var item: Double

    /// The two biases.
    public init(user: Double, item: Double) {
      self.user = user
      self.item = item
    }
  }

  /// A pair of vectors of one dimension.
  ///
  /// - Precondition: Both vectors have the same dimension.
  public init(user: [Double], item: [Double], biases: Biases? = nil) {
    precondition(
      user.count == item.count, "the user has \(user.count) dimensions, the item \(item.count)")
    self.user = user
    self.item = item
    self.biases = biases
  }

  package var isFinite: Bool {
    user.allSatisfy(\.isFinite) && item.allSatisfy(\.isFinite)
      && (biases.map { $0.user.isFinite && $0.item.isFinite } ?? true)
  }
}

/// What one rating asks of its two vectors: a small (r − pred)² and short vectors.
///
/// pred = μ + b_u + b_i + x·y, diff = r − pred, loss = diff², and the objective is
/// loss + λ(‖x‖² + ‖y‖² + b_u² + b_i²) (Koren, Bell & Volinsky 2009, eq. 5). This is the one place
/// where Kindred writes the loss, its gradient and its update; every fast kernel is tested against
/// it.
public struct PairObjective: Equatable, Sendable {
  /// The rating r.
  public let target: Double
  /// μ, 0 in a plain dot-product model.
  public let mean: Double
  /// λ, 0 for none.
  public let regularization: Double

  /// The objective of one rating.
  public init(target: Double, mean: Double = 0, regularization: Double = 0) {
    self.target = target
    self.mean = mean
    self.regularization = regularization
  }

  /// The prediction.
  public func pred(_ state: PairState) -> Double {
    var sum = mean
    if let biases = state.biases { sum += biases.user + biases.item }
    for k in state.user.indices { sum += state.user[k] * state.item[k] }
    return sum
  }

  /// The squared difference between rating and prediction.
  public func loss(_ state: PairState) -> Double { loss(diff: target - pred(state)) }

  package func loss(diff: Double) -> Double { diff * diff }

  /// The loss and the penalty for long vectors.
  public func value(_ state: PairState) -> Double {
    guard regularization != 0 else { return loss(state) }
    var squares = 0.0
    for number in state.user { squares += number * number }
    for number in state.item { squares += number * number }
    if let biases = state.biases {
      squares += biases.user * biases.user + biases.item * biases.item
    }
    return loss(state) + regularization * squares
  }

  /// The derivatives of the objective, stage by stage as the chain rule goes.
  public func gradients(_ state: PairState) -> PairGradients {
    let diff = target - pred(state)
    let byDiff = 2 * diff
    let byPred = -byDiff
    let shrink = 2 * regularization
    return PairGradients(
      diff: byDiff, pred: byPred,
      user: state.user.indices.map { byPred * state.item[$0] + shrink * state.user[$0] },
      item: state.item.indices.map { byPred * state.user[$0] + shrink * state.item[$0] },
      biases: state.biases.map {
        .init(user: byPred + shrink * $0.user, item: byPred + shrink * $0.item)
      })
  }
}

/// Derivatives of one rating's objective.
public struct PairGradients: Equatable, Sendable {
  /// d loss / d diff = 2 · diff.
  public var diff: Double
  /// d loss / d pred = −2 · diff.
  public var pred: Double
  /// By the user's vector: −2 · diff · y + 2λx.
  public var user: [Double]
  /// By the item's vector: −2 · diff · x + 2λy.
  public var item: [Double]
  /// By the biases: −2 · diff + 2λb; nil in a plain dot-product model.
  public var biases: PairState.Biases?
}

extension PairState {
  /// One step against the gradient, of the sides that are learned.
  package func moved(
    against gradients: PairGradients, rate: Double, learned: LearnedSides
  ) -> PairState {
    moved(against: gradients, rates: PairRates(user: rate, item: rate), learned: learned)
  }

  /// One step against the gradient, of the sides that are learned, each at its rate.
  package func moved(
    against gradients: PairGradients, rates: PairRates, learned: LearnedSides
  ) -> PairState {
    var after = self
    if learned.contains(.users) {
      for k in user.indices { after.user[k] -= rates.user * gradients.user[k] }
    }
    if learned.contains(.items) {
      for k in item.indices { after.item[k] -= rates.item * gradients.item[k] }
    }
    if let biases, let slope = gradients.biases {
      if learned.contains(.users) { after.biases?.user = biases.user - rates.user * slope.user }
      if learned.contains(.items) { after.biases?.item = biases.item - rates.item * slope.item }
    }
    return after
  }
}

/// What multiplies the gradient of either side; the 2 of the square is included.
public struct PairRates: Equatable, Sendable {
  /// For the user's vector and bias.
  public var user: Double
  /// For the item's.
  public var item: Double

  /// Two rates.
  public init(user: Double, item: Double) {
    self.user = user
    self.item = item
  }
}

/// Which side's vectors (and biases) move.
public struct LearnedSides: OptionSet, Hashable, Sendable {
  /// One bit per side.
  public let rawValue: Int

  /// A set of sides from its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The users' vectors.
  public static let users = LearnedSides(rawValue: 1)
  /// The items' vectors.
  public static let items = LearnedSides(rawValue: 2)
  /// Both.
  public static let both: LearnedSides = [.users, .items]
}
