// Samples' priors and noise, in a model file.
// SPDX-License-Identifier: Apache-2.0

extension Posterior {
  /// The arrays of a model file that say what the samples are.
  var arrays: [(name: String, dtype: TensorType, shape: [Int])] {
    let (s, f) = (samples, rowWidth)
    return [
      ("sample_width", .i64, [1]), ("noise_precision", .f64, [s]),
      ("user_prior_mean", .f64, [s, f]), ("user_prior_precision", .f64, [s, f, f]),
      ("item_prior_mean", .f64, [s, f]), ("item_prior_precision", .f64, [s, f, f]),
    ]
  }

  /// The numbers of one of those in `Double`; nil for another array.
  func doubles(_ name: String) -> Flat<Double>? {
    switch name {
    case "noise_precision": noise
    case "user_prior_mean": userPrior.means
    case "user_prior_precision": userPrior.precisions
    case "item_prior_mean": itemPrior.means
    case "item_prior_precision": itemPrior.precisions
    default: nil
    }
  }

  /// Whether every number is finite, and every precision of noise above 0.
  var isWell: Bool {
    noise.allSatisfy { $0 > 0 && (1 / $0).isFinite && $0.isFinite }
      && [userPrior, itemPrior].allSatisfy {
        $0.means.allSatisfy(\.isFinite) && $0.precisions.allSatisfy(\.isFinite)
      }
  }
}

extension TensorFile {
  /// What the samples of a model's tables are; nil for a model of one.
  ///
  /// - Parameters:
  ///   - dimension: The numbers in each row of the tables.
  ///   - checks: Whether to look at every number.
  /// - Returns: The samples' priors and noise.
  /// - Throws: `FileError` if an array is missing, of another shape, or holds what cannot be.
  func posterior(dimension: Int, checks: Bool) throws(FileError) -> Posterior? {
    guard has("sample_width") else { return nil }
    let width = Int(clamping: try int64s("sample_width", count: 1)[0])
    guard width >= 1, dimension % width == 0 else {
      throw malformed("its tables of \(dimension) columns are not samples of \(width)")
    }
    let samples = dimension / width
    // With biases a sample has a column more than is drawn: the 1 that meets the other side's bias.
    let free = try shape("user_prior_mean", rank: 2)[1]
    let hasBiases = free == width - 1
    guard free == width || (hasBiases && free >= 2) else {
      throw malformed("its priors of \(free) numbers are not of samples of \(width) columns")
    }
    guard !has("user_bias"), !has("item_bias") else {
      throw malformed("its samples have biases of their own, and it has others besides")
    }
    func priors(_ side: String) throws(FileError) -> Posterior.Priors {
      Posterior.Priors(
        means: try doubles("\(side)_prior_mean", shape: [samples, free]),
        precisions: try doubles("\(side)_prior_precision", shape: [samples, free, free]))
    }
    let posterior = Posterior(
      dimension: hasBiases ? free - 1 : free, hasBiases: hasBiases,
      userPriors: try priors("user"), itemPriors: try priors("item"),
      noise: try doubles("noise_precision", count: samples))
    guard !checks || posterior.isWell else {
      throw malformed("its priors or its noise are no finite numbers")
    }
    return posterior
  }
}
