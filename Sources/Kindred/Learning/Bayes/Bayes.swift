// Gibbs sampling: many plausible models instead of a single best one.
// SPDX-License-Identifier: Apache-2.0

// One epoch draws each of these in turn from its distribution given all the others (w = [x, b_u] is a
// user's row, z = [y, 1] what an item is to it, f the length of w):
//
// 1. Λ of the users from Wishart(ν₀ + N, W), and their mean from Normal(N w̄ / (β₀ + N), ((β₀ + N) Λ)⁻¹),
//    W⁻¹ = W₀⁻¹ + Σ wwᵀ − (Σ w)(Σ w)ᵀ / (β₀ + N): eq. 14 of the paper with μ₀ = 0, over the N rows that
//    have ratings
// 2. every w from Normal(m, A⁻¹), A = Λ + α Σ zzᵀ, A m = Λ mean + α Σ z (r − μ − b_i): eq. 11
// 3. and 4. the same for the items
// 5. the noise's α, and τ of each user, given all residuals r − μ − b_u − b_i − x·y: see RatingNoise
//
// In 2 and 4 each rating counts τ of its user. The paper holds α fixed, has no τ and no biases; here they are two more columns, [x, 1, b_u] and [y, b_i, 1],
// with the ones held fixed, so that a user's vector and bias have one prior together.

/// Learns the posterior distribution of vectors and biases by drawing samples from it.
///
/// Ratings are r = μ + b_u + b_i + x·y + noise with noise of precision α; the rows [x, b_u] of the users
/// are normal about a mean and a precision that have a Normal–Wishart prior, and so are the items' (Bayesian
/// probabilistic matrix factorization, Salakhutdinov & Mnih 2008). Samples are drawn by Gibbs sampling; α,
/// which that paper holds fixed, is sampled too, and with it how much noisier or steadier than others each
/// user rates.
///
/// The mean of S samples' scores is again a dot product: the model that comes out has the samples' vectors
/// side by side (see ``Posterior``). It predicts better than any single sample, and the spread of the
/// samples says how sure it is of a score (``Model/prediction(user:item:)``).
///
/// Priors are in the units of the ratings: multiplying all ratings by a number multiplies what is learned.
public enum Bayes: Trainer {
  /// "bayes".
  public static let method = "bayes"

  /// Learns a model; see ``Trainer``.
  ///
  /// A run that is stopped before it has kept a sample gives the sample that it is at.
  ///
  /// - Throws: `TrainingError` for an option out of range, no ratings, samples beyond memory, numbers
  ///   beyond the range of `Float`, or a checkpoint that cannot be used.
  /// - Complexity: O(*epochs* · (ratings · *dimension*² + rows · *dimension*³)) time; memory for the kept
  ///   samples twice, 4 bytes a number.
  public static func fit(
    _ ratings: Ratings, options: BayesOptions, validation: Ratings? = nil,
    checkpoint: Checkpoint? = nil, shouldStop: () -> Bool, progress: (TrainingProgress) -> Void
  ) throws(TrainingError) -> Model {
    try TrainingLoop<BayesState>(method, ratings, options: options, validation: validation)
      .run(checkpoint: checkpoint, shouldStop: shouldStop, progress: progress)
  }
}
