// What can be wrong with a worksheet.
// SPDX-License-Identifier: Apache-2.0

/// A worksheet that cannot be read or solved, with the line.
public struct WorksheetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong and what was expected, in a sentence.
  public let reason: String
  /// The file, where it came from one.
  public var file: String?
  /// The 1-based line; nil where the whole document is meant.
  public let line: Int?
  /// The line itself, cut if it is long.
  public let excerpt: String?

  package init(_ reason: String, line: Int? = nil, excerpt: String? = nil, file: String? = nil) {
    self.reason = reason.unicodeScalars.map(Self.visible).joined()
    // Parts that come from no sheet have no line.
    self.line = line == 0 ? nil : line
    self.excerpt = excerpt.map(Self.shortened)
    self.file = file
  }

  /// The place, the reason and the line.
  public var description: String {
    let place = [file, line.map { "line \($0)" }].compactMap { $0 }.joined(separator: ", ")
    let start = place.isEmpty ? "" : place + ": "
    guard let excerpt, !excerpt.isEmpty else { return start + reason }
    return start + reason + "\n  " + excerpt
  }

  private static func shortened(_ line: String) -> String {
    let visible = line.unicodeScalars.prefix(81).map(visible)
    return visible.count > 80 ? visible.prefix(80).joined() + "…" : visible.joined()
  }

  /// What a terminal would obey instead of show is written out.
  private static func visible(_ scalar: Unicode.Scalar) -> String {
    if scalar == "\t" { return "⇥" }
    return scalar.properties.generalCategory == .control
      ? "\\u{\(String(scalar.value, radix: 16))}" : String(Character(scalar))
  }
}
