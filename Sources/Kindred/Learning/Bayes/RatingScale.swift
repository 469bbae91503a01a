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
