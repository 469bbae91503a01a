// Emphasis, code and dollar signs inside a line of a worksheet.
// SPDX-License-Identifier: Apache-2.0

/// Reads `*emphasis*`, `**strong**`, `` `code` `` and `$formulas$` in a text; anything else, and
/// any mark without its partner, is text.
///
/// A mark opens only at the start of a word and closes only at the end of one, so that 2 * 3 * 4
/// and a*b*c stay as they are, and so do $5 and $6.
struct InlineText {
  private let characters: [Character]
  /// The marks that have no partner from here on: looked for once, so that reading is linear.
  private var unpaired: Set<String> = []
  private var place = 0

  private static let marks = ["**", "*", "`", "$$", "$"]

  private init(_ characters: [Character]) { self.characters = characters }

  static func markup(_ text: String) -> [Markup] {
    var reader = InlineText(Array(text))
    return reader.read(within: [])
  }

  private mutating func read(within outer: Set<String>) -> [Markup] {
    var output: [Markup] = []
    var plain = ""
    while place < characters.count {
      if characters[place] == "\\", place + 1 < characters.count,
        "\\*`$_#-".contains(characters[place + 1])
      {
        plain.append(characters[place + 1])
        place += 2
        continue
      }
      guard let mark = Self.marks.first(where: { isMark($0, at: place) }) else {
        plain.append(characters[place])
        place += 1
        continue
      }
      guard !outer.contains(mark), let close = close(of: mark) else {
        plain += mark
        place += mark.count
        continue
      }
      if !plain.isEmpty { output.append(.text(typeset(plain))) }
      plain = ""
      output += marked(mark, Array(characters[(place + mark.count)..<close]), within: outer)
      place = close + mark.count
    }
    if !plain.isEmpty { output.append(.text(typeset(plain))) }
    return output
  }

  private func marked(_ mark: String, _ inside: [Character], within outer: Set<String>) -> [Markup]
  {
    switch mark {
    case "`": return [.tag("code", String(inside))]
    case "$", "$$": return [.tag("span", ["class": "formula"], typeset(String(inside)))]
    default:
      var reader = InlineText(inside)
      return [.tag(mark == "*" ? "em" : "strong", [:], reader.read(within: outer.union([mark])))]
    }
  }

  private func isMark(_ mark: String, at place: Int) -> Bool {
    place + mark.count <= characters.count
      && zip(mark, characters[place...]).allSatisfy { $0 == $1 }
  }

  /// Where the mark at this place ends what it starts; nil if it starts nothing.
  private mutating func close(of mark: String) -> Int? {
    let start = place + mark.count
    guard !unpaired.contains(mark), start < characters.count, !characters[start].isWhitespace
    else { return nil }
    if mark.hasPrefix("*"), place > 0,
      characters[place - 1].isLetter || characters[place - 1].isNumber
    {
      return nil
    }
    for end in characters.indices[start...].dropFirst() where isMark(mark, at: end) {
      if isClose(mark, at: end) { return end }
    }
    unpaired.insert(mark)
    return nil
  }

  private func isClose(_ mark: String, at end: Int) -> Bool {
    if mark == "`" { return true }
    guard !characters[end - 1].isWhitespace else { return false }
    let after = end + mark.count < characters.count ? characters[end + mark.count] : nil
    switch mark {
    case "$": return !(after?.isDigit ?? false)
    case "$$": return true
    default:
      // A single star is not half of a double one.
      if mark == "*", characters[end - 1] == "*" || after == "*" { return false }
      return !(after.map { $0.isLetter || $0.isNumber } ?? false)
    }
  }
}
