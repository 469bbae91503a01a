// What every method of learning a model has in common.
// SPDX-License-Identifier: Apache-2.0

/// A method that learns a model from ratings.
///
/// The contract, which one test suite holds every trainer to: it learns (its objective falls); the
/// same ratings, options and seed give the same bytes for any number of threads; the model folds in
/// a new user; it saves and loads; every epoch is reported; it stops soon after it is asked to; a run
/// that was broken off goes on from its checkpoint to the same bytes.
///
/// ```swift
/// let model = try SGD.fit(ratings)
/// ```
public protocol Trainer: SendableMetatype {
  /// The method's settings.
  associatedtype Options: TrainingOptions

  /// The method's name on the command line and in model files.
  static var method: String { get }

  /// Learns a model.
  ///
  /// - Parameters:
  ///   - ratings: What to learn from.
  ///   - options: The method's settings.
  ///   - validation: Ratings held back, by their own ids; scored after every epoch.
  ///   - checkpoint: Where to keep what the run needs to go on after a break, and whether to go on
  ///     from there now; nil for nowhere.
  ///   - shouldStop: Asked often, on the calling thread; true ends training with what has been
  ///     learned so far.
  ///   - progress: Told about each epoch as it ends.
  /// - Returns: The model, with the training interactions as its history.
  /// - Throws: `TrainingError`.
  static func fit(
    _ ratings: Ratings, options: Options, validation: Ratings?, checkpoint: Checkpoint?,
    shouldStop: () -> Bool, progress: (TrainingProgress) -> Void
  ) throws(TrainingError) -> Model
}

extension Trainer {
  /// Learns a model without keeping a checkpoint.
  ///
  /// - Throws: `TrainingError`.
  public static func fit(
    _ ratings: Ratings, options: Options, validation: Ratings? = nil,
    shouldStop: () -> Bool, progress: (TrainingProgress) -> Void
  ) throws(TrainingError) -> Model {
    try fit(
      ratings, options: options, validation: validation, checkpoint: nil, shouldStop: shouldStop,
      progress: progress)
  }

  /// Learns a model without watching it learn.
  ///
  /// - Throws: `TrainingError`.
  public static func fit(
    _ ratings: Ratings, options: Options = Options(), validation: Ratings? = nil,
    checkpoint: Checkpoint? = nil
  ) throws(TrainingError) -> Model {
    try fit(
      ratings, options: options, validation: validation, checkpoint: checkpoint,
      shouldStop: { false }, progress: { _ in })
  }
}
