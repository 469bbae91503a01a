// Help that teaches, and stays as it is unless somebody means to change it.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Help") struct HelpTests {
  static let commands: [[String]] = [
    [], ["worksheet"], ["worksheet", "solve"], ["score"], ["construct"], ["learn"], ["tune"],
    ["trace"], ["evaluate"], ["recommend"], ["similar"], ["explain"], ["export"], ["import"],
    ["forget"],
    ["data"], ["data", "sample"], ["data", "list"], ["data", "fetch"], ["data", "generate"],
    ["data", "describe"], ["data", "split"],
  ]

  /// Set KINDRED_WRITE_SNAPSHOTS=1 to write the snapshots anew after a change of the help.
  @Test("is as in its snapshot", arguments: commands)
  func snapshot(command: [String]) throws {
    let run = try Program.run(command + ["--help"])
    #expect(run.status == 0)
    let name = (["kindred"] + command).joined(separator: "-") + ".txt"
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Snapshots/help").appendingPathComponent(
        name)
    if ProcessInfo.processInfo.environment["KINDRED_WRITE_SNAPSHOTS"] != nil {
      try Data(run.output.utf8).write(to: file)
    }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(run.output == expected)
  }

  @Test("has an example for every command that does something", arguments: commands.dropFirst())
  func example(command: [String]) throws {
    let run = try Program.run(command + ["--help"])
    #expect(run.output.contains("Example:") || run.output.contains("SUBCOMMANDS:"))
  }

  @Test("completions exist for each shell", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let run = try Program.run("--generate-completion-script", shell)
    #expect(run.status == 0)
    #expect(run.output.contains("recommend"))
  }

  @Test("the version is the program's")
  func version() throws {
    #expect(try Program.run("--version").output == "kindred 0.1.0\n")
  }
}
