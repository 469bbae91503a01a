// kindred forget: people taken out of a model file.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred

struct ForgetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Take people out of a model file.",
    discussion: """
      Example: kindred forget model.safetensors --user alice

      The user's vector, id, bias and ratings are gone from the file, and so are items that nobody \
      else has rated. Counts and means of a baseline are taken anew from the ratings that are left. \
      What a trained model's vectors have learned from everybody together stays; train again without \
      the user's ratings to take out that too. A file without its history keeps all items.
      """)

  @Argument(help: "The model.")
  var model: String

  @Option(help: "A user's id; may be repeated.")
  var user: [String]

  @Option(name: .shortAndLong, help: "Write to this file instead of over the model.")
  var output: String?

  @OptionGroup var loading: ModelLoading
  @OptionGroup var result: FormatOption

  private struct Report: Encodable {
    let forgotten: Int
    let users: Int
    let model: String
  }

  func validate() throws {
    guard !user.isEmpty else { throw ValidationError("--user is missing.") }
  }

  func run() throws {
    if let output { try requireFile(output) }
    let before = try loading.model(model)
    let after = try before.forgetting(user)
    let path = output ?? model
    try after.save(to: path)
    let forgotten = before.users.count - after.users.count
    switch result.format {
    case .json: try printJSON(Report(forgotten: forgotten, users: after.users.count, model: path))
    case .text:
      try emit(
        "Forgot \(counted(forgotten, "user")); \(path) has \(counted(after.users.count, "user")).")
    }
  }
}
