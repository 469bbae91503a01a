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
  /// Their sum: a log with a line for every play becomes play counts.
  case sum
  /// None: a repeated pair is an error.
  case error
}

/// Gathers (user, item, rating) as they come; `finish` sorts them into rows.
package struct RatingsBuilder: Sendable {
  package var users = Interner<UserSide>()
  package var items = Interner<ItemSide>()
  package var hasValues = true
  private var segments: [ReadEntries.Segment] = []
  private var added: Entries
  private let hasTimes: Bool
  private var dropsTimes = false

  package init(hasTimes: Bool = false) {
    self.hasTimes = hasTimes
    added = Entries(hasTimes: hasTimes)
  }

  package mutating func add(user: UserRow, item: ItemRow, _ value: Float, time: Int64 = 0) {
    added.append(user: user.index, item: item.index, value, time: time)
  }

  /// Adds ratings whose rows are those of their own tables of ids.
  ///
  /// - Complexity: O(ids): the ratings are not touched.
  mutating func append(
    _ entries: Entries, users partUsers: Interner<UserSide>, items partItems: Interner<ItemSide>
  ) {
    flush()
    // The first part's rows are the whole's.
    let isFirst = users.count == 0 && items.count == 0
    var userRows: [Int32]?
    var itemRows: [Int32]?
    if isFirst {
      (users, items) = (partUsers, partItems)
    } else {
      userRows = users.absorb(partUsers)
      itemRows = items.absorb(partItems)
    }
    segments += entries.blocks.map { .init(block: $0, userRows: userRows, itemRows: itemRows) }
  }

  /// Leaves all times out.
  mutating func dropTimes() { dropsTimes = true }

  private mutating func flush() {
    segments += added.blocks.map { .init(block: $0, userRows: nil, itemRows: nil) }
    added = Entries(hasTimes: hasTimes)
  }

  /// Groups by user, orders each user's items and resolves pairs that occur more than once.
  ///
  /// - Complexity: O(*n* + users + items): a counting sort by user and a radix sort of each user's
  ///   items, spread over the threads.
  package consuming func finish(
    duplicates: DuplicatePolicy, threads: Int = 1
  ) throws(RatingsError) -> Ratings {
    flush()
    let userIDs = users.finish(threads: threads)
    let itemIDs = items.finish(threads: threads)
    let byUser = grouped(userIDs.count, threads: threads)
    // What was read is given back before rows are sorted, which takes memory of its own.
    segments = []
    let repeats = byUser.sortRows(threads: threads)
    guard repeats > 0 else {
      return Ratings(
        users: userIDs, items: itemIDs,
        byUser: CompressedRows(
          offsets: byUser.offsets, columns: Flat(byUser.columns), values: Flat(byUser.values)),
        hasValues: hasValues, times: byUser.times.map { Flat($0) }, threads: threads)
    }
    return try Self.resolved(byUser, userIDs, itemIDs, duplicates, hasValues: hasValues)
  }

  private func grouped(_ users: Int, threads: Int) -> GroupedEntries {
    let count = segments.reduce(0) { $0 + $1.block.count }
    let parts = GroupedEntries.parts(entries: count, rows: users, threads: threads)
    return GroupedEntries(
      ReadEntries(segments, parts: parts, keepsTimes: !dropsTimes), rowCount: users,
      threads: threads)
  }

  /// The rows where pairs repeat, which is rare enough for one thread.
  private static func resolved(
    _ grouped: GroupedEntries, _ users: IDs<UserSide>, _ itemIDs: IDs<ItemSide>,
    _ duplicates: DuplicatePolicy, hasValues: Bool
  ) throws(RatingsError) -> Ratings {
    let (offsets, items, ratings) = (
      grouped.offsets, Flat(grouped.columns), Flat(grouped.values)
    )
    let times = grouped.times.map { Flat($0) }
    var starts: [Int64] = [0]
    var columns: [Int32] = []
    var values: [Float] = []
    var keptTimes: [Int64] = []
    columns.reserveCapacity(items.count)
    values.reserveCapacity(items.count)
    for user in 0..<grouped.rowCount {
      var place = Int(offsets[user])
      let rowEnd = Int(offsets[user + 1])
      while place < rowEnd {
        let item = items[place]
        var end = place + 1
        while end < rowEnd, items[end] == item { end += 1 }
        guard end == place + 1 || duplicates != .error else {
          throw RatingsError(
            .duplicate,
            "User \(users[Row(user)]) rated item \(itemIDs[Row(item)]) \(end - place) times; "
              + "choose which rating counts: first, last, mean or sum.",
            pair: .init(user: users[Row(user)], item: itemIDs[Row(item)]))
        }
        columns.append(item)
        values.append(Self.resolve(ratings[place..<end], duplicates))
        if let times { keptTimes.append(times[duplicates == .first ? place : end - 1]) }
        place = end
      }
      starts.append(Int64(columns.count))
    }
    return Ratings(
      users: users, items: itemIDs,
      byUser: CompressedRows(
        offsets: Flat(starts), columns: Flat(columns), values: Flat(values)),
      hasValues: hasValues || duplicates == .sum, times: times == nil ? nil : Flat(keptTimes),
      duplicateCount: items.count - columns.count)
  }

  private static let largest = Double(Float.greatestFiniteMagnitude)

  private static func resolve(_ run: Flat<Float>, _ policy: DuplicatePolicy) -> Float {
    switch policy {
    case .first, .error: run[run.startIndex]
    case .last: run[run.endIndex - 1]
    case .sum:
      Float(min(max(run.reduce(0.0) { $0 + Double($1) }, -Self.largest), Self.largest))
    case .mean: Float(run.reduce(0.0) { $0 + Double($1) } / Double(run.count))
    }
  }
}
