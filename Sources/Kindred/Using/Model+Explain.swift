// A score taken apart.
// SPDX-License-Identifier: Apache-2.0

/// Where a score comes from, in two ways that each add up to it.
///
/// By the model's formula: `mean` + `userBias` + `itemBias` + `dot`, and `dot` is the sum of the
/// products of `dimensions`, to the rounding of `Float` in which it was added up. By the user's past: `rest` + the contributions of `history`.
public struct Explanation: Equatable, Sendable {
  /// One dimension's part of the dot product.
  public struct Product: Equatable, Sendable {
    /// The dimension, counted from 1.
    public let dimension: Int
    /// The user's number there.
    public let user: Double
    /// The item's number there.
    public let item: Double
    /// Their product.
    public let product: Double
  }

  /// What one rating of the user's adds to the score.
  public struct Contribution: Equatable, Sendable {
    /// The rated item's id.
    public let item: String
    /// The rated item's title, where known.
    public let title: String?
    /// The rating.
    public let rating: Double
    /// Its share of the score, in the unit of the ratings; negative where it lowers the score.
    public let contribution: Double
  }

  /// The score.
  public let score: Double
  /// The mean rating that scores start from.
  public let mean: Double
  /// What is added to all scores of this user.
  public let userBias: Double
  /// What is added to all scores of this item.
  public let itemBias: Double
  /// The dot product of the two vectors.
  public let dot: Double
  /// The dot product's parts, in order of dimension.
  public let dimensions: [Product]
  /// What each rating of the user's contributes, the strongest first; empty without a history.
  public let history: [Contribution]
  /// What the history does not account for: the mean, the item's bias, and the difference between
  /// the trained vector and the one that the history alone would give.
  public let rest: Double
}

extension Model {
  /// Takes a score apart, per dimension and per item of the user's history.
  ///
  /// The history's shares come from the fold-in. With Z the rows [y_j, 1] of the rated items, t the
  /// ratings less mean and item biases, and A = ZᵀZ + λnI, folding in gives the score
  /// μ + b_i + z_iᵀA⁻¹Zᵀt, a sum over the rated items of z_iᵀA⁻¹z_j · t_j: that is item j's share
  /// (Hu, Koren & Volinsky 2008, section 5). Of a model of ``IALS`` it is their weighted form: with
  /// A = α₀YᵀY + Σ c_j y_j y_jᵀ + ridge I, item j's share is c_j · y_iᵀA⁻¹y_j.
  ///
  /// Of other methods a share is the change in the score of the fold-in when that item is left out of it; of
  /// ``BPR`` and ``Softmax`` it so becomes one of those that the user has not seen. Such changes do not add
  /// up to the score: what is missing is in the rest.
  ///
  /// Of a model of samples these are means over the samples: the biases, and the changes. `dimensions` are those of the model's tables,
  /// all samples' one after the other; what belongs to biases there is left out.
  ///
  /// - Parameters:
  ///   - user: Whose score.
  ///   - item: Of which item.
  ///   - threads: How many may work at a time; 0 for one per core. Does not change the result.
  /// - Returns: The score's parts.
  /// - Throws: `ModelError` for an unknown id.
  /// - Complexity: O(ratings of the user · *dimension*² + *dimension*³); of ``BPR`` and ``Softmax`` a few
  ///   passes over all items for each rating of the user, spread over the threads.
  public func explain(
    user: String, item: String, threads: Int = 0
  ) throws(ModelError) -> Explanation {
    let userRow = try row(ofUser: user)
    let itemRow = try row(ofItem: item)
    let x = userEmbeddings.numbers(userRow)
    let y = itemEmbeddings.numbers(itemRow)
    let score = score(userRow, itemRow)
    guard score.isFinite else { throw .outOfRange("This score") }
    let dot = Kernels.best.dot(userEmbeddings.vector(userRow), itemEmbeddings.vector(itemRow))
    let biases =
      posterior == nil
      ? (user: userBias(userRow), item: itemBias(itemRow))
      : (
        user: meanBias(userRow, in: userEmbeddings), item: meanBias(itemRow, in: itemEmbeddings)
      )
    let dimensions = x.indices.filter { posterior?.isOfVector($0) ?? true }.map {
      Explanation.Product(dimension: $0 + 1, user: x[$0], item: y[$0], product: x[$0] * y[$0])
    }
    let contributions = try historyShares(of: userRow, for: itemRow, threads: threads)
    return Explanation(
      score: score, mean: mean, userBias: biases.user, itemBias: biases.item,
      dot: posterior == nil ? Double(dot) : dimensions.reduce(0) { $0 + $1.product },
      dimensions: dimensions,
      history: contributions,
      rest: contributions.reduce(score) { $0 - $1.contribution })
  }

  /// What each rating adds to the score by the equations of one row; nil where these cannot be solved.
  private func rowShares(
    of rated: [(row: ItemRow, rating: Float)], for item: ItemRow, threads: Int
  ) -> [Double]? {
    if record.method == IALS.method {
      return interactionShares(of: rated, for: item, threads: threads)
    }
    guard let regularization = record.regularization, dimension <= RowEquations.largestDimension
    else { return nil }
    let fixed = fixedItems
    let equations = RowEquations(
      rated, with: fixed, regularization: regularization)
    guard let factor = equations.factor() else { return nil }
    var features: [Float] = []
    fixed.appendFeatures(of: item, to: &features)
    let direction = factor.solve(features.map { Double($0) })
    return rated.indices.map { equations.share(of: $0, along: direction) }
  }

  /// The same by the equations of interactions.
  private func interactionShares(
    of seen: [(row: ItemRow, rating: Float)], for item: ItemRow, threads: Int
  ) -> [Double]? {
    guard dimension <= RowEquations.largestDimension,
      let equations = try? interactionEquations(seen, with: fixedItems, threads: threads),
      let factor = equations.factor()
    else { return nil }
    let direction = factor.solve(itemEmbeddings.numbers(item))
    return seen.indices.map { equations.share(of: $0, along: direction) }
  }

  private func historyShares(
    of user: UserRow, for item: ItemRow, threads: Int
  ) throws(ModelError) -> [Explanation.Contribution] {
    guard let history else { return [] }
    let rated = zip(history.columns(user), history.values(user)).map {
      (row: Row<ItemSide>($0), rating: $1)
    }
    var found = posterior.flatMap { sampleChanges(of: rated, for: item, $0) }
    if posterior == nil {
      found = try changesLeavingOut(
        rated, for: item, from: userEmbeddings.numbers(user), threads: threads)
    }
    guard let contributions = found ?? rowShares(of: rated, for: item, threads: threads) else {
      return []
    }
    let shares = zip(rated, contributions).map { entry, share -> Explanation.Contribution in
      .init(
        item: items[entry.row], title: title(entry.row), rating: Double(entry.rating),
        contribution: share)
    }
    return shares.enumerated().sorted {
      let (a, b) = (abs($0.element.contribution), abs($1.element.contribution))
      return a != b ? a > b : $0.offset < $1.offset
    }.map(\.element)
  }
}
