// Items by id or by title, and how they are shown.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// Finds the items that somebody means, by id or by title.
struct ItemNames {
  private let model: Model
  private let ids: [String]
  /// The places of the items that bear a title, in lower case.
  private let places: [String: [Int]]

  init(_ model: Model) {
    self.model = model
    ids = model.items.all
    var places: [String: [Int]] = [:]
    for (place, id) in ids.enumerated() {
      if let title = model.title(of: id) { places[title.lowercased(), default: []].append(place) }
    }
    self.places = places
  }

  /// The id that somebody meant: an id, or the title of exactly one item.
  ///
  /// - Throws: `ModelError.unknownItem` with the nearest ids, or `Exit.Problem` with the nearest
  ///   titles or the ids of several items that bear this one.
  func id(_ name: String) throws -> String {
    if model.items.contains(name) { return name }
    let found = places[name.lowercased()] ?? []
    if found.count == 1 { return ids[found[0]] }
    if found.count > 1 {
      let several = found.prefix(5).map { ids[$0] }.joined(separator: ", ")
      throw Exit.Problem.badData(
        "\"\(name)\" is the title of \(found.count) items: use an id (\(several)).")
    }
    let nearest = model.items.nearest(to: name)
    guard nearest.isEmpty else { throw ModelError.unknownItem(name, nearest: nearest) }
    let titles = ids.map { model.title(of: $0) ?? "" }
    let alike = nearestTexts(to: name, in: titles, limit: 3)
    guard !alike.isEmpty else { throw ModelError.unknownItem(name, nearest: []) }
    let shown = alike.map { "\($0.text) (id \(ids[$0.place]))" }.joined(separator: ", ")
    throw Exit.Problem.badData("There is no item \"\(name)\" in this model. Nearest: \(shown).")
  }
}

extension Model {
  /// The id that somebody meant by an id or a title; see ``ItemNames``.
  func itemID(_ name: String) throws -> String {
    items.contains(name) ? name : try ItemNames(self).id(name)
  }

  /// An item for people: its title where there is one.
  func shown(_ item: String) -> String { title(of: item) ?? item }
}

extension Titles {
  /// Reads titles, and says so where their encoding had to be guessed.
  static func readSaying(_ path: String) throws -> Titles {
    let names = try Titles.read(path)
    if names.wasWindows1252 {
      Terminal.say("\(path) is not UTF-8; it was read as Windows-1252.")
    }
    return names
  }
}
