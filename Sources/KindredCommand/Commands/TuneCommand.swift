// kindred tune: the settings that do best.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Kindred

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Search for the settings that a method does best with.",
    discussion: """
      Example: kindred tune plays.csv --method ials --dimension 64 --checkpoint plays.tuning

      Part of the data is held back to judge by. Many settings are trained for a few epochs, the best of \
      them for longer (successive halving). It ends with a table of what was tried and the line of \
      kindred learn that trains with the best, on all of the data. Settings that are given stay as they \
      are. The same files, options and seed find the same, whatever the number of threads.
      """)

  @Argument(help: "Files of ratings; - for standard input.")
  var ratings: [String]

  @OptionGroup var training: TrainingArguments

  @Option(
    parsing: .unconditional,
    help: "How many settings are tried in the first round. (default: \(TuningOptions().trials))")
  var trials: Int?

  @Option(
    parsing: .unconditional,
    help: """
      Of how many trials of a round one goes on to the next, for as many times the epochs. \
      (default: \(TuningOptions().keeping))
      """)
  var keeping: Int?

  @Option(
    parsing: .unconditional,
    help: """
      The share of the interactions that is held back to judge by. (default: \
      \(TuningOptions().validationFraction))
      """)
  var validation: Double?

  @Option(
    help:
      "What settings are judged by. (default: rmse, or recall@20 of methods for interactions)")
  var metric: String?

  @Flag(help: "No progress.")
  var quiet = false

  @OptionGroup var reading: ReadingArguments
  @OptionGroup var result: FormatOption

  func validate() throws {
    if let metric {
      do { _ = try Metric(metric) } catch {
        throw ValidationError("--metric: \(error.description)")
      }
    }
    guard training.baseline == nil else {
      throw ValidationError(
        "--method \(training.method.rawValue) is a baseline, which has no settings to search for.")
    }
    guard training.patience == nil else {
      throw ValidationError("--patience is not for tune: the number of epochs is searched for.")
    }
  }

  func run() throws {
    if let checkpoint = training.checkpoint { try requireWritable(checkpoint) }
    for path in ratings where path != "-" {
      guard training.checkpoint.map({ !FilePath.areSame($0, path) }) ?? true else {
        throw ValidationError("--checkpoint would write over \(path), which is a file of ratings.")
      }
    }
    try training.validateOptions()
    let all = try reading.read(ratings, announces: !quiet, threads: training.threads)
    switch training.method {
    case .sgd: try search(SGD.self, training.sgd, in: all)
    case .als: try search(ALS.self, training.als, in: all)
    case .ials: try search(IALS.self, training.ials, in: all)
    case .bpr: try search(BPR.self, training.bpr, in: all)
    case .softmax: try search(Softmax.self, training.softmax, in: all)
    case .bayes:
      throw ValidationError(
        "--method bayes has no settings to search for: it samples them with all else.")
    case .popular, .mean, .random: break
    }
  }

  private func search<Method: Tunable>(
    _ method: Method.Type, _ base: Method.Options, in all: Ratings
  ) throws {
    var options = TuningOptions()
    if let trials { options.trials = trials }
    if let keeping { options.keeping = keeping }
    if let validation { options.validationFraction = validation }
    if let metric { options.metric = try Metric(metric) }
    options.seed = training.seed
    let fixed = Set(training.givenFlags.map { String($0.dropFirst(2)) })
    let tuning = Tuning(method, all, base: base, fixed: fixed, options: options)
    let interrupt = Interrupt()
    var done = 0
    let found = try tuning.run(
      checkpoint: training.checkpoint.map { Checkpoint(path: $0, resumes: training.resume) },
      shouldStop: { interrupt.wasRequested },
      progress: { trial in
        done += 1
        if !quiet { Terminal.say(TuneReport.line(trial, of: tuning.trainings)) }
      })
    let report = TuneReport(
      method: method, result: found,
      command: found.best.map { LearnLine(CommandLine.arguments, $0).text })
    switch result.format {
    case .json: try printJSON(report.summary)
    case .text: try emit(report.text)
    }
    guard !interrupt.wasRequested else {
      Terminal.say(
        "Interrupted; "
          + (training.checkpoint.map { "--resume goes on from \($0)." }
            ?? "with --checkpoint a search can be gone on with."))
      Foundation.exit(Exit.interrupted)
    }
    guard found.best != nil else {
      throw Exit.Problem.badData(
        "No trial gave a score: \(found.trials.first?.failure ?? "none ran").")
    }
  }
}
