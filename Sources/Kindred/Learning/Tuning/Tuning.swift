// The search for good settings.
// SPDX-License-Identifier: Apache-2.0

/// A search for the settings of a method, on a split of the data that it makes itself.
///
/// ```swift
/// let tuning = Tuning(IALS.self, ratings)
/// let result = try tuning.run()
/// let model = try IALS.fit(ratings, options: result.options)
/// ```
///
/// By successive halving (Jamieson & Talwalkar 2016): many settings, spread evenly over the method's ranges,
/// are trained for a few epochs, the best of them for more. The best trial of any round wins, since more
/// epochs are not always better; its number of epochs is part of what was found. Equal data, options and
/// seeds find the same, whatever the number of threads.
public struct Tuning<Method: Tunable> {
  private let ratings: Ratings
  private let base: Method.Options
  private let options: TuningOptions
  private let metric: Metric
  private let plan: SuccessiveHalving
  private let tuned: [TunedSetting<Method.Options>]
  private let clock = ContinuousClock()

  /// A search.
  ///
  /// - Parameters:
  ///   - method: Whose settings.
  ///   - ratings: What to learn from; part of it is held back.
  ///   - base: The settings that are not searched for, such as the dimension, and the first trial's.
  ///   - fixed: The names of tuned settings that stay as they are in `base`.
  ///   - options: How to search.
  public init(
    _ method: Method.Type, _ ratings: Ratings, base: Method.Options = .init(),
    fixed: Set<String> = [], options: TuningOptions = .init()
  ) {
    tuned = Method.tunedSettings.filter { !fixed.contains($0.name) }
    self.ratings = ratings
    self.base = base
    self.options = options
    let ranks = Method.Options.self is any InteractionOptions.Type
    metric = options.metric ?? (ranks ? Metric(.recall, cutoff: 20) : Metric(.rmse))
    plan = SuccessiveHalving(
      // With nothing to choose there is one trial.
      trials: tuned.isEmpty ? 1 : max(1, min(options.trials, 10_000)),
      epochs: max(1, options.epochs ?? base.epochs),
      keeping: max(2, options.keeping), least: Method.leastTunedEpochs)
  }

  /// What came of a search.
  public struct Result: Sendable {
    /// All trials that were trained, in order.
    public let trials: [TuningTrial]
    /// The best of them; nil if all failed or none was finished.
    public let best: TuningTrial?
    /// The best settings, the number of epochs included; those that the search began with where none is
    /// best.
    public let options: Method.Options
    /// What the trials were judged by.
    public let metric: Metric
    /// Whether it was stopped before its end.
    public let wasStopped: Bool
  }

  /// How many trainings there will be in all rounds.
  public var trainings: Int { plan.trials.reduce(0, +) }

  /// Searches.
  ///
  /// - Parameters:
  ///   - checkpoint: Where finished trials are kept, and whether to go on from those that are there; nil
  ///     for nowhere.
  ///   - shouldStop: Asked often, on the calling thread; true ends the search with what it has found.
  ///   - progress: Told about each trial as it ends.
  /// - Returns: All trials, and the best settings.
  /// - Throws: `TuningError`; a trial whose training fails is one that has no score, no error.
  public func run(
    checkpoint: Checkpoint? = nil, shouldStop: () -> Bool = { false },
    progress: (TuningTrial) -> Void = { _ in }
  ) throws(TuningError) -> Result {
    try options.validate()
    do { try base.validate() } catch { throw .training(error) }
    let (training, heldOut) = ratings.split(
      validationFraction: options.validationFraction, seed: options.seed)
    guard training.count > 0 else { throw .training(.noRatings) }
    guard heldOut.count > 0 else { throw .evaluation(.noTestItems) }
    var file = try checkpoint.map { checkpoint throws(TuningError) in
      try TrialFile(checkpoint, identity: identity)
    }
    var trials: [TuningTrial] = []
    func result(wasStopped: Bool) -> Result {
      let best = ranked(trials).first
      return Result(
        trials: trials, best: best, options: best.map { options(of: $0) } ?? base, metric: metric,
        wasStopped: wasStopped)
    }
    var left = Array(1...plan.trials[0])
    for (round, epochs) in plan.epochs.enumerated() {
      for number in left {
        if let done = file?.trial(number, round: round + 1) {
          trials.append(done)
          continue
        }
        guard !shouldStop(),
          let trial = try trial(
            number, round: round + 1, epochs: epochs, training, heldOut, shouldStop)
        else { return result(wasStopped: true) }
        trials.append(trial)
        try file?.add(trial)
        progress(trial)
      }
      guard round + 1 < plan.trials.count else { break }
      let best = ranked(trials.filter { $0.round == round + 1 }).prefix(plan.trials[round + 1])
      left = best.map(\.number).sorted()
      guard !left.isEmpty else { break }
    }
    return result(wasStopped: false)
  }

