// What one pair looks like to the trainer: the numbers that a hand-worked step starts from.
// SPDX-License-Identifier: Apache-2.0

extension Model {
  /// The vectors and biases of a user and an item, as a step of learning would find them.
  ///
  /// - Throws: `ModelError` for an unknown id.
  public func pairState(user: String, item: String) throws(ModelError) -> PairState {
    let (userRow, itemRow) = (try row(ofUser: user), try row(ofItem: item))
    return PairState(
      user: userEmbeddings.numbers(userRow), item: itemEmbeddings.numbers(itemRow),
      biases: biases == nil
        ? nil : PairState.Biases(user: userBias(userRow), item: itemBias(itemRow)))
  }
}

extension Ratings {
  /// The rating that a user gave an item; nil if there is none.
  ///
  /// - Throws: `ModelError` for an id that has no rating at all.
  /// - Complexity: O(log users + log items + ratings of the user).
  public func rating(user: String, item: String) throws(ModelError) -> Float? {
    let (userRow, itemRow) = (try users.known(user), try items.known(item))
    let range = byUser.range(userRow)
    guard let place = byUser.columns[range].firstIndex(of: itemRow.index) else { return nil }
    return byUser.values[place]
  }
}

extension SGD {
  /// The numbers that training would start from for one pair, and the mean.
  ///
  /// - Throws: `ModelError` for an unknown id.
  /// - Complexity: O(dimension).
  package static func start(
    _ ratings: Ratings, user: String, item: String, options: SGDOptions
  ) throws(ModelError) -> (state: PairState, mean: Double) {
    let (userRow, itemRow) = (try ratings.users.known(user), try ratings.items.known(item))
    let state = PairState(
      user: SGDState.start(of: userRow, options).map { Double($0) },
      item: SGDState.start(of: itemRow, options).map { Double($0) },
      biases: options.hasBiases ? PairState.Biases(user: 0, item: 0) : nil)
    return (state, options.hasBiases ? ratings.mean : 0)
  }
}
