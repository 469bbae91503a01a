// Alternating least squares over the known ratings.
// SPDX-License-Identifier: Apache-2.0

/// Learns vectors and biases by solving for one side exactly while the other one is fixed.
///
/// Minimizes Σ over ratings of (r − μ − b_u − b_i − x·y)² + λ(‖x‖² + ‖y‖² + b_u² + b_i²), the objective
/// of ``SGD``: λ is added once per rating, so a row's ridge is λ times its count (Zhou, Wilkinson,
/// Schreiber & Pan 2008). With the items fixed, a user's [x, b_u] is the ridge regression of
/// r − μ − b_i on [y, 1], solved jointly; items likewise. An epoch solves all items and then all users,
/// so that a model ends with users who are solved for the items that it has: folding in a user's own
/// ratings gives the stored row again. The objective never rises, to the rounding of `Float`.
///
/// ```swift
/// let model = try ALS.fit(ratings)
/// ```
///
/// No row depends on another of its side, so the result does not depend on the number of threads.
public enum ALS: Trainer {
  /// "als".
  public static let method = "als"

  /// Learns a model; see ``Trainer``.
  ///
  /// - Throws: `TrainingError` for an option out of range, no ratings, tables beyond memory, a row that
  ///   the ratings leave open where there is no regularization, or a checkpoint that cannot be used.
  /// - Complexity: O(*epochs* · (ratings · *dimension*² + rows · *dimension*³)) time; memory for 24
  ///   bytes a rating and the tables twice (three times with `patience`).
  public static func fit(
    _ ratings: Ratings, options: ALSOptions, validation: Ratings? = nil,
    checkpoint: Checkpoint? = nil, shouldStop: () -> Bool, progress: (TrainingProgress) -> Void
  ) throws(TrainingError) -> Model {
    try TrainingLoop<ALSState>(method, ratings, options: options, validation: validation)
      .run(checkpoint: checkpoint, shouldStop: shouldStop, progress: progress)
  }
}
