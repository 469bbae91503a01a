// Stochastic gradient descent over the known ratings.
// SPDX-License-Identifier: Apache-2.0

/// Learns vectors and biases by walking downhill, one rating at a time.
///
/// Minimizes Σ over ratings of (r − μ − b_u − b_i − x·y)² + λ(‖x‖² + ‖y‖² + b_u² + b_i²) (Koren,
/// Bell & Volinsky 2009, eq. 5). One update is what ``HandWorkedStep`` shows by hand.
///
/// The ratings are dealt out to a fixed grid of blocks; blocks on one diagonal share no user and no
/// item and are worked on at the same time (Gemulla et al. 2011, Zhuang et al. 2013). The grid, the
/// order inside a block and the order of the diagonals come from the seed alone, so the result does
/// not depend on the number of threads.
public enum SGD: Trainer {
  /// "sgd".
  public static let method = "sgd"

  /// Learns a model; see ``Trainer``.
  ///
  /// - Throws: `TrainingError` for an option out of range, no ratings, tables beyond memory, a rate at
  ///   which training diverges, or a checkpoint that cannot be used.
  /// - Complexity: O(*epochs* · ratings · *dimension*) time; memory for 16 bytes a rating
  ///   and the tables twice (three times with `patience`).
  public static func fit(
    _ ratings: Ratings, options: SGDOptions, validation: Ratings? = nil,
    checkpoint: Checkpoint? = nil, shouldStop: () -> Bool, progress: (TrainingProgress) -> Void
  ) throws(TrainingError) -> Model {
    try TrainingLoop<SGDState>(method, ratings, options: options, validation: validation)
      .run(checkpoint: checkpoint, shouldStop: shouldStop, progress: progress)
  }
}
