// New interactions, without training again.
// SPDX-License-Identifier: Apache-2.0

/// A model that has taken in new interactions, and what was solved for.
public struct ModelUpdate: Sendable {
  /// The model.
  public let model: Model
  /// The users whose rows were solved for: those with new interactions.
  public let users: Int
  /// How many of them the model had not known.
  public let newUsers: Int
  /// The items that the model had not known.
  public let newItems: Int
}

extension Model {
  /// The model after some users' new interactions: their rows are solved for again, all other rows of
  /// users and items stay as they are.
  ///
  /// A user's interactions are those of the model's history and the new ones; of a pair that is in both,
  /// the new value counts. Users whom the model does not know get a row after the others. So do items, and
  /// their vectors come first, folded in from those of their interactions whose users the model knew; of
  /// `softmax`, which has no such solution, they are zero until the model is trained again.
  ///
  /// Each row is the minimum of its part of the training objective, the other side fixed (``foldIn(_:)``):
  /// of `ials`, `als` and `sgd` the exact one, of `bpr` and `softmax` the one that is reached from the stored
  /// vector, or from the zero vector for a new user. The other side feels nothing of the new interactions
  /// until the model is trained again. Counts and means of a ``Baseline`` are taken anew.
  ///
  /// - Parameters:
  ///   - ratings: The new interactions.
  ///   - threads: How many may work at a time; 0 for one per core. Does not change the result.
  /// - Returns: The new model, whose record counts its `updates`.
  /// - Throws: `ModelError` if the model has no history, if values give no weights, or if a row has no
  ///   single solution.
  /// - Complexity: That of folding in, for each user with new interactions and each new item; and
  ///   O((users + items) · *dimension* + interactions) to copy the rest.
  public func updated(
    with ratings: Ratings, threads: Int = 0
  ) throws(ModelError) -> ModelUpdate {
    guard history != nil else { throw .noHistory(need: "Adding to a user's interactions") }
    let union = InteractionUnion(self, ratings, threads: threads)
    var update = (users: union.touched.count, newUsers: union.newUsers, newItems: union.newItems)
    if let baseline = record.baseline {
      // It refuses no interactions, of which there are some if anything is new.
      guard let fitted = try? baseline.fit(union.ratings) else {
        return ModelUpdate(model: self, users: 0, newUsers: 0, newItems: 0)
      }
      return ModelUpdate(
        model: fitted.named(like: union, record(after: union.ratings)), users: update.users,
        newUsers: update.newUsers, newItems: update.newItems)
    }
    if union.touched.isEmpty { update = (0, 0, 0) }
    let grown = try grown(to: union, threads: threads)
    return ModelUpdate(
      model: try grown.resolving(union.touched, threads: threads), users: update.users,
      newUsers: update.newUsers, newItems: update.newItems)
  }

  /// The model with a row for every user and item of the union: items folded in, new users at zero.
  private func grown(to union: InteractionUnion, threads: Int) throws(ModelError) -> Model {
    let byItem = union.ratings.byItem(threads: threads)
    if union.newItems > 0 { shareGram(of: userEmbeddings, threads: threads) }
    let added = try solved(union.newItems, threads: threads) { place throws(ModelError) in
      guard record.method != Softmax.method else {
        return (Array(repeating: 0, count: dimension), 0)
      }
      let item = ItemRow(items.count + place)
      let rated = zip(byItem.columns(item), byItem.values(item)).filter {
        Int($0.0) < users.count
      }
      return try foldIn(ratedBy: rated.map { (user: users[UserRow($0.0)], rating: $0.1) })
    }
    let stranger = strangerVector(of: UserSide.self).map { Double($0) }
    let strangers = Array(repeating: (vector: stranger, bias: 0.0), count: union.newUsers)
    return Model(
      userEmbeddings: userEmbeddings.appending(strangers.map(\.vector)),
      itemEmbeddings: itemEmbeddings.appending(added.map(\.vector)),
      biases: biases.map {
        Biases(
          users: $0.users.appending(strangers.map(\.bias)),
          items: $0.items.appending(added.map(\.bias)))
      }, mean: mean, users: union.ratings.users, items: union.ratings.items,
      titles: titles?.padded(to: union.ratings.items.count),
      attributes: attributes?.padded(to: union.ratings.items.count),
      history: union.ratings.byUser, record: record(after: union.ratings), posterior: posterior)
  }

  /// The model with some users' rows solved for from its history.
  private func resolving(_ touched: [UserRow], threads: Int) throws(ModelError) -> Model {
    guard let history else { return self }
    if !touched.isEmpty { shareGram(of: itemEmbeddings, threads: threads) }
    let rows = try solved(touched.count, threads: threads) { place throws(ModelError) in
      let user = touched[place]
      let seen = zip(history.columns(user), history.values(user)).map {
        (item: items[ItemRow($0)], rating: $1)
      }
      let stored = userEmbeddings.numbers(user)
      // A row of zeros is that of somebody new, for whom the search begins where it does in folding in.
      guard stored.contains(where: { $0 != 0 }) else { return try foldIn(seen) }
      return try foldIn(seen, from: stored)
    }
    return Model(
      userEmbeddings: userEmbeddings.replacing(touched, by: rows.map(\.vector)),
      itemEmbeddings: itemEmbeddings,
      biases: biases.map {
        Biases(users: $0.users.replacing(touched, by: rows.map(\.bias)), items: $0.items)
      }, mean: mean, users: users, items: items, titles: titles, attributes: attributes,
      history: history, record: record, posterior: posterior)
  }

  /// Makes now what all rows of interactions share: whoever is folded in first would make it on all cores.
  private func shareGram<S: Side>(of table: EmbeddingTable<S>, threads: Int) {
    if record.method == IALS.method { grams.gram(of: table, threads: threads) }
  }

  /// Solves for rows on several threads; the first error in their order is thrown.
  private func solved(
    _ count: Int, threads: Int,
    _ solve: (Int) throws(ModelError) -> (vector: [Double], bias: Double)
  ) throws(ModelError) -> [(vector: [Double], bias: Double)] {
    let results = parallelMap(count, threads: threads) { place in
      Result { () throws(ModelError) in try solve(place) }
    }
    var rows: [(vector: [Double], bias: Double)] = []
    for result in results { rows.append(try result.get()) }
    return rows
  }

  /// The record of the model once it has these interactions.
  private func record(after ratings: Ratings) -> TrainingRecord {
    let earlier = record.options["updates"].flatMap { Int($0) } ?? 0
    let options = record.adding(["updates": "\(earlier &+ 1)"]).options
    return TrainingRecord(
      method: record.method, options: options, seed: record.seed, ratingRange: ratings.range,
      fingerprint: ratings.fingerprint)
  }

  /// The same numbers with the titles of the model that was updated.
  private func named(like union: InteractionUnion, _ record: TrainingRecord) -> Model {
    Model(
      userEmbeddings: userEmbeddings, itemEmbeddings: itemEmbeddings, biases: biases, mean: mean,
      users: users, items: items, titles: union.titles?.padded(to: items.count),
      attributes: union.attributes?.padded(to: items.count), history: history, record: record)
  }
}
