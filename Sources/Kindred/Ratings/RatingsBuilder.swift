// Collecting ratings in any order and indexing them once.
// SPDX-License-Identifier: Apache-2.0

/// Which of several ratings of one pair counts.
public enum DuplicatePolicy: String, Sendable, CaseIterable {
  /// The first in reading order.
  case first
  /// The last in reading order.
  case last
  /// Their mean.
  case mean
  /// None: a repeated pair is an error.
  case error
}

/// Gathers (user, item, rating) as they come; `finish` sorts them into rows.
package struct RatingsBuilder: Sendable {
  package var users = Interner<UserSide>()
  package var items = Interner<ItemSide>()
  package var hasValues = true
  private var userRows: [Int32] = []
  private var itemRows: [Int32] = []
  private var values: [Float] = []

  package init() {}

  package var count: Int { values.count }

  package mutating func add(user: UserRow, item: ItemRow, _ value: Float) {
    userRows.append(user.index)
    itemRows.append(item.index)
    values.append(value)
  }

  /// Groups by user, orders each user's items and resolves pairs that occur more than once.
  ///
  /// - Complexity: O(*n* + users + items): two counting sorts.
  package consuming func finish(
    duplicates: DuplicatePolicy
  ) throws(RatingsError) -> Ratings {
    let userIDs = users.finish()
    let itemIDs = items.finish()
    let entries = ordered(userCount: userIDs.count, itemCount: itemIDs.count)
    var offsets = [0]
    var columns: [Int32] = []
    var kept: [Float] = []
    columns.reserveCapacity(values.count)
    kept.reserveCapacity(values.count)
    var repeats = 0
    var position = 0
    for user in 0..<userIDs.count {
      while position < entries.count, userRows[entries[position]] == user {
        let item = itemRows[entries[position]]
        var end = position + 1
        while end < entries.count, itemRows[entries[end]] == item,
          userRows[entries[end]] == user
        { end += 1 }
        columns.append(item)
        if end == position + 1 {
          kept.append(values[entries[position]])
        } else {
          guard duplicates != .error else {
            throw RatingsError(
              .duplicate,
              "User \(userIDs[Row(user)]) rated item \(itemIDs[Row(item)]) \(end - position) times; "
                + "choose which rating counts: first, last or mean.")
          }
          repeats += end - position - 1
          kept.append(Self.resolve(entries[position..<end].map { values[$0] }, duplicates))
        }
        position = end
      }
      offsets.append(columns.count)
    }
    return Ratings(
      users: userIDs, items: itemIDs,
      byUser: CompressedRows(offsets: offsets, columns: columns, values: kept),
      hasValues: hasValues, duplicateCount: repeats)
  }

  /// The entries by user, then item, then reading order, so that "first" and "last" mean what they
  /// say: sorted by item and then, keeping that order, by user.
  private func ordered(userCount: Int, itemCount: Int) -> [Int] {
    let byItem = Self.sorted(values.indices, by: itemRows, count: itemCount)
    return Self.sorted(byItem, by: userRows, count: userCount)
  }

  private static func sorted(
    _ entries: some Collection<Int>, by rows: [Int32], count: Int
  ) -> [Int] {
    var starts = Array(repeating: 0, count: count + 1)
    for row in rows { starts[Int(row) + 1] += 1 }
    for row in 0..<count { starts[row + 1] += starts[row] }
    var sorted = Array(repeating: 0, count: entries.count)
    for entry in entries {
      let row = Int(rows[entry])
      sorted[starts[row]] = entry
      starts[row] += 1
    }
    return sorted
  }

  private static func resolve(_ run: [Float], _ policy: DuplicatePolicy) -> Float {
    switch policy {
    case .first, .error: run[0]
    case .last: run[run.count - 1]
    case .mean: Float(run.reduce(0.0) { $0 + Double($1) } / Double(run.count))
    }
  }
}
