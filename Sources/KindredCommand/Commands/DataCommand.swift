// kindred data: data sets to try things on.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Data to try things on.",
    subcommands: [
      DataSampleCommand.self,
      DataListCommand.self,
      DataFetchCommand.self,
      DataGenerateCommand.self,
      DataDescribeCommand.self,
      DataSplitCommand.self,
    ])
}

struct DataSampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Write the sample data: real films, simulated viewers.",
    discussion: """
      Example: kindred data sample --ratings ratings.csv --titles films.csv

      Titles, years and genres are facts about well-known older films. The viewers and their ratings \
      are simulated from a seed: they are nobody's opinions.
      """)

  @Option(help: "Where to write the simulated ratings, as CSV.")
  var ratings: String

  @Option(help: "Where to write the films' titles and genres, as CSV.")
  var titles: String

  @Option(parsing: .unconditional, help: "How many viewers.")
  var viewers = 400

  @Option(parsing: .unconditional, help: "Chooses the viewers and their ratings.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (1...1_000_000).contains(viewers) else {
      throw ValidationError("--viewers is \(viewers); it must be from 1 to 1,000,000.")
    }
  }

  func run() throws {
    for path in [ratings, titles] { try requireFile(path) }
    let drawn = SampleData.ratings(viewers: viewers, seed: seed)
    try write(SampleData.csv(ratings: drawn), to: ratings)
    try write(SampleData.csv(titles: SampleData.films), to: titles)
    try emit(
      "Wrote \(grouped(drawn.count)) simulated ratings by \(grouped(viewers)) simulated viewers to "
        + "\(ratings), and the titles of \(SampleData.films.count) films to \(titles).")
  }
}
