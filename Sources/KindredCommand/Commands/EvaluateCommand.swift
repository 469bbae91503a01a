// kindred evaluate: how well a model does on what was held back.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure models on ratings or interactions that they have not seen.",
    discussion: """
      Example: kindred evaluate model.safetensors --test held-out.csv
               kindred evaluate model.safetensors --test test.txt --metrics recall@20,ndcg@20
               kindred evaluate a.safetensors b.safetensors --test test.txt --confidence 95

      Of ratings: rmse and mae, in stars, or in whatever unit the ratings have; predictions are \
      clipped to the range of the training ratings. Unknown users and items are predicted from what \
      is known, and counted.

      Of rankings of all items that the user has not seen: recall@k (hits / test items), \
      recall-capped@k (hits / the lesser of k and test items), precision@k, hr@k (any hit), ndcg@k \
      (gain 1, discount 1/log2(rank + 1)), ndcg-graded@k (gain 2^rating - 1), ndcg-linear@k (gain \
      rating), ndcg-jk@k (no discount at ranks 1 and 2, then 1/log2(rank)), map@k (over the lesser of \
      k and test items), map-full@k (over test items), mrr, mrr@k, auc. Test items that the model \
      does not know, or that the user has seen, count as misses. Means are over the users with a \
      test item; equal scores stand in the model's item order.

      Of the lists themselves: coverage@k (share of all items in any list), novelty@k (bits: -log2 of \
      the share of users who know an item), ils@k (mean cosine within a list: less is more varied).

      Two or more models are compared pair by pair on the same users.
      """)

  @Argument(help: "The models.")
  var models: [String]

  @Option(help: "The ratings or interactions to be found.")
  var test: String

  @Option(
    help: ArgumentHelp(
      "Which metrics, separated by commas. (default: rmse,mae for ratings, recall@20,ndcg@20 for "
        + "interactions, hr@10,ndcg@10 with --negatives)"))
  var metrics: String?

  @Flag(help: "Leave predictions outside the range of the ratings as they are.")
  var noClip = false

  @Option(
    help: ArgumentHelp(
      "Interactions that rankings leave out besides the model's history; may be repeated.",
      valueName: "file"))
  var exclude: [String] = []

  @Option(
    help: ArgumentHelp(
      "Rank each test item among these only. Lines: user item item …, or (user,item) item item …; "
        + "equal scores count against the model.", valueName: "file"))
  var negatives: String?

  @Option(
    defaultAsFlag: 95.0,
    help: "Show intervals that hold this many per cent of resamples of the users.")
  var confidence: Double?

  @Option(parsing: .unconditional, help: "How often the users are resampled.")
  var resamples = Bootstrap().resamples

  @Option(parsing: .unconditional, help: "Chooses the resamples.")
  var seed: UInt64 = Bootstrap().seed

  @Option(
    parsing: .unconditional, help: "Threads; 0 for one per core. The result does not depend on it.")
  var threads = 0

  @OptionGroup var reading: ReadingArguments
  @OptionGroup var loading: ModelLoading
  @OptionGroup var result: FormatOption

  func validate() throws {
    guard threads >= 0 else { throw ValidationError("--threads is \(threads); 0 or more.") }
    _ = try wanted()
    do { try bootstrap().validate() } catch { throw ValidationError("\(error)") }
    guard Set(models).count == models.count else {
      throw ValidationError("A model is given twice; there is nothing to compare it with.")
    }
  }

  func run() throws {
    var options = EvaluationOptions()
    options.metrics = try wanted()
    options.clips = !noClip
    options.threads = threads
    if let negatives { options.negatives = try Negatives(contentsOf: negatives) }
    if !exclude.isEmpty { options.excluded = try reading.read(exclude, announces: false) }
    let ratings = try reading.read([test], announces: false)
    try requireValues(ratings, for: options.metrics)
    if let unused = options.negatives?.unusedLists(for: ratings), unused > 0 {
      Terminal.say(
        "\(negatives ?? ""): \(counted(unused, "list")) of negatives for what is not among the test "
          + "items; not used.")
    }
    var reports: [EvaluationReport] = []
    var comparisons: [ComparisonReport] = []
    for path in models {
      let model = try loading.model(path)
      if options.metrics.isEmpty {
        // What is chosen for the first model is measured on all of them.
        options.metrics = model.defaultMetrics(for: ratings, options)
      }
      let evaluation = try model.evaluate(on: ratings, options: options)
      reports.append(
        EvaluationReport(
          model: path, evaluation,
          intervals: confidence == nil ? nil : try evaluation.intervals(bootstrap())))
    }
    for (place, second) in reports.enumerated() {
      for first in reports[..<place] {
        comparisons.append(try ComparisonReport(first, second, bootstrap()))
      }
    }
    switch result.format {
    case .json where reports.count == 1: try printJSON(reports[0])
    case .json: try printJSON(ComparedReport(models: reports, differences: comparisons))
    case .text:
      let printer = EvaluationPrinter(
        level: bootstrap().level, seen: exclude.isEmpty ? "history" : "history or --exclude")
      let sections = reports.map(printer.text) + comparisons.map(printer.text)
      try emit(sections.joined(separator: "\n\n"))
    }
  }

  private func wanted() throws -> [Metric] {
    guard let metrics else { return [] }
    do { return try Metric.list(metrics) } catch { throw ValidationError("--metrics: \(error)") }
  }

  /// Refuses errors of ratings where there are only interactions: each would count as a 1.
  private func requireValues(_ ratings: Ratings, for metrics: [Metric]) throws {
    let errors = metrics.filter { $0.kind == .rmse || $0.kind == .mae }
    guard !ratings.hasValues, !errors.isEmpty else { return }
    let names = errors.map(\.description).joined(separator: " and ")
    throw Exit.Problem.badData(
      "\(test) holds interactions without ratings, so that there is no \(names). Ask for rankings, "
        + "such as --metrics recall@20,ndcg@20; or, if a column has the ratings, name it: --columns "
        + "rating=NAME.")
  }

  private func bootstrap() -> Bootstrap {
    var bootstrap = Bootstrap()
    bootstrap.level = confidence ?? bootstrap.level
    bootstrap.resamples = resamples
    bootstrap.seed = seed
    bootstrap.threads = threads
    return bootstrap
  }
}
