// Ratings from files.
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Ratings {
  /// Reads ratings from a file, or from standard input for "-".
  ///
  /// ```swift
  /// let ratings = try Ratings(contentsOf: "ml-100k/u.data")
  /// print(ratings.users.count, ratings.mean)
  /// ```
  ///
  /// The text is UTF-8, with or without a byte order mark, with any line ends. The form of the lines
  /// is recognised from many of them, or given by the options.
  ///
  /// - Throws: `RatingsError`: `notFound`, `unreadable`, `empty`, `notText` or `unknownFormat` for
  ///   the file as a whole, `compressed` for a damaged archive, `missingColumn` for its header,
  ///   `badLine`, `badNumber`, `badTime` (where times are kept) or `emptyID` for
  ///   a line of it, `duplicate` and `tooMany`.
  /// - Complexity: O(size), plus a sort of the ids, spread over the threads; the file is streamed and
  ///   never held whole.
  public init(
    contentsOf path: String, options: ReadingOptions = ReadingOptions()
  ) throws(RatingsError) {
    self = try Self.read([path], options: options).ratings
  }

  /// Reads ratings from several files, joined in their order, and says what was seen.
  ///
  /// Rows are numbered by first appearance across the files, whose forms may differ; but either all
  /// or none of them have ratings.
  ///
  /// - Parameters:
  ///   - paths: The files; "-" is standard input.
  ///   - options: How to read them.
  ///   - progress: Called now and then with the part of the bytes that has been read, 0 to 1.
  /// - Returns: The ratings and a report.
  /// - Throws: `RatingsError`, as `init(contentsOf:options:)` does.
  /// - Complexity: O(size), plus a sort of the ids, spread over the threads.
  /// - Precondition: `paths` is not empty.
  public static func read(
    _ paths: [String], options: ReadingOptions = ReadingOptions(),
    progress: ((_ fraction: Double) -> Void)? = nil
  ) throws(RatingsError) -> (ratings: Ratings, report: ReadingReport) {
    precondition(!paths.isEmpty, "read: no files to read")
    // A stream of unknown size counts as one byte: its part of the progress comes at once.
    let sizes = paths.map { Double(max(1, Self.size(of: $0))) }
    let total = sizes.reduce(0, +)
    var done = 0.0
    var builder = RatingsBuilder(hasTimes: options.keepsTimes)
    var report = ReadingReport()
    for (path, size) in zip(paths, sizes) {
      try FileReader(path: path, options: options).read(into: &builder, report: &report) { part in
        progress?(min(1, (done + part * size) / total))
      }
      done += size
    }
    let ratings: Ratings
    do {
      // Times of some ratings are no times to divide or describe by.
      if report.timesError != nil { builder.dropTimes() }
      ratings = try builder.finish(duplicates: options.duplicates, threads: options.threads)
    } catch {
      throw Self.withLines(error, paths, options)
    }
    report.duplicates = ratings.duplicateCount
    progress?(1)
    return (ratings, report)
  }

  /// An error about a pair that repeats, with the first two lines that hold it.
  private static func withLines(
    _ error: RatingsError, _ paths: [String], _ options: ReadingOptions
  ) -> RatingsError {
    guard let pair = error.pair, !paths.contains("-") else { return error }
    var places: [(file: String, line: Int)] = []
    for path in paths where places.count < 2 {
      let lines = FileReader(path: path, options: options).lines(with: pair, limit: 2)
      places += lines.map { (path, $0) }
    }
    guard places.count >= 2 else { return error }
    let second = places[1]
    let shown =
      places[0].file == second.file
      ? "\(second.file), lines \(places[0].line) and \(second.line)"
      : "\(places[0].file), line \(places[0].line), and \(second.file), line \(second.line)"
    return RatingsError(
      error.code, "\(shown): \(error.description)", file: second.file, line: second.line, pair: pair
    )
  }

  private static func size(of path: String) -> Int {
    // A size that cannot be had says only that progress will be coarse.
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 1
  }
}
