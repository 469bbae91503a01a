// The settings of pairwise ranking.
// SPDX-License-Identifier: Apache-2.0

/// How ``BPR`` learns.
///
/// ```swift
/// var options = BPROptions()
/// options.dimension = 64
/// options.candidates = 1  // the loss as it stands
/// ```
public struct BPROptions: InteractionOptions, Equatable {
  /// The numbers in each vector, 1 or more.
  public var dimension = 64
  /// How often training goes over all interactions, 1 or more.
  public var epochs = 120
  /// What multiplies the gradient of a pair's loss, above 0; each row divides it by the root of the mean
  /// squares of its gradients, summed.
  public var rate = 0.3
  /// What the rate is multiplied by after each epoch, above 0 and at most 1.
  public var decay = 0.975
  /// λ, 0 or more: the penalty on the squared length of a pair's three vectors, added once per pair.
  public var regularization = 0.02
  /// The unseen items that a user's are held against are drawn with chances in proportion to this power of
  /// how many users have them, from 0 (all alike) to 1 (by popularity); an item that nobody has is drawn
  /// as one that somebody has.
  public var negativeExponent = 0.0
  /// How many unseen items are drawn for a pair, 1 or more; the one with the highest score is the other one
  /// of the pair.
  ///
  /// 1 is the loss as it stands. More of them find the pairs that are still in the wrong order, which is
  /// another loss: one that is about the top of the list.
  public var candidates = 32
  /// How much a pair counts, by its value in the ratings.
  public var weighting = InteractionWeighting.none
  /// The standard deviation of the random numbers that both tables start from, above 0.
  public var initialDeviation = 0.03
  /// Chooses the starting vectors, the groups of items and what is drawn.
  public var seed: UInt64 = 1
  /// How many threads may work at a time; 0 for one per core.
  ///
  /// Does not change the result.
  public var threads = 0
  /// Stop after this many epochs without a better validation ndcg@20 and keep the best epoch's model.
  public var patience: Int?
  /// After every how many epochs the held-out interactions are ranked for, and after the last; 1 or more.
  public var validationInterval = 10

  /// Settings that do well on interactions of ordinary size.
  public init() {}

  /// The settings that shape the result.
  public var recorded: [String: String] {
    var recorded = [
      "dimension": "\(dimension)", "epochs": "\(epochs)", "rate": "\(rate)", "decay": "\(decay)",
      "regularization": "\(regularization)", "negative_exponent": "\(negativeExponent)",
      "candidates": "\(candidates)", TrainingRecord.weightingKey: "\(weighting)",
      "initial_deviation": "\(initialDeviation)",
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
    try require(rate > 0 && rate.isFinite, "rate", rate, "a number above 0")
    try require(decay > 0 && decay <= 1, "decay", decay, "above 0 and at most 1")
    try require(
      regularization >= 0 && regularization.isFinite, "regularization", regularization, "0 or more")
    try require(
      (0...1).contains(negativeExponent), "negative exponent", negativeExponent, "from 0 to 1")
    try require(
      (1...1_000_000).contains(candidates), "number of candidates", candidates,
      "from 1 to a million")
    try require(
      initialDeviation > 0 && initialDeviation.isFinite, "initial deviation", initialDeviation,
      "a number above 0")
  }

  /// The rate of an epoch, counted from 1.
  package func rate(epoch: Int) -> Double { rate * power(decay, epoch - 1) }
}

/// What the chance of being drawn is in proportion to, for an item that so many users have.
package func drawingWeight(count: Int, exponent: Double) -> Double {
  exponent == 0 ? 1 : power(Double(max(count, 1)), exponent)
}
