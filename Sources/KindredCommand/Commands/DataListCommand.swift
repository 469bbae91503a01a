// kindred data list: the data sets that can be fetched by name.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred

struct DataListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the public data sets that can be fetched by name.",
    discussion: """
      Example: kindred data list
               kindred data list --format json

      Each set has its owners' terms; data fetch shows them before anything is fetched. With \
      --format json come the addresses, checksums, terms and what to cite.
      """)

  @OptionGroup var result: FormatOption

  private struct Report: Encodable {
    struct Entry: Encodable {
      struct Licence: Encodable {
        let short: String
        let summary: String
        let terms: String
      }
      struct Members: Encodable {
        let ratings: String
        let titles: String?
      }
      let name: String
      let title: String
      let about: String
      let year: Int
      let users: Int
      let items: Int
      let ratings: Int
      let scale: String
      let address: String
      let bytes: Int?
      let check: String
      let checksum: String?
      let licence: Licence
      let citation: String
      let members: Members
      let path: String
      let cached: Bool
    }
    let folder: String
    let sets: [Entry]
  }

  func run() throws {
    switch result.format {
    case .json:
      try printJSON(
        Report(folder: KnownDataSet.cacheFolder(), sets: KnownDataSet.all.map(Self.entry)))
    case .text:
      try emit(Self.table(KnownDataSet.all).text)
      try emit("\n" + Self.notes(KnownDataSet.all))
    }
  }

  /// What does not fit into the table.
  private static func notes(_ sets: [KnownDataSet]) -> String {
    var screen = ScreenText()
    screen.add("The terms in short; data fetch shows more before it fetches:")
    var terms: [String] = []
    for set in sets where !terms.contains(set.licence.short) { terms.append(set.licence.short) }
    for short in terms {
      let names = sets.filter { $0.licence.short == short }.map(\.name)
      screen.add(
        wrapping: "\(short): \(names.joined(separator: ", "))", indent: 4, after: "  ")
    }
    screen.add()
    screen.add(
      wrapping: "changes from time to time: its checksum is fetched beside it, and checks the "
        + "transfer only.", after: "* ")
    screen.add(wrapping: "no checksum is known.", after: "? ")
    screen.add(
      wrapping: "Fetched sets are kept in \(KnownDataSet.cacheFolder().replacingControls()).",
      indent: 0)
    return screen.text
  }

  private static func table(_ sets: [KnownDataSet]) -> TextTable {
    var table = TextTable([
      ("name", .whole), ("ratings", .right), ("users", .right), ("items", .right),
      ("scale", .whole), ("year", .right), ("size", .right), ("fetched", .left),
    ])
    for set in sets {
      let size =
        set.bytes.map(sized) ?? set.roughBytes.map { "~\(sized($0))" } ?? "not known"
      table.rows.append([
        set.name + mark(set.check), grouped(set.ratings), grouped(set.users), grouped(set.items),
        set.scale, "\(set.year)", size, set.isCached ? "yes" : "no",
      ])
    }
    return table
  }

  private static func mark(_ check: KnownDataSet.Check) -> String {
    switch check {
    case .known: ""
    case .beside: " *"
    case .unknown: " ?"
    }
  }

  private static func entry(_ set: KnownDataSet) -> Report.Entry {
    let checksum: String? =
      if case .known(let sum) = set.check { sum.description } else { nil }
    return Report.Entry(
      name: set.name, title: set.title, about: set.about, year: set.year, users: set.users,
      items: set.items, ratings: set.ratings, scale: set.scale, address: set.address,
      bytes: set.bytes, check: set.check.name, checksum: checksum,
      licence: .init(
        short: set.licence.short, summary: set.licence.summary, terms: set.licence.terms),
      citation: set.citation, members: .init(ratings: set.ratingsMember, titles: set.titlesMember),
      path: set.cachePath, cached: set.isCached)
  }
}
