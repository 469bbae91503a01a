// How noisy ratings are: all together, and each user's.
// SPDX-License-Identifier: Apache-2.0

/// The noise of a sample: a rating of user u has the noise precision α τ_u.
///
/// Some people rate at whim, others by rule, so that their ratings should not count alike: τ_u is 1 for an
/// ordinary user, below 1 for one whose ratings are noisier, and sampled like all else, which takes 0.002
/// off the RMSE on MovieLens 100K. Marginally a user's residuals are then Student's t together.
package struct RatingNoise: Sendable {
  /// α.
  package private(set) var precision: Double
  /// τ of each user. [users]
  package private(set) var weights: [Float]

  /// ν, the degrees of freedom of τ: worth so many ratings of noise as everybody has it.
  private static var degrees: Double { 12 }
  /// a₀ and b₀ of α, worth two ratings: the noise has half of the ratings' variance.
  private static var shape: Double { 1 }
  private let rate: Double

  /// The means of the priors.
  package init(scale: RatingScale, users: Int) {
    rate = scale.variance / 2
    precision = Self.shape / rate
    weights = Array(repeating: 1, count: users)
  }

  /// Draws every τ_u from Gamma((ν + n_u) / 2, (ν + α S_u) / 2) with S_u the user's Σ residual², and then α
  /// from Gamma(a₀ + n / 2, b₀ + Σ τ_u S_u / 2).
  ///
  /// - Parameters:
  ///   - squares: S_u of the current sample, not clipped. [users]
  ///   - counts: n_u, by the user's row.
  ///   - seed: Chooses every draw.
  ///   - epoch: Keys the draws.
  /// - Returns: Whether all is in range.
  package mutating func draw(
    squares: [Double], counts: (Int) -> Int, seed: UInt64, epoch: Int
  ) -> Bool {
    var (weighted, total) = (0.0, 0)
    for user in weights.indices {
      let count = counts(user)
      guard count > 0 else { continue }
      var random = KeyedRandom(
        seed: seed, key: StreamKey.userNoise, UInt64(epoch), UInt64(user))
      let tau =
        random.gamma(shape: (Self.degrees + Double(count)) / 2)
        / ((Self.degrees + precision * squares[user]) / 2)
      weights[user] = Float(tau)
      guard weights[user] > 0, weights[user].isFinite else { return false }
      weighted += Double(weights[user]) * squares[user]
      total += count
    }
    var random = KeyedRandom(seed: seed, key: StreamKey.noisePrecision, UInt64(epoch))
    precision = random.gamma(shape: Self.shape + Double(total) / 2) / (rate + weighted / 2)
    return precision > 0 && precision.isFinite && (1 / precision).isFinite
  }

  /// 1 / the mean over the ratings of the noise's variance 1 / (α τ_u): the precision of a rating of
  /// whoever it is.
  package func meanPrecision(counts: (Int) -> Int) -> Double {
    var (variances, total) = (0.0, 0)
    for user in weights.indices {
      let count = counts(user)
      variances += Double(count) / Double(weights[user])
      total += count
    }
    return total == 0 ? precision : precision * Double(total) / variances
  }

  /// Puts back what a checkpoint has kept.
  package mutating func restore(precision: Double, weights: [Float]) {
    self.precision = precision
    self.weights = weights
  }
}
