// kindred learn: a model from ratings.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Kindred

struct LearnCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Learn a model from ratings.",
    discussion: """
      Example: kindred learn ratings.csv -o model.safetensors --validation 0.1 --titles movies.csv
               kindred learn today.csv --update model.safetensors -o model.safetensors

      Files may be MovieLens files, CSV or TSV with a header, or plain columns; the form is \
      recognised. Methods for ratings: sgd (gradient descent over the known ratings, with biases); als \
      (the same objective, row after row solved exactly); bayes (many samples of what the ratings leave \
      open, and with it how sure scores are). Methods for interactions, such as clicks and plays, which \
      rank: ials (least squares over all pairs, unseen ones counting little); bpr (what was seen before \
      what was not, pair by pair); softmax (what was seen against everything else at once). Baselines, to \
      hold a model against: popular, mean (--by user, item or global) and random.

      The same files, options and seed give the same bytes, whatever the number of threads. Ctrl-C \
      stops after the epoch's current block and saves what has been learned.
      """)

  @Argument(help: "Files of ratings; - for standard input.")
  var ratings: [String]

  @Option(name: .shortAndLong, help: "Where to write the model.")
  var output: String

  @OptionGroup var training: TrainingArguments

  @Option(
    help: ArgumentHelp(
      "Ratings to test on after every epoch: a file, or a share of the training ratings.",
      valueName: "fraction|file"))
  var validation: String?

  @Option(
    parsing: .unconditional,
    help: "Leave out ratings below this one, also of --validation: what is left are interactions.")
  var minRating: Float?

  @Option(
    help: ArgumentHelp(
      "A model that takes the ratings in: the rows of their users are solved for again, all else stays.",
      valueName: "model"))
  var update: String?

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
    if update != nil {
      let unknown =
        training.givenFlags + (validation == nil ? [] : ["--validation"])
        + (training.seed == TrainingArguments.defaultSeed ? [] : ["--seed"])
      guard unknown.isEmpty else {
        throw ValidationError(
          "--update goes by what the model was trained with: leave out "
            + "\(unknown.joined(separator: ", ")).")
      }
    }
    if let minRating, !minRating.isFinite {
      throw ValidationError("--min-rating is \(minRating); it must be a number.")
    }
    if training.patience != nil, validation == nil {
      throw ValidationError("--patience needs --validation: something must stop improving.")
    }
    guard training.baseline == nil || validation == nil else {
      throw ValidationError(
        "--method \(training.method.rawValue) is a baseline, which nothing is trained for: leave out "
          + "--validation.")
    }
  }

  func run() throws {
    try requireNoInputIsReplaced()
    try requireWritable(output)
    if let checkpoint = training.checkpoint { try requireWritable(checkpoint) }
    if let update { return try self.update(update) }
    try training.validateOptions()
    let clock = ContinuousClock()
    let start = clock.now
    let all = try liked(
      reading.read(ratings, announces: !quiet, threads: training.threads), ratings)
    let (known, heldOut) = try split(all)
    let names = try titles.map(Titles.readSaying)
    let read = clock.now
    let interrupt = Interrupt()
    var reporter = TrainingReporter(quiet: quiet)
    var model: Model
    do {
      // Also after an error the live line is left standing, and the sentence comes below it.
      defer { reporter.finish() }
      model = try training.fit(
        known, validation: heldOut, shouldStop: { interrupt.wasRequested },
        progress: { reporter.report($0) })
    }
    let trained = clock.now
    guard model.record.options["epochs"] != "0" else {
      Terminal.say("Interrupted before an epoch was whole; nothing was saved.")
      Foundation.exit(Exit.interrupted)
    }
    model = model.recording(recordedChoices)
    if let names { model = model.withTitles(names) }
    try (noHistory ? model.withoutHistory() : model).save(to: output)
    let saved = clock.now
    let summary = LearnSummary(
      method: training.method.rawValue, dimension: model.posterior?.dimension ?? model.dimension,
      users: known.users.count,
      items: known.items.count, ratings: known.count,
      seconds: .init(
        reading: (read - start) / .seconds(1), training: (trained - read) / .seconds(1),
        saving: (saved - trained) / .seconds(1)),
      epochs: reporter.epochs.map(LearnSummary.Epoch.init), model: output,
      samples: model.posterior?.samples)
    switch result.format {
    case .json: try printJSON(summary)
    case .text:
      try emit(
        LearnReport(
          summary: summary, epochs: reporter.epochs,
          noun: known.hasValues ? "rating" : "interaction",
          isBaseline: training.baseline != nil,
          bestEpoch: training.patience == nil
            ? nil : model.record.options["epochs"].flatMap { Int($0) }
        ).text)
    }
    if interrupt.wasRequested {
      Terminal.say("Interrupted; what was learned until then is in \(output).")
      if let checkpoint = training.checkpoint, FileManager.default.fileExists(atPath: checkpoint) {
        Terminal.say("--resume goes on from \(checkpoint).")
      }
      if model.posterior?.samples == 1 {
        Terminal.say("It is one sample, which does not say how sure scores are.")
      }
      Foundation.exit(Exit.interrupted)
    }
  }

  /// Fails where a file that is read, or the other one that is written, would be written over; a model
  /// may be replaced by what becomes of it.
  private func requireNoInputIsReplaced() throws {
    let written =
      [("--output", output)] + (training.checkpoint.map { [("--checkpoint", $0)] } ?? [])
    let read =
      ratings.filter { $0 != "-" }.map { ("a file of ratings", $0) }
      + (validation.map { [("--validation", $0)] } ?? [])
      + (titles.map { [("--titles", $0)] } ?? [])
    try requireKept(read, writing: written)
  }

  /// What shapes the result before the method sees the ratings.
  private var recordedChoices: [String: String] {
    var choices: [String: String] = [:]
    if let validation, Double(validation) != nil { choices["validation"] = validation }
    if let minRating { choices["min_rating"] = "\(minRating)" }
    if reading.duplicates != .last { choices["duplicates"] = reading.duplicates.rawValue }
    return choices
  }

  private func split(_ all: Ratings) throws -> (training: Ratings, heldOut: Ratings?) {
    guard let validation else { return (all, nil) }
    if let share = Double(validation), !FileManager.default.fileExists(atPath: validation) {
      guard share > 0, share < 1 else {
        throw ValidationError("--validation is \(validation); a share is between 0 and 1.")
      }
      let parts = all.split(validationFraction: share, seed: training.seed)
      return (parts.training, parts.validation)
    }
    let heldOut = try reading.read([validation], announces: !quiet, threads: training.threads)
    return (all, try liked(heldOut, [validation]))
  }

  /// The ratings that --min-rating leaves, or what the model to update was trained with.
  func liked(_ all: Ratings, _ paths: [String], from recorded: Float? = nil) throws -> Ratings {
    guard let minRating = minRating ?? recorded else { return all }
    let liked = all.atLeast(minRating)
    guard liked.count > 0 || all.count == 0 else {
      throw ValidationError(
        "--min-rating \(minRating) leaves nothing of \(paths.joined(separator: ", ")), whose highest "
          + "rating is \(all.range?.upperBound ?? 0).")
    }
    if !quiet, liked.count < all.count {
      Terminal.say(
        "Kept \(counted(liked.count, "rating")) of \(minRating) or more, of "
          + "\(counted(liked.items.count, "item")) by \(counted(liked.users.count, "user")).")
    }
    return liked
  }
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

/// Fails where what is written would replace something that is read, or that is written too.
func requireKept(
  _ read: [(what: String, path: String)], writing written: [(flag: String, path: String)]
) throws {
  for (place, (flag, path)) in written.enumerated() {
    for (what, other) in read + written[..<place].map({ ($0.flag, $0.path) })
    where FilePath.areSame(path, other) {
      throw ValidationError("\(flag) would write over \(other), which is \(what).")
    }
  }
}
