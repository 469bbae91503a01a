// Softmax over shared negatives, for interactions.
// SPDX-License-Identifier: Apache-2.0

/// Learns vectors from interactions: each is to be told from all the other items.
///
/// Minimizes the sum over pairs of a user and an item that go together of c · −ln(e^s / Σ_j e^s_j) + λ-terms,
/// where s = x·y / τ and the sum goes over the items that the user is held against: all of them, or a
/// sample that a batch of users shares. With ``SoftmaxOptions/similarity`` `cosine` (the
/// default) x and y count by their directions alone, and τ says how sharply the nearest are told from the
/// near (Wu, Wang, Gao et al. 2022, "On the effectiveness of sampled softmax loss for item recommendation").
///
/// A batch is one of users, not of pairs: the pairs of a user share the user's row of scores, so that an
/// epoch against all items costs three matrix products of users × items × *dimension*, and needs no
/// sampling where there are not too many items for that. Adam or AdaGrad moves the rows that a batch
/// touches.
///
/// ```swift
/// let model = try Softmax.fit(clicks)
/// ```
///
/// The result does not depend on the number of threads.
public enum Softmax: Trainer {
  /// "softmax".
  public static let method = "softmax"

  /// Learns a model; see ``Trainer``.
  ///
  /// - Throws: `TrainingError` for an option out of range, no ratings, a value that gives no weight, tables
  ///   beyond memory, a rate at which training diverges, or a checkpoint that cannot be used.
  /// - Complexity: O(*epochs* · users · columns · *dimension*) time, columns being the items a batch is held
  ///   against; memory for the tables four times (seven with `patience`) and *batch* · columns numbers.
  public static func fit(
    _ ratings: Ratings, options: SoftmaxOptions, validation: Ratings? = nil,
    checkpoint: Checkpoint? = nil, shouldStop: () -> Bool, progress: (TrainingProgress) -> Void
  ) throws(TrainingError) -> Model {
    // Training that ends early is recorded with the fall of the rate that it had.
    var options = options
    options.annealing = options.annealing ?? options.epochs
    return try TrainingLoop<SoftmaxState>(method, ratings, options: options, validation: validation)
      .run(checkpoint: checkpoint, shouldStop: shouldStop, progress: progress)
  }
}
