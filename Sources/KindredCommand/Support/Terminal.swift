// What the program writes to, and whether a person is looking.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

enum Terminal {
  /// Whether standard output may be coloured: a terminal, and nobody asked for none.
  static var hasColor: Bool {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDOUT_FILENO) == 1 && (environment["NO_COLOR"] ?? "").isEmpty
      && environment["TERM"] != "dumb"
  }

  /// Whether somebody watches standard error.
  static var isWatched: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// How many columns a line of results may take: what `COLUMNS` says, at least 40, or 80.
  static let columns = max(
    40, ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 80)

  /// A line for the person, beside the results.
  static func say(_ line: String) {
    write(line.split(separator: "\n").map { $0.replacingControls() }.joined(separator: "\n") + "\n")
  }

  /// Draws over the line that was shown last; only where somebody watches.
  static func show(_ line: String) { write("\r\u{1B}[2K" + line) }

  private static func write(_ text: String) {
    // Nobody can be told that telling failed.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
