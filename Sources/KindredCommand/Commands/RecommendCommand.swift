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

      Items that the user has rated are left out. With -o the file holds one JSON object a line, in the
      order of the users; --all and --users work on many users at once.
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

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much unlikeness to the items before counts beside the score, from 0 to 1. (default: 0)",
      valueName: "share"))
  var diversify: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What an item e times as popular as the average loses in rank, in units of the score. (default: 0)",
      valueName: "loss"))
  var damping: Double?

  @OptionGroup var sureness: Sureness
  @OptionGroup var lists: ItemLists
  @OptionGroup var conditions: ItemConditions
  @OptionGroup var loading: ModelLoading
  @OptionGroup var result: FormatOption

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
    if let diversify, !(0...1).contains(diversify) {
      throw ValidationError("--diversify is \(diversify); it must be from 0 to 1.")
    }
    if let damping, !damping.isFinite {
      throw ValidationError("--damping is \(damping); it must be a finite number.")
    }
  }

  func run() throws {
    if let output {
      try requireFile(output)
      let read = [("the model", model)] + (users.map { [("the file of --users", $0)] } ?? [])
      try requireKept(read, writing: [("--output", output)])
    }
    let model = try loading.model(model)
    var options = RecommendationOptions()
    options.includeSeen = includeSeen
    options.diversity = diversify ?? 0
    options.damping = damping ?? 0
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
    options.only = try lists.only(names)
    options.without = try lists.without(names)
    if let rated {
      let ratings = try RatedList(rated).ratings.map {
        (item: try names.id($0.item), rating: $0.rating)
      }
      let picks = try model.recommend(rated: ratings, count: count, options: options)
      let note =
        picks.isEmpty
        ? try model.exclusions(rated: ratings.map(\.item), options: options).description : nil
      let report = RecommendationReport(nil, picks, note: note, sureness)
      guard let output else { return try show([report]) }
      try WholeFile.write(to: output) { file throws(FileError) in try file.append(report.line) }
      return try say(written: 1, to: output)
    }
    let ids = try user.map { [$0] } ?? users.map(idLines)
    let rows = try ids.map { try $0.map(model.users.known) } ?? Array(model.users.rows)
    let recommender = try Recommender(
      model, count: count, options: options, isForMany: rows.count > 1)
    if let output {
      return try write(rows, model, recommender, to: output)
    }
    var reports: [RecommendationReport] = []
    try recommender.stream(rows, threads: 0) { row, picks in
      report(row, picks, model, recommender)
    } each: { some in
      // Text is shown as it comes; JSON is one object.
      if result.format == .text { try show(some) } else { reports += some }
    }
    guard result.format == .json else { return }
    if user != nil { try show(reports) } else { try printJSON(["users": reports]) }
  }

  private func report(
    _ row: UserRow, _ picks: [Recommendation], _ model: Model, _ recommender: Recommender
  ) -> RecommendationReport {
    RecommendationReport(
      model.users[row], picks,
      note: picks.isEmpty ? recommender.exclusions(row).description : nil, sureness)
  }

  private func show(_ reports: [RecommendationReport]) throws {
    if result.format == .json {
      for report in reports { try printJSON(report) }
      return
    }
    for report in reports {
      try emit(
        "For \(report.user.map { "user \($0.fitted(60))" } ?? "somebody with these ratings"):")
      if let note = report.note { try emit("  nothing: \(note)") }
      var table = TextTable([("", .right), ("", .left), ("", .right)])
      for (rank, item) in report.items.enumerated() {
        table.rows.append(["\(rank + 1)", item.title ?? item.item, shown(item)])
      }
      try emit(table.text.drop { $0 == "\n" })
      if report.items.contains(where: { $0.deviation != nil }) { try emit(sureness.legend) }
    }
  }

  private func shown(_ item: RecommendationReport.Item) -> String {
    guard let deviation = item.deviation, let ratingDeviation = item.ratingDeviation else {
      return fixed(item.score, 3)
    }
    return sureness.shown(
      Prediction(score: item.score, deviation: deviation, ratingDeviation: ratingDeviation))
  }

  private func write(
    _ rows: [UserRow], _ model: Model, _ recommender: Recommender, to path: String
  ) throws {
    var failure: (any Error)?
    var reporter = WorkReporter("Recommending", total: rows.count)
    var done = 0
    do {
      try WholeFile.write(to: path) { file throws(FileError) in
        do {
          try recommender.stream(rows, threads: 0) { row, picks in
            report(row, picks, model, recommender).line
          } each: { lines in
            for line in lines { try file.append(line) }
            done += lines.count
            reporter.reach(done)
          }
        } catch let error as FileError {
          throw error
        } catch {
          failure = error
          throw FileError(.cannotWrite, path: path, "a user could not be answered")
        }
      }
    } catch {
      throw failure ?? error
    }
    try say(written: rows.count, to: path)
  }

  private func say(written users: Int, to path: String) throws {
    switch result.format {
    case .json: try printJSON(Written(users: users, output: path))
    case .text: try emit("Wrote the best \(count) items of \(counted(users, "user")) to \(path).")
    }
  }
}
