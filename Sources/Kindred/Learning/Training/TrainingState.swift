// A method at work.
// SPDX-License-Identifier: Apache-2.0

/// What the loop of training drives from epoch to epoch: a method's tables while it works on them.
package protocol TrainingState<Options> {
  /// The method's settings.
  associatedtype Options: TrainingOptions

  /// The state before the first epoch.
  ///
  /// The options have been validated and there are ratings.
  ///
  /// - Throws: `TrainingError.tooLarge` before anything large is allocated.
  init(_ ratings: Ratings, options: Options) throws(TrainingError)

  /// Goes over all ratings once.
  ///
  /// - Parameters:
  ///   - epoch: Counted from 1.
  ///   - shouldStop: Asked on the calling thread alone, at least once and often; once it has said
  ///     true it is not asked again, and the pass ends soon.
  /// - Returns: How it went.
  /// - Throws: `TrainingError` for numbers beyond bounds.
  mutating func run(epoch: Int, shouldStop: () -> Bool) throws(TrainingError) -> EpochOutcome

  /// What patience goes by: one of the metrics that `validate` works out.
  static var judge: Metric { get }

  /// What the model as it would be now does on held-out interactions; empty if there are none.
  ///
  /// - Throws: `TrainingError.diverged` if a score is not finite.
  mutating func validate(
    on validation: Validation, epoch: Int
  ) throws(TrainingError) -> [Metric: Double]

  /// Whether the model as it would be now is one that patience may keep; not so while a method is still
  /// finding its way.
  var canBeBest: Bool { get }

  /// A copy that further epochs do not change.
  func copy() -> Self

  /// The finished model, with the ratings as its history.
  func model(of ratings: Ratings, record: TrainingRecord) -> Model

  /// What a checkpoint must keep, besides the options and the epoch, so that the run goes on to the
  /// same bytes.
  var arrays: [CheckpointArray] { get }

  /// Puts the arrays of a checkpoint back in place of the state before the first epoch.
  ///
  /// - Throws: `FileError` if an array is missing, of another shape, or holds what cannot be.
  mutating func restore(_ arrays: CheckpointArrays) throws(FileError)
}

extension TrainingState {
  package var canBeBest: Bool { true }
}

/// A method at work that predicts ratings: judged by their errors.
package protocol RatingState: TrainingState {
  /// The validation RMSE of the model as it would be now; nil if there are no ratings.
  mutating func rmse(on heldOut: HeldOut, clippedTo range: ClosedRange<Float>?) -> Double?
}

extension RatingState {
  package static var judge: Metric { Metric(.rmse) }

  package mutating func validate(
    on validation: Validation, epoch: Int
  ) throws(TrainingError) -> [Metric: Double] {
    guard let rmse = rmse(on: validation.heldOut, clippedTo: validation.training.range) else {
      return [:]
    }
    return [Self.judge: rmse]
  }
}

/// A method at work that ranks items: judged by its rankings.
package protocol InteractionState: TrainingState where Options: InteractionOptions {}

extension InteractionState {
  package static var judge: Metric { Metric(.ndcg, cutoff: 20) }

  package mutating func validate(
    on validation: Validation, epoch: Int
  ) throws(TrainingError) -> [Metric: Double] {
    try validation.rankings(
      of: model(of: validation.training, record: validation.record(epoch)),
      metrics: [Metric(.recall, cutoff: 20), Self.judge], epoch: epoch)
  }
}

/// How a pass over the ratings went.
package struct EpochOutcome {
  /// The squared training errors, summed; nil for a method that predicts no ratings.
  package var squares: Double?
  /// What the method minimizes, where it works it out.
  package var objective: Double?
  /// The rate of a row's first rating in this epoch, where the method has one.
  package var rate: Double?
  /// Whether the pass was stopped before its end.
  package var wasStopped: Bool

  package init(
    squares: Double? = nil, objective: Double? = nil, rate: Double? = nil, wasStopped: Bool = false
  ) {
    self.squares = squares
    self.objective = objective
    self.rate = rate
    self.wasStopped = wasStopped
  }
}
