// Files that cannot be read or written.
// SPDX-License-Identifier: Apache-2.0

/// A file that could not be read or written, with the reason.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kinds of trouble; more may be added.
  public struct Code: Equatable, Sendable {
    private enum Kind: Equatable { case notFound, cannotRead, cannotWrite, malformed }
    private let kind: Kind

    /// There is no such file.
    public static let notFound = Code(kind: .notFound)
    /// The file is there but could not be read.
    public static let cannotRead = Code(kind: .cannotRead)
    /// The file could not be written; what stood there before is untouched.
    public static let cannotWrite = Code(kind: .cannotWrite)
    /// The file's contents are not what they should be.
    public static let malformed = Code(kind: .malformed)
  }

  /// What kind of trouble it is.
  public let code: Code
  /// The file.
  public let path: String
  /// The reason.
  public let reason: String
  /// What the file should have been.
  private let expected: String

  /// An error; `expected` is what a malformed file should have been.
  package init(
    _ code: Code, path: String, _ reason: String,
    expected: String = expectedModel
  ) {
    self.code = code
    self.path = path
    self.reason = reason
    self.expected = expected
  }

  package static let expectedModel = "a model that Kindred can read"

  /// What is wrong, in a sentence.
  public var description: String {
    if code == .notFound { return "There is no file \(path)." }
    if code == .cannotRead { return "\(path) could not be read: \(reason)." }
    if code == .cannotWrite { return "\(path) could not be written: \(reason)." }
    return "\(path) is not \(expected): \(reason)."
  }
}
