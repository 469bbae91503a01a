// How to learn: the flags of all methods, and which method knows which.
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Kindred

extension Baseline.Center: ExpressibleByArgument {}
extension RateSchedule: ExpressibleByArgument {}

/// The methods of `learn`: those that are trained, and the baselines to hold a model against.
enum Method: String, ExpressibleByArgument, CaseIterable {
  case sgd, als, bayes, ials, bpr, softmax, popular, mean, random
}

/// What `learn` may be told about its method.
struct TrainingArguments: ParsableArguments {
  static let defaultSeed: UInt64 = 1

  @Option(help: "How to learn.")
  var method = Method.sgd

  @Option(help: "Whose mean rating --method mean predicts. (default: user)")
  var by: Baseline.Center?

  @Option(
    parsing: .unconditional,
    help:
      """
      The numbers in each vector; of bayes, in each sample's. (default: \(SGDOptions().dimension); ials \
      \(IALSOptions().dimension), bpr \(BPROptions().dimension), softmax \(SoftmaxOptions().dimension))
      """
  )
  var dimension: Int?

  @Option(
    parsing: .unconditional,
    help: """
      How often to go over all ratings. (default: sgd \(SGDOptions().epochs), als \
      \(ALSOptions().epochs), bayes \(BayesOptions().epochs), ials \(IALSOptions().epochs), bpr \
      \(BPROptions().epochs), softmax \(SoftmaxOptions().epochs))
      """)
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: """
      λ: the penalty on long vectors, per rating; of softmax, per row. (default: sgd \
      \(SGDOptions().regularization), als \(ALSOptions().regularization), ials \
      \(IALSOptions().regularization), bpr \(BPROptions().regularization), softmax \
      \(SoftmaxOptions().regularization))
      """)
  var regularization: Double?

  @Option(
    parsing: .unconditional,
    help: """
      What multiplies the gradient. (default: sgd \(SGDOptions().rate), bpr \(BPROptions().rate), \
      softmax \(SoftmaxOptions().rate))
      """)
  var rate: Double?

  @Option(
    help: """
      How the rate of a row falls: visits (with the ratings it has seen), adagrad (with its \
      gradients) or constant. (default: \(SGDOptions().schedule.rawValue))
      """)
  var schedule: RateSchedule?

  @Option(
    parsing: .unconditional,
    help: """
      What the rate is multiplied by after each epoch. (default: sgd \(SGDOptions().decay), bpr \
      \(BPROptions().decay))
      """)
  var decay: Double?

  @Option(
    parsing: .unconditional,
    help: "How many samples bayes keeps, instead of --epochs. (default: \(BayesOptions().samples))")
  var samples: Int?

  @Option(
    parsing: .unconditional,
    help:
      "How many of its first epochs bayes keeps no samples of. (default: \(BayesOptions().burnIn))")
  var burnIn: Int?

  @Option(
    parsing: .unconditional,
    help: "Of how many samples after these bayes keeps one. (default: \(BayesOptions().thinning))")
  var thinning: Int?

  @Option(
    parsing: .unconditional,
    help: """
      bpr holds a user's items against others, drawn by this power of how many users have them: 0 (all \
      alike) to 1 (by popularity). (default: \(BPROptions().negativeExponent))
      """)
  var negativeExponent: Double?

  @Option(
    parsing: .unconditional,
    help: """
      How many such items bpr draws for a pair, to take the one with the highest score. \
      (default: \(BPROptions().candidates))
      """)
  var candidates: Int?

  @OptionGroup var interactionFlags: InteractionArguments
  @OptionGroup var softmaxFlags: SoftmaxArguments

  @Flag(help: "Plain dot products: no mean, no biases.")
  var noBias = false

  @Option(parsing: .unconditional, help: "Chooses every random number.")
  var seed = Self.defaultSeed

  @Option(
    parsing: .unconditional, help: "Threads; 0 for one per core. The result does not depend on it.")
  var threads = 0

  @Option(
    parsing: .unconditional,
    help: """
      Stop after this many epochs without a better RMSE, or NDCG@20 of methods for interactions, on what is \
      held back; keep the best.
      """)
  var patience: Int?

  @Option(
    help: "A file that keeps what training needs to go on after a break, written as it goes.")
  var checkpoint: String?

  @Flag(help: "Go on from what the file of --checkpoint holds, to the same bytes.")
  var resume = false

  func validate() throws {
    guard by == nil || method == .mean else {
      throw ValidationError("--by goes with --method mean.")
    }
    guard !resume || checkpoint != nil else {
      throw ValidationError("--resume needs --checkpoint: the file to go on from.")
    }
    if let samples, samples < 1 {
      throw ValidationError("--samples is \(samples); it must be 1 or more.")
    }
    guard samples == nil || epochs == nil else {
      throw ValidationError(
        "--samples and --epochs say the same: epochs are the burn-in and the samples, times the thinning."
      )
    }
    let unknown = given.filter { !$0.methods.contains(method) }.map(\.flag)
    guard unknown.isEmpty else {
      let reason =
        baseline == nil ? "does not know" : "is a baseline, which nothing is trained for: leave out"
      throw ValidationError(
        "--method \(method.rawValue) \(reason) \(unknown.joined(separator: ", ")).")
    }
  }

  /// The flags of methods that were given, the method itself among them.
  var givenFlags: [String] {
    (method == .sgd ? [] : ["--method"]) + (by == nil ? [] : ["--by"]) + given.map(\.flag)
  }

  /// The flags that were given, each with the methods that know it.
  private var given: [(flag: String, methods: Set<Method>)] {
    let ratings: Set<Method> = [.sgd, .als, .bayes]
    let interactions: Set<Method> = [.ials, .bpr, .softmax]
    let trained = ratings.union(interactions)
    return [
      ("--dimension", dimension != nil, trained), ("--epochs", epochs != nil, trained),
      ("--regularization", regularization != nil, [.sgd, .als, .ials, .bpr, .softmax]),
      ("--rate", rate != nil, [.sgd, .bpr, .softmax]),
      ("--schedule", schedule != nil, [.sgd]), ("--decay", decay != nil, [.sgd, .bpr]),
      ("--samples", samples != nil, [.bayes]), ("--burn-in", burnIn != nil, [.bayes]),
      ("--thinning", thinning != nil, [.bayes]), ("--no-bias", noBias, ratings),
      ("--negative-exponent", negativeExponent != nil, [.bpr]),
      ("--candidates", candidates != nil, [.bpr]),
      ("--patience", patience != nil, trained),
      ("--checkpoint", checkpoint != nil, trained), ("--resume", resume, trained),
    ].filter(\.1).map { ($0.0, $0.2) }
      + interactionFlags.givenToAll.filter(\.isGiven).map { ($0.flag, interactions) }
      + interactionFlags.givenToIALS.filter(\.isGiven).map { ($0.flag, [.ials]) }
      + softmaxFlags.given.filter(\.isGiven).map { ($0.flag, [.softmax]) }
  }

  /// The baseline that was asked for; nil for a method that is trained.
  var baseline: Baseline? {
    switch method {
    case .sgd, .als, .bayes, .ials, .bpr, .softmax: nil
    case .popular: .popular
    case .mean: .mean(by: by ?? .user)
    case .random: .random(seed: seed)
    }
  }

  /// Checks the options against their ranges, before anything is read.
  func validateOptions() throws {
    switch method {
    case .sgd: try sgd.validate()
    case .als: try als.validate()
    case .bayes: try bayes.validate()
    case .ials: try ials.validate()
    case .bpr: try bpr.validate()
    case .softmax: try softmax.validate()
    case .popular, .mean, .random: break
    }
  }

  /// Learns a model.
  func fit(
    _ ratings: Ratings, validation: Ratings?, shouldStop: () -> Bool,
    progress: (TrainingProgress) -> Void
  ) throws -> Model {
    func fit<T: Trainer>(_ trainer: T.Type, _ options: T.Options) throws(TrainingError) -> Model {
      try trainer.fit(
        ratings, options: options, validation: validation,
        checkpoint: checkpoint.map { Checkpoint(path: $0, resumes: resume) },
        shouldStop: shouldStop, progress: progress)
    }
    switch method {
    case .sgd: return try fit(SGD.self, sgd)
    case .als: return try fit(ALS.self, als)
    case .bayes: return try fit(Bayes.self, bayes)
    case .ials: return try fit(IALS.self, ials)
    case .bpr: return try fit(BPR.self, bpr)
    case .softmax: return try fit(Softmax.self, softmax)
    case .popular, .mean, .random:
      // Nothing else is left.
      return try (baseline ?? .popular).fit(ratings)
    }
  }

  var sgd: SGDOptions {
    var options = shared(SGDOptions())
    if let regularization { options.regularization = regularization }
    if let rate { options.rate = rate }
    if let schedule { options.schedule = schedule }
    if let decay { options.decay = decay }
    options.hasBiases = !noBias
    return options
  }

  var als: ALSOptions {
    var options = shared(ALSOptions())
    if let regularization { options.regularization = regularization }
    options.hasBiases = !noBias
    return options
  }

  var bayes: BayesOptions {
    let defaults = BayesOptions()
    var options = defaults
    if let burnIn { options.burnIn = burnIn }
    if let thinning { options.thinning = thinning }
    // As many samples as ever, whatever the burn-in and the thinning are.
    options.samples = samples ?? defaults.samples
    options.hasBiases = !noBias
    return shared(options)
  }

  var ials: IALSOptions {
    var options = interactionFlags.applied(toIALS: shared(IALSOptions()))
    if let regularization { options.regularization = regularization }
    return options
  }

  var bpr: BPROptions {
    var options = interactionFlags.applied(to: shared(BPROptions()))
    if let regularization { options.regularization = regularization }
    if let rate { options.rate = rate }
    if let decay { options.decay = decay }
    if let negativeExponent { options.negativeExponent = negativeExponent }
    if let candidates { options.candidates = candidates }
    return options
  }

  var softmax: SoftmaxOptions {
    var options = softmaxFlags.applied(
      to: interactionFlags.applied(to: shared(SoftmaxOptions())))
    if let regularization { options.regularization = regularization }
    if let rate { options.rate = rate }
    return options
  }

  private func shared<Options: TrainingOptions>(_ defaults: Options) -> Options {
    var options = defaults
    if let dimension { options.dimension = dimension }
    if let epochs { options.epochs = epochs }
    options.seed = seed
    options.threads = threads
    options.patience = patience
    return options
  }
}
