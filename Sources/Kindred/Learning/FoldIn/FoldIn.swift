// A vector for somebody new, with everybody else's fixed.
// SPDX-License-Identifier: Apache-2.0

/// The least-squares equations of one user's row, the items fixed.
///
/// With z_j = [y_j, 1] (without the 1 in a model without biases) and t_j = r_j − μ − b_j over the n
/// rated items, the row w = [x, b_u] minimizes Σ (t_j − z_j·w)² + λn‖w‖², so it solves
/// (ZᵀZ + λnI) w = Zᵀt: the user's part of the objective of `sgd` and `als` (Zhou et al. 2008).
package struct RowEquations {
  /// Equations in more unknowns would take more memory than anybody means to give them.
  package static let largestDimension = 20_000

  private let z: [[Double]]
  private let t: [Double]
  private let width: Int
  private let penalty: Double
  private let model: Model

  package init(of model: Model, rated: [(ItemRow, Float)], regularization: Double) {
    self.model = model
    width = model.dimension + (model.biases == nil ? 0 : 1)
    z = rated.map { Self.features(of: $0.0, in: model) }
    t = rated.map { Double($0.1) - model.mean - model.itemBias($0.0) }
    penalty = regularization * Double(rated.count)
  }

  /// [y_i, 1], or y_i in a model without biases.
  package func features(of item: ItemRow) -> [Double] { Self.features(of: item, in: model) }

  /// ZᵀZ + λnI factored; nil where it is singular.
  package func factor() -> Cholesky? {
    var matrix = Array(repeating: 0.0, count: width * width)
    for row in z {
      for a in 0..<width {
        for b in 0...a { matrix[a * width + b] += row[a] * row[b] }
      }
    }
    for a in 0..<width { matrix[a * width + a] += penalty }
    return Cholesky(matrix, size: width)
  }

  /// w = [x, b_u]; nil where the equations leave it open.
  package func solve() -> [Double]? {
    var right = Array(repeating: 0.0, count: width)
    for (row, target) in zip(z, t) {
      for a in 0..<width { right[a] += row[a] * target }
    }
    return factor()?.solve(right)
  }

  /// z_j·`direction` · t_j: with `direction` = (ZᵀZ + λnI)⁻¹ z_i, what entry j adds to item i's
  /// score.
  package func share(of entry: Int, along direction: [Double]) -> Double {
    zip(z[entry], direction).reduce(0) { $0 + $1.0 * $1.1 } * t[entry]
  }

  private static func features(of item: ItemRow, in model: Model) -> [Double] {
    model.itemEmbeddings.numbers(item) + (model.biases == nil ? [] : [1])
  }
}

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
  /// - Parameter rated: Items with their ratings; of an item that is given twice, the last counts.
  /// - Returns: The vector [dimension] and the bias, 0 in a model without biases. If nothing was rated
  ///   both are zero (of samples, all but the ones that meet the items' biases).
  /// - Throws: `ModelError` for an unknown item, a rating that is not finite, or ratings that leave
  ///   the vector undetermined.
  /// - Complexity: O(ratings · *dimension*² + *dimension*³).
  public func foldIn(
    _ rated: [(item: String, rating: Float)]
  ) throws(ModelError) -> (vector: [Double], bias: Double) {
    let rated = try latestRatings(rated)
    guard !rated.isEmpty else { return (strangerVector(of: UserSide.self).map { Double($0) }, 0) }
    if let folded = foldedInBaseline(rated.map(\.1)) { return folded }
    if let posterior {
      let folded = try foldedInSamples(
        UserSide.self, posterior, rated: rated, by: itemEmbeddings)
      return (folded, 0)
    }
    guard dimension <= RowEquations.largestDimension else {
      throw .outOfRange("Folding in at \(dimension) dimensions")
    }
    let equations = RowEquations(
      of: self, rated: rated, regularization: record.regularization ?? 0)
    guard let solution = equations.solve() else { throw .singular("Somebody with these ratings") }
    guard solution.allSatisfy({ Float($0).isFinite }) else {
      throw .outOfRange("Folding in these ratings")
    }
    return (Array(solution.prefix(dimension)), biases == nil ? 0 : solution[dimension])
  }

  /// The rows of some items with their ratings, each item once with the last of its ratings, in the order
  /// in which they come up.
  func latestRatings(
    _ rated: [(item: String, rating: Float)]
  ) throws(ModelError) -> [(ItemRow, Float)] {
    var latest: [ItemRow: Float] = [:]
    var order: [ItemRow] = []
    for (item, rating) in rated {
      guard rating.isFinite else { throw .badRating(item: item, rating: rating) }
      let row = try row(ofItem: item)
      if latest.updateValue(rating, forKey: row) == nil { order.append(row) }
    }
    return order.map { ($0, latest[$0] ?? 0) }
  }
}

extension TrainingRecord {
  /// λ, added per rating of a row; nil if the model was not trained with one.
  package var regularization: Double? { options["regularization"].flatMap { Double($0) } }
}
