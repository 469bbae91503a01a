// kindred score: the table of dot products.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred
import KindredWorksheet

struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Compute how much each user likes each item.",
    discussion: """
      Example: kindred score --users users.csv --items items.csv
               kindred score model.safetensors --user alice --item heat-1995 --item fargo-1996

      In the files a row is a name, then numbers; decimals and fractions are taken exactly.
      """)

  @Argument(help: "A model, instead of files of vectors.")
  var model: String?

  @Option(help: "The users' vectors, as CSV.")
  var users: String?

  @Option(help: "The items' vectors, as CSV.")
  var items: String?

  @Option(help: "A user of the model, by id; may be repeated.")
  var user: [String] = []

  @Option(help: "An item of the model, by id or title; may be repeated.")
  var item: [String] = []

  @OptionGroup var sureness: Sureness
  @OptionGroup var loading: ModelLoading
  @OptionGroup var result: FormatOption

  /// More pairs than this are not a table to look at.
  private static let largestTable = 1_000_000

  func validate() throws {
    let hasFiles = users != nil && items != nil
    guard (model != nil) != hasFiles, (users == nil) == (items == nil) else {
      throw ValidationError("Give a model, or both --users and --items.")
    }
    guard model != nil || (user.isEmpty && item.isEmpty) else {
      throw ValidationError("--user and --item choose rows of a model.")
    }
    guard model != nil || sureness.interval == nil else {
      throw ValidationError("--interval needs a model.")
    }
  }

  func run() throws {
    if let model {
      try scoreModel(try loading.model(model))
    } else if let users, let items {
      try scoreFiles(users, items)
    }
  }

  private func scoreFiles(_ usersPath: String, _ itemsPath: String) throws {
    let users = try VectorFile(usersPath)
    let items = try VectorFile(itemsPath)
    try requireTable(users.names.count, items.names.count)
    try users.requireNumbers()
    try items.requireNumbers()
    let (a, b) = (users.cells[0].count, items.cells[0].count)
    guard a == b else {
      throw Exit.Problem.badData(
        "\(usersPath) has \(a) numbers in a row, \(itemsPath) has \(b): a dot product needs equally "
          + "many.")
    }
    let worksheet = Worksheet(
      .score, users: users.table(caption: "Users"), items: items.table(caption: "Items")
    )
    let solved = try located(in: usersPath) { () throws(WorksheetError) in try worksheet.solved() }
    switch result.format {
    case .json: try emit(solved.jsonOfOnlyPart())
    case .text: try emit(solved.answerText(color: Terminal.hasColor), terminator: "")
    }
  }

  private struct Report: Encodable {
    let users: [String]
    let items: [String]
    let scores: [[Double]]
    /// The scores' standard deviations; nil, as the next two, for a model without samples.
    let deviations: [[Double]]?
    /// The standard deviations of ratings.
    let ratingDeviations: [[Double]]?
    /// The ends of the intervals of ratings.
    let intervals: [[[Double]]]?
  }

  private func scoreModel(_ model: Model) throws {
    try sureness.require(model)
    let users = user.isEmpty ? model.users.all : user
    let items = try item.isEmpty ? model.items.all : item.map { try model.itemID($0) }
    try requireTable(users.count, items.count)
    let scores = try users.map { user in
      try items.map { try model.score(user: user, item: $0) }
    }
    let predictions = try model.posterior.map { _ in
      try users.map { user in try items.map { try model.prediction(user: user, item: $0) } }
    }
    switch result.format {
    case .json:
      try printJSON(
        Report(
          users: users, items: items, scores: scores,
          deviations: predictions.map { $0.map { $0.map(\.deviation) } },
          ratingDeviations: predictions.map { $0.map { $0.map(\.ratingDeviation) } },
          intervals: predictions.map { $0.map { $0.map(sureness.ends) } }))
    case .text:
      var table = TextTable([("", .left)] + items.map { (model.shown($0), .right) })
      let cells =
        predictions.map { $0.map { $0.map(sureness.shown) } }
        ?? scores.map { $0.map { fixed($0, 3) } }
      table.rows = zip(users, cells).map { [$0] + $1 }
      try emit(table.text)
      if predictions != nil { try emit("\n" + sureness.legend) }
    }
  }

  private func requireTable(_ users: Int, _ items: Int) throws {
    guard users * items <= Self.largestTable else {
      throw ValidationError(
        "\(grouped(users)) users and \(grouped(items)) items make more scores than a table can show: "
          + "choose some with --user and --item, or ask for the best with kindred recommend.")
    }
  }
}
