// kindred export: a model's vectors for other programs.
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Kindred

extension VectorFormat: ExpressibleByArgument {}
extension TableSide: ExpressibleByArgument {}

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model's vectors for other programs.",
    discussion: """
      Example: kindred export model.safetensors --to npy -o arrays
               kindred export model.safetensors --to projector -o projector
               kindred export model.safetensors --to word2vec -o items.txt

      npy: a folder of NumPy arrays (users, items, biases, mean) and of ids, one a line. projector: a \
      folder with vectors.tsv and metadata.tsv for TensorFlow's embedding projector. word2vec: one \
      text file. The last two hold one table and no biases. The model file itself is safetensors, \
      which Python reads as it is.
      """)

  @Argument(help: "The model.")
  var model: String

  @Option(help: "The form.")
  var to: VectorFormat

  @Option(name: .shortAndLong, help: "The folder to write to, or the file for word2vec.")
  var output: String

  @Option(help: "Which table, for projector and word2vec.")
  var side = TableSide.items

  @OptionGroup var loading: ModelLoading
  @OptionGroup var result: FormatOption

  private struct Report: Encodable {
    let users: Int
    let items: Int
    let dimension: Int
    let changedIDs: Int
    let output: String
  }

  func run() throws {
    try requireFile(output)
    let model = try loading.model(model)
    let changed = try model.export(to, to: output, side: side)
    if changed > 0 {
      Terminal.say("\(counted(changed, "id")) had blanks, which are _ in \(output).")
    }
    switch result.format {
    case .json:
      try printJSON(
        Report(
          users: model.users.count, items: model.items.count, dimension: model.dimension,
          changedIDs: changed, output: output))
    case .text:
      let both = "\(counted(model.users.count, "user")) and \(counted(model.items.count, "item"))"
      let one =
        side == .items ? counted(model.items.count, "item") : counted(model.users.count, "user")
      try emit(
        "Wrote the vectors of \(to == .npy ? both : one), dimension \(model.dimension), to \(output)."
      )
    }
  }
}
