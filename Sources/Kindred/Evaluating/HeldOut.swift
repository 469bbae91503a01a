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
    errors(
      pieces.map { piece in
        var sums = ErrorSums(clippedTo: range)
        for entry in piece { sums.add(values[entry], predict(users[entry], items[entry])) }
        return sums
      })
  }

  /// How far the scores of vectors are from the ratings; the same bits as by `predict`.
  ///
  /// - Complexity: O(ratings · *dimension*), on several threads.
  package func errors(
    clippedTo range: ClosedRange<Float>?, of tables: ScoredTables, threads: Int = 0
  ) -> RatingErrors? {
    let pieces = pieces
    return errors(
      parallelMap(pieces.count, threads: threads) { number in
        var sums = ErrorSums(clippedTo: range)
        var scores: [Double] = []
        var start = pieces[number].lowerBound
        while start < pieces[number].upperBound {
          let user = users[start]
          let end = users[start..<pieces[number].upperBound].firstIndex { $0 != user }
          let run = start..<(end ?? pieces[number].upperBound)
          tables.score(user, items[run], into: &scores)
          for entry in run { sums.add(values[entry], scores[entry - start]) }
          start = run.upperBound
        }
        return sums
      })
  }

  /// The ratings in pieces of one size, whose errors are summed piece by piece, so that the sum does
  /// not depend on the number of threads.
  private var pieces: [Range<Int>] {
    stride(from: 0, to: values.count, by: 8192).map { $0..<min($0 + 8192, values.count) }
  }

  private func errors(_ sums: [ErrorSums]) -> RatingErrors? {
    guard !values.isEmpty else { return nil }
    let count = Double(values.count)
    let squares = sums.reduce(0) { $0 + $1.squares }
    let absolutes = sums.reduce(0) { $0 + $1.absolutes }
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
      let score = predict(users[entry], items[entry])
      body(Double(values[entry]) - (range.map { score.clipped(to: $0) } ?? score))
    }
  }
}

/// Errors, summed one after the other.
private struct ErrorSums: Sendable {
  private let range: ClosedRange<Float>?
  private(set) var squares = 0.0
  private(set) var absolutes = 0.0

  init(clippedTo range: ClosedRange<Float>?) { self.range = range }

  mutating func add(_ rating: Float, _ score: Double) {
    let diff = Double(rating) - (range.map { score.clipped(to: $0) } ?? score)
    squares += diff * diff
    absolutes += abs(diff)
  }
}

extension Double {
  fileprivate func clipped(to range: ClosedRange<Float>) -> Double {
    Swift.min(Swift.max(self, Double(range.lowerBound)), Double(range.upperBound))
  }
}
