// From numbered lines to a worksheet.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

extension Worksheet {
  /// The worksheet in a file; "-" is standard input.
  ///
  /// - Throws: `WorksheetError` for what cannot be understood, with the line; `RatingsError` if the
  ///   file cannot be opened.
  /// - Complexity: O(length²) at worst, in the number of lines; worksheets are short.
  public init(contentsOf path: String) throws {
    let bytes = Array(try TextFile.load(path).bytes)
    do {
      try self.init(bytes: bytes)
    } catch {
      var located = error
      located.file = path
      throw located
    }
  }

  /// The worksheet in a text.
  ///
  /// - Throws: `WorksheetError` for what cannot be read, with the line.
  public init(_ text: String) throws(WorksheetError) { try self.init(bytes: Array(text.utf8)) }

  /// The worksheet in the bytes of a file.
  ///
  /// - Throws: `WorksheetError` for what cannot be read, with the line.
  public init(bytes: [UInt8]) throws(WorksheetError) {
    let lines = try sourceLines(bytes)
    let kinds = LineClassifier(lines).kinds()
    var drafts = [SectionDraft()]
    for (line, kind) in zip(lines, kinds) {
      if case .heading(let level, let text) = kind {
        drafts.append(SectionDraft(Heading(level: level, text: text, line: line.number)))
      } else {
        try drafts[drafts.count - 1].add(kind, line)
      }
    }
    var sections: [Section] = []
    for index in drafts.indices { drafts[index].closeParagraph() }
    for draft in drafts where !draft.isEmpty { sections.append(try draft.section()) }
    self.init(sections: sections)
    guard !parts.isEmpty else {
      throw WorksheetError(
        "There is nothing to solve: no table of vectors was found. A part has two tables, each "
          + "below a caption such as Users or Movies.")
    }
  }
}

/// A section while its lines come in.
private struct SectionDraft {
  let heading: Heading?
  private var blocks: [DraftBlock] = []
  private var directive = Directive()
  private var directiveLine: Int?
  private var tables: [WrittenTable] = []
  private var relations: [(written: WrittenRelation, line: SourceLine)] = []
  /// The lines of text since the last line of another kind.
  private var paragraph: [String] = []

  private enum DraftBlock {
    case text([String])
    case table(Int)
    case relations(Range<Int>)
  }

  init(_ heading: Heading? = nil) { self.heading = heading }

  var isEmpty: Bool { heading == nil && blocks.isEmpty && directiveLine == nil }

  mutating func add(_ kind: LineKind, _ line: SourceLine) throws(WorksheetError) {
    if kind != .text { closeParagraph() }
    switch kind {
    case .blank, .heading: break
    case .directive:
      directiveLine = directiveLine ?? line.number
      try directive.read(line)
    case .caption(let caption):
      blocks.append(.table(tables.count))
      tables.append(WrittenTable(caption: caption, line: line.number))
    case .row(let cells): tables[tables.count - 1].add(cells, line)
    case .relations(let written):
      let start = relations.count
      relations += written.map { ($0, line) }
      if let words = WrittenRelation.words(in: line.text) { blocks.append(.text([words])) }
      blocks.append(.relations(start..<relations.count))
    case .text: paragraph.append(line.text)
    }
  }

  /// Makes a block of the lines of text that followed one another.
  mutating func closeParagraph() {
    if !paragraph.isEmpty { blocks.append(.text(paragraph)) }
    paragraph = []
  }

  func section() throws(WorksheetError) -> Section {
    guard directiveLine != nil || !tables.isEmpty || !relations.isEmpty else {
      return Section(
        heading: heading,
        blocks: blocks.compactMap { if case .text(let lines) = $0 { .text(lines) } else { nil } })
    }
    let firstLine = tables.first?.captionLine ?? relations.first?.line.number ?? directiveLine
    let line = heading?.line ?? firstLine ?? 1
    let reader = try TableReader(tables, at: line)
    let dimension = try reader.dimension(stated: directive.settings.dimension)
    let users = try reader.vectors(reader.users, dimension: dimension)
    let items = try reader.vectors(reader.items, dimension: dimension)
    let lookup = RelationReader(users: users, items: items)
    var stated: [RelationStatement] = []
    for (written, line) in relations { stated.append(try lookup.read(written, at: line)) }
    _ = try distinct(stated)
    let part = Part(
      kind: try kind(users, items, line), heading: heading?.text ?? "", dimension: dimension,
      users: users, items: items, relations: stated, settings: directive.settings,
      usesFractions: reader.usesFractions
        || relations.contains { $0.written.target?.contains("/") ?? false },
      line: line)
    return Section(heading: heading, blocks: placed(reader), part: part)
  }

  private func placed(_ reader: TableReader) -> [Block] {
    blocks.map { block in
      switch block {
      case .text(let lines): .text(lines)
      case .relations(let range): .relations(range)
      case .table(let index):
        .table(tables[index].captionLine == reader.users.captionLine ? .user : .item)
      }
    }
  }

  /// The directive's kind, else the first of the heading's words that says one, else what is given.
  private func kind(
    _ users: VectorTable, _ items: VectorTable, _ line: Int
  ) throws(WorksheetError) -> Part.Kind {
    if let kind = directive.kind { return kind }
    for word in heading?.text.lowercased().split(whereSeparator: { !$0.isLetter }) ?? [] {
      if word.hasPrefix("construct") { return .construct }
      if word.hasPrefix("learn") { return .learn }
      if ["use", "using", "score", "scores", "scoring"].contains(word) { return .score }
    }
    if !users.hasBlanks, !items.hasBlanks { return .score }
    if relations.contains(where: { $0.written.target != nil }) { return .construct }
    throw WorksheetError(
      "Numbers are missing, and nothing says what they should do: state relations such as "
        + "Dot(u1, m1) = 1, or the kind of part in a line <!-- kindred: learn -->.",
      line: line)
  }
}
