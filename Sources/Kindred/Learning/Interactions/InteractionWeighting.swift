// How much a pair counts.
// SPDX-License-Identifier: Apache-2.0

/// How the value of a pair, such as how often something was played, becomes its weight.
public enum InteractionWeighting: Equatable, Sendable {
  /// Every pair counts 1, whatever its value.
  case none
}

extension InteractionWeighting {
  /// The weight of every pair, in the order of the ratings by user.
  ///
  /// - Throws: `TrainingError.badWeight` for the first value that is not above 0: no view is no interaction.
  /// - Complexity: O(ratings).
  package func weights(of ratings: Ratings) throws(TrainingError) -> Flat<Float> {
    let rows = ratings.byUser
    for user in ratings.users.rows {
      for (item, value) in zip(rows.columns(user), rows.values(user)) where !(value > 0) {
        throw .badWeight(
          user: ratings.users[user], item: ratings.items[ItemRow(item)], value: value,
          expected: "above 0")
      }
    }
    return Flat(Array(repeating: 1, count: ratings.count))
  }
}
