// kindred recommend: the best items for somebody.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Kindred

struct RecommendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "List the items that a user should like best.",
    discussion: """
      Example: kindred recommend model.safetensors --user alice -k 5
               kindred recommend model.safetensors --rated "heat-1995=5,fargo-1996=4.5"
               kindred recommend model.safetensors --user alice --where "genres=Comedy|Drama"
               kindred recommend model.safetensors --all -o recommendations.jsonl

      Items that the user has rated are left out. With -o the file holds one JSON object a line.
      """)

  @Argument(help: "The model.")
  var model: String

  @Option(help: "A user, by id.")
  var user: String?

  @Option(help: ArgumentHelp("Users, an id a line; - for standard input.", valueName: "file"))
  var users: String?

  @Flag(help: "Every user of the model.")
  var all = false

  @Option(
    help: ArgumentHelp("What somebody new has rated.", valueName: "ITEM=4.5,…"))
  var rated: String?

  @Option(name: .customShort("k"), parsing: .unconditional, help: "How many items.")
  var count = 10

  @Flag(help: "Items that the user has rated may come up too.")
  var includeSeen = false

  @Option(help: ArgumentHelp("Only these items, an id a line.", valueName: "file"))
  var only: String?

  @Option(help: ArgumentHelp("None of these items, an id a line.", valueName: "file"))
  var without: String?

  @Option(
    name: .shortAndLong, help: "Write a JSON object a line to this file instead of printing.")
  var output: String?

  @Flag(
    help:
      "Rank by the upper end of where each score lies, noise apart: what may be very good (models of bayes)."
  )
  var optimistic = false

  @Flag(help: "Rank by the lower end of it: what is good for sure (models of bayes).")
  var cautious = false

  @OptionGroup var sureness: Sureness
  @OptionGroup var conditions: ItemConditions
  @OptionGroup var loading: ModelLoading
  @OptionGroup var result: FormatOption

  private struct Report: Encodable {
    struct Item: Encodable {
      let item: String
      let title: String?
      let score: Double
      /// The score's standard deviation; nil, as the next two, for a model without samples.
      let deviation: Double?
      /// The standard deviation of a rating.
      let ratingDeviation: Double?
      /// The ends of a rating's interval.
      let interval: [Double]?
    }
    let user: String?
    let items: [Item]

    init(_ user: String?, _ picks: [Recommendation], _ sureness: Sureness) {
      self.user = user
      items = picks.map {
        Item(
          item: $0.item, title: $0.title, score: $0.score, deviation: $0.prediction?.deviation,
          ratingDeviation: $0.prediction?.ratingDeviation,
          interval: $0.prediction.map(sureness.ends))
      }
    }
  }

  private struct Written: Encodable {
    let users: Int
    let output: String
  }

  func validate() throws {
    let given = [user != nil, users != nil, all, rated != nil].count { $0 }
    guard given == 1 else {
      throw ValidationError("Give one of --user, --users, --all and --rated.")
    }
    if let rated { _ = try RatedList(rated) }
    guard !(optimistic && cautious) else {
      throw ValidationError("Give one of --optimistic and --cautious.")
    }
    guard count >= 1 else { throw ValidationError("-k is \(count); it must be 1 or more.") }
  }

  func run() throws {
    if let output { try requireFile(output) }
    let model = try loading.model(model)
    var options = RecommendationOptions()
    options.includeSeen = includeSeen
    try sureness.require(model)
    if optimistic || cautious {
      guard model.posterior != nil else {
        throw ModelError.noSamples(need: optimistic ? "--optimistic" : "--cautious")
      }
      let tail = (1 - sureness.probability) / 2
      // Just below 1 it is the nearest number to 1 that is.
      options.quantile = optimistic ? min(1 - tail, 1.nextDown) : tail
    }
    options.among = try conditions.items(of: model)
    let names = ItemNames(model)
    if let only { options.only = try lines(only).map { try names.id($0) } }
    if let without { options.without = try lines(without).map { try names.id($0) } }
    let reports = try reports(model, options, names)
    if let output { return try write(reports, to: output) }
    switch result.format {
    case .json:
      if user != nil || rated != nil, let only = reports.first {
        try printJSON(only())
      } else {
        try printJSON(["users": try reports.map { try $0() }])
      }
    case .text:
      for report in reports {
        let report = try report()
        try emit(
          "For \(report.user.map { "user \($0.fitted(60))" } ?? "somebody with these ratings"):")
        if report.items.isEmpty { try emit("  nothing: every item is rated already or left out.") }
        var table = TextTable([("", .right), ("", .left), ("", .right)])
        for (rank, item) in report.items.enumerated() {
          table.rows.append(["\(rank + 1)", item.title ?? item.item, shown(item)])
        }
        try emit(table.text.drop { $0 == "\n" })
        if report.items.contains(where: { $0.deviation != nil }) { try emit(sureness.legend) }
      }
    }
  }

  private func shown(_ item: Report.Item) -> String {
    guard let deviation = item.deviation, let ratingDeviation = item.ratingDeviation else {
      return fixed(item.score, 3)
    }
    return sureness.shown(
      Prediction(score: item.score, deviation: deviation, ratingDeviation: ratingDeviation))
  }

  /// One answer per user, each worked out when it is called for, so that many users need no memory.
  private func reports(
    _ model: Model, _ options: RecommendationOptions, _ names: ItemNames
  ) throws -> [() throws -> Report] {
    if let rated {
      let ratings = try RatedList(rated).ratings.map {
        (item: try names.id($0.item), rating: $0.rating)
      }
      return [
        {
          Report(nil, try model.recommend(rated: ratings, count: count, options: options), sureness)
        }
      ]
    }
    let ids = try all ? model.users.all : users.map(lines) ?? [user ?? ""]
    return ids.map { id in
      { Report(id, try model.recommend(for: id, count: count, options: options), sureness) }
    }
  }

  private func write(_ reports: [() throws -> Report], to path: String) throws {
    var failure: (any Error)?
    var reporter = WorkReporter("Recommending", total: reports.count)
    do {
      try WholeFile.write(to: path) { file throws(FileError) in
        for report in reports {
          let line: Data
          do { line = try jsonBytes(try report(), pretty: false) } catch {
            failure = error
            throw FileError(.cannotWrite, path: path, "a user could not be answered")
          }
          try file.append(line)
          reporter.step()
          try file.append(CollectionOfOne(UInt8(ascii: "\n")))
        }
      }
    } catch {
      throw failure ?? error
    }
    switch result.format {
    case .json: try printJSON(Written(users: reports.count, output: path))
    case .text:
      try emit("Wrote the best \(count) items of \(grouped(reports.count)) users to \(path).")
    }
  }

  /// The lines of a file of ids, without blank ones.
  private func lines(_ path: String) throws -> [String] {
    let file = try TextFile.load(path)
    guard let text = String(validating: file.bytes[file.start...], as: UTF8.self) else {
      throw Exit.Problem.badData("\(path) is not UTF-8 text.")
    }
    return text.split(whereSeparator: \.isNewline).map { $0.trimmingSpaces }.filter { !$0.isEmpty }
  }
}
