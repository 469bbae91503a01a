// Lines of a screen for people, with a given width.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredWorksheet

/// Gathers lines; headings are bold where the terminal has colour.
struct ScreenText {
  /// How many columns a line may take.
  let width: Int
  private let hasStyle: Bool
  private(set) var lines: [String] = []

  init(width: Int = ScreenText.terminalWidth, hasStyle: Bool = Terminal.hasColor) {
    self.width = width
    self.hasStyle = hasStyle
  }

  /// 80, or the terminal's width if that is less: longer lines of words are hard to read.
  static var terminalWidth: Int { min(80, Terminal.columns) }

  var text: String { lines.joined(separator: "\n") }

  /// A heading, with a blank line before and after it.
  mutating func heading(_ text: String) {
    if !lines.isEmpty { lines.append("") }
    lines += wrapped(text, width).map { hasStyle ? "\u{1B}[1m\($0)\u{1B}[0m" : $0 }
    lines.append("")
  }

  mutating func add(_ line: String = "") {
    var line = line
    while line.hasSuffix(" ") { line.removeLast() }
    lines.append(line)
  }

  /// A sentence of words, in as many lines as it takes.
  ///
  /// - Parameters:
  ///   - text: The words.
  ///   - indent: How far its lines are moved to the right.
  ///   - start: What stands there in the first line.
  mutating func add(wrapping text: String, indent: Int = 2, after start: String? = nil) {
    for (place, line) in wrapped(text, width - indent).enumerated() {
      let blank = String(repeating: " ", count: indent)
      add((place == 0 ? start ?? blank : blank) + line)
    }
  }

  private func wrapped(_ text: String, _ width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      let line = lines[lines.count - 1]
      if line.isEmpty || line.columns + 1 + String(word).columns <= width {
        lines[lines.count - 1] += (line.isEmpty ? "" : " ") + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

extension String {
  /// The text on the left of so many columns, cut with an ellipsis where it does not fit.
  func leading(_ width: Int) -> String {
    let short = fitted(width)
    return short + String(repeating: " ", count: max(0, width - short.columns))
  }

  /// The text on the right of so many columns.
  func trailing(_ width: Int) -> String {
    String(repeating: " ", count: max(0, width - columns)) + self
  }

  /// The text in at most so many columns, one line, safe to show.
  func fitted(_ width: Int) -> String {
    let text = replacingControls()
    guard text.columns > width else { return text }
    var short = ""
    for character in text {
      guard (short + String(character)).columns < width else { break }
      short.append(character)
    }
    return short + "…"
  }
}
