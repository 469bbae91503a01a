// Holding some ratings back.
// SPDX-License-Identifier: Apache-2.0

extension Ratings {
  /// Divides the ratings at random, each on its own, into some to learn from and some to check with.
  ///
  /// Both parts keep the ids and rows of the whole, so that a user or an item may have no rating
  /// left in one of them. Whether a rating is held back depends on the seed, its user's row and its
  /// place among the user's ratings in item order, and on nothing else.
  ///
  /// - Parameters:
  ///   - validationFraction: The chance of each rating to be held back, at least 0 and below 1.
  ///   - seed: Chooses one of the possible divisions.
  /// - Returns: The two parts; together they are the whole.
  /// - Complexity: O(ratings + users + items).
  /// - Precondition: `validationFraction` is in 0 ..< 1.
  public func split(
    validationFraction: Double, seed: UInt64
  ) -> (training: Ratings, validation: Ratings) {
    precondition(
      validationFraction >= 0 && validationFraction < 1,
      "split: the fraction \(validationFraction) is not in 0 ..< 1")
    var training = Part()
    var validation = Part()
    for user in users.rows {
      var random = KeyedRandom(seed: seed, key: StreamKey.split, UInt64(user.index))
      for entry in byUser.range(user) {
        if random.uniform() < validationFraction {
          validation.add(byUser.columns[entry], byUser.values[entry])
        } else {
          training.add(byUser.columns[entry], byUser.values[entry])
        }
      }
      training.endRow()
      validation.endRow()
    }
    return (ratings(training), ratings(validation))
  }

  private struct Part {
    var offsets = [0]
    var columns: [Int32] = []
    var values: [Float] = []

    mutating func add(_ column: Int32, _ value: Float) {
      columns.append(column)
      values.append(value)
    }

    mutating func endRow() { offsets.append(columns.count) }
  }

  private func ratings(_ part: Part) -> Ratings {
    Ratings(
      users: users, items: items,
      byUser: CompressedRows(offsets: part.offsets, columns: part.columns, values: part.values),
      hasValues: hasValues)
  }
}
