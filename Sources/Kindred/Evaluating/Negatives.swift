// The items that a test item is ranked among in the 1-against-many protocol.
// SPDX-License-Identifier: Apache-2.0

/// For each test item, or for all test items of a user, items to rank it among.
///
/// Two forms of a line, never both in one file:
///
/// - `user negative negative …`: for every test item of the user; a user's lines are joined.
/// - `(user,item) negative negative …`: for that test item, as in the files of He et al. 2017 (NCF).
///
/// Fields are separated by spaces or tabs.
public struct Negatives: Sendable {
  private enum Key: Hashable {
    case user(String)
    case pair(user: String, item: String)
  }

  private var lists: [Key: [Int32]] = [:]
  /// The ids of all negatives.
  package let items: IDs<ItemSide>

  /// Reads a file of negatives.
  ///
  /// - Parameter path: The file; "-" for standard input.
  /// - Throws: `RatingsError` if the file cannot be read, holds nothing, or has a line of neither form,
  ///   of the other form, or without a negative.
  /// - Complexity: O(size).
  public init(contentsOf path: String) throws(RatingsError) {
    let file = try TextFile.load(path)
    try file.checkText()
    try file.checkUTF8()
    var records = Records(file.bytes, from: file.start, separator: .whitespace)
    var interner = Interner<ItemSide>()
    var hasPairs: Bool?
    while case .record = records.next() {
      let first = records.text(records.fields[0])
      let key = first.hasPrefix("(") ? Self.pair(first) : .user(first)
      let problem: String? =
        if records.fields.count < 2 {
          "there is no negative"
        } else if key == nil {
          "\"\(first.prefix(40))\" is not of the form (user,item)"
        } else if let hasPairs, hasPairs != first.hasPrefix("(") {
          "the lines before it are of the other form: user, or (user,item), then negatives"
        } else { nil }
      guard let key, problem == nil else {
        throw RatingsError(
          .badLine,
          "\(path), line \(records.line): \(problem ?? ""). Expected \"user negative negative …\" "
            + "or \"(user,item) negative …\": \"\(file.excerpt(records.extent))\".",
          file: path, line: records.line)
      }
      hasPairs = first.hasPrefix("(")
      lists[key, default: []] += records.fields.dropFirst().map {
        interner.intern(records.value($0)).index
      }
    }
    guard hasPairs != nil else {
      throw RatingsError(.empty, "\(path): it has no line with negatives.", file: path)
    }
    items = interner.finish()
  }

  /// The rows in `items` of what a test item is ranked among; nil if nothing is said about it.
  package func rows(user: String, item: String) -> [Int32]? {
    lists[.user(user)] ?? lists[.pair(user: user, item: item)]
  }

  /// How many lists are of users or pairs that are not among the test items.
  package func unusedLists(for test: Ratings) -> Int {
    var used: Set<Key> = []
    for user in test.users.rows {
      for item in test.byUser.columns(user) {
        let name = test.users[user]
        let own = Key.user(name)
        used.insert(
          lists[own] == nil ? .pair(user: name, item: test.items[ItemRow(item)]) : own)
      }
    }
    return lists.keys.count { !used.contains($0) }
  }

  /// "(user,item)"; nil for any other text.
  private static func pair(_ text: String) -> Key? {
    guard text.hasSuffix(")") else { return nil }
    let parts = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    return .pair(user: String(parts[0]), item: String(parts[1]))
  }
}
