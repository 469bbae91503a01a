// kindred similar: items or users whose vectors are alike.
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import Kindred

extension Similarity: ExpressibleByArgument {}

struct SimilarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "similar",
    abstract: "Find the items or users most like one.",
    discussion: """
      Example: kindred similar model.safetensors --item "Star Wars (1977)" --min-ratings 20

      cosine compares directions, dot favours long vectors: popular and well-liked rows.
      """)

  @Argument(help: "The model.")
  var model: String

  @Option(help: "An item, by id or title.")
  var item: String?

  @Option(help: "A user, by id.")
  var user: String?

  @Option(name: .customShort("k"), parsing: .unconditional, help: "How many.")
  var count = 10

  @Option(help: "The measure.")
  var by = Similarity.cosine

  @Option(parsing: .unconditional, help: "Leave out what has fewer ratings.")
  var minRatings = 0

  @OptionGroup var lists: ItemLists
  @OptionGroup var conditions: ItemConditions
  @OptionGroup var loading: ModelLoading
  @OptionGroup var result: FormatOption

  private struct ItemReport: Encodable {
    struct Neighbor: Encodable {
      let item: String
      let title: String?
      let similarity: Double
    }
    let item: String
    let items: [Neighbor]
  }

  private struct UserReport: Encodable {
    struct Neighbor: Encodable {
      let user: String
      let similarity: Double
    }
    let user: String
    let users: [Neighbor]
  }

  func validate() throws {
    guard (item == nil) != (user == nil) else {
      throw ValidationError("Give --item or --user, one of them.")
    }
    guard count >= 1 else { throw ValidationError("-k is \(count); it must be 1 or more.") }
    let choosesItems =
      !conditions.conditions.isEmpty || lists.only != nil || lists.without != nil
    guard user == nil || !choosesItems else {
      throw ValidationError(
        "--where, --only and --without choose items, and --user asks for users.")
    }
    guard minRatings >= 0 else { throw ValidationError("--min-ratings must be 0 or more.") }
  }

  func run() throws {
    let model = try loading.model(model)
    if let item {
      let id = try model.itemID(item)
      let found = try model.items(
        similarTo: id, count: count, by: by, minimumRatings: minRatings,
        among: try among(model))
      switch result.format {
      case .json:
        try printJSON(
          ItemReport(
            item: id,
            items: found.map { .init(item: $0.id, title: $0.title, similarity: $0.similarity) }))
      case .text: try printTable(found, "Most like \(model.shown(id).fitted(50))")
      }
    } else if let user {
      let found = try model.users(
        similarTo: user, count: count, by: by, minimumRatings: minRatings)
      switch result.format {
      case .json:
        try printJSON(
          UserReport(
            user: user, users: found.map { .init(user: $0.id, similarity: $0.similarity) }))
      case .text: try printTable(found, "Most like user \(user.fitted(50))")
      }
    }
  }

  /// The items that may come up; nil for all.
  private func among(_ model: Model) throws -> ItemSet? {
    let chosen = try conditions.items(of: model)
    guard lists.only != nil || lists.without != nil else { return chosen }
    let names = ItemNames(model)
    let listed = try model.itemSet(try lists.only(names))
      .subtracting(try model.itemSet(try lists.without(names)))
    return chosen.map { $0.intersection(listed) } ?? listed
  }

  private func printTable(_ neighbors: [Neighbor], _ heading: String) throws {
    try emit("\(heading), by \(by.rawValue):")
    if neighbors.isEmpty { try emit("  nothing: every other one is left out.") }
    var table = TextTable([("", .right), ("", .left), ("", .right)])
    for (rank, neighbor) in neighbors.enumerated() {
      table.rows.append(
        ["\(rank + 1)", neighbor.title ?? neighbor.id, fixed(neighbor.similarity, 3)])
    }
    try emit(table.text.drop { $0 == "\n" })
  }
}
