// What each line of a worksheet is: directive, heading, caption, relation, row or text.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a line turned out to be.
enum LineKind: Equatable {
  case blank
  case directive
  /// Starts a section.
  case heading(level: Int, text: String)
  /// Stands above a table.
  case caption(String)
  case relations([WrittenRelation])
  case row(RowCells)
  case text
}

/// Decides line by line, with a look at what follows where that decides.
struct LineClassifier {
  private let lines: [SourceLine]

  init(_ lines: [SourceLine]) { self.lines = lines }

  func kinds() -> [LineKind] {
    var kinds: [LineKind] = []
    /// Whether a caption waits for its first row, or a table for its next one.
    var table = TableState.none
    for index in lines.indices {
      let kind = kind(at: index, table)
      switch kind {
      case .caption: table = .awaited
      case .row: table = .open
      case .blank: if table != .awaited { table = .none }
      case .text, .relations, .directive:
        // Only a blank line ends a table, but below other lines a bare name is no row.
        table = table == .open || table == .interrupted ? .interrupted : .none
      case .heading: table = .none
      }
      kinds.append(kind)
    }
    return kinds
  }

  private enum TableState { case none, awaited, open, interrupted }

  private func kind(at index: Int, _ table: TableState) -> LineKind {
    let line = lines[index]
    if line.isBlank {
      // A row of nothing but tabs is a blank line to a reader.
      return .blank
    }
    if Directive.isDirective(line) { return .directive }
    if let heading = Self.heading(line) {
      return isCaption(index, words: heading.text)
        ? .caption(Self.captionText(heading.text))
        : .heading(level: heading.level, text: heading.text)
    }
    let relations = WrittenRelation.all(in: line.text)
    if !relations.isEmpty { return .relations(relations) }
    let row = RowCells(line.text)
    switch table {
    case .awaited, .interrupted:
      if isProperRow(index) || (table == .awaited && Self.isBareName(line)) { return .row(row) }
    case .open:
      // Whatever its cells hold: those that are no numbers are refused later, not passed over.
      if row.separator != .none || Self.isBareName(line) { return .row(row) }
    case .none: break
    }
    if row.separator == .none, Self.isShort(line.trimmed),
      isCaption(index, words: line.trimmed)
    {
      return .caption(Self.captionText(line.trimmed))
    }
    return .text
  }

  // MARK: Headings

  /// A Markdown heading, or a bare line `Part N` followed by `:`, `.` or its end.
  static func heading(_ line: SourceLine) -> (level: Int, text: String)? {
    // Building a pattern costs far more than most lines are worth.
    guard let first = line.trimmed.unicodeScalars.first, "#pP".unicodeScalars.contains(first) else {
      return nil
    }
    if let match = line.trimmed.wholeMatch(of: /(#{1,6})\s+(.*?)\s*#*/) {
      return (match.1.count, String(match.2))
    }
    if line.trimmed.wholeMatch(of: /(?i)part\s+[0-9]+\s*([:.].*)?/) != nil {
      return (2, line.trimmed)
    }
    return nil
  }

  private static func captionText(_ text: String) -> String {
    text.hasSuffix(":") ? String(text.dropLast()).trimmingCharacters(in: .whitespaces) : text
  }

  // MARK: Captions

  /// One to three words without a full stop.
  private static func isShort(_ text: String) -> Bool {
    (1...3).contains(text.split(whereSeparator: \.isWhitespace).count) && !text.hasSuffix(".")
  }

  private func isCaption(_ index: Int, words: String) -> Bool {
    guard let next = nextWritten(after: index) else { return false }
    if isProperRow(next) { return true }
    return Self.isShort(words) && isTableOfBareNames(from: next, below: index, caption: words)
  }

  private func nextWritten(after index: Int) -> Int? {
    lines[(index + 1)...].firstIndex { !$0.isBlank }
  }

  private func isText(_ line: SourceLine) -> Bool {
    !line.isBlank && !Directive.isDirective(line) && Self.heading(line) == nil
      && WrittenRelation.all(in: line.text).isEmpty
  }

  /// Whether a line has the shape of a row, and is nothing that is tried before rows.
  private func isProperRow(_ index: Int) -> Bool {
    let line = lines[index]
    guard !Directive.isDirective(line), Self.heading(line) == nil,
      WrittenRelation.all(in: line.text).isEmpty
    else { return false }
    let row = RowCells(line.text)
    if row.startsTable(line: line.text) { return true }
    // A header without bars at its ends shows by the rule below it.
    return row.separator == .pipe && lines.indices.contains(index + 1)
      && RowCells(lines[index + 1].text).isRule
  }

  /// Whether a line can be a row whose blank cells an editor has trimmed away: a name and nothing
  /// else.
  private static func isBareName(_ line: SourceLine) -> Bool {
    let text = line.trimmed
    let first = text.unicodeScalars.first.map { "-*+0123456789".unicodeScalars.contains($0) }
    let isListItem = first == true && text.prefixMatch(of: /([-*+]|[0-9]+[.)])\s/) != nil
    let endsASentence = text.last.map { ".:;,!?".contains($0) } ?? true
    return !isListItem && !endsASentence && text.split(whereSeparator: \.isWhitespace).count <= 4
      && RowCells(line.text).separator == .none
  }

