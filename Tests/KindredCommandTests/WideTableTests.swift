// Tables stay in the terminal's width, however long ids and titles are.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredTestSupport
import Testing

@Suite("Tables of long names") struct WideTableTests {
  private let folder: ScratchFolder
  private let ratings: String
  private let model: String
  /// A user and an item with long ids, and an item without.
  private let user = "user-" + String(repeating: "u", count: 300)
  private let item = "item-" + String(repeating: "長", count: 300)

  init() throws {
    folder = try ScratchFolder()
    ratings = try folder.file(
      "user,item,rating\n\(user),\(item),4\n\(user),short,3\nbo,\(item),2\nbo,third,5\nal,short,1\n",
      "r.csv")
    model = folder.path("model")
    let run = try Program.run("learn", ratings, "-o", model, "--dimension", "2", "--quiet")
    try #require(run.status == 0, "\(run.errors)")
  }

  /// The columns that a line takes: 長 takes two.
  private func columns(_ line: Substring) -> Int {
    line.unicodeScalars.reduce(0) { $0 + ($1 == "長" ? 2 : 1) }
  }

  @Test("words are cut with an ellipsis, and JSON has all of them", arguments: [80, 132])
  func width(columns: Int) throws {
    for command in [
      ["similar", model, "--item", "short"], ["similar", model, "--user", "bo"],
      ["recommend", model, "--user", "al"], ["score", model],
      ["explain", model, "--user", user, "--item", item],
    ] {
      let quoted = command.map { "'\($0)'" }.joined(separator: " ")
      let run = try Program.shell("COLUMNS=\(columns) \"$KINDRED\" \(quoted)")
      #expect(run.status == 0 && run.output.contains("…"), "\(run.errors)")
      // The first line is a heading, which may wrap.
      for line in run.output.split(separator: "\n").dropFirst() {
        #expect(self.columns(line) <= columns, "\(command[0]): \(line)")
      }
      let json = try Program.run(command + ["--format", "json"]).output
      #expect(json.contains(item) || json.contains(user), "\(command[0])")
    }
  }

  @Test("headings and a worked step show the beginning of long names")
  func headings() throws {
    for command in [
      ["similar", model, "--item", item], ["recommend", model, "--user", user],
      ["explain", model, "--user", user, "--item", item],
      ["trace", ratings, "--user", user, "--item", item],
    ] {
      let text = try Program.run(command).output
      #expect(text.contains("…") && !text.contains(item) && !text.contains(user))
      #expect(text.contains("user-u") || text.contains("item-長"))
    }
  }

  @Test("scores are whole under titles that are cut")
  func scores() throws {
    let run = try Program.shell("COLUMNS=40 \"$KINDRED\" score '\(model)'")
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines.allSatisfy { columns($0) <= 50 }, "\(run.output)")
    for line in lines.dropFirst() {
      let numbers = line.split(separator: " ").dropFirst()
      #expect(numbers.count == 3 && numbers.allSatisfy { Double($0) != nil }, "\(line)")
    }
  }
}
