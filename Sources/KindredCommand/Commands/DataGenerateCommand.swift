// kindred data generate: simulated ratings of any size.
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Foundation
public import Kindred

extension GeneratorOptions.IDForm: ExpressibleByArgument {}

struct DataGenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Write simulated ratings of any size, with a known truth behind them.",
    discussion: """
      Example: kindred data generate --users 900 --items 300 --ratings 20000 -o r.csv

      A rating is 3.5 plus a dot product of two planted vectors plus noise, rounded to half stars. Few \
      items are popular and many are not, and few users are active. The truth is a model: no other can \
      do better on these ratings but by chance. Nobody gave them: they are drawn from the seed, and \
      are the same for any number of threads. Memory does not grow with the number of ratings.
      """)

  @Option(name: .shortAndLong, help: "Where to write the ratings.")
  var output: String

  @Option(parsing: .unconditional, help: "How many users.")
  var users: Int

  @Option(parsing: .unconditional, help: "How many items.")
  var items: Int

  @Option(parsing: .unconditional, help: "How many ratings in all.")
  var ratings: Int

  @Option(help: "Write some of the ratings to this file instead, to test on.")
  var test: String?

  @Option(parsing: .unconditional, help: "The share of the ratings that go there. (default: 0.1)")
  var testShare: Double?

  @Option(parsing: .unconditional, help: "The dimensions of the planted vectors.")
  var rank = 16

  @Option(parsing: .unconditional, help: "The standard deviation of the noise, in stars.")
  var noise = 0.5

  @Flag(help: "Interactions without ratings; taste decides what is taken up.")
  var interactions = false

  @Flag(help: "With times, in seconds since 1970.")
  var times = false

  @Option(help: "What ids look like: 123 and 45, or customer-000123 and B00PROD45.")
  var ids = GeneratorOptions.IDForm.plain

  @Option(
    help: ArgumentHelp("The form of the lines. (default: csv)", valueName: "form"))
  var outputFormat: RatingsFormat?

  @Option(help: "Save the planted truth as a model.")
  var truth: String?

  @Option(parsing: .unconditional, help: "Chooses everything that is drawn.")
  var seed: UInt64 = 1

  @Option(
    parsing: .unconditional, help: "Threads; 0 for one per core. The files do not depend on it.")
  var threads = 0

  @OptionGroup var result: FormatOption

  private struct Report: Encodable {
    let users: Int
    let items: Int
    let ratings: Int
    let test: Int?
    let seconds: Double
    let output: String
    let testOutput: String?
    let truth: String?
  }

  func validate() throws {
    if testShare != nil, test == nil { throw ValidationError("--test-share needs --test FILE.") }
    let share = testShare ?? 0.1
    guard share > 0, share < 1 else {
      throw ValidationError("--test-share is \(share); it must be between 0 and 1.")
    }
    guard threads >= 0 else {
      throw ValidationError("--threads is \(threads); it must be 0 or more.")
    }
    let paths = [output, test, truth].compactMap { $0 }
    guard Set(paths).count == paths.count else {
      throw ValidationError("-o, --test and --truth must name different files.")
    }
  }

  func run() throws {
    for path in [output, test, truth].compactMap({ $0 }) { try requireWritable(path) }
    var options = GeneratorOptions(users: users, items: items, ratings: ratings)
    options.rank = rank
    options.noise = noise
    options.hasValues = !interactions
    options.hasTimes = times
    options.ids = ids
    options.seed = seed
    let clock = ContinuousClock()
    let start = clock.now
    let generator = try RatingsGenerator(options)
    var reporter = WorkReporter("Drawing", total: ratings)
    let counts = try generator.write(
      to: output, format: outputFormat ?? .csv,
      test: test.map { (path: $0, share: testShare ?? 0.1) }, threads: threads,
      progress: { reporter.reach(Int($0 * Double(ratings))) })
    if let truth { try generator.truth.save(to: truth) }
    let report = Report(
      users: counts.users, items: counts.items, ratings: counts.training,
      test: test == nil ? nil : counts.test, seconds: (clock.now - start) / .seconds(1),
      output: output, testOutput: test, truth: truth)
    switch result.format {
    case .json: try printJSON(report)
    case .text: try emit(text(report))
    }
  }

  private func text(_ report: Report) -> String {
    let noun = interactions ? "interaction" : "rating"
    var text =
      "Wrote \(counted(report.ratings, "simulated \(noun)")) to \(output)"
    if let test, let count = report.test { text += " and \(grouped(count)) to \(test)" }
    text += ", of \(counted(report.items, "item")) by \(counted(report.users, "user")), "
    text += "in \(fixed(report.seconds, 1)) s."
    if let truth { text += "\nThe truth they were drawn from is \(truth)." }
    return text
  }
}
