// Texts read as files, and a plain view of what was read.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport

/// Reads a text as if it were a file.
func read(
  _ content: String, _ options: ReadingOptions = ReadingOptions()
) throws -> (ratings: Ratings, report: ReadingReport) {
  let folder = try ScratchFolder()
  return try Ratings.read([folder.file(content)], options: options)
}

/// The error that reading a file of these bytes ends with.
func readingError(
  _ bytes: [UInt8], _ options: ReadingOptions = ReadingOptions()
) throws -> RatingsError? {
  let folder = try ScratchFolder()
  let path = try folder.file(bytes)
  do throws(RatingsError) {
    _ = try Ratings.read([path], options: options)
    return nil
  } catch {
    return error
  }
}

func readingError(
  _ content: String, _ options: ReadingOptions = ReadingOptions()
) throws -> RatingsError? {
  try readingError(Array(content.utf8), options)
}

extension Ratings {
  /// "user item value" for each rating, by user and item in the order of their rows.
  var listing: [String] {
    users.rows.flatMap { user in
      zip(byUser.columns(user), byUser.values(user)).map { column, value in
        "\(users[user]) \(items[ItemRow(column)]) \(value)"
      }
    }
  }
}
