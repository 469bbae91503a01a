// What was seen while ratings were read.
// SPDX-License-Identifier: Apache-2.0

/// What reading came across, for people to check that files were understood.
public struct ReadingReport: Equatable, Sendable {
  /// The files, in reading order.
  public package(set) var files: [String] = []
  /// The form of each file.
  public package(set) var formats: [RatingsFormat] = []
  /// The lines that hold data, skipped ones included; headers, comments and blank lines are not.
  ///
  /// A record with line breaks inside quotes counts once.
  public package(set) var lines = 0
  /// The malformed lines that were left out.
  public package(set) var skippedLines = 0
  /// What was wrong with the first of them, three at most.
  public package(set) var firstSkipped: [RatingsError] = []
  /// The columns of headers that were not used, by name.
  public package(set) var unusedColumns: [String] = []
  /// Lines at the heads of files that start with `#` or `%` and were taken as comments.
  public package(set) var comments = 0
  /// Why times were not kept though they were asked for: the first that cannot be read; nil if all
  /// could, or had to be.
  public package(set) var timesError: RatingsError?
  /// How many ratings repeated a pair that had one already.
  public package(set) var duplicates = 0
}
