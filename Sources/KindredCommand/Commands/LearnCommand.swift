// kindred learn: a model from ratings.
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Foundation
public import Kindred
import KindredWorksheet

extension Baseline.Center: ExpressibleByArgument {}

struct LearnCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Learn a model from ratings.",
    discussion: """
      Example: kindred learn ratings.csv -o model.safetensors --validation 0.1 --titles movies.csv

      Files may be MovieLens files, CSV or TSV with a header, or plain columns; the form is \
      recognised. Methods: sgd (gradient descent over the known ratings, with biases). Baselines, to \
      hold a model against: popular, mean (--by user, item or global) and random.

      The same files, options and seed give the same bytes, whatever the number of threads. Ctrl-C \
      stops after the epoch's current block and saves what has been learned.
      """)

  enum Method: String, ExpressibleByArgument, CaseIterable { case sgd, popular, mean, random }

  @Argument(help: "Files of ratings; - for standard input.")
  var ratings: [String]

  @Option(name: .shortAndLong, help: "Where to write the model.")
  var output: String

  @Option(help: "How to learn.")
  var method = Method.sgd

  @Option(help: "Whose mean rating --method mean predicts. (default: user)")
  var by: Baseline.Center?

  @Option(
    parsing: .unconditional,
    help: "The numbers in each vector. (default: \(SGDOptions().dimension))")
  var dimension: Int?

  @Option(
    parsing: .unconditional,
    help: "How often to go over all ratings. (default: \(SGDOptions().epochs))")
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: "λ: the penalty on long vectors, per rating. (default: \(SGDOptions().regularization))")
  var regularization: Double?

  @Option(
    parsing: .unconditional, help: "What multiplies the gradient. (default: \(SGDOptions().rate))")
  var rate: Double?

  @Flag(help: "Plain dot products: no mean, no biases.")
  var noBias = false

  @Option(parsing: .unconditional, help: "Chooses every random number.")
  var seed: UInt64 = 1

  @Option(
    parsing: .unconditional, help: "Threads; 0 for one per core. The result does not depend on it.")
  var threads = 0

  @Option(
    help: ArgumentHelp(
      "Ratings to test on after every epoch: a file, or a share of the training ratings.",
      valueName: "fraction|file"))
  var validation: String?

  @Option(
    parsing: .unconditional,
    help: "Stop after this many epochs without a better validation RMSE; keep the best.")
  var patience: Int?

  @Option(
    help:
      "Titles and attributes of the items: u.item, movies.csv, movies.dat, or columns with a header."
  )
  var titles: String?

  @Flag(help: "Leave people's ratings out of the model file.")
  var noHistory = false

  @Flag(help: "No progress.")
  var quiet = false

  @OptionGroup var reading: ReadingArguments
  @OptionGroup var result: FormatOption

  func validate() throws {
    if patience != nil, validation == nil {
      throw ValidationError("--patience needs --validation: something must stop improving.")
    }
    guard by == nil || method == .mean else {
      throw ValidationError("--by goes with --method mean.")
    }
    guard let baseline else { return }
    let given = [
      ("--dimension", dimension != nil), ("--epochs", epochs != nil),
      ("--regularization", regularization != nil), ("--rate", rate != nil), ("--no-bias", noBias),
      ("--validation", validation != nil),
    ].filter(\.1).map(\.0)
    guard given.isEmpty else {
      throw ValidationError(
        "--method \(baseline.method) is a baseline, which nothing is trained for: leave out "
          + "\(given.joined(separator: ", ")).")
    }
  }

  func run() throws {
    try requireWritable(output)
    let options = try sgdOptions()
    let clock = ContinuousClock()
    let start = clock.now
    let all = try reading.read(ratings, announces: !quiet, threads: threads)
    let (training, heldOut) = try split(all)
    let names = try titles.map(Titles.readSaying)
    let read = clock.now
    let interrupt = Interrupt()
    var reporter = TrainingReporter(quiet: quiet)
    var model: Model
    do {
      // Also after an error the live line is left standing, and the sentence comes below it.
      defer { reporter.finish() }
      model =
        if let baseline { try baseline.fit(training) } else {
          try SGD.fit(
            training, options: options, validation: heldOut, shouldStop: { interrupt.wasRequested },
            progress: { reporter.report($0) })
        }
    }
    let trained = clock.now
    model = model.recording(recordedChoices)
    if let names { model = model.withTitles(names) }
    try (noHistory ? model.withoutHistory() : model).save(to: output)
    let saved = clock.now
    let summary = LearnSummary(
      method: method.rawValue, dimension: model.dimension, users: training.users.count,
      items: training.items.count, ratings: training.count,
      seconds: .init(
        reading: (read - start) / .seconds(1), training: (trained - read) / .seconds(1),
        saving: (saved - trained) / .seconds(1)),
      epochs: reporter.epochs.map(LearnSummary.Epoch.init), model: output)
    switch result.format {
    case .json: try printJSON(summary)
    case .text:
      let noun = training.hasValues ? "rating" : "interaction"
      try emit(text(summary, reporter.epochs, noun: noun, keptBest: options.patience != nil))
    }
    if interrupt.wasRequested {
      Terminal.say("Interrupted; what was learned until then is in \(output).")
      Foundation.exit(Exit.interrupted)
    }
  }

  /// The baseline that was asked for; nil for a method that is trained.
  private var baseline: Baseline? {
    switch method {
    case .sgd: nil
    case .popular: .popular
    case .mean: .mean(by: by ?? .user)
    case .random: .random(seed: seed)
    }
  }

  private func sgdOptions() throws -> SGDOptions {
    var options = SGDOptions()
    if let dimension { options.dimension = dimension }
    if let epochs { options.epochs = epochs }
    if let regularization { options.regularization = regularization }
    if let rate { options.rate = rate }
    options.hasBiases = !noBias
    options.seed = seed
    options.threads = threads
    options.patience = patience
    try options.validate()
    return options
  }

  /// What shapes the result before the method sees the ratings.
  private var recordedChoices: [String: String] {
    var choices: [String: String] = [:]
    if let validation, Double(validation) != nil { choices["validation"] = validation }
    if reading.duplicates != .last { choices["duplicates"] = reading.duplicates.rawValue }
    return choices
  }

  private func split(_ all: Ratings) throws -> (training: Ratings, heldOut: Ratings?) {
    guard let validation else { return (all, nil) }
    if let share = Double(validation), !FileManager.default.fileExists(atPath: validation) {
      guard share > 0, share < 1 else {
        throw ValidationError("--validation is \(validation); a share is between 0 and 1.")
      }
      let parts = all.split(validationFraction: share, seed: seed)
      return (parts.training, parts.validation)
    }
    return (all, try reading.read([validation], announces: !quiet, threads: threads))
  }

  private func text(
    _ summary: LearnSummary, _ epochs: [TrainingProgress], noun: String, keptBest: Bool
  ) -> String {
    guard baseline == nil else {
      return "\(summary.method): \(counted(summary.ratings, noun)) of "
        + "\(counted(summary.items, "item")) by \(counted(summary.users, "user")).\n"
        + "Saved \(summary.model)."
    }
    var lines: [String] = []
    let training = TextPlot.Series(mark: "●", values: epochs.map(\.trainRMSE))
    let validation = TextPlot.Series(mark: "○", values: epochs.compactMap(\.validationRMSE))
    let hasValidation = validation.values.count == epochs.count
    let plot = TextPlot(
      series: hasValidation ? [training, validation] : [training], firstEpoch: 1,
      startsAtZero: false
    ).lines
    if !plot.isEmpty {
      lines.append("RMSE per epoch: ● training" + (hasValidation ? ", ○ validation" : ""))
      lines += plot + [""]
    }
    lines.append(
      "\(summary.method), dimension \(summary.dimension): \(counted(summary.ratings, noun)), "
        + "\(counted(epochs.count, "epoch")) in \(fixed(summary.seconds.training, 2)) s.")
    if let last = epochs.last {
      lines.append("Training RMSE \(fixed(last.trainRMSE, 4)).")
      let scored = epochs.compactMap { epoch in epoch.validationRMSE.map { (epoch.epoch, $0) } }
      if keptBest, let best = scored.min(by: { $0.1 < $1.1 }) {
        lines.append("Validation RMSE \(fixed(best.1, 4)), of epoch \(best.0), the best.")
      } else if let rmse = last.validationRMSE {
        lines.append("Validation RMSE \(fixed(rmse, 4)).")
      }
    }
    lines.append("Saved \(summary.model).")
    return lines.joined(separator: "\n")
  }
}

