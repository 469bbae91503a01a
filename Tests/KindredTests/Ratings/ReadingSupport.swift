// Small files for tests, and a plain view of what was read.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

/// A temporary folder that goes with this object.
final class ScratchFolder {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("kindred-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var path: String { folder.path }

  /// Writes a file and gives its path.
  func file(_ content: String, _ name: String = "ratings") throws -> String {
    try file(Array(content.utf8), name)
  }

  func file(_ bytes: [UInt8], _ name: String = "ratings") throws -> String {
    let url = folder.appendingPathComponent(name)
    try Data(bytes).write(to: url)
    return url.path
  }
}

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

/// Data sets that lie beside the repository on some machines.
enum SharedData {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/data")

  static var isPresent: Bool { FileManager.default.fileExists(atPath: folder.path) }

  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}
