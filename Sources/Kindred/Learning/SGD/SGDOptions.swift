// The settings of stochastic gradient descent.
// SPDX-License-Identifier: Apache-2.0

/// How ``SGD`` learns.
///
/// ```swift
/// var options = SGDOptions()
/// options.dimension = 20
/// options.seed = 7
/// ```
public struct SGDOptions: TrainingOptions, Equatable {
  /// The numbers in each vector, 1 or more.
  public var dimension = 32
  /// How often training goes over all ratings, 1 or more.
  public var epochs = 20
  /// What multiplies the full gradient of a rating's loss, above 0; `schedule` and `decay` make it
  /// smaller as training goes on.
  ///
  /// The 2 of the square is included: a paper's γ on the halved gradient is twice this.
  public var rate = 0.05
  /// How the rate of a row falls with what it has seen.
  public var schedule = RateSchedule.visits
  /// What the rate is multiplied by after each epoch, above 0 and at most 1.
  public var decay = 0.75
  /// λ, 0 or more: the penalty on the squared length of both vectors and biases.
  ///
  /// It is added once per rating; libraries that add it once per row mean something else by the same
  /// number.
  public var regularization = 0.04
  /// Whether scores have the mean and a bias per user and item, or are plain dot products.
  public var hasBiases = true
  /// The standard deviation of the random numbers that both tables start from.
  public var initialDeviation = 0.05
  /// Chooses the starting vectors and the order of the ratings.
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
      "dimension": "\(dimension)", "epochs": "\(epochs)", "rate": "\(rate)",
      "schedule": schedule.rawValue, "decay": "\(decay)", "regularization": "\(regularization)",
      "biases": "\(hasBiases)",
      "initial_deviation": "\(initialDeviation)",
    ]
    if let patience { recorded["patience"] = "\(patience)" }
    return recorded
  }

  /// Checks every setting against its range.
  ///
  /// - Throws: `TrainingError.badOption` for the first that is out of it.
  public func validate() throws(TrainingError) {
    try validateShared()
    try require(rate > 0 && rate.isFinite, "rate", rate, "a number above 0")
    try require(decay > 0 && decay <= 1, "decay", decay, "above 0 and at most 1")
    try require(
      regularization >= 0 && regularization.isFinite, "regularization", regularization, "0 or more")
    try require(
      initialDeviation >= 0 && initialDeviation.isFinite, "initial deviation", initialDeviation,
      "0 or more")
  }
}