  /// One training; nil if it was stopped.
  private func trial(
    _ number: Int, round: Int, epochs: Int, _ training: Ratings, _ heldOut: Ratings,
    _ shouldStop: () -> Bool
  ) throws(TuningError) -> TuningTrial? {
    let settings = settings(of: number)
    func trial(score: Double?, seconds: Double, failure: String?) -> TuningTrial {
      TuningTrial(
        number: number, round: round, epochs: epochs, settings: settings, score: score,
        seconds: seconds, failure: failure)
    }
    let start = clock.now
    func seconds() -> Double { (clock.now - start) / .seconds(1) }
    var wasStopped = false
    let model: Model
    do {
      model = try Method.fit(
        training, options: options(settings, epochs: epochs),
        shouldStop: {
          wasStopped = wasStopped || shouldStop()
          return wasStopped
        }, progress: { _ in })
    } catch {
      switch error {
      case .diverged, .singular:
        return trial(score: nil, seconds: seconds(), failure: error.description)
      case .noRatings, .badOption, .tooLarge, .badWeight, .checkpoint, .otherRun:
        throw .training(error)
      }
    }
    if wasStopped { return nil }
    let taken = seconds()
    var asked = EvaluationOptions()
    asked.metrics = [metric]
    asked.threads = base.threads
    do {
      let score = try model.evaluate(on: heldOut, options: asked).results.first?.value
      return trial(score: score, seconds: taken, failure: nil)
    } catch .outOfRange(let what) {
      return trial(
        score: nil, seconds: taken, failure: EvaluationError.outOfRange(what).description)
    } catch { throw .evaluation(error) }
  }

  /// The trials that have a score, best first; of equal ones the one with fewer epochs, then the earlier.
  private func ranked(_ trials: [TuningTrial]) -> [TuningTrial] {
    func key(_ trial: TuningTrial) -> (Double, Int, Int) {
      let score = trial.score ?? .nan
      return (metric.prefersLess ? score : -score, trial.epochs, trial.number)
    }
    return trials.filter { $0.score?.isFinite ?? false }.sorted { key($0) < key($1) }
  }

  // MARK: Settings

  /// The settings of a trial by name.
  ///
  /// The first trial has the method's own; the others lie evenly.
  package func settings(of number: Int) -> [String: Double] {
    guard number > 1 else { return [:] }
    let point = EvenPoints(dimensions: tuned.count, seed: options.seed)[number - 2]
    return Dictionary(
      uniqueKeysWithValues: zip(tuned, point).map { ($0.name, $0.value(at: $1)) })
  }

  private func options(_ settings: [String: Double], epochs: Int) -> Method.Options {
    var options = base
    for setting in tuned {
      if let value = settings[setting.name] { setting.set(value, in: &options) }
    }
    options.epochs = epochs
    options.patience = nil
    return options
  }

  private func options(of trial: TuningTrial) -> Method.Options {
    options(trial.settings, epochs: trial.epochs)
  }

  /// What makes this search the search it is.
  private var identity: [String: String] {
    var identity = base.recorded
    identity["epochs"] = "\(plan.epochs.last ?? 1)"
    identity["settings"] = tuned.map(\.name).joined(separator: " ")
    identity["method"] = Method.method
    identity["training_seed"] = "\(base.seed)"
    identity["seed"] = "\(options.seed)"
    identity["trials"] = "\(options.trials)"
    identity["keeping"] = "\(options.keeping)"
    identity["share held back"] = "\(options.validationFraction)"
    identity["metric"] = metric.description
    identity["ratings"] = ratings.fingerprint
    return identity
  }
}
