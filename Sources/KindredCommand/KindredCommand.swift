// The command line's root: what `kindred` can do.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred

@main
struct KindredCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kindred",
    abstract: "Dot-product recommendations, from a worksheet to millions of ratings.",
    discussion: """
      A score is a dot product: how much a user is expected to like an item.

      Solve a worksheet:   kindred worksheet solve sheet.txt
      Learn from ratings:  kindred learn ratings.csv -o model.safetensors
      Recommend:           kindred recommend model.safetensors --user alice
      Ask why:             kindred explain model.safetensors --user alice --item 50

      Results go to standard output, progress and errors to standard error. Add --format json for \
      scripts. Shell completions: kindred --generate-completion-script bash (or zsh, fish).
      """,
    version: Program.nameAndVersion,
    subcommands: [
      WorksheetCommand.self, ScoreCommand.self, ConstructCommand.self, LearnCommand.self,
      TuneCommand.self, TraceCommand.self, EvaluateCommand.self, RecommendCommand.self,
      SimilarCommand.self,
      ExplainCommand.self, ExportCommand.self, ImportCommand.self, ForgetCommand.self,
      DataCommand.self,
    ])

  static func main() {
    Exit.writeErrorsInsteadOfSignals()
    var running: (any ParsableCommand.Type)?
    do {
      var command = try parseAsRoot()
      running = type(of: command)
      try command.run()
    } catch {
      Exit.end(with: error, in: running)
    }
  }
}
