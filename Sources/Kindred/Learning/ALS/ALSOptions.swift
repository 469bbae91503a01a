// The settings of alternating least squares.
// SPDX-License-Identifier: Apache-2.0

/// How ``ALS`` learns.
///
/// ```swift
/// var options = ALSOptions()
/// options.dimension = 64
/// options.epochs = 12
/// ```
public struct ALSOptions: TrainingOptions, Equatable {
  /// The numbers in each vector, 1 or more.
  public var dimension = 32
  /// How often all items and then all users are solved for, 1 or more.
  public var epochs = 10
  /// λ, 0 or more: the penalty on the squared length of both vectors and biases.
  ///
  /// It is added once per rating; libraries that add it once per row mean something else by the same
  /// number. With 0, every row needs as many ratings as it has numbers to solve for.
  public var regularization = 0.12
  /// Whether scores have the mean and a bias per user and item, or are plain dot products.
  public var hasBiases = true
  /// How many epochs of stochastic gradient descent on the same objective, before the first one here,
  /// the users' vectors start from, 0 or more; with 0 from random numbers.
  ///
  /// Each costs about a tenth of an epoch here; together they save two.
  public var startEpochs = 2
  /// The standard deviation of the random numbers that the users' vectors start from where they do not
  /// start from a descent.
  public var initialDeviation = 0.3
  /// Chooses the starting vectors.
  public var seed: UInt64 = 1
  /// How many threads may work at a time; 0 for one per core.
  ///
  /// Does not change the result.
  public var threads = 0
  /// Stop after this many epochs without a better validation RMSE and keep the best epoch's model.
  public var patience: Int?

  /// Settings that do well on rating files of ordinary size.
  public init() {}

  /// The settings that shape the result.
  public var recorded: [String: String] {
    var recorded = [
      "dimension": "\(dimension)", "epochs": "\(epochs)", "regularization": "\(regularization)",
      "biases": "\(hasBiases)", "initial_deviation": "\(initialDeviation)",
      "start_epochs": "\(startEpochs)",
    ]
    if let patience { recorded["patience"] = "\(patience)" }
    return recorded
  }

  /// Checks every setting against its range.
  ///
  /// - Throws: `TrainingError.badOption` for the first that is out of it.
  public func validate() throws(TrainingError) {
    try validateShared()
    try require(
      regularization >= 0 && regularization.isFinite, "regularization", regularization, "0 or more")
    try require(startEpochs >= 0, "number of epochs to start from", startEpochs, "0 or more")
    // From zeros the items would stay zero, and then the users.
    try require(
      initialDeviation > 0 && initialDeviation.isFinite, "initial deviation", initialDeviation,
      "a number above 0")
  }

  /// The descent that the users' vectors start from.
  var descent: SGDOptions {
    var descent = SGDOptions()
    descent.dimension = dimension
    descent.epochs = max(1, startEpochs)
    descent.regularization = regularization
    descent.hasBiases = hasBiases
    descent.seed = seed
    descent.threads = threads
    return descent
  }
}
