// Stochastic gradient descent over the known ratings.
// SPDX-License-Identifier: Apache-2.0

import Foundation

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
  /// - Throws: `TrainingError` for an option out of range, no ratings, tables beyond memory, or a
  ///   rate at which training diverges.
  /// - Complexity: O(*epochs* · ratings · *dimension*) time; memory for 44 bytes a rating
  ///   and the tables twice (three times with `patience`).
  public static func fit(
    _ ratings: Ratings, options: SGDOptions, validation: Ratings? = nil,
    shouldStop: () -> Bool, progress: (TrainingProgress) -> Void
  ) throws(TrainingError) -> Model {
    try options.validate()
    guard ratings.count > 0 else { throw .noRatings }
    try requireMemory(for: ratings, options)
    let state = SGDState(ratings, options: options)
    let blocks = RatingBlocks(ratings, seed: options.seed)
    let heldOut = validation.map { HeldOut($0, users: ratings.users, items: ratings.items) }
    var best: (rmse: Double, epoch: Int, state: SGDState)?
    var done = 0
    let clock = ContinuousClock()
    for epoch in 1...options.epochs {
      let start = clock.now
      let result = state.run(
        blocks, order: blocks.diagonals(epoch: epoch, seed: options.seed),
        threads: options.threads, shouldStop: shouldStop)
      guard result.squares.isFinite, state.isFinite else {
        throw .diverged(epoch: epoch, rate: options.rate)
      }
      if result.wasStopped { break }
      done = epoch
      let seconds = (clock.now - start) / .seconds(1)
      let rmse = heldOut.flatMap { state.rmse(on: $0, clippedTo: ratings.range) }
      progress(
        TrainingProgress(
          epoch: epoch, epochs: options.epochs, seconds: seconds,
          trainRMSE: (result.squares / Double(ratings.count)).squareRoot(), validationRMSE: rmse,
          ratingsPerSecond: Double(ratings.count) / max(seconds, 1e-9),
          secondsLeft: seconds * Double(options.epochs - epoch)))
      if let patience = options.patience, let rmse {
        if rmse < best?.rmse ?? .infinity {
          best = (rmse, epoch, state.copy())
        } else if epoch - (best?.epoch ?? epoch) >= patience {
          break
        }
      }
      if shouldStop() { break }
    }
    return (best?.state ?? state).model(
      of: ratings, options: options, epochs: best?.epoch ?? done)
  }

  private static func requireMemory(for ratings: Ratings, _ options: SGDOptions)
    throws(TrainingError)
  {
    let rows = ratings.users.count + ratings.items.count
    // At work a row is padded and has a bias; patience keeps a copy; the model is another one.
    let padded = (min(options.dimension, Int.max / 2) / 8 + 2) * 8
    let copies = options.patience == nil ? 2 : 3
    let (tables, overflow) = padded.multipliedReportingOverflow(
      by: rows * copies * MemoryLayout<Float>.stride)
    // The ratings by user and by item, and dealt out to blocks.
    let (bytes, tooMany) = tables.addingReportingOverflow(ratings.count * 44)
    let available = Int(clamping: ProcessInfo.processInfo.physicalMemory) / 4 * 3
    guard !overflow, !tooMany, bytes < available else {
      throw .tooLarge(bytes: overflow || tooMany ? .max : bytes, available: available)
    }
  }
}
