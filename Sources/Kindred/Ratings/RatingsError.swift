// What can be wrong with ratings.
// SPDX-License-Identifier: Apache-2.0

/// Ratings that cannot be read or used, with the place and the reason.
public struct RatingsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kinds of trouble; more may be added.
  public struct Code: Equatable, Sendable {
    private enum Kind: Equatable {
      case unreadable, notFound, empty, notText, unknownFormat, badLine, badNumber, emptyID
      case duplicate, tooMany, missingColumn, badTime, compressed
    }
    private let kind: Kind

    /// The file is there but could not be read.
    public static let unreadable = Code(kind: .unreadable)
    /// There is no such file.
    public static let notFound = Code(kind: .notFound)
    /// There is nothing in it.
    public static let empty = Code(kind: .empty)
    /// It is not UTF-8 text.
    public static let notText = Code(kind: .notText)
    /// The form of its lines is not one of those that Kindred reads.
    public static let unknownFormat = Code(kind: .unknownFormat)
    /// A line does not have the form of the others.
    public static let badLine = Code(kind: .badLine)
    /// A rating is not a finite number.
    public static let badNumber = Code(kind: .badNumber)
    /// A user or an item has no id.
    public static let emptyID = Code(kind: .emptyID)
    /// A pair has more than one rating, and that was not allowed.
    public static let duplicate = Code(kind: .duplicate)
    /// There are more rows than a 32-bit row number can count.
    public static let tooMany = Code(kind: .tooMany)
    /// A time is neither seconds since 1970 nor a date.
    public static let badTime = Code(kind: .badTime)
    /// A compressed file is damaged, holds several files, or expands beyond measure.
    public static let compressed = Code(kind: .compressed)
    /// A named column is not in the header.
    public static let missingColumn = Code(kind: .missingColumn)
  }

  /// What kind of trouble it is.
  public let code: Code
  /// What is wrong, where, and what to try: a sentence for people.
  public let description: String
  /// The file, where there is one.
  public let file: String?
  /// The 1-based line, where there is one.
  public let line: Int?

  /// A user and an item that the error is about.
  struct Pair: Equatable, Sendable {
    let user: String
    let item: String
  }
  let pair: Pair?

  package init(_ code: Code, _ description: String, file: String? = nil, line: Int? = nil) {
    self.init(code, description, file: file, line: line, pair: nil)
  }

  init(_ code: Code, _ description: String, file: String? = nil, line: Int? = nil, pair: Pair?) {
    self.code = code
    self.description = description
    self.file = file
    self.line = line
    self.pair = pair
  }
}
