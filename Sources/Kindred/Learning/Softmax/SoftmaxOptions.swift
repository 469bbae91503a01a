// The settings of the softmax method.
// SPDX-License-Identifier: Apache-2.0

/// How ``Softmax`` learns.
///
/// ```swift
/// var options = SoftmaxOptions()
/// options.dimension = 64
/// options.epochs = 40
/// ```
public struct SoftmaxOptions: InteractionOptions, Equatable {
  /// How rows are moved against their gradients.
  public enum Optimizer: String, CaseIterable, Sendable {
    /// Running means of the gradient and of its squares (Kingma & Ba 2015), β 0.9 and 0.999; a row's
    /// are touched, and corrected for their start, when the row is.
    case adam
    /// By the root of the sum of squared gradients (Duchi, Hazan & Singer 2011).
    case adagrad
  }

  /// The numbers in each vector, 1 or more.
  public var dimension = 32
  /// How often training goes over all users, 1 or more.
  public var epochs = 40
  /// How far a number of a row moves in a step at first, above 0; it falls to nothing along half a wave
  /// of the cosine over `annealing` epochs.
  public var rate = 0.02
  /// Over how many epochs the rate falls, 1 or more; nil for all `epochs`.
  ///
  /// Set it where training may end early or go on later.
  public var annealing: Int?
  /// What the rate of users is multiplied by, above 0: a user moves once an epoch, an item with every batch.
  public var userRate = 1.0
  /// τ, what scores are divided by, above 0: the smaller, the more the items nearest to a user matter.
  public var temperature = 0.1
  /// What a score is made of: the cosine of the two vectors, or their product.
  public var similarity = Similarity.cosine
  /// How much of a user's vector comes from what they have seen, 0 or more.
  ///
  /// This many times the mean of their items' vectors (under `cosine` of length 1) joins a vector of their
  /// own (Koren 2008, SVD++; Mao and others 2021, SimpleX). 0 leaves a user their own vector alone.
  public var pastWeight = 0.5
  /// The power of an item's count of users that its part of such a mean is divided by, between 0 and 1.
  ///
  /// What everybody has seen says less of somebody; LightGCN (He and others 2020) divides by the root, 0.5.
  public var pastExponent = 0.5
  /// How many items a batch is held against besides its own, 1 or more; all of them if there are no
  /// more than that.
  public var negatives = 65_536
  /// How many users move together, 1 or more.
  public var batch = 128
  /// How far a batch's items count by the chance that they were there, between 0 and 1.
  ///
  /// With 1 what is learned is as if all items were there; 0 holds popular items, which are there more often,
  /// against users more often. Of no effect where a batch is held against all items.
  public var correction = 1.0
  /// κ, 0 or more: how many users' worth an item's vector leans on the mean of its users, once training is
  /// done, under `cosine`.
  ///
  /// An item of n users becomes its own direction and κ / (n + κ) times that of the mean of its users'
  /// vectors: of a few pairs its own can only be known roughly. 0 leaves it as it was learned.
  public var shrinkage = 10.0
  /// The power of an item's count of users (and 1) that its share of a user's interactions is multiplied by
  /// once training is done.
  ///
  /// The item's bias is this times τ ln(1 + count). What was learned of users of
  /// few interactions is surer of their taste than it can be; this leans to what everybody likes. 0
  /// gives a model without biases.
  public var popularity = 0.4
  /// How rows are moved.
  public var optimizer = Optimizer.adam
  /// λ, 0 or more: the penalty on the squared length of each user's and each item's own row.
  ///
  /// Under `cosine` lengths do not matter to scores, but how far a step turns a row does depend on its length.
  public var regularization = 0.0
  /// The standard deviation of the random numbers that both tables start from.
  public var initialDeviation = 0.02
  /// How much a pair counts, by its value in the ratings.
  public var weighting = InteractionWeighting.none
  /// Chooses the starting vectors, the order of users and the negatives.
  public var seed: UInt64 = 1
  /// How many threads may work at a time; 0 for one per core.
  ///
  /// Does not change the result.
  public var threads = 0
  /// Stop after this many epochs without a better ndcg@20 on what is held back, and keep the best epoch's
  /// model.
  public var patience: Int?
  /// After every how many epochs the held-out interactions are ranked for, and after the last; 1 or more.
  public var validationInterval = 5

  /// Settings that do well on files of clicks of ordinary size.
  public init() {}

  /// The settings that shape the result, and what folding in needs of them.
  public var recorded: [String: String] {
    var recorded = [
      "dimension": "\(dimension)", "epochs": "\(epochs)", "rate": "\(rate)",
      "annealing": "\(annealing ?? epochs)",
      "user_rate": "\(userRate)", "temperature": "\(temperature)",
      "similarity": similarity.rawValue, "negatives": "\(negatives)", "batch": "\(batch)",
      "correction": "\(correction)", "popularity": "\(popularity)",
      "shrinkage": "\(shrinkage)",
      "past_weight": "\(pastWeight)", "past_exponent": "\(pastExponent)",
      "optimizer": optimizer.rawValue, "regularization": "\(regularization)",
      "initial_deviation": "\(initialDeviation)", "weighting": "\(weighting)",
    ]
    if let patience {
      recorded["patience"] = "\(patience)"
      recorded["validation_interval"] = "\(validationInterval)"
    }
    return recorded
  }

  /// Checks every setting against its range.
  ///
  /// - Throws: `TrainingError.badOption` for the first that is out of it.
  public func validate() throws(TrainingError) {
    try validateShared()
    try weighting.validate()
    if let annealing {
      try require(annealing >= 1, "number of epochs of annealing", annealing, "1 or more")
    }
    try require(rate > 0 && rate.isFinite, "rate", rate, "a number above 0")
    try require(userRate > 0 && userRate.isFinite, "user rate", userRate, "a number above 0")
    // Beyond that scores of a cosine are beyond what `Float` resolves, or all alike.
    try require(
      temperature >= 1e-4 && temperature <= 1e4, "temperature", temperature,
      "between 0.0001 and 10000")
    try require(negatives >= 1, "number of negatives", negatives, "1 or more")
    try require(batch >= 1, "batch", batch, "1 or more users")
    try require(correction >= 0 && correction <= 1, "correction", correction, "between 0 and 1")
    try require(
      pastWeight >= 0 && pastWeight <= 1e6, "past weight", pastWeight, "between 0 and 1000000")
    try require(
      pastExponent >= 0 && pastExponent <= 1, "past exponent", pastExponent, "between 0 and 1")
    try require(shrinkage >= 0 && shrinkage <= 1e6, "shrinkage", shrinkage, "between 0 and 1000000")
    try require(
      popularity >= -4 && popularity <= 4, "popularity", popularity, "between -4 and 4")
    try require(
      regularization >= 0 && regularization.isFinite, "regularization", regularization, "0 or more")
    // From zeros the gradients would be zero, too.
    try require(
      initialDeviation > 0 && initialDeviation.isFinite, "initial deviation", initialDeviation,
      "a number above 0")
  }

  /// The rate in an epoch of which a part has been done: half a wave of the cosine, and what is left at its
  /// end.
  func rate(epoch: Int, part: Double) -> Double {
    let done = min((Double(epoch - 1) + part) / Double(annealing ?? epochs), 1)
    return rate * max(0.5 * (1 + cosine(.pi * done)), 0.01)
  }
}
