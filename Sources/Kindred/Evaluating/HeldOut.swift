// Held-out ratings lined up with a model's rows.
// SPDX-License-Identifier: Apache-2.0

/// Ratings to be predicted, by the rows of the model that predicts them; an id that the model does
/// not know has no row.
package struct HeldOut: Sendable {
  package let users: [UserRow?]
  package let items: [ItemRow?]
  package let values: Flat<Float>
  /// How many different ids the model does not know.
  package let unknownUsers: Int
  package let unknownItems: Int

  package init(_ ratings: Ratings, users: IDs<UserSide>, items: IDs<ItemSide>) {
    let userRows = ratings.users.rows.map { users.row(of: ratings.users[$0]) }
    let itemRows = ratings.items.rows.map { items.row(of: ratings.items[$0]) }
    var rowOfEntry: [UserRow?] = []
    rowOfEntry.reserveCapacity(ratings.count)
    for row in ratings.users.rows {
      for _ in ratings.byUser.range(row) { rowOfEntry.append(userRows[Int(row.index)]) }
    }
    self.users = rowOfEntry
    self.items = ratings.byUser.columns.map { itemRows[Int($0)] }
    values = ratings.byUser.values
    // An id without ratings (a split keeps its parents' ids) is not among the held-out ones.
    unknownUsers = ratings.users.rows.count {
      userRows[Int($0.index)] == nil && !ratings.byUser.range($0).isEmpty
    }
    unknownItems = ratings.items.rows.count {
      itemRows[Int($0.index)] == nil && !ratings.byItem.range($0).isEmpty
    }
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
    for entry in values.indices {
      var score = predict(users[entry], items[entry])
      if let range { score = min(max(score, Double(range.lowerBound)), Double(range.upperBound)) }
      let diff = Double(values[entry]) - score
      squares += diff * diff
      absolutes += abs(diff)
    }
    let count = Double(values.count)
    return RatingErrors(
      rmse: (squares / count).squareRoot(), mae: absolutes / count, ratings: values.count,
      unknownUsers: unknownUsers, unknownItems: unknownItems)
  }
}
