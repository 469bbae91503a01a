// How far predicted ratings are from the real ones.
// SPDX-License-Identifier: Apache-2.0

/// Errors of predicted ratings, in the unit of the ratings; smaller is better.
public struct RatingErrors: Equatable, Sendable {
  /// √(mean of squared differences).
  public let rmse: Double
  /// The mean of absolute differences.
  public let mae: Double
  /// How many ratings were predicted.
  public let ratings: Int
  /// How many different users among them the model does not know.
  public let unknownUsers: Int
  /// How many different items among them the model does not know.
  public let unknownItems: Int

  package init(rmse: Double, mae: Double, ratings: Int, unknownUsers: Int, unknownItems: Int) {
    self.rmse = rmse
    self.mae = mae
    self.ratings = ratings
    self.unknownUsers = unknownUsers
    self.unknownItems = unknownItems
  }
}

extension Model {
  /// Predicts held-out ratings and measures the errors.
  ///
  /// An unknown user or item has a zero vector and a zero bias; its ratings count.
  ///
  /// - Parameters:
  ///   - ratings: Ratings that the model has not seen, by their own ids.
  ///   - clips: Whether predictions are clipped to the range of the training ratings first.
  /// - Returns: The errors; nil if there are no ratings.
  /// - Complexity: O(ratings · *dimension*).
  public func ratingErrors(on ratings: Ratings, clips: Bool = true) -> RatingErrors? {
    let heldOut = HeldOut(ratings, users: users, items: items)
    let range = clips ? record.ratingRange : nil
    // Beside somebody unknown the biases of a model of samples, which are columns, count still.
    guard posterior == nil else { return heldOut.errors(clippedTo: range) { predicted($0, $1) } }
    return heldOut.errors(clippedTo: range, of: tables)
  }

  /// The score of a user and an item of a model of samples, one of them or both unknown: what the biases
  /// of the known one add.
  private func predictedStranger(_ user: UserRow?, _ item: ItemRow?) -> Double {
    let dot: Float
    switch (user, item) {
    case (let user?, _):
      let stranger = strangerVector(of: ItemSide.self)
      dot = Kernels.best.dot(userEmbeddings.vector(user), stranger.span)
    case (nil, let item?):
      let stranger = strangerVector(of: UserSide.self)
      dot = Kernels.best.dot(stranger.span, itemEmbeddings.vector(item))
    case (nil, nil): dot = 0
    }
    return mean + Double(dot)
  }

  /// The score of a user and an item, either of them unknown if nil.
  package func predicted(_ user: UserRow?, _ item: ItemRow?) -> Double {
    if let user, let item { return score(user, item) }
    if posterior != nil { return predictedStranger(user, item) }
    return mean + (user.map { userBias($0) } ?? 0) + (item.map { itemBias($0) } ?? 0)
  }
}