/// What a finished run reports to scripts.
struct LearnSummary: Encodable {
  struct Seconds: Encodable {
    let reading: Double
    let training: Double
    let saving: Double
  }

  struct Epoch: Encodable {
    let epoch: Int
    let seconds: Double
    let trainRMSE: Double
    let validation: [String: Double]?

    init(_ progress: TrainingProgress) {
      epoch = progress.epoch
      seconds = progress.seconds
      trainRMSE = progress.trainRMSE
      validation = progress.validationRMSE.map { ["rmse": $0] }
    }
  }

  let method: String
  let dimension: Int
  let users: Int
  let items: Int
  let ratings: Int
  let seconds: Seconds
  let epochs: [Epoch]
  let model: String
}

/// Fails before hours of training rather than after them.
func requireWritable(_ path: String) throws {
  try requireFile(path)
  let folder = FilePath.folder(of: path)
  var isFolder: ObjCBool = false
  let shown = folder.isEmpty ? "." : folder
  guard unsafe FileManager.default.fileExists(atPath: shown, isDirectory: &isFolder),
    isFolder.boolValue
  else {
    throw Exit.Problem.cannotWrite(
      "\(path) could not be written: the folder \(shown) does not exist.")
  }
  guard FileManager.default.isWritableFile(atPath: shown) else {
    throw Exit.Problem.cannotWrite(
      "\(path) could not be written: the folder \(shown) is read-only.")
  }
  if unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
  {
    throw Exit.Problem.cannotWrite("\(path) could not be written: it is a folder.")
  }
}
