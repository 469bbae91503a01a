// Where the public data sets are.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Data sets that lie beside the repository on some machines.
package enum SharedData {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("shared/data")

  package static var isPresent: Bool { FileManager.default.fileExists(atPath: folder.path) }

  /// Whether this file or folder is among them.
  package static func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path(name))
  }

  package static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}
