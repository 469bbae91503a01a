// Held-out ratings, predicted by the mean of samples as these come in.
// SPDX-License-Identifier: Apache-2.0

/// The sums of the samples' scores for each held-out rating, so that a new sample costs one look at them.
package struct ValidationScores: Sendable {
  /// How many samples are in the sums.
  package private(set) var count = 0
  /// Σ over samples of b_u + b_i + x·y. [held-out ratings]
  private var sums: [Double] = []

  package init() {}

  /// Adds the scores of one more sample; an unknown user or item has a zero vector and a zero bias.
  package mutating func add(
    _ sample: PosteriorSample, on heldOut: HeldOut, width: Int, hasBiases: Bool
  ) {
    if sums.isEmpty { sums = Array(repeating: 0, count: heldOut.values.count) }
    let dimension = hasBiases ? width - 1 : width
    let (users, items) = (sample.users.span, sample.items.span)
    for entry in heldOut.values.indices {
      let (user, item) = (heldOut.users[entry], heldOut.items[entry])
      var score = 0.0
      if let user, let item {
        let (u, i) = (Int(user.index) * width, Int(item.index) * width)
        score += Double(
          Kernels.best.dot(
            users.extracting(u..<u + dimension), items.extracting(i..<i + dimension)))
      }
      if hasBiases {
        if let user { score += Double(users[Int(user.index) * width + dimension]) }
        if let item { score += Double(items[Int(item.index) * width + dimension]) }
      }
      sums[entry] += score
    }
    count += 1
  }

  /// The RMSE of the mean of the samples; nil if there are no ratings.
  package func rmse(
    on heldOut: HeldOut, mean: Double, clippedTo range: ClosedRange<Float>?
  ) -> Double? {
    guard !heldOut.values.isEmpty else { return nil }
    var squares = 0.0
    for entry in heldOut.values.indices {
      var score = mean + sums[entry] / Double(count)
      if let range { score = min(max(score, Double(range.lowerBound)), Double(range.upperBound)) }
      let diff = Double(heldOut.values[entry]) - score
      squares += diff * diff
    }
    return (squares / Double(heldOut.values.count)).squareRoot()
  }
}
