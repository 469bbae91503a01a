// Weighted alternating least squares over all pairs.
// SPDX-License-Identifier: Apache-2.0

/// Learns from interactions by solving for the rows of one side while the other one is fixed.
///
/// Minimizes Σ over seen pairs of c(1 − x·y)² + α₀ Σ over all pairs of (x·y)² + Σ over rows of
/// λ(count + α₀n)^ν ‖·‖² (Hu, Koren & Volinsky 2008; the form and the penalty of Rendle, Krichene, Zhang &
/// Koren 2021): seen pairs should score 1 and count their weight c, and every pair should also score 0 and
/// counts α₀. With the items fixed a user's x solves (α₀YᵀY + Σ c y yᵀ + λ(count + α₀n)^ν I) x = Σ c y, and
/// YᵀY is made once for all users, so that the pairs that nobody has seen cost nothing. An epoch goes over all
/// items and then all users: rows of few numbers are solved, longer ones take two steps of conjugate
/// gradients from where they are, in the axes of YᵀY (see ``IALSOptions/block``). In the end the users are
/// solved for the items, so that folding in a user's own interactions gives the stored row again.
///
/// ```swift
/// let model = try IALS.fit(plays)
/// ```
///
/// No row depends on another of its side, so the result does not depend on the number of threads.
public enum IALS: Trainer {
  /// "ials".
  public static let method = "ials"

  /// Learns a model; see ``Trainer``.
  ///
  /// - Throws: `TrainingError` for an option out of range, no interactions, a value that gives no weight,
  ///   tables beyond memory, numbers beyond `Float`, or a checkpoint that cannot be used.
  /// - Complexity: O(*epochs* · (interactions · *dimension* + rows · *dimension*²)) time by gradients,
  ///   O(*epochs* · (interactions · *dimension* · *block* + rows · *dimension*²)) in blocks and
  ///   O(*epochs* · (interactions · *dimension*² + rows · *dimension*³)) where rows are solved whole;
  ///   memory for 16 bytes an interaction and the tables twice (three times with `patience`).
  public static func fit(
    _ ratings: Ratings, options: IALSOptions, validation: Ratings? = nil,
    checkpoint: Checkpoint? = nil, shouldStop: () -> Bool, progress: (TrainingProgress) -> Void
  ) throws(TrainingError) -> Model {
    try TrainingLoop<IALSState>(method, ratings, options: options, validation: validation)
      .run(checkpoint: checkpoint, shouldStop: shouldStop, progress: progress)
  }
}
