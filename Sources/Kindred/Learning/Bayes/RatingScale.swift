// How far apart ratings are, which priors are stated in.
// SPDX-License-Identifier: Apache-2.0

/// The unit of the priors: the variance σ² of the ratings about the mean that scores start from, so that
/// ratings from 0 to 100 are learned as those from 0 to 1 are.
package struct RatingScale: Sendable {
  /// σ²; 1 where all ratings are alike.
  package let variance: Double
  /// σ.
  package var deviation: Double { variance.squareRoot() }

  package init(_ ratings: Flat<Float>, mean: Double) {
    var squares = 0.0
    for rating in ratings { squares += (Double(rating) - mean) * (Double(rating) - mean) }
    let variance = squares / Double(max(1, ratings.count))
    self.variance = variance > 0 ? variance : 1
  }
}

/// The Gamma prior of the noise precision α, worth two ratings: the noise has half of the ratings'
/// variance.
package struct NoisePrior: Sendable {
  private static let shape = 1.0
  private let rate: Double

  package init(scale: RatingScale) { rate = scale.variance / 2 }

  /// The mean of the prior.
  package var expected: Double { Self.shape / rate }

  /// Draws α given the residuals: Gamma(a₀ + n / 2, b₀ + Σ residual² / 2).
  ///
  /// - Parameters:
  ///   - squares: Σ residual² of the current sample, not clipped.
  ///   - count: n, the number of ratings.
  /// - Returns: The precision; nil if it is beyond the range of `Double`.
  package func draw(squares: Double, count: Int, seed: UInt64, epoch: Int) -> Double? {
    var random = KeyedRandom(seed: seed, key: StreamKey.noisePrecision, UInt64(epoch))
    let precision =
      random.gamma(shape: Self.shape + Double(count) / 2) / (rate + squares / 2)
    return precision > 0 && precision.isFinite && (1 / precision).isFinite ? precision : nil
  }
}
