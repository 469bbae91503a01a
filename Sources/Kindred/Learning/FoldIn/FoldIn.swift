// A vector for somebody or something new, with everything else fixed.
// SPDX-License-Identifier: Apache-2.0

extension Model {
  /// The vector and the bias of somebody new, from what they have rated.
  ///
  /// Minimizes this user's part of the training objective, with the items, their biases and the
  /// mean as they are. Nobody is added to the model. A ``Baseline`` has no objective: somebody new gets
  /// what its rule gives them.
  ///
  /// In a model of samples it is each sample's conditional mean given its items, its prior of the users
  /// and its noise (eq. 11 of Salakhutdinov & Mnih 2008), put side by side as the model's users are.
  ///
  /// In a model of ``IALS`` they are interactions, beside which all other items count as unseen; a rating
  /// is weighted as it was in training.
  ///
  /// For ``BPR`` and ``Softmax`` it is the minimum of the loss over all items, without sampling, searched
  /// for from the zero vector until the gradient's norm is below 10⁻⁶; where softmax scores by the cosine
  /// it is a vector of length 1, searched for from the direction of what was rated.
  ///
  /// Numerics: as good as a solution in `Double`; of a user whom ``ALS`` or ``IALS`` trained, their own
  /// ratings give the stored row to the rounding of `Float`.
  ///
  /// - Parameter rated: Items with their ratings; of an item that is given twice, the last counts.
  /// - Returns: The vector [dimension] and the bias, 0 in a model without biases. If nothing was rated
  ///   both are zero (of samples, all but the ones that meet the items' biases).
  /// - Throws: `ModelError` for an unknown item, a rating that is not finite, or ratings that leave
  ///   the vector undetermined.
  /// - Complexity: O(ratings · *dimension*² + *dimension*³); of samples, for each of them with its
  ///   dimension.
  public func foldIn(
    _ rated: [(item: String, rating: Float)]
  ) throws(ModelError) -> (vector: [Double], bias: Double) {
    let rated = try latestRatings(rated)
    if !rated.isEmpty, let folded = foldedInBaseline(rated.map(\.rating)) { return folded }
    if !rated.isEmpty, let losses = try allItemsLosses() {
      let start = losses.start(of: rated)
      return (try minimum(of: try losses.loss(of: rated), from: start, losses), 0)
    }
    return try foldIn(
      UserSide.self, rated, with: fixedItems, what: "Somebody with these ratings")
  }

  /// The vector and the bias of a new item, from who has rated it.
  ///
  /// Minimizes this item's part of the training objective, with the users, their biases and the mean
  /// as they are: the other side of ``foldIn(_:)``, samples included. Nothing is added to the model.
  ///
  /// For ``BPR`` that part has the pairs in which the item is the seen one, and those of all other users'
  /// items in which it is drawn, each with its chance; its minimum is searched for from the zero vector.
  /// Into a model of ``Softmax`` no item is folded.
  ///
  /// - Parameter rated: Users with their ratings; of a user who is given twice, the last counts.
  /// - Returns: The vector [dimension] and the bias, 0 in a model without biases. If nobody rated it
  ///   both are zero (of samples, all but the ones that meet the users' biases).
  /// - Throws: `ModelError` for an unknown user, a rating that is not finite, ratings that leave
  ///   the vector undetermined, or a model of softmax.
  /// - Complexity: O(ratings · *dimension*² + *dimension*³); of samples, for each of them with its
  ///   dimension; of `ials`, and O(users · *dimension*²) before; of `bpr`, O(interactions of the model ·
  ///   *dimension*) for each of a few dozen steps.
  public func foldIn(
    ratedBy rated: [(user: String, rating: Float)]
  ) throws(ModelError) -> (vector: [Double], bias: Double) {
    guard record.method != Softmax.method else { throw .noNewItems(method: record.method) }
    var latest = LatestRatings<UserSide>()
    for (user, rating) in rated {
      guard rating.isFinite else { throw .badRatingBy(user: user, rating: rating) }
      latest.add(try row(ofUser: user), rating)
    }
    if !latest.all.isEmpty, let folded = itemFoldedInBaseline(latest.all.map(\.rating)) {
      return folded
    }
    if !latest.all.isEmpty, let vector = try foldedInByPairs(latest.all) { return (vector, 0) }
    return try foldIn(
      ItemSide.self, latest.all, with: fixedUsers, what: "An item with these ratings")
  }

