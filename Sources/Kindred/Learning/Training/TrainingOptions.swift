// The settings that every method has.
// SPDX-License-Identifier: Apache-2.0

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
  /// Stop after this many epochs without a better validation RMSE, or ndcg@20 of methods for
  /// interactions, and keep the best epoch's model.
  var patience: Int? { get set }
  /// After every how many epochs the held-out interactions are looked at, and after the last; 1 or more.
  var validationInterval: Int { get }
  /// The settings that shape the result, by name, as a model file records them.
  var recorded: [String: String] { get }
  /// Checks every setting against its range.
  ///
  /// - Throws: `TrainingError.badOption` for the first that is out of it.
  func validate() throws(TrainingError)
}

/// The settings that every method for interactions has.
public protocol InteractionOptions: TrainingOptions {
  /// How much a pair counts, by its value in the ratings.
  var weighting: InteractionWeighting { get set }
  /// After every how many epochs the held-out interactions are ranked for, and after the last; 1 or more.
  var validationInterval: Int { get set }
}

extension TrainingOptions {
  /// After every epoch: methods for ratings are quickly judged.
  public var validationInterval: Int { 1 }

  /// The record of a model that has been trained for so many epochs, which a stop or patience can
  /// make fewer: a run with the recorded settings, without patience, repeats it if it was not stopped
  /// inside an epoch (see ``TrainingRecord/stoppedInEpoch``).
  package func record(
    of method: String, trainedOn ratings: Ratings, fingerprint: String, epochs done: Int
  ) -> TrainingRecord {
    var options = self
    options.epochs = done
    return TrainingRecord(
      method: method, options: options.recorded, seed: seed, ratingRange: ratings.range,
      fingerprint: fingerprint)
  }

  /// Throws what is wrong with the setting of this name unless it holds what is expected of it.
  package func require(
    _ holds: Bool, _ name: String, _ value: some Any, _ expected: String
  ) throws(TrainingError) {
    guard holds else { throw .badOption(name: name, value: "\(value)", expected: expected) }
  }

  /// Checks the settings that every method has.
  package func validateShared() throws(TrainingError) {
    try require(dimension >= 1, "dimension", dimension, "1 or more")
    try require(epochs >= 1, "number of epochs", epochs, "1 or more")
    try require(threads >= 0, "number of threads", threads, "0 (one per core) or more")
    if let patience { try require(patience >= 1, "patience", patience, "1 or more epochs") }
    try require(
      validationInterval >= 1, "validation interval", validationInterval, "1 or more epochs")
  }
}

extension TrainingRecord {
  static let stoppedKey = "stopped_in_epoch"

  /// The epoch in whose middle training was stopped, so that some rows are further than others; nil if
  /// every epoch of the model is whole.
  public var stoppedInEpoch: Int? { options[Self.stoppedKey].flatMap { Int($0) } }
}
