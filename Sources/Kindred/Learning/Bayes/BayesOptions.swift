// The settings of Gibbs sampling.
// SPDX-License-Identifier: Apache-2.0

/// How ``Bayes`` learns.
///
/// ```swift
/// var options = BayesOptions()
/// options.samples = 200   // goes over the ratings more often, for a slightly better model
/// ```
///
/// There is nothing to tune: how far vectors shrink and how noisy ratings are is sampled along with
/// everything else.
public struct BayesOptions: TrainingOptions, Equatable {
  /// The numbers in each vector of a sample, 1 or more.
  ///
  /// The model's own vectors are longer: all kept samples stand side by side in them.
  public var dimension = 32
  /// How often training goes over all ratings, more than ``burnIn``; each time draws a new sample.
  public var epochs = 210
  /// How many of the first samples are not kept, 0 or more: those that still depend on the start.
  public var burnIn = 30
  /// Of the samples after these, one in so many is kept, 1 or more.
  ///
  /// Neighbouring samples are alike, so that leaving some out makes a smaller model that is hardly
  /// worse.
  public var thinning = 2
  /// Whether scores have the mean and a bias per user and item, or are plain dot products.
  public var hasBiases = true
  /// Chooses every random draw.
  public var seed: UInt64 = 1
  /// How many threads may work at a time; 0 for one per core.
  ///
  /// Does not change the result.
  public var threads = 0
  /// Stop after this many epochs without a better validation RMSE of the mean of the kept samples, and
  /// keep the samples up to the best epoch; at least ``thinning``.
  public var patience: Int?

  /// Settings that do well on rating files of ordinary size.
  public init() {}

  /// How many samples are kept, 1 or more.
  ///
  /// Setting it sets ``epochs``, with ``burnIn`` and ``thinning`` as they are.
  public var samples: Int {
    get { max(0, epochs - max(0, burnIn)) / max(1, thinning) }
    set {
      let (kept, overflow) = newValue.multipliedReportingOverflow(by: thinning)
      let (all, tooMany) = kept.addingReportingOverflow(burnIn)
      epochs = overflow || tooMany ? .max : all
    }
  }

  /// The settings that shape the result.
  public var recorded: [String: String] {
    var recorded = [
      "dimension": "\(dimension)", "epochs": "\(epochs)", "burn_in": "\(burnIn)",
      "thinning": "\(thinning)", "biases": "\(hasBiases)",
    ]
    if let patience { recorded["patience"] = "\(patience)" }
    return recorded
  }

  /// Checks every setting against its range.
  ///
  /// - Throws: `TrainingError.badOption` for the first that is out of it.
  public func validate() throws(TrainingError) {
    try validateShared()
    try require(burnIn >= 0, "burn-in", burnIn, "0 or more")
    try require(thinning >= 1, "thinning", thinning, "1 or more")
    if let patience {
      try require(
        patience >= thinning, "patience", patience,
        "\(thinning) epochs or more, one kept sample: between two of them nothing can become better"
      )
    }
    try require(
      epochs > burnIn, "number of epochs", epochs,
      "above the \(burnIn) of the burn-in, which are not kept: raise the epochs, or lower the burn-in"
    )
    try require(
      samples >= 1, "thinning", thinning,
      "at most the \(epochs - burnIn) epochs after the burn-in: otherwise no sample is kept")
  }

  /// Whether the sample of this epoch, counted from 1, is kept: the last one of each `thinning`.
  package func keeps(epoch: Int) -> Bool {
    epoch > burnIn && (epoch - burnIn) % max(1, thinning) == 0
  }
}
