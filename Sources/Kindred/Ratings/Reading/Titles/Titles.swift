// What items are called, and what else a file says about them.
// SPDX-License-Identifier: Apache-2.0

/// The titles and attributes of items, by id.
///
/// ```swift
/// let titles = try Titles.read("ml-100k/u.item")
/// print(titles.title(of: "50") ?? "50")  // Star Wars (1977)
/// print(titles.attributes(of: "50")["genres"] ?? [])  // Action, Adventure, Romance, Sci-Fi, War
/// ```
public struct Titles: Sendable {
  /// What one line says about its item.
  struct Entry: Sendable {
    let id: String
    let title: String
    var attributes: [String: [String]] = [:]
  }

  /// By the bytes of the id: two spellings of one letter make two ids.
  private let entries: [[UInt8]: Entry]
  /// The number of items with a title.
  public let count: Int
  /// Whether the file was not UTF-8 and was therefore read as Windows-1252.
  public let wasWindows1252: Bool

  /// Titles in memory; the last of several for one id counts, and empty ones are left out.
  ///
  /// - Complexity: O(*n*).
  public init(_ pairs: some Sequence<(id: String, title: String)>) {
    self.init(pairs.map { Entry(id: $0.id, title: $0.title) }, wasWindows1252: false)
  }

  init(_ entries: some Sequence<Entry>, wasWindows1252: Bool) {
    var latest: [[UInt8]: Entry] = [:]
    for entry in entries { latest[Array(entry.id.utf8)] = entry }
    self.entries = latest
    count = latest.values.count { !$0.title.isEmpty }
    self.wasWindows1252 = wasWindows1252
  }

  /// The title of the item with this id; nil if it has none.
  public func title(of id: String) -> String? {
    guard let title = entries[Array(id.utf8)]?.title, !title.isEmpty else { return nil }
    return title
  }

  /// What else is said about the item with this id: the values of each attribute, by name.
  public func attributes(of id: String) -> [String: [String]] {
    entries[Array(id.utf8)]?.attributes ?? [:]
  }
}