  /// Whether short lines below a short line are a table of names whose cells were trimmed away,
  /// and not a paragraph below a heading.
  ///
  /// They are if a row of the block still has its cells, or if they are named after the caption
  /// (`Movie 1` below `Movies`), or if a relation, a directive or a single other table stands in
  /// the same stretch, which then has use for this one.
  private func isTableOfBareNames(from first: Int, below caption: Int, caption words: String)
    -> Bool
  {
    // Inside a paragraph nothing is a caption; and no table of names is as long as a long text.
    guard caption == 0 || !isText(lines[caption - 1]) || Self.heading(lines[caption]) != nil else {
      return false
    }
    let reach = lines[first...].prefix(Self.reach)
    let end = reach.firstIndex(where: \.isBlank) ?? reach.endIndex
    guard end - first < Self.reach else { return false }
    let block = first..<end
    guard !Self.saysWhatToDo(lines[caption]), !Self.isUsualCaption(lines[first].trimmed) else {
      return false
    }
    guard block.allSatisfy({ Self.isBareName(lines[$0]) || isProperRow($0) }),
      block.allSatisfy({ Self.heading(lines[$0]) == nil && !Directive.isDirective(lines[$0]) })
    else { return false }
    if block.contains(where: isProperRow) { return true }
    let wanted = words.lowercased()
    if block.allSatisfy({ index in
      let first = lines[index].trimmed.lowercased().split(whereSeparator: \.isWhitespace).first
      return first.map { $0.count >= 3 && wanted.hasPrefix($0.prefix(max(3, $0.count - 1))) }
        ?? false
    }) {
      return true
    }
    let stretch = stretch(around: caption)
    let otherTables = stretch.count { index in
      isProperRow(index) && (index == 0 || lines[index - 1].isBlank || !isProperRow(index - 1))
    }
    let hasUse = stretch.contains { index in
      Directive.isDirective(lines[index]) || !WrittenRelation.all(in: lines[index].text).isEmpty
    }
    return otherTables == 1 || (hasUse && otherTables == 0)
  }

  /// Whether a line is a heading that starts a part by its words, whatever stands below it.
  private static func saysWhatToDo(_ line: SourceLine) -> Bool {
    guard let heading = heading(line) else { return false }
    return heading.text.firstMatch(
      of: /(?i)^part\s+[0-9]|\b(?:use|using|scores?|scoring|construct\w*|learn\w*)\b/) != nil
  }

  /// Whether a line can only stand above a table, so that it is no row of one.
  private static func isUsualCaption(_ text: String) -> Bool {
    ["user", "users", "movie", "movies", "item", "items"].contains(text.lowercased())
  }

  /// How many lines are looked at to understand one of them.
  private static let reach = 1000

  /// The lines between the headings around a line that are too long to be captions.
  private func stretch(around index: Int) -> Range<Int> {
    func isWall(_ place: Int) -> Bool {
      guard let heading = Self.heading(lines[place]) else { return false }
      return !Self.isShort(heading.text) || heading.text.prefixMatch(of: /(?i)part\s+[0-9]/) != nil
    }
    let before = max(0, index - Self.reach)..<index
    let after = index + 1..<max(index + 1, min(lines.endIndex, index + Self.reach))
    return
      (before.last(where: isWall).map { $0 + 1 } ?? before.lowerBound)..<(after.first(where: isWall)
      ?? after.upperBound)
  }
}
