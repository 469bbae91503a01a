// kindred construct: vectors that have stated dot products.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred
import KindredWorksheet

struct ConstructCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "construct",
    abstract: "Fill in vectors so that stated dot products hold exactly.",
    discussion: """
      Example: kindred construct targets.csv --dimension 2
               kindred construct targets.csv --items items.csv

      targets.csv has a header user,item,target and a line per dot product, or is a table: the first \
      row names the items, every other row is a user's name and the targets, blank where none is \
      stated. In --users and --items a row is a name, then numbers, blank where they are to be found; \
      what has no file is blank altogether. The answer is exact, with a verdict: unique, a family, \
      impossible (with the proof and the best approximation) or undecided.
      """)

  @Argument(help: "The dot products that must hold, as CSV.")
  var targets: String

  @Option(parsing: .unconditional, help: "The numbers in each vector, where no file says.")
  var dimension: Int?

  @Option(help: "What is known of the users' vectors, as CSV.")
  var users: String?

  @Option(help: "What is known of the items' vectors, as CSV.")
  var items: String?

  @OptionGroup var result: FormatOption

  func validate() throws {
    if let dimension, !(1...10_000).contains(dimension) {
      throw ValidationError("--dimension is \(dimension); it must be from 1 to 10,000.")
    }
    if dimension == nil, users == nil, items == nil {
      throw ValidationError("Give --dimension, or --users or --items to take it from.")
    }
  }

  func run() throws {
    let stated = try TargetFile(targets)
    let userFile = try users.map(VectorFile.init)
    let itemFile = try items.map(VectorFile.init)
    let width = try width(userFile, itemFile)
    let userTable = table(userFile, stated.users, "Users", width)
    let itemTable = table(itemFile, stated.items, "Items", width)
    let relations = try stated.relations(users: userTable.names, items: itemTable.names)
    let worksheet = Worksheet(
      .construct, users: userTable, items: itemTable, relations: relations
    )
    let solved = try located(in: targets) { () throws(WorksheetError) in try worksheet.solved() }
    switch result.format {
    case .json: try emit(solved.jsonOfOnlyPart())
    case .text: try emit(solved.answerText(color: Terminal.hasColor), terminator: "")
    }
  }

  private func width(_ users: VectorFile?, _ items: VectorFile?) throws -> Int {
    let widths = [dimension, users?.cells[0].count, items?.cells[0].count].compactMap { $0 }
    guard let width = widths.first, widths.allSatisfy({ $0 == width }) else {
      throw Exit.Problem.badData(
        "The vectors have different dimensions: "
          + widths.map(String.init).joined(separator: ", ") + ".")
    }
    return width
  }

  /// The rows of a file, and a blank row for every further name that the targets mention.
  private func table(
    _ file: VectorFile?, _ named: [String], _ caption: String, _ width: Int
  ) -> VectorTable {
    var table =
      file?.table(caption: caption) ?? VectorTable(caption: caption, header: nil, rows: [])
    let known = Set(table.names)
    for name in named where !known.contains(name) {
      table.rows.append(
        VectorRow(name: name, cells: Array(repeating: nil, count: width), line: 0))
    }
    return table
  }
}

/// Wanted dot products from a file: a line each, or a table.
struct TargetFile {
  private let entries: [(user: String, item: String, target: Rational, row: CSVRows.Row)]
  /// The names in the order of their first mention.
  let users: [String]
  let items: [String]

  init(_ path: String) throws {
    let rows = try CSVRows(path).rows
    let isTable = !Self.isLineHeader(rows[0].fields)
    let entries = isTable ? try Self.table(rows) : try Self.lines(rows.dropFirst())
    guard !entries.isEmpty else { throw Exit.Problem.badData("\(path) states no dot product.") }
    self.entries = entries
    // A table names its rows and columns, also those without a target.
    users = Self.distinct(isTable ? rows.dropFirst().map { $0.fields[0] } : entries.map(\.user))
    items = Self.distinct(isTable ? Array(rows[0].fields.dropFirst()) : entries.map(\.item))
  }

  /// Whether a first row names the three columns, and is not a user's name and two items'.
  private static func isLineHeader(_ fields: [String]) -> Bool {
    let usual = [["user", "userid"], ["item", "itemid"], ["target", "value", "rating", "score"]]
    return fields.count == 3
      && zip(fields, usual).allSatisfy { name, names in
        names.contains(name.lowercased().filter { $0.isLetter })
      }
  }

  private typealias Entry = (user: String, item: String, target: Rational, row: CSVRows.Row)

  private static func lines(_ rows: ArraySlice<CSVRows.Row>) throws -> [Entry] {
    try rows.map { row in
      guard row.fields.count == 3, !row.fields[0].isEmpty, !row.fields[1].isEmpty else {
        throw row.problem("a user, an item and a target were expected")
      }
      guard let target = try row.number(row.fields[2]) else {
        throw row.problem("the target is missing")
      }
      return (row.fields[0], row.fields[1], target, row)
    }
  }

  private static func table(_ rows: [CSVRows.Row]) throws -> [Entry] {
    let items = rows[0].fields.dropFirst()
    guard Set(items).count == items.count, !items.contains("") else {
      throw rows[0].problem("the items in the first row need names, each its own")
    }
    return try rows.dropFirst().flatMap { row -> [Entry] in
      guard row.fields.count == items.count + 1 else {
        throw row.problem(
          "\(row.fields.count - 1) targets where the first row names \(items.count) items")
      }
      return try zip(items, row.fields.dropFirst()).compactMap { item, text in
        try row.number(text).map { (row.fields[0], item, $0, row) }
      }
    }
  }

  private static func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// The relations by the places of their rows.
  func relations(users: [String], items: [String]) throws -> [RelationStatement] {
    let userRows = Dictionary(uniqueKeysWithValues: users.enumerated().map { ($1, $0) })
    let itemRows = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1, $0) })
    return try entries.map { entry in
      guard let user = userRows[entry.user], let item = itemRows[entry.item] else {
        throw entry.row.problem("there is no such row")
      }
      return RelationStatement(user: user, item: item, target: entry.target, line: entry.row.line)
    }
  }
}
