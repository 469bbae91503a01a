// What items are called.
// SPDX-License-Identifier: Apache-2.0

/// The titles of items, by id.
///
/// ```swift
/// let titles = try Titles.read("ml-100k/u.item")
/// print(titles.title(of: "50") ?? "50")  // Star Wars (1977)
/// ```
public struct Titles: Sendable {
  private let titles: [String: String]
  /// Whether the file was not UTF-8 and was therefore read as Windows-1252.
  public let wasWindows1252: Bool

  /// Titles in memory; the last of several for one id counts, and empty ones are left out.
  ///
  /// - Complexity: O(*n*).
  public init(_ pairs: some Sequence<(id: String, title: String)>) {
    self.init(pairs, wasWindows1252: false)
  }

  init(_ pairs: some Sequence<(id: String, title: String)>, wasWindows1252: Bool) {
    var titles: [String: String] = [:]
    for (id, title) in pairs { titles[id] = title.isEmpty ? nil : title }
    self.titles = titles
    self.wasWindows1252 = wasWindows1252
  }

  /// The number of items with a title.
  public var count: Int { titles.count }

  /// The title of the item with this id; nil if it has none.
  public func title(of id: String) -> String? { titles[id] }
}
