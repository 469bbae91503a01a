// What the program writes to, and whether a person is looking.
// SPDX-License-Identifier: Apache-2.0

import Foundation

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

  /// A line for the person, beside the results.
  static func say(_ line: String) {
    write(line.split(separator: "\n").map { visible(String($0)) }.joined(separator: "\n") + "\n")
  }

  /// Draws over the line that was shown last; only where somebody watches.
  static func show(_ line: String) { write("\r\u{1B}[2K" + line) }

  private static func write(_ text: String) {
    // Nobody can be told that telling failed.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}

/// A text from a file that is safe to print: a control character would be obeyed by a terminal, and
/// a line break would break a table.
func visible(_ text: String) -> String {
  let isClean = !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
  guard !isClean else { return text }
  return text.unicodeScalars.map { scalar in
    scalar.properties.generalCategory == .control ? "\u{FFFD}" : String(Character(scalar))
  }.joined()
}
