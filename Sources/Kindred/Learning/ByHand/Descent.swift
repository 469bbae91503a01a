// Gradient descent on a handful of relations, until it stops improving.
// SPDX-License-Identifier: Apache-2.0

/// A small learning problem: vectors to start from and the dot products they should have.
public struct Descent: Equatable, Sendable {
  /// A pair of rows and the dot product that is wanted of them.
  public struct Relation: Equatable, Sendable {
    /// The user's place in `users`.
    public let user: Int
    /// The item's place in `items`.
    public let item: Int
    /// The dot product that is wanted.
    public let target: Double

    /// A wanted dot product.
    public init(user: Int, item: Int, target: Double) {
      self.user = user
      self.item = item
      self.target = target
    }
  }

  /// The vectors to start from. [users][dimension]
  public var users: [[Double]]
  /// The vectors to start from. [items][dimension]
  public var items: [[Double]]
  /// What is wanted.
  public var relations: [Relation]
  /// Which side moves.
  public var learned: LearnedSides
  /// What multiplies the gradient of a minibatch's mean loss.
  public var rate: Double
  /// How many relations each update looks at, in the order written; nil for all at once.
  public var batch: Int?
  /// The most epochs that are tried.
  public var limit = 100_000

  /// A problem to descend on.
  ///
  /// - Precondition: All vectors have one dimension and the relations name rows that exist.
  public init(
    users: [[Double]], items: [[Double]], relations: [Relation], learned: LearnedSides,
    rate: Double, batch: Int? = nil
  ) {
    let dimension = users.first?.count ?? items.first?.count ?? 0
    precondition((users + items).allSatisfy { $0.count == dimension }, "uneven vectors")
    precondition(
      relations.allSatisfy { users.indices ~= $0.user && items.indices ~= $0.item },
      "a relation names a row that is not there")
    self.users = users
    self.items = items
    self.relations = relations
    self.learned = learned
    self.rate = rate
    self.batch = batch
  }

  /// The squared differences of all relations, summed.
  public var lossSum: Double {
    relations.reduce(0) { sum, relation in
      sum + PairObjective(target: relation.target).loss(pair(relation))
    }
  }

  /// The hand-worked steps: one relation each in the order written, each from where the last ended.
  ///
  /// A step that leaves the finite numbers is the last one.
  ///
  /// - Complexity: O(relations · dimension²).
  public func steps() -> [HandWorkedStep] {
    var current = self
    var steps: [HandWorkedStep] = []
    for relation in relations {
      let step = HandWorkedStep(
        PairObjective(target: relation.target), from: current.pair(relation), learned: learned,
        rate: rate)
      steps.append(step)
      guard step.after.isFinite, step.lossAfter.isFinite else { break }
      current.users[relation.user] = step.after.user
      current.items[relation.item] = step.after.item
    }
    return steps
  }

  /// Descends epoch after epoch until nothing improves any more.
  ///
  /// Stops when an epoch changes the loss by less than one part in a billion, when the loss is below
  /// 1e-18 of where it started, after `limit` epochs, or when a number is no longer finite.
  ///
  /// - Complexity: O(epochs · relations · dimension).
  public func run() -> DescentResult {
    var current = self
    let start = lossSum
    var losses: [Double] = []
    if start == 0 { return result(current, start, losses, .alreadySolved) }
    if current.isStuck { return result(current, start, losses, .saddle) }
    var previous = start
    for epoch in 1...max(1, limit) {
      let before = current
      current.runEpoch()
      let loss = current.lossSum
      guard loss.isFinite, current.isFinite else {
        return result(before, start, losses, .diverged(epoch: epoch))
      }
      losses.append(loss)
      if loss <= start * 1e-18 { return result(current, start, losses, .solved) }
      if abs(previous - loss) < 1e-9 * previous {
        // At rest the vectors stand still too; where the rate throws them to and fro they do not.
        let isMoving = current.squaredDistance(to: before) > 1e-6 * rate * loss
        return result(current, start, losses, isMoving ? .bouncing : .settled)
      }
      previous = loss
    }
    return result(current, start, losses, .limit)
  }

