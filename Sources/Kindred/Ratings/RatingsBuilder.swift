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

  /// Groups by user, sorts each user's items and resolves pairs that occur more than once.
  ///
  /// - Complexity: O(*n* + Σ c log c) with c the ratings of a user.
  package consuming func finish(
    duplicates: DuplicatePolicy
  ) throws(RatingsError) -> Ratings {
    let userIDs = users.finish()
    let itemIDs = items.finish()
    let grouped = groupedByUser(userCount: userIDs.count)
    var offsets = [0]
    var columns: [Int32] = []
    var kept: [Float] = []
    columns.reserveCapacity(values.count)
    kept.reserveCapacity(values.count)
    var repeats = 0
    for user in 0..<userIDs.count {
      // Reading order breaks ties, so that "first" and "last" mean what they say.
      let entries = grouped.entries[grouped.offsets[user]..<grouped.offsets[user + 1]].sorted {
        (itemRows[$0], $0) < (itemRows[$1], $1)
      }
      var position = 0
      while position < entries.count {
        let item = itemRows[entries[position]]
        var end = position + 1
        while end < entries.count, itemRows[entries[end]] == item { end += 1 }
        let run = entries[position..<end].map { values[$0] }
        if run.count > 1, duplicates == .error {
          throw RatingsError(
            .duplicate,
            "User \(userIDs[Row(user)]) rated item \(itemIDs[Row(item)]) \(run.count) times; "
              + "choose which rating counts: first, last or mean.")
        }
        repeats += run.count - 1
        columns.append(item)
        kept.append(Self.resolve(run, duplicates))
        position = end
      }
      offsets.append(columns.count)
    }
    return Ratings(
      users: userIDs, items: itemIDs,
      byUser: CompressedRows(offsets: offsets, columns: columns, values: kept),
      hasValues: hasValues, duplicateCount: repeats)
  }

  private func groupedByUser(userCount: Int) -> (offsets: [Int], entries: [Int]) {
    var starts = Array(repeating: 0, count: userCount + 1)
    for user in userRows { starts[Int(user) + 1] += 1 }
    for user in 0..<userCount { starts[user + 1] += starts[user] }
    let offsets = starts
    var entries = Array(repeating: 0, count: userRows.count)
    for entry in userRows.indices {
      entries[starts[Int(userRows[entry])]] = entry
      starts[Int(userRows[entry])] += 1
    }
    return (offsets, entries)
  }

  private static func resolve(_ run: [Float], _ policy: DuplicatePolicy) -> Float {
    switch policy {
    case .first, .error: run[0]
    case .last: run[run.count - 1]
    case .mean: Float(run.reduce(0.0) { $0 + Double($1) } / Double(run.count))
    }
  }
}
