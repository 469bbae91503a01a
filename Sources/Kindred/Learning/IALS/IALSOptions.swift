// The settings of weighted alternating least squares over all pairs.
// SPDX-License-Identifier: Apache-2.0

/// How ``IALS`` learns.
///
/// ```swift
/// var options = IALSOptions()
/// options.dimension = 128
/// options.unobserved = 0.05
/// ```
public struct IALSOptions: InteractionOptions, Equatable {
  /// The numbers in each vector, 1 or more.
  public var dimension = 64
  /// How often all items and then all users are solved for, 1 or more.
  public var epochs = 5
  /// α₀, above 0: how much every pair, seen or not, counts as one that should score 0; a seen pair counts
  /// its weight as one that should score 1.
  ///
  /// Large catalogues need less of it than small ones.
  public var unobserved = 0.01
  /// λ, 0 or more: the penalty on the squared length of a vector, times a power of its size.
  ///
  /// A row with a count of pairs, and n rows on the other side, has the ridge λ (count + α₀n)^ν.
  public var regularization = 0.007
  /// ν, 0 or more: 1 adds λ once per pair, unseen ones by their part, 0 once per row.
  public var exponent = 1.0
  /// How much a pair counts, by its value in the ratings.
  public var weighting = InteractionWeighting.none
  /// How many numbers of a row are solved for at a time, the others fixed (iALS++).
  ///
  /// From `dimension` on rows are solved whole, by a Cholesky factor. 0 chooses: whole rows for small
  /// dimensions, and steps of conjugate gradients for larger ones.
  /// All end at a minimum of one objective; per epoch whole rows and gradients lower it by about as much,
  /// blocks by less.
  public var block = 0
  /// The expected length of the random vectors that training starts from, above 0.
  public var initialDeviation = 0.1
  /// Chooses the starting vectors.
  public var seed: UInt64 = 1
  /// How many threads may work at a time; 0 for one per core.
  ///
  /// Does not change the result.
  public var threads = 0
  /// Stop after this many epochs without a better ndcg@20 on what is held back, and keep the best
  /// epoch's model.
  public var patience: Int?
  /// After every how many epochs the held-out interactions are ranked for, and after the last.
  public var validationInterval = 1

  /// Settings that do well on files of clicks and purchases of ordinary size.
  public init() {}

  /// The settings that shape the result.
  public var recorded: [String: String] {
    var recorded = [
      "dimension": "\(dimension)", "epochs": "\(epochs)", "unobserved": "\(unobserved)",
      "regularization": "\(regularization)", "exponent": "\(exponent)",
      TrainingRecord.weightingKey: "\(weighting)", "block": "\(block)",
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
    // Without unseen pairs the best that there is would be a score of 1 for every pair.
    try require(
      unobserved > 0 && unobserved.isFinite, "weight of unobserved pairs", unobserved,
      "a number above 0")
    try require(
      regularization >= 0 && regularization.isFinite, "regularization", regularization, "0 or more")
    try require(
      exponent >= 0 && exponent.isFinite, "exponent of the regularization", exponent, "0 or more")
    try require(block >= 0, "block", block, "0 (chosen by the dimension) or more")
    try require(
      initialDeviation > 0 && initialDeviation.isFinite, "initial deviation", initialDeviation,
      "a number above 0")
    try weighting.validate()
  }

  /// How an epoch goes over a row.
  package enum Pass: Equatable {
    /// Solves for it.
    case whole
    /// Solves for so many of its numbers after another.
    case blocks(Int)
    /// Takes steps of conjugate gradients.
    case gradients
  }

  /// How an epoch goes over a row, as the options say or as suits them.
  package var pass: Pass {
    if block == 0 { return dimension > Self.wholeUpTo && canDescend ? .gradients : .whole }
    return block < dimension ? .blocks(block) : .whole
  }

  /// Whether every row's equations are safely closed, so that gradients lead to their one solution.
  package var canDescend: Bool { regularization >= 1e-9 && unobserved >= 1e-9 }

  /// Up to this dimension the factor of a whole row is about as quick as gradients.
  private static let wholeUpTo = 16

  /// The penalty on one row.
  package var penalty: InteractionPenalty {
    InteractionPenalty(
      unobserved: unobserved, regularization: regularization, exponent: exponent)
  }
}

/// What a row's equations add beside its seen pairs.
package struct InteractionPenalty: Equatable, Sendable {
  /// α₀.
  package let unobserved: Double
  /// λ.
  package let regularization: Double
  /// ν.
  package let exponent: Double

  /// λ (count + α₀n)^ν (Rendle, Krichene, Zhang & Koren 2021, section 5.1).
  ///
  /// - Parameters:
  ///   - count: The row's pairs, whatever their weights.
  ///   - others: n, the rows of the other side.
  /// - Returns: What joins the diagonal of the row's equations, 0 or more.
  package func ridge(count: Int, others: Int) -> Double {
    let base = Double(count) + unobserved * Double(others)
    // ν = 1 and 0 to the last bit.
    return regularization
      * (exponent == 1 ? base : exponent == 0 ? 1 : power(base, exponent))
  }
}

extension TrainingRecord {
  /// The penalty that the model was trained with; nil if its record does not hold one.
  package var interactionPenalty: InteractionPenalty? {
    func number(_ key: String) -> Double? {
      options[key].flatMap { Double($0) }.flatMap { $0 >= 0 && $0.isFinite ? $0 : nil }
    }
    guard let unobserved = number("unobserved"), let regularization = number("regularization"),
      let exponent = number("exponent")
    else { return nil }
    return InteractionPenalty(
      unobserved: unobserved, regularization: regularization, exponent: exponent)
  }
}

extension IALS: Tunable {
  /// What unseen pairs count, and the penalty.
  public static var tunedSettings: [TunedSetting<IALSOptions>] {
    [
      TunedSetting("unobserved", 0.003...0.5, .logarithmic) { $0.unobserved = $1 },
      TunedSetting("regularization", 0.0003...0.1, .logarithmic) { $0.regularization = $1 },
    ]
  }

  /// 3.
  public static var leastTunedEpochs: Int { 3 }
}
