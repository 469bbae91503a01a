// Held-out ratings lined up with a model's rows.
// SPDX-License-Identifier: Apache-2.0

/// Ratings to be predicted, by the rows of the model that predicts them; an id that the model does
/// not know has no row.
package struct HeldOut: Sendable {
  package let users: [UserRow?]
  package let items: [ItemRow?]
  package let values: Flat<Float>
  /// How many ratings each user has who has any, in the order of the ratings.
  package let counts: [Int]
  /// How many different ids the model does not know.
  package let unknownUsers: Int
  package let unknownItems: Int

  package init(_ ratings: Ratings, users: IDs<UserSide>, items: IDs<ItemSide>) {
    // Looked up once per id, not once per rating: a lazy map would.
    let userRows: [UserRow?] = ratings.users.rows.map { users.row(of: ratings.users[$0]) }
    let itemRows: [ItemRow?] = ratings.items.rows.map { items.row(of: ratings.items[$0]) }
    var rowOfEntry: [UserRow?] = []
    rowOfEntry.reserveCapacity(ratings.count)
    for row in ratings.users.rows {
      for _ in ratings.byUser.range(row) { rowOfEntry.append(userRows[Int(row.index)]) }
    }
    self.users = rowOfEntry
    self.items = ratings.byUser.columns.map { itemRows[Int($0)] }
    values = ratings.byUser.values
    counts = ratings.users.rows.map { ratings.byUser.range($0).count }.filter { $0 > 0 }
    // An id without ratings (a split keeps its parents' ids) is not among the held-out ones.
    unknownUsers = ratings.users.rows.count {
      userRows[Int($0.index)] == nil && !ratings.byUser.range($0).isEmpty
    }
    var isUnknown = itemRows.map { _ in false }
    for row in ratings.users.rows {
      for item in ratings.byUser.columns(row) where itemRows[Int(item)] == nil {
        isUnknown[Int(item)] = true
      }
    }
    unknownItems = isUnknown.count { $0 }
  }

  /// How far predictions are from the ratings.
  ///
  /// - Parameters:
  ///   - range: Predictions are clipped to it first; nil leaves them as they are.
  ///   - predict: The score of a user and an item, either of them unknown if nil.
  /// - Returns: The errors; nil if there are no ratings.
  /// - Complexity: One prediction per rating.
  package func errors(
    clippedTo range: ClosedRange<Float>?, predict: (UserRow?, ItemRow?) -> Double
  ) -> RatingErrors? {
    guard !values.isEmpty else { return nil }
    var squares = 0.0
    var absolutes = 0.0
    eachDifference(clippedTo: range, predict: predict) { diff in
      squares += diff * diff
      absolutes += abs(diff)
    }
    let count = Double(values.count)
    return RatingErrors(
      rmse: (squares / count).squareRoot(), mae: absolutes / count, ratings: values.count,
      unknownUsers: unknownUsers, unknownItems: unknownItems)
  }

  /// The same errors user by user, for the users who have a rating, in the ratings' order.
  ///
  /// - Returns: Of each user the sum of the squared differences, of the absolute ones, and the count.
  package func errorsByUser(
    clippedTo range: ClosedRange<Float>?, predict: (UserRow?, ItemRow?) -> Double
  ) -> [(squares: Double, absolutes: Double, count: Int)] {
    var sums = counts.map { (squares: 0.0, absolutes: 0.0, count: $0) }
    var user = 0
    var left = counts.first ?? 0
    eachDifference(clippedTo: range, predict: predict) { diff in
      if left == 0 {
        user += 1
        left = counts[user]
      }
      left -= 1
      sums[user].squares += diff * diff
      sums[user].absolutes += abs(diff)
    }
    return sums
  }

  private func eachDifference(
    clippedTo range: ClosedRange<Float>?, predict: (UserRow?, ItemRow?) -> Double,
    _ body: (_ diff: Double) -> Void
  ) {
    for entry in values.indices {
      var score = predict(users[entry], items[entry])
      if let range { score = min(max(score, Double(range.lowerBound)), Double(range.upperBound)) }
      body(Double(values[entry]) - score)
    }
  }
}
