// kindred data describe: what ratings look like.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred

struct DataDescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Show what ratings look like: sizes, histograms, the long tail, odd users.",
    discussion: """
      Example: kindred data describe ratings.csv --titles movies.csv

      Users worth a look rated far more than others, rated everything alike or by a pattern, gave more \
      than 60 ratings in one minute, or rated exactly what another user did. That is a hint and no \
      proof. --format json gives every number.
      """)

  @Argument(help: "Files of ratings; - for standard input.")
  var ratings: [String]

  @Option(help: "Titles of the items: u.item, movies.csv or movies.dat.")
  var titles: String?

  @Option(parsing: .unconditional, help: "How many items the lists show.")
  var top = 5

  @OptionGroup var reading: ReadingArguments
  @OptionGroup var result: FormatOption

  func validate() throws {
    guard (0...1000).contains(top) else {
      throw ValidationError("--top is \(top); it must be from 0 to 1,000.")
    }
  }

  func run() throws {
    let all = try reading.read(ratings, announces: false, keepsTimes: true, requiresTimes: false)
    let names = try titles.map(Titles.readSaying)
    let summary = all.summary(titles: names, listed: top)
    switch result.format {
    case .json: try printJSON(summary)
    case .text:
      let screen = RatingsScreen(summary, files: ratings, duplicates: reading.duplicates)
      try emit(screen.text())
    }
  }
}
