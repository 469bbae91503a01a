// Ratings from files.
// SPDX-License-Identifier: Apache-2.0

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
  ///   the file as a whole, `missingColumn` for its header, `badLine`, `badNumber` or `emptyID` for
  ///   a line of it, `duplicate` and `tooMany`.
  /// - Complexity: O(size), plus a sort of the ids; the file is held in memory as it is read.
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
  /// - Complexity: O(size), plus a sort of the ids; one file at a time is held in memory.
  /// - Precondition: `paths` is not empty.
  public static func read(
    _ paths: [String], options: ReadingOptions = ReadingOptions(),
    progress: ((_ fraction: Double) -> Void)? = nil
  ) throws(RatingsError) -> (ratings: Ratings, report: ReadingReport) {
    precondition(!paths.isEmpty, "read: no files to read")
    // A stream of unknown size counts as one byte: its part of the progress comes at once.
    let sizes = paths.map { Double(max(1, TextFile.size(of: $0) ?? 1)) }
    let total = sizes.reduce(0, +)
    var done = 0.0
    var builder = RatingsBuilder()
    var report = ReadingReport()
    for (path, size) in zip(paths, sizes) {
      let text = try TextFile.load(path)
      let layout = try layout(of: text, options)
      let hasValues = layout.rating != nil
      guard report.files.isEmpty || builder.hasValues == hasValues else {
        throw RatingsError(
          .unknownFormat,
          "\(text.name) has \(hasValues ? "ratings" : "interactions without ratings") and the "
            + "files before it have not; read them apart.", file: text.name)
      }
      builder.hasValues = hasValues
      report.files.append(text.name)
      report.formats.append(layout.format)
      var reader = RatingsReader(text, layout: layout, skipBadLines: options.skipBadLines)
      let scale = size / Double(text.bytes.count)
      try reader.read(into: &builder, report: &report) { bytes in
        progress?(min(1, (done + Double(bytes) * scale) / total))
      }
      done += size
    }
    let ratings = try builder.finish(duplicates: options.duplicates)
    report.duplicates = ratings.duplicateCount
    progress?(1)
    return (ratings, report)
  }

  private static func layout(
    of text: TextFile, _ options: ReadingOptions
  ) throws(RatingsError) -> Layout {
    try text.checkText()
    try text.checkUTF8()
    var lines = Records(text.bytes, from: text.start, separator: .whitespace)
    guard case .record = lines.next() else {
      throw RatingsError(.empty, "\(text.name): it has only blank lines.", file: text.name)
    }
    return try Recognition(text: text, options: options).layout()
  }
}
