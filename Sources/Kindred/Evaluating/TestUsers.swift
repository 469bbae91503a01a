// A test set lined up with a model's rows.
// SPDX-License-Identifier: Apache-2.0

/// The users of a test set who have a test item, in its order, by the rows of the model under test.
package struct TestUsers: Sendable {
  /// A user's row in the test set, and in the model if it knows the user.
  package struct User: Sendable {
    package let testRow: UserRow
    package let modelRow: UserRow?
  }

  package let users: [User]
  /// Users of the test set without a test item: nothing can be measured on them.
  package let emptyUsers: Int
  package let unknownUsers: Int
  /// How many different test items the model does not know.
  package let unknownItems: Int
  private let test: Ratings
  private let modelItems: AlignedRows<ItemSide>
  private let history: CompressedRows<UserSide, ItemSide>?
  private let excluded: (ratings: Ratings, users: [UserRow?], items: AlignedRows<ItemSide>)?

  /// - Parameters:
  ///   - test: The interactions to be found.
  ///   - model: The model under test.
  ///   - excluded: Interactions that, like the model's history, are not candidates.
  package init(_ test: Ratings, model: Model, excluded: Ratings?) {
    self.test = test
    history = model.history
    modelItems = AlignedRows(test.items, in: model.items)
    let users: [User] = test.users.rows.filter { !test.byUser.range($0).isEmpty }.map { row in
      User(testRow: row, modelRow: model.users.row(of: test.users[row]))
    }
    self.users = users
    emptyUsers = test.users.count - users.count
    unknownUsers = users.count { $0.modelRow == nil }
    var isUnknown = Array(repeating: false, count: test.items.count)
    for user in users {
      for item in test.byUser.columns(user.testRow) where modelItems[item] == nil {
        isUnknown[Int(item)] = true
      }
    }
    unknownItems = isUnknown.count { $0 }
    self.excluded = excluded.map { ratings in
      (
        ratings, users.map { ratings.users.row(of: test.users[$0.testRow]) },
        AlignedRows(ratings.items, in: model.items)
      )
    }
  }

  /// What the user at a place of `users` is tested on.
  package func items(of place: Int) -> TestItems {
    let row = users[place].testRow
    var known: [(row: Int32, rating: Float)] = []
    for (item, rating) in zip(test.byUser.columns(row), test.byUser.values(row)) {
      if let itemRow = modelItems[item] { known.append((itemRow.index, rating)) }
    }
    known.sort { $0.row < $1.row }
    return TestItems(
      rows: known.map(\.row), ratings: known.map(\.rating),
      allRatings: Array(test.byUser.values(row)))
  }

  /// The rows of the items that the user at a place of `users` has seen, ascending, each once.
  package func seen(_ place: Int) -> [Int32] {
    var rows: [Int32] = []
    if let history, let user = users[place].modelRow { rows += history.columns(user) }
    guard let excluded, let user = excluded.users[place] else { return rows }
    let more = excluded.ratings.byUser.columns(user).compactMap { excluded.items[$0]?.index }
    guard !more.isEmpty else { return rows }
    rows = (rows + more).sorted()
    var last: Int32 = -1
    return rows.filter { row in
      defer { last = row }
      return row != last
    }
  }

  /// How many test items of the user at a place of `users` are among those that the user has seen.
  package func seenTestItems(_ place: Int) -> Int {
    let seen = seen(place)
    return items(of: place).rows.count { row in
      let place = seen.firstPlace { $0 >= row }
      return place < seen.count && seen[place] == row
    }
  }

  /// The ids of a user at a place of `users` and of its test items, in the test set's order.
  package func names(_ place: Int) -> (user: String, items: [String]) {
    let row = users[place].testRow
    return (test.users[row], test.byUser.columns(row).map { test.items[ItemRow($0)] })
  }
}

/// What one user is tested on.
package struct TestItems: Sendable {
  /// The items that the model knows, ascending.
  package let rows: [Int32]
  /// The ratings of those.
  package let ratings: [Float]
  /// The ratings of all test items.
  package let allRatings: [Float]

  /// How many test items there are, known or not.
  package var count: Int { allRatings.count }

  /// The place of an item among `rows`.
  package func place(of item: Int32) -> Int? {
    let place = rows.firstPlace { $0 >= item }
    return place < rows.count && rows[place] == item ? place : nil
  }
}

/// For each row of one table of ids, the row of the same id in another.
package struct AlignedRows<S: Side>: Sendable {
  private let rows: [Int32]

  package init(_ ids: IDs<S>, in other: IDs<S>) {
    rows = ids.rows.map { other.row(of: ids[$0])?.index ?? -1 }
  }

  package subscript(row: Int32) -> Row<S>? { rows[Int(row)] < 0 ? nil : Row(rows[Int(row)]) }
}

extension Array {
  /// The first place whose element, and those of all later ones, pass; the count if none does.
  ///
  /// - Complexity: O(log *n*).
  package func firstPlace(where passes: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if passes(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
