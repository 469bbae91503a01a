// The options of every command that reads ratings.
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Kindred

extension RatingsFormat: ExpressibleByArgument {}
extension DuplicatePolicy: ExpressibleByArgument {}

struct ReadingArguments: ParsableArguments {
  @Option(help: "The form of the files, if it is not recognised.")
  var inputFormat: RatingsFormat?

  @Option(
    help: ArgumentHelp(
      "The columns of a file with a header.", valueName: "user=…,item=…,rating=…,timestamp=…"))
  var columns: String?

  @Flag(help: "Leave out lines that cannot be read, and count them.")
  var skipBadLines = false

  @Option(help: "Which of several ratings of one pair counts.")
  var duplicates = DuplicatePolicy.last

  /// Reads ratings and says what was found.
  func read(
    _ paths: [String], announces: Bool = true, keepsTimes: Bool = false,
    requiresTimes: Bool = true, threads: Int = 0
  ) throws -> Ratings {
    var options = ReadingOptions()
    options.format = inputFormat
    options.columns = try columnNames()
    options.skipBadLines = skipBadLines
    options.duplicates = duplicates
    options.keepsTimes = keepsTimes
    options.requiresTimes = requiresTimes
    options.threads = threads
    let watched = Terminal.isWatched
    var lastShown = 0.0
    let (ratings, report) = try Ratings.read(paths, options: options) { fraction in
      guard watched, fraction - lastShown >= 0.05 else { return }
      lastShown = fraction
      Terminal.show("Reading \(paths.joined(separator: ", ")): \(Int(fraction * 100)) %")
    }
    if watched, lastShown > 0 { Terminal.show("") }
    for error in report.firstSkipped { Terminal.say("skipped: \(error.description)") }
    if report.skippedLines > 0 { Terminal.say("Skipped \(counted(report.skippedLines, "line")).") }
    if let error = report.timesError {
      Terminal.say("Times are left out, for some cannot be read: \(error.description)")
    }
    if report.comments > 0 {
      Terminal.say(
        "Took \(counted(report.comments, "line")) with # or % in front as comments.")
    }
    if !ratings.hasValues, !report.unusedColumns.isEmpty {
      Terminal.say(
        "No column was taken as ratings; not used: "
          + "\(report.unusedColumns.prefix(10).joined(separator: ", ")). "
          + "If one holds them, name it: --columns user=…,item=…,rating=….")
    }
    if report.duplicates > 0 {
      Terminal.say(
        "Pairs with several ratings: \(grouped(report.duplicates)) repeats; of each pair the "
          + "\(duplicates.rawValue) counts.")
    }
    if announces {
      let forms = Set(report.formats.map(\.rawValue)).sorted().joined(separator: ", ")
      Terminal.say(
        "Read \(counted(ratings.count, ratings.hasValues ? "rating" : "interaction")) of "
          + "\(counted(ratings.items.count, "item")) by \(counted(ratings.users.count, "user")) "
          + "(\(forms)).")
    }
    return ratings
  }

  private func columnNames() throws -> ColumnNames? {
    guard let columns else { return nil }
    var names = ColumnNames()
    for part in columns.split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2 else {
        throw ValidationError("--columns: \"\(part)\" is not of the form user=NAME.")
      }
      switch pair[0] {
      case "user": names.user = pair[1]
      case "item": names.item = pair[1]
      case "rating": names.rating = pair[1]
      case "timestamp": names.timestamp = pair[1]
      default:
        throw ValidationError(
          "--columns: \"\(pair[0])\" is not one of user, item, rating and timestamp.")
      }
    }
    return names
  }
}
