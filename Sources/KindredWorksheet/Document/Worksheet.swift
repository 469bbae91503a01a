// A worksheet as it was written: text, tables and relations in their order.
// SPDX-License-Identifier: Apache-2.0

public import Kindred

/// A worksheet about embeddings, read but not solved.
///
/// ```swift
/// let worksheet = try Worksheet(contentsOf: "first-steps.txt")
/// let solved = try worksheet.solved()
/// print(solved.text())
/// ```
///
/// Everything that was written is kept in its place, so that every rendering can show it again.
public struct Worksheet: Equatable, Sendable {
  /// The sections in order; those with a part are what there is to solve.
  public var sections: [Section]

  /// The parts in order.
  public var parts: [Part] { sections.compactMap(\.part) }
}

/// A heading and what stands below it.
public struct Section: Equatable, Sendable {
  /// The heading; nil for what stands before the first one.
  public var heading: Heading?
  /// Text, tables and relations in the order written.
  public var blocks: [Block]
  /// What there is to solve here; nil where the section is text only.
  public var part: Part?
}

/// A line that starts a section or stands above a table.
public struct Heading: Equatable, Sendable {
  /// 1 for the largest, 6 for the smallest.
  public var level: Int
  /// Its words, without the marks.
  public var text: String
  /// Its 1-based line.
  public var line: Int
}

/// One piece of a section.
public enum Block: Equatable, Sendable {
  /// A paragraph or a list: its lines as written.
  case text([String])
  /// The table of the part's users or items.
  case table(VectorSide)
  /// The places of this line's relations in the part's list.
  case relations(Range<Int>)
}

/// One thing to solve: two tables of vectors and perhaps dot products that are wanted.
public struct Part: Equatable, Sendable {
  /// What is to be done.
  public enum Kind: String, Equatable, Sendable, CaseIterable {
    /// Part 1: compute the dot products.
    case score
    /// Part 2: fill in vectors so that the dot products hold.
    case construct
    /// Part 3: learn vectors by gradient descent.
    case learn
  }

  /// What is to be done.
  public var kind: Kind
  /// The heading's words; empty where there is none.
  public var heading: String
  /// The numbers in each vector.
  public var dimension: Int
  /// The users' vectors, with blanks.
  public var users: VectorTable
  /// The items' vectors, with blanks.
  public var items: VectorTable
  /// The dot products that are stated or asked for here, in the order written.
  public var relations: [RelationStatement]
  /// What the directives say.
  public var settings: PartSettings
  /// Whether any number is written as a fraction; answers are then shown as fractions too.
  public var usesFractions: Bool
  /// The 1-based line that the part starts on.
  public var line: Int

  /// The table of one side.
  public func table(_ side: VectorSide) -> VectorTable { side == .user ? users : items }
}

/// One side's vectors as they stand on the sheet.
public struct VectorTable: Equatable, Sendable {
  /// What stands above the table, such as "Movies"; without a colon at its end.
  public var caption: String
  /// The names of the columns, where the table has a header.
  public var header: [String]?
  /// The rows.
  public var rows: [VectorRow]

  package init(caption: String, header: [String]?, rows: [VectorRow]) {
    self.caption = caption
    self.header = header
    self.rows = rows
  }

  /// The rows' names.
  public var names: [String] { rows.map(\.name) }
  /// The numbers, nil for a blank. [rows][dimension]
  public var cells: [[Rational?]] { rows.map(\.cells) }
  /// Whether any number is missing.
  public var hasBlanks: Bool { rows.contains { $0.cells.contains(nil) } }
}

/// One vector as it stands on the sheet.
public struct VectorRow: Equatable, Sendable {
  /// The row's name.
  public var name: String
  /// Its numbers, nil for a blank. [dimension]
  public var cells: [Rational?]
  /// Its 1-based line.
  public var line: Int

  package init(name: String, cells: [Rational?], line: Int) {
    self.name = name
    self.cells = cells
    self.line = line
  }
}

/// A dot product that is stated or asked for.
public struct RelationStatement: Equatable, Sendable {
  /// The user's place in the table of users.
  public var user: Int
  /// The item's place in the table of items.
  public var item: Int
  /// What the dot product should be; nil where the value is asked for.
  public var target: Rational?
  /// Its 1-based line.
  public var line: Int

  package init(user: Int, item: Int, target: Rational?, line: Int) {
    self.user = user
    self.item = item
    self.target = target
    self.line = line
  }
}

/// What a directive can say about a part.
public struct PartSettings: Equatable, Sendable {
  /// How blanks start.
  public enum Start: Equatable, Sendable {
    /// All zero, the easiest by hand.
    case zeros
    /// Random numbers of two decimals, by the seed.
    case random(seed: UInt64)
  }

  /// The numbers in each vector.
  public var dimension: Int?
  /// What multiplies the gradient.
  public var rate: Double?
  /// How blanks start.
  public var start = Start.zeros
  /// Which sides are learned.
  public var learned: LearnedSides?
  /// How many relations each update of an epoch looks at; nil for all at once.
  public var batch: Int?
  /// The most epochs.
  public var epochs: Int?

  /// Nothing said.
  public init() {}
}
