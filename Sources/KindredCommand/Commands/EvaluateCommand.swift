// kindred evaluate: how far predictions are from ratings held back.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on ratings that it has not seen.",
    discussion: """
      Example: kindred evaluate model.safetensors --test held-out.csv

      rmse: the root of the mean squared error. mae: the mean absolute error. Both in stars, or in \
      whatever unit the ratings have; predictions are clipped to the range of the training ratings. \
      Unknown users and items are predicted from what is known, and counted.
      """)

  enum Metric: String, ExpressibleByArgument, CaseIterable { case rmse, mae }

  @Argument(help: "The model.")
  var model: String

  @Option(help: "The ratings to predict.")
  var test: String

  @Option(help: "Which metrics, separated by commas: rmse, mae.")
  var metrics = "rmse,mae"

  @Flag(help: "Leave predictions outside the range of the ratings as they are.")
  var noClip = false

  @OptionGroup var reading: ReadingArguments
  @OptionGroup var result: FormatOption

  private struct Report: Encodable {
    struct Unknown: Encodable {
      let users: Int
      let items: Int
    }
    let metrics: [String: Double]
    let users: Int
    let ratings: Int
    let unknown: Unknown
  }

  func run() throws {
    let wanted = try metrics.split(separator: ",").map { name -> Metric in
      guard let metric = Metric(rawValue: name.trimmingPrefix(" ").lowercased()) else {
        throw ValidationError(
          "--metrics: there is no \"\(name)\"; there are \(Metric.allCases.map(\.rawValue).joined(separator: ", "))."
        )
      }
      return metric
    }
    guard !wanted.isEmpty else { throw ValidationError("--metrics names no metric.") }
    let model = try Model(contentsOf: model)
    let ratings = try reading.read([test], announces: false)
    guard let errors = model.ratingErrors(on: ratings, clips: !noClip) else {
      throw Exit.Problem.badData("\(test) has no ratings to test on.")
    }
    let values = Dictionary(
      wanted.map { ($0.rawValue, $0 == .rmse ? errors.rmse : errors.mae) },
      uniquingKeysWith: { first, _ in first })
    let report = Report(
      metrics: values, users: ratings.users.count, ratings: errors.ratings,
      unknown: .init(users: errors.unknownUsers, items: errors.unknownItems))
    switch result.format {
    case .json: try printJSON(report)
    case .text:
      var table = TextTable([("metric", .left), ("value", .right)])
      for metric in wanted {
        table.rows.append([metric.rawValue, fixed(values[metric.rawValue] ?? 0, 5)])
      }
      try emit(table.text)
      try emit(
        "\(counted(report.ratings, "rating")) by \(counted(report.users, "user")); unknown to the model: "
          + "\(counted(report.unknown.users, "user")), \(counted(report.unknown.items, "item")).")
    }
  }
}
