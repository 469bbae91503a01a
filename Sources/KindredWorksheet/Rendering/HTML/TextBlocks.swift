// Paragraphs and lists in a worksheet's own text.
// SPDX-License-Identifier: Apache-2.0

/// A paragraph or a list that stands in a worksheet.
enum TextBlock: Equatable {
  case paragraph([String])
  case list([Item])

  /// An entry of a list.
  struct Item: Equatable {
    /// Its number; nil for a bullet.
    let number: Int?
    var blocks: [TextBlock]
  }

  /// The blocks of paragraphs that follow each other.
  ///
  /// A list goes on after a blank line where its numbers do, and an indented paragraph below a list
  /// belongs to its last entry.
  static func read(_ paragraphs: [[String]]) -> [TextBlock] {
    var blocks: [TextBlock] = []
    for lines in paragraphs {
      if case .list(var items)? = blocks.last, lines.allSatisfy({ indent($0) >= 2 }),
        var item = items.popLast()
      {
        item.blocks += read(lines, depth: 1)
        blocks[blocks.count - 1] = .list(items + [item])
        continue
      }
      for block in read(lines, depth: 0) {
        if case .list(let more) = block, case .list(let items)? = blocks.last, follows(more, items)
        {
          blocks[blocks.count - 1] = .list(items + more)
        } else {
          blocks.append(block)
        }
      }
    }
    return blocks
  }

  private static func follows(_ more: [Item], _ items: [Item]) -> Bool {
    guard let first = more.first, let last = items.last else { return false }
    return first.number == last.number.map { $0 + 1 }
  }

  private static func read(_ lines: [String], depth: Int) -> [TextBlock] {
    var blocks: [TextBlock] = []
    var paragraph: [String] = []
    var items: [Item] = []
    func flush() {
      if !items.isEmpty { blocks.append(.list(items)) }
      if !paragraph.isEmpty { blocks.append(.paragraph(paragraph)) }
      (items, paragraph) = ([], [])
    }
    var place = 0
    while place < lines.count {
      // Deeper lists than these are no lists that anyone reads.
      guard depth < 6, let marker = ListMarker(lines[place]),
        paragraph.isEmpty || marker.number == nil || marker.number == 1
      else {
        if paragraph.isEmpty { flush() }
        paragraph.append(lines[place])
        place += 1
        continue
      }
      if let last = items.last, (last.number == nil) != (marker.number == nil) { flush() }
      if !paragraph.isEmpty { flush() }
      let rest = lines[(place + 1)...].prefix { line in
        ListMarker(line).map { $0.indent >= marker.indent + 2 } ?? true
      }
      let own =
        [marker.text] + rest.map { String($0.dropFirst(min(indent($0), marker.indent + 2))) }
      items.append(Item(number: marker.number, blocks: read(own, depth: depth + 1)))
      place += 1 + rest.count
    }
    flush()
    return blocks
  }

  fileprivate static func indent(_ line: String) -> Int {
    line.prefix { $0 == " " || $0 == "\t" }.count
  }
}

/// What a line of a list starts with: `-`, `*`, `+`, `3.`, `3)`, or a bullet and a number at once.
private struct ListMarker {
  let indent: Int
  let number: Int?
  let text: String

  init?(_ line: String) {
    indent = TextBlock.indent(line)
    let body = line.dropFirst(indent)
    if let match = body.prefixMatch(of: /(?:[-*+]\s+)?([0-9]{1,6})[.)]\s+/) {
      number = Int(match.1)
      text = String(body[match.range.upperBound...])
    } else if let match = body.prefixMatch(of: /[-*+]\s+/) {
      number = nil
      text = String(body[match.range.upperBound...])
    } else {
      return nil
    }
  }
}

extension TextBlock {
  var markup: Markup {
    switch self {
    case .paragraph(let lines): .tag("p", [:], Self.inline(lines))
    case .list(let items):
      if let start = items.first?.number {
        .tag(
          "ol", ["start": start == 1 ? nil : "\(start)"],
          items.enumerated().map { place, item in
            let isNext = item.number == start + place
            return .tag(
              "li", ["value": isNext ? nil : item.number.map { "\($0)" }], Self.content(item))
          })
      } else {
        .tag("ul", [:], items.map { .tag("li", [:], Self.content($0)) })
      }
    }
  }

  /// An entry that is one paragraph is written without the paragraph around it.
  private static func content(_ item: Item) -> [Markup] {
    item.blocks.enumerated().flatMap { place, block -> [Markup] in
      if place == 0, case .paragraph(let lines) = block { return inline(lines) }
      return [block.markup]
    }
  }

  private static func inline(_ lines: [String]) -> [Markup] {
    InlineText.markup(lines.map { $0.trimmingTrailingSpaces }.joined(separator: "\n"))
  }
}
