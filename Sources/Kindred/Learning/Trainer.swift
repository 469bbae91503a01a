// What every method of learning a model has in common.
// SPDX-License-Identifier: Apache-2.0

/// A method that learns a model from ratings.
///
/// The contract, which one test suite holds every trainer to: it learns (its objective falls); the
/// same ratings, options and seed give the same bytes for any number of threads; the model folds in
/// a new user; it saves and loads; every epoch is reported; it stops soon after it is asked to.
public protocol Trainer {
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
  ///   - shouldStop: Asked often; true ends training with what has been learned so far.
  ///   - progress: Told about each epoch as it ends.
  /// - Returns: The model, with the training interactions as its history.
  /// - Throws: `TrainingError`.
  static func fit(
    _ ratings: Ratings, options: Options, validation: Ratings?,
    shouldStop: () -> Bool, progress: (TrainingProgress) -> Void
  ) throws(TrainingError) -> Model
}

extension Trainer {
  /// Learns a model without watching it learn.
  ///
  /// - Throws: `TrainingError`.
  public static func fit(
    _ ratings: Ratings, options: Options = Options(), validation: Ratings? = nil
  ) throws(TrainingError) -> Model {
    try fit(
      ratings, options: options, validation: validation, shouldStop: { false }, progress: { _ in })
  }
}

/// The settings that every method has.
public protocol TrainingOptions: Sendable {
  /// The method's good defaults.
  init()
  /// The numbers in each vector, 1 or more.
  var dimension: Int { get set }
  /// How often training goes over all ratings, 1 or more.
  var epochs: Int { get set }
  /// Chooses every random draw.
  var seed: UInt64 { get set }
  /// How many threads may work at a time; 0 for one per core. Does not change the result.
  var threads: Int { get set }
  /// Stop after this many epochs without a better validation RMSE and keep the best epoch's model.
  var patience: Int? { get set }
  /// The settings that shape the result, by name, as a model file records them.
  var recorded: [String: String] { get }
}

/// How far training has come.
public struct TrainingProgress: Equatable, Sendable {
  /// The epoch that has ended, counted from 1.
  public let epoch: Int
  /// How many epochs there will be at most.
  public let epochs: Int
  /// How long the epoch took.
  public let seconds: Double
  /// The root mean squared training error of the epoch, each rating's taken just before its update.
  public let trainRMSE: Double
  /// The validation RMSE after the epoch, clipped to the range of the training ratings; nil without
  /// validation ratings.
  public let validationRMSE: Double?
  /// Training ratings worked through per second.
  public let ratingsPerSecond: Double
  /// The time that the remaining epochs will take at this pace.
  public let secondsLeft: Double
}

/// Training that cannot begin or cannot go on; nothing has been saved.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is nothing to learn from.
  case noRatings
  /// A setting is out of its range.
  case badOption(name: String, value: String, expected: String)
  /// The tables would not fit into this machine's memory.
  case tooLarge(bytes: Int, available: Int)
  /// The numbers grew beyond bounds in this epoch at this rate.
  case diverged(epoch: Int, rate: Double)

  /// What is wrong, and what to try, in a sentence.
  public var description: String {
    switch self {
    case .noRatings: "There are no ratings to learn from."
    case .badOption(let name, let value, let expected):
      "The \(name) is \(value); it must be \(expected)."
    case .tooLarge(let bytes, let available):
      "The tables would take \(bytes / 1_000_000) MB, and this machine has "
        + "\(available / 1_000_000) MB: choose a smaller dimension."
    case .diverged(let epoch, let rate):
      "Training diverged in epoch \(epoch): the numbers grew beyond bounds at the rate \(rate). "
        + "Try a tenth of that rate."
    }
  }
}
