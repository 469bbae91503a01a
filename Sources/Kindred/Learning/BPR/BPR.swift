// Pairwise ranking of what users have chosen against what they have not.
// SPDX-License-Identifier: Apache-2.0

/// Learns vectors from interactions such that what a user has chosen scores above what they have not.
///
/// Minimizes Σ over users and items i that they have seen of c_i · E[−ln σ(x·y_i − x·y_j)] +
/// λ(‖x‖² + ‖y_i‖² + ‖y_j‖²), where j is an item that the user has not seen, drawn by the chances that
/// ``BPROptions/negativeExponent`` says, and c_i is the pair's weight (Rendle, Freudenthaler, Gantner &
/// Schmidt-Thieme 2009, BPR-Opt). There are no biases: a score is the plain dot product, in no unit but
/// that its order ranks items.
///
/// An epoch visits each pair once and draws its j anew. Each of the three rows steps against the gradient
/// with a rate of its own, which falls with the squared gradients that it has seen (Duchi, Hazan & Singer
/// 2011, one number for each row). Pairs are dealt out to a grid of blocks of users and items; the items are
/// grouped anew in every epoch, and j is drawn from the group of i, so that blocks on one diagonal share no
/// row. For equal chances j is so as likely to be one unseen item as another; for unequal ones it is so
/// up to the differences between the groups' sums.
///
/// Not built: the sampler that adapts to the ranking (Rendle & Freudenthaler 2014), but see
/// ``BPROptions/candidates``.
public enum BPR: Trainer {
  /// "bpr".
  public static let method = "bpr"

  /// Learns a model; see ``Trainer``.
  ///
  /// - Throws: `TrainingError` for an option out of range, no interactions, a value that is no weight,
  ///   tables beyond memory, numbers that grow beyond bounds, or a checkpoint that cannot be used.
  /// - Complexity: O(*epochs* · interactions · *candidates* · *dimension*) time; memory for 16 bytes an
  ///   interaction and the tables twice (three times with `patience`).
  public static func fit(
    _ ratings: Ratings, options: BPROptions, validation: Ratings? = nil,
    checkpoint: Checkpoint? = nil, shouldStop: () -> Bool, progress: (TrainingProgress) -> Void
  ) throws(TrainingError) -> Model {
    try TrainingLoop<BPRState>(method, ratings, options: options, validation: validation)
      .run(checkpoint: checkpoint, shouldStop: shouldStop, progress: progress)
  }
}
