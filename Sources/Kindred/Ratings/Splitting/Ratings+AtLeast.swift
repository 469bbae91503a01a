// The ratings that count as liking something.
// SPDX-License-Identifier: Apache-2.0

extension Ratings {
  /// The ratings of this value or more: what somebody liked, to be learned from as interactions.
  ///
  /// Users and items without such a rating are left out; the others keep their order.
  ///
  /// ```swift
  /// let liked = ratings.atLeast(4)
  /// ```
  ///
  /// - Complexity: O(ratings + users + items).
  public func atLeast(_ least: Float) -> Ratings {
    let values = byUser.values
    let kept = selecting { values[$0] >= least }
    guard kept.count < count else { return self }
    let userRows = Array(users.rows.filter { !kept.byUser.range($0).isEmpty })
    let counts = kept.byUser.counts(columnCount: items.count)
    let itemRows = Array(items.rows.filter { counts[Int($0.index)] > 0 })
    var places = Array(repeating: Int32(0), count: items.count)
    for (place, row) in itemRows.enumerated() { places[Int(row.index)] = Int32(place) }
    let offsets = [0] + userRows.map { kept.byUser.range($0).upperBound }
    return Ratings(
      users: IDs(userRows.map { users[$0] }), items: IDs(itemRows.map { items[$0] }),
      byUser: CompressedRows(
        offsets: Flat(offsets.map { Int64($0) }),
        columns: Flat(kept.byUser.columns.map { places[Int($0)] }), values: kept.byUser.values),
      hasValues: hasValues, times: kept.times, duplicateCount: duplicateCount)
  }
}
