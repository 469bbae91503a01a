// Programs that come with the system.
// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// Finds programs by name, as a shell does.
package enum SystemTool {
  /// Where a program is; nil if it is not installed.
  package static func path(_ name: String) -> URL? {
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    return folders.split(separator: ":").lazy
      .map { URL(fileURLWithPath: String($0)).appendingPathComponent(name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}