  private func result(
    _ end: Descent, _ start: Double, _ losses: [Double], _ ending: DescentResult.Ending
  ) -> DescentResult {
    DescentResult(
      users: end.users, items: end.items, startLoss: start, epochLosses: losses, ending: ending)
  }

  private func pair(_ relation: Relation) -> PairState {
    PairState(user: users[relation.user], item: items[relation.item])
  }

  private var isFinite: Bool { (users + items).allSatisfy { $0.allSatisfy(\.isFinite) } }

  private func squaredDistance(to other: Descent) -> Double {
    let numbers = (users + items).joined()
    return zip(numbers, (other.users + other.items).joined()).reduce(0) { sum, pair in
      sum + (pair.0 - pair.1) * (pair.0 - pair.1)
    }
  }

  /// Whether every gradient that could move something is exactly zero because the other side's
  /// vectors are: both sides at zero are a saddle, and a side at zero that stays teaches nothing.
  private var isStuck: Bool {
    let isZero = { (vector: [Double]) in vector.allSatisfy { $0 == 0 } }
    return relations.allSatisfy { relation in
      let slope = PairObjective(target: relation.target).gradients(pair(relation))
      let usersRest = !learned.contains(.users) || isZero(slope.user)
      let itemsRest = !learned.contains(.items) || isZero(slope.item)
      // Away from zero a zero gradient is the lowest point of a convex problem, not a trap.
      let fixed = learned == .users ? items[relation.item] : users[relation.user]
      return usersRest && itemsRest && (learned == .both || isZero(fixed))
    }
  }

  private mutating func runEpoch() {
    let size = max(1, min(batch ?? relations.count, relations.count))
    for start in stride(from: 0, to: relations.count, by: size) {
      update(with: relations[start..<min(start + size, relations.count)])
    }
  }

  /// One update with the gradient of the minibatch's mean loss, all taken at the same vectors.
  private mutating func update(with batch: ArraySlice<Relation>) {
    let share = rate / Double(batch.count)
    let slopes = batch.map { PairObjective(target: $0.target).gradients(pair($0)) }
    for (relation, slope) in zip(batch, slopes) {
      let moved = pair(relation).moved(against: slope, rate: share, learned: learned)
      users[relation.user] = moved.user
      items[relation.item] = moved.item
    }
  }
}

/// How a descent went.
public struct DescentResult: Equatable, Sendable {
  /// Why a descent ended.
  public enum Ending: Equatable, Sendable {
    /// An epoch changed the loss by less than one part in a billion.
    case settled
    /// The loss fell below 1e-18 of where it started.
    case solved
    /// The loss was zero from the start.
    case alreadySolved
    /// The loss stays where it is while the vectors jump to and fro: the rate is too large.
    case bouncing
    /// Every gradient is zero, but the loss is not: the vectors that the gradients are multiples of
    /// start at zero.
    case saddle
    /// The most epochs allowed were not enough.
    case limit
    /// The numbers grew beyond bounds in this epoch: the rate is too large.
    case diverged(epoch: Int)
  }

  /// The vectors at the end; after divergence the last finite ones.
  public let users: [[Double]]
  /// The vectors at the end; after divergence the last finite ones.
  public let items: [[Double]]
  /// The summed squared differences before the first epoch.
  public let startLoss: Double
  /// The summed squared differences after each epoch.
  public let epochLosses: [Double]
  /// Why it ended.
  public let ending: Ending

  /// The summed squared differences at the end.
  public var finalLoss: Double { epochLosses.last ?? startLoss }

  /// The epoch at which it diverged; nil if it did not.
  public var divergedEpoch: Int? {
    if case .diverged(let epoch) = ending { epoch } else { nil }
  }
}
