// A folder for the files of one test.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A temporary folder that goes with this object.
package final class ScratchFolder {
  private let folder: URL

  package init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("kindred-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  package var path: String { folder.path }

  /// The names of all that lies in the folder, hidden files too.
  package var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }

  /// The path that a file of this name has, whether it is there or not.
  package func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Writes a file and gives its path.
  package func file(_ content: String, _ name: String = "ratings") throws -> String {
    try file(Array(content.utf8), name)
  }

  package func file(_ bytes: [UInt8], _ name: String = "ratings") throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  /// The bytes of a file in the folder.
  package func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }
}
