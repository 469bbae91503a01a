// kindred data split: ratings to learn from and ratings to test on.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Kindred

struct DataSplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Divide ratings into files to learn from and files to test on.",
    discussion: """
      Example: kindred data split ratings.csv --by rating --test 0.2 -o parts/ml
               kindred data split ratings.csv --by last --last 1 -o parts/ml
               kindred data split ratings.csv --by time --at 2015-01-01 -o parts/ml
               kindred data split ratings.csv --by folds --folds 5 -o parts/ml
               kindred data split ratings.csv --by users --users 0.1 -o parts/ml

      rating: each rating by chance. last: the last ratings of each user. time: the latest ratings of \
      all. folds: each rating is tested on once. users: some users are held out whole; a part of their \
      ratings is for folding them in.

      The files are CSV: parts/ml.train.csv, parts/ml.test.csv and so on, or train.csv, test.csv … in \
      the folder that -o names. The same seed gives the same files.
      """)

  enum Way: String, ExpressibleByArgument, CaseIterable { case rating, last, time, folds, users }

  @Argument(help: "Files of ratings; - for standard input.")
  var ratings: [String]

  @Option(help: "What divides the ratings.")
  var by: Way

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("How the files' names begin, or their folder.", valueName: "prefix|folder"))
  var output: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "rating, time: how much to test on. (default: 0.2)", valueName: "share|number"))
  var test: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "rating, last, time: how much to choose settings with, if any; for last, of each user.",
      valueName: "share|number"))
  var validation: String?

  @Option(parsing: .unconditional, help: "last: how many of each user's ratings. (default: 1)")
  var last: Int?

  @Option(
    name: .customLong("min"), parsing: .unconditional,
    help: "last: users with fewer ratings stay in training. (default: one more than is put aside)")
  var minimum: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("time: the test begins then, in place of --test.", valueName: "date"))
  var at: String?

  @Option(parsing: .unconditional, help: "folds: how many. (default: 5)")
  var folds: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("users: how many to hold out. (default: 0.1)", valueName: "share|number"))
  var users: String?

  @Option(
    parsing: .unconditional,
    help: "users: the share of a held-out user's ratings to fold in. (default: 0.8)")
  var foldIn: Double?

  @Option(parsing: .unconditional, help: "Chooses one of the possible divisions.")
  var seed: UInt64 = 1

  @OptionGroup var reading: ReadingArguments
  @OptionGroup var result: FormatOption

  func validate() throws {
    let given: [(String, Bool, [Way])] = [
      ("--test", test != nil, [.rating, .time]),
      ("--validation", validation != nil, [.rating, .last, .time]),
      ("--last", last != nil, [.last]), ("--min", minimum != nil, [.last]),
      ("--at", at != nil, [.time]), ("--folds", folds != nil, [.folds]),
      ("--users", users != nil, [.users]), ("--fold-in", foldIn != nil, [.users]),
    ]
    for (name, isGiven, ways) in given where isGiven && !ways.contains(by) {
      throw ValidationError(
        "\(name) is for --by \(ways.map(\.rawValue).joined(separator: ", ")), not \(by.rawValue).")
    }
    let sizes = [
      try size(test, "--test"),
      by == .last ? nil : try size(validation, "--validation"),
    ]
    _ = try size(users, "--users")
    let shares = sizes.compactMap { if case .share(let share) = $0 { share } else { nil } }
    guard shares.reduce(0, +) < 1 else {
      throw ValidationError("--test and --validation leave nothing to learn from.")
    }
    if at != nil, test != nil || validation != nil {
      throw ValidationError("--at says what to test on; leave --test and --validation out.")
    }
    _ = try start()
    _ = try lastValidation()
    for (name, value) in [("--last", last), ("--folds", folds.map { $0 - 1 })] {
      guard value ?? 1 >= 1 else {
        throw ValidationError("\(name) must be \(name == "--last" ? "1" : "2") or more.")
      }
    }
    guard folds ?? 5 <= 100 else { throw ValidationError("--folds must be 100 or fewer.") }
    let aside = (last ?? 1) + (by == .last ? try lastValidation() : 0)
    guard minimum ?? aside + 1 > aside else {
      throw ValidationError(
        "--min is \(minimum ?? 0); it must be more than the \(aside) put aside.")
    }
    let share = foldIn ?? 0.8
    guard share > 0, share < 1 else {
      throw ValidationError("--fold-in is \(share); it must be between 0 and 1.")
    }
  }

  private func size(_ text: String?, _ name: String) throws -> SplitSize? {
    guard let text else { return nil }
    if let count = Int(text), count > 0 { return .count(count) }
    if let share = Double(text), share > 0, share < 1 { return .share(share) }
    throw ValidationError(
      "\(name) is \(text); it must be a share between 0 and 1, or a whole number from 1 on.")
  }

  private func start() throws -> Int64? {
    guard let at else { return nil }
    let bytes = Flat(Array(at.utf8))
    guard let start = Timestamp.parse(bytes, 0..<bytes.count) else {
      throw ValidationError(
        "--at is \(at); it must be a date such as 2015-01-01, or seconds since 1970.")
    }
    return start
  }

  private func lastValidation() throws -> Int {
    guard by == .last, let validation else { return 0 }
    guard let count = Int(validation), count > 0 else {
      throw ValidationError(
        "--validation is \(validation); with --by last it must be a whole number from 1 on.")
    }
    return count
  }

  func run() throws {
    try requireFile(output)
    let files = SplitFiles(output, folds: by == .folds ? folds ?? 5 : nil)
    try requireWritable(files.path("train"))
    let all = try reading.read(
      ratings, keepsTimes: true, requiresTimes: by == .last || by == .time)
    var report = SplitReport(way: by.rawValue, seed: seed)
    if by == .folds {
      let division = try all.split(folds: folds ?? 5, seed: seed)
      for fold in 0..<division.count {
        try report.add(division[fold], to: files, fold: fold + 1)
      }
    } else {
      try report.add(try split(all), to: files, fold: nil)
    }
    switch result.format {
    case .json: try printJSON(report)
    case .text: try emit(report.text)
    }
  }

  private func split(_ all: Ratings) throws -> RatingsSplit {
    let test = try size(test, "--test") ?? .share(0.2)
    switch by {
    case .rating, .folds:
      return try all.split(
        test: test, validation: try size(validation, "--validation"), seed: seed)
    case .last:
      return try all.split(
        lastPerUser: last ?? 1, validation: try lastValidation(), minimum: minimum)
    case .time:
      if let start = try start() { return try all.split(testFrom: start) }
      return try all.split(latest: test, validation: try size(validation, "--validation"))
    case .users:
      return try all.split(
        heldOut: try size(users, "--users") ?? .share(0.1), foldIn: foldIn ?? 0.8, seed: seed)
    }
  }
}
