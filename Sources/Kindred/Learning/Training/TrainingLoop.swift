// From epoch to epoch: what is the same for every method.
// SPDX-License-Identifier: Apache-2.0

/// Drives a method's state through its epochs: validation, reports, patience, checkpoints, stopping.
package struct TrainingLoop<State: TrainingState> {
  private let method: String
  private let ratings: Ratings
  private let options: State.Options
  private let validation: Ratings?
  private let clock = ContinuousClock()

  package init(
    _ method: String, _ ratings: Ratings, options: State.Options, validation: Ratings?
  ) {
    self.method = method
    self.ratings = ratings
    self.options = options
    self.validation = validation
  }

  /// Trains until the last epoch, patience or a stop ends it.
  ///
  /// - Throws: `TrainingError`.
  package func run(
    checkpoint: Checkpoint?, shouldStop: () -> Bool, progress: (TrainingProgress) -> Void
  ) throws(TrainingError) -> Model {
    try options.validate()
    guard ratings.count > 0 else { throw .noRatings }
    let fingerprint = ratings.fingerprint
    let validation = validation.map {
      Validation($0, training: ratings, method: method, options: options)
    }
    var keeper = checkpoint.map {
      CheckpointKeeper(
        $0,
        run: RunIdentity(
          method: method, options: options, ratings: fingerprint,
          validation: validation?.ratings.fingerprint))
    }
    // Refused before tables are made.
    let resumed = try keeper?.resumed()
    var run = Run(state: try State(ratings, options: options))
    if let resumed { try run.restore(resumed) }
    var isWhole = true
    while run.done < options.epochs, !run.isOutOfPatience(options) {
      isWhole = try step(&run, validation, shouldStop, progress)
      guard isWhole else { break }
      let isLast = run.done == options.epochs || run.isOutOfPatience(options)
      // Asked once an epoch, after its report; a stop here leaves a checkpoint of all that was done.
      let stops = shouldStop()
      try keeper?.keep(run, isLast: isLast || stops)
      if stops { break }
    }
    let (state, epochs) = run.best.map { ($0.state, $0.epoch) } ?? (run.state, run.done)
    var record = options.record(
      of: method, trainedOn: ratings, fingerprint: fingerprint, epochs: epochs)
    if !isWhole, run.best == nil {
      record = record.adding([TrainingRecord.stoppedKey: "\(run.done + 1)"])
    }
    return state.model(of: ratings, record: record)
  }

  /// One epoch; false if it was stopped before its end.
  private func step(
    _ run: inout Run, _ validation: Validation?, _ shouldStop: () -> Bool,
    _ progress: (TrainingProgress) -> Void
  ) throws(TrainingError) -> Bool {
    let epoch = run.done + 1
    let start = clock.now
    let outcome = try run.state.run(epoch: epoch, shouldStop: shouldStop)
    guard outcome.squares?.isFinite ?? true, outcome.objective?.isFinite ?? true else {
      throw .diverged(epoch: epoch, rate: outcome.rate)
    }
    if outcome.wasStopped { return false }
    let seconds = (clock.now - start) / .seconds(1)
    var scores: [Metric: Double] = [:]
    if let validation, epoch % options.validationInterval == 0 || epoch == options.epochs {
      scores = try run.state.validate(on: validation, epoch: epoch)
    }
    run.finish(
      epoch, score: scores[State.judge], keepsBest: options.patience != nil && run.state.canBeBest)
    progress(
      TrainingProgress(
        epoch: epoch, epochs: options.epochs, seconds: seconds,
        trainRMSE: outcome.squares.map { ($0 / Double(ratings.count)).squareRoot() },
        objective: outcome.objective, validation: scores, rate: outcome.rate,
        ratingsPerSecond: Double(ratings.count) / max(seconds, 1e-9),
        secondsLeft: seconds * Double(options.epochs - epoch)))
    return true
  }

  /// The state of a run between two epochs.
  struct Run {
    var state: State
    /// Epochs done.
    var done = 0
    /// The state of the epoch that did best on what is held back, kept for patience.
    var best: (score: Double, epoch: Int, state: State)?

    init(state: State) { self.state = state }

    mutating func finish(_ epoch: Int, score: Double?, keepsBest: Bool) {
      done = epoch
      guard keepsBest, let score, isBest(score) else { return }
      best = (score, epoch, state.copy())
    }

    private func isBest(_ score: Double) -> Bool {
      guard let best else { return score.isFinite }
      return State.judge.prefersLess ? score < best.score : score > best.score
    }

    /// Patience ends only where the model has just been looked at: between two looks nothing is known.
    func isOutOfPatience(_ options: State.Options) -> Bool {
      guard let patience = options.patience, let best, done % options.validationInterval == 0 else {
        return false
      }
      return done - best.epoch >= patience
    }

    mutating func restore(_ file: CheckpointFile) throws(TrainingError) {
      do throws(FileError) {
        try state.restore(file.arrays)
        done = file.epoch
        guard let (score, epoch) = file.best else { return }
        var kept = state.copy()
        if epoch != done { try kept.restore(file.bestArrays) }
        best = (score, epoch, kept)
      } catch { throw .checkpoint(error) }
    }
  }
}