  /// The rows of some items with their ratings, each item once with the last of its ratings, in the order
  /// in which they come up.
  func latestRatings(
    _ rated: [(item: String, rating: Float)]
  ) throws(ModelError) -> [(row: ItemRow, rating: Float)] {
    var latest = LatestRatings<ItemSide>()
    for (item, rating) in rated {
      guard rating.isFinite else { throw .badRating(item: item, rating: rating) }
      latest.add(try row(ofItem: item), rating)
    }
    return latest.all
  }

  /// What both sides do alike: a row of one, given rows of the other.
  private func foldIn<S: Side, Other: Side>(
    _ side: S.Type, _ rated: [(row: Row<Other>, rating: Float)], with other: FixedSide<Other>,
    what: String
  ) throws(ModelError) -> (vector: [Double], bias: Double) {
    guard !rated.isEmpty else { return (strangerVector(of: side).map { Double($0) }, 0) }
    if let posterior {
      let folded = try foldedInSamples(side, posterior, rated: rated, by: other.embeddings)
      return (folded, 0)
    }
    guard dimension <= RowEquations.largestDimension else {
      throw .outOfRange("Folding in at \(dimension) dimensions")
    }
    let solved =
      try record.method == IALS.method
      ? interactionEquations(rated, with: other).solve()
      : RowEquations(rated, with: other, regularization: record.regularization ?? 0).solve()
    guard let solution = solved else { throw .singular(what) }
    guard solution.allSatisfy({ Float($0).isFinite }) else {
      throw .outOfRange("Folding in these ratings")
    }
    return (Array(solution.prefix(dimension)), biases == nil ? 0 : solution[dimension])
  }

  /// The equations of interactions, each value weighted as it was in training.
  func interactionEquations<S: Side>(
    _ rated: [(row: Row<S>, rating: Float)], with other: FixedSide<S>, threads: Int = 0
  ) throws(ModelError) -> InteractionEquations {
    guard let penalty = record.interactionPenalty else {
      throw .badRecord(need: "the unobserved, regularization and exponent of ials")
    }
    var features: [Float] = []
    features.reserveCapacity(rated.count * other.width)
    var weights: [Double] = []
    for (row, rating) in rated {
      guard let weight = record.weighting.weight(of: rating) else {
        throw .badWeight(
          of: id(of: row), rating: rating, expected: record.weighting.expected(of: rating))
      }
      other.appendFeatures(of: row, to: &features)
      weights.append(Double(weight))
    }
    return InteractionEquations(
      features: features, weights: weights,
      gram: grams.gram(of: other.embeddings, threads: threads).map { penalty.unobserved * $0 },
      width: other.width,
      ridge: penalty.ridge(count: rated.count, others: other.embeddings.count))
  }

  private func id<S: Side>(of row: Row<S>) -> String {
    let place = Int(row.index)
    return S.self == UserSide.self ? users[UserRow(place)] : items[ItemRow(place)]
  }

  /// The items as a user's equations find them.
  package var fixedItems: FixedSide<ItemSide> {
    FixedSide(embeddings: itemEmbeddings, biases: biases?.items, mean: mean)
  }

  /// The users as an item's equations find them.
  package var fixedUsers: FixedSide<UserSide> {
    FixedSide(embeddings: userEmbeddings, biases: biases?.users, mean: mean)
  }
}

/// The side of a model that stays as it is while a row of the other side is solved for.
package struct FixedSide<S: Side> {
  package let embeddings: EmbeddingTable<S>
  package let biases: Model.Biases.Numbers?
  package let mean: Double

  /// What a row of the other side solves for: its vector, and its bias if there is one.
  package var width: Int { embeddings.dimension + (biases == nil ? 0 : 1) }

  /// Appends [y, 1], or y in a model without biases.
  package func appendFeatures(of row: Row<S>, to features: inout [Float]) {
    let vector = embeddings.vector(row)
    for k in 0..<vector.count { features.append(vector[k]) }
    if biases != nil { features.append(1) }
  }

  /// r − μ − b.
  package func target(_ row: Row<S>, _ rating: Float) -> Double {
    Double(rating) - mean - Double(biases?[Int(row.index)] ?? 0)
  }
}

/// Ratings in the order of their first appearance, each row with its latest one.
private struct LatestRatings<S: Side> {
  private(set) var all: [(row: Row<S>, rating: Float)] = []
  private var places: [Row<S>: Int] = [:]

  mutating func add(_ row: Row<S>, _ rating: Float) {
    if let place = places[row] {
      all[place].rating = rating
    } else {
      places[row] = all.count
      all.append((row, rating))
    }
  }
}

extension TrainingRecord {
  /// λ, added per rating of a row; nil if the model was not trained with one.
  package var regularization: Double? { options["regularization"].flatMap { Double($0) } }
}
