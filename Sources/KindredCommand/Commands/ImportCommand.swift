// kindred import: a model of vectors that were made elsewhere.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Kindred

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a model of vectors from elsewhere.",
    discussion: """
      Example: kindred import --users u.npy --items i.npy --item-ids ids.txt -o model.safetensors
               kindred import vectors.txt --from word2vec -o model.safetensors
               kindred import arrays --from npy -o model.safetensors

      Arrays are float32 or float64, a row per user or item; ids stand one a line, without them rows \
      are called 0, 1, and so on. projector and word2vec hold items alone: the model then finds \
      similar items and recommends to somebody new (recommend --rated). A score is mean + user bias + \
      item bias + dot product.
      """)

  @Argument(help: "What kindred export or another program wrote: a folder, or a file for word2vec.")
  var source: String?

  @Option(help: "The form of that.")
  var from: VectorFormat?

  @Option(help: ArgumentHelp("The users' vectors.", valueName: "npy"))
  var users: String?

  @Option(help: ArgumentHelp("The items' vectors.", valueName: "npy"))
  var items: String?

  @Option(name: .customLong("user-ids"), help: ArgumentHelp("The users' ids.", valueName: "file"))
  var userIDs: String?

  @Option(name: .customLong("item-ids"), help: ArgumentHelp("The items' ids.", valueName: "file"))
  var itemIDs: String?

  @Option(help: ArgumentHelp("What is added to each user's scores.", valueName: "npy"))
  var userBias: String?

  @Option(help: ArgumentHelp("What is added to each item's scores.", valueName: "npy"))
  var itemBias: String?

  @Option(parsing: .unconditional, help: "What every score starts from, with --items.")
  var mean: Double?

  @Option(
    parsing: .unconditional, help: "λ for the vector of somebody new, per rating.")
  var regularization = Model.importedRegularization

  @Option(help: "Titles and attributes of the items, as for learn.")
  var titles: String?

  @Option(
    help: ArgumentHelp(
      "What users have rated, to be left out of recommendations.", valueName: "ratings"))
  var history: String?

  @Option(name: .shortAndLong, help: "Where to write the model.")
  var output: String

  @OptionGroup var reading: ReadingArguments
  @OptionGroup var result: FormatOption

  private struct Report: Encodable {
    let users: Int
    let items: Int
    let dimension: Int
    let model: String
  }

  func validate() throws {
    let hasParts =
      users != nil || items != nil || userIDs != nil || itemIDs != nil || userBias != nil
      || itemBias != nil || mean != nil
    guard (source != nil) == (from != nil), (source != nil) != hasParts else {
      throw ValidationError("Give a source with --from, or --items (and --users) as .npy files.")
    }
    guard source != nil || items != nil else {
      throw ValidationError("--items is missing: a model needs items.")
    }
    guard users != nil || (userIDs == nil && userBias == nil) else {
      throw ValidationError("--user-ids and --user-bias need --users.")
    }
    guard mean?.isFinite ?? true else { throw ValidationError("--mean must be a finite number.") }
    guard regularization >= 0, regularization.isFinite else {
      throw ValidationError("--regularization must be 0 or more.")
    }
  }

  func run() throws {
    try requireWritable(output)
    var model = try imported()
    if let titles = try titles.map(Titles.readSaying) { model = model.withTitles(titles) }
    if let history {
      let (withHistory, unknown) = model.withHistory(try reading.read([history]))
      model = withHistory
      if unknown > 0 {
        Terminal.say(
          "\(counted(unknown, "rating")) of users or items that are not in the tables left out.")
      }
    }
    try model.save(to: output)
    switch result.format {
    case .json:
      try printJSON(
        Report(
          users: model.users.count, items: model.items.count, dimension: model.dimension,
          model: output))
    case .text:
      try emit(
        "Saved \(output): \(counted(model.users.count, "user")), "
          + "\(counted(model.items.count, "item")), dimension \(model.dimension).")
    }
  }

  private func imported() throws -> Model {
    if let source, let from {
      return try Model(importing: from, from: source, regularization: regularization)
    }
    var files = NumPyFiles(items: items ?? "")
    (files.users, files.userIDs, files.itemIDs) = (users, userIDs, itemIDs)
    (files.userBias, files.itemBias) = (userBias, itemBias)
    return try Model(importing: files, mean: mean, regularization: regularization)
  }
}
