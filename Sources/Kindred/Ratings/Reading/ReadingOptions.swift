// What a caller may say about the files to be read.
// SPDX-License-Identifier: Apache-2.0

/// How ratings files are to be read; the defaults recognise the form and refuse malformed lines.
public struct ReadingOptions: Sendable {
  /// The form of the lines; nil to recognise it, from many lines.
  public var format: RatingsFormat?
  /// What the header calls the columns; nil for the usual names.
  public var columns: ColumnNames?
  /// Whether malformed lines are counted and left out, rather than being an error.
  public var skipBadLines: Bool
  /// Which of several ratings of one pair counts.
  public var duplicates: DuplicatePolicy
  /// Whether the times of ratings are read and kept, where the file has them.
  public var keepsTimes: Bool
  /// Whether a time that cannot be read is an error; else no times are kept then, and the report says
  /// so.
  public var requiresTimes: Bool
  /// How many threads may work at a time, 0 for one per core; the result does not depend on it.
  public var threads: Int

  /// Options for reading.
  public init(
    format: RatingsFormat? = nil, columns: ColumnNames? = nil, skipBadLines: Bool = false,
    duplicates: DuplicatePolicy = .last, keepsTimes: Bool = false, requiresTimes: Bool = true,
    threads: Int = 0
  ) {
    self.format = format
    self.columns = columns
    self.skipBadLines = skipBadLines
    self.duplicates = duplicates
    self.keepsTimes = keepsTimes
    self.requiresTimes = requiresTimes
    self.threads = threads
  }
}

/// What a file's header calls its columns; nil stands for the usual names.
public struct ColumnNames: Equatable, Sendable {
  /// The column of users.
  public var user: String?
  /// The column of items.
  public var item: String?
  /// The column of ratings.
  public var rating: String?
  /// The column of times.
  ///
  /// Times are kept only where ``ReadingOptions/keepsTimes`` says so; the name must be there anyway.
  public var timestamp: String?

  /// Names of columns.
  public init(
    user: String? = nil, item: String? = nil, rating: String? = nil, timestamp: String? = nil
  ) {
    self.user = user
    self.item = item
    self.rating = rating
    self.timestamp = timestamp
  }
}
