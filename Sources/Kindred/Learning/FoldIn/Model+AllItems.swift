// Folding in by the loss over all items.
// SPDX-License-Identifier: Apache-2.0

extension Model {
  /// The vector of a user by their interactions, from a start: for `bpr` and `softmax`, whose solution is
  /// searched for; for the other methods it is that of ``foldIn(_:)``, which needs no start.
  ///
  /// - Parameters:
  ///   - rated: Items with their values; of an item that is given twice, the last counts.
  ///   - start: Where the search begins, such as the user's stored vector; zeros for where it begins for
  ///     somebody new. [dimension]
  /// - Returns: The vector [dimension] and the bias.
  /// - Throws: `ModelError`, as ``foldIn(_:)`` does.
  /// - Precondition: The start has as many numbers as the model has dimensions.
  /// - Complexity: A few dozen passes over all items.
  package func foldIn(
    _ rated: [(item: String, rating: Float)], from start: [Double]
  ) throws(ModelError) -> (vector: [Double], bias: Double) {
    precondition(start.count == dimension, "\(start.count) numbers for \(dimension) dimensions")
    let rows = try latestRatings(rated)
    guard !rows.isEmpty, let losses = try allItemsLosses() else { return try foldIn(rated) }
    let isNothing = start.allSatisfy { $0 == 0 }
    return (
      try minimum(
        of: try losses.loss(of: rows), from: isNothing ? losses.start(of: rows) : start, losses), 0
    )
  }

  /// What users' vectors minimize in a model of a method that samples; nil for other methods.
  ///
  /// - Throws: `ModelError.noHistory` if other items are drawn by how often they occur, and that is not
  ///   known.
  /// - Complexity: O(items + interactions of the model).
  func allItemsLosses() throws(ModelError) -> AllItemsLosses? {
    if let softmaxLoss = try softmaxLoss() {
      return AllItemsLosses(
        table: itemEmbeddings, drawing: [], regularization: record.regularization ?? 0,
        items: items, weighting: record.weighting, softmax: softmaxLoss)
    }
    guard record.method == BPR.method else { return nil }
    return AllItemsLosses(
      table: itemEmbeddings, drawing: try drawingWeights(),
      regularization: record.regularization ?? 0, items: items, weighting: record.weighting)
  }

  /// What the chance of being drawn is in proportion to. [items]
  private func drawingWeights() throws(ModelError) -> [Double] {
    let exponent = record.options["negative_exponent"].flatMap { Double($0) } ?? 0
    guard exponent != 0 else { return Array(repeating: 1, count: items.count) }
    guard let history else {
      throw .noHistory(
        need: "Folding in where other items were drawn by how often they occur "
          + "(negative exponent \(exponent))")
    }
    return history.counts(columnCount: items.count).map {
      drawingWeight(count: $0, exponent: exponent)
    }
  }

  /// The minimum of a loss; where a user counts by their direction alone, on the sphere of length 1.
  ///
  /// - Throws: `ModelError.outOfRange` if none is in reach.
  func minimum(
    of loss: some RowLoss, from start: [Double], _ losses: AllItemsLosses
  ) throws(ModelError) -> [Double] {
    let found =
      losses.isDirection
      ? RowMinimizer(staysOnSphere: true).minimum(
        of: DirectionLoss(loss), from: SoftmaxLoss.direction(start))
      : RowMinimizer().minimum(of: loss, from: start)
    guard let vector = found, vector.allSatisfy({ Float($0).isFinite }) else {
      throw .outOfRange("Folding in these interactions")
    }
    return vector
  }
}

/// The losses over all items of any user of a model.
struct AllItemsLosses: Sendable {
  let table: EmbeddingTable<ItemSide>
  /// What an item's chance of being drawn is in proportion to, among those that a user has not seen. [items]
  let drawing: [Double]
  /// λ.
  let regularization: Double
  /// The items' ids.
  let items: IDs<ItemSide>
  /// How values became weights.
  let weighting: InteractionWeighting
  /// Of softmax, which draws nothing; nil for pairs.
  var softmax: SoftmaxLoss?

  /// Whether users count by their directions alone.
  var isDirection: Bool { softmax?.isDirection ?? false }

  /// Where the search for somebody new begins.
  func start(of rated: [(row: ItemRow, rating: Float)]) -> [Double] {
    softmax?.start(of: rated, table) ?? Array(repeating: 0, count: table.dimension)
  }

  /// The loss of a user.
  ///
  /// - Throws: `ModelError` for a value that is no weight.
  /// - Complexity: O(items).
  func loss(of rated: [(row: ItemRow, rating: Float)]) throws(ModelError) -> AllItemsLoss {
    if let softmax {
      let seen = try weighted(rated)
      return AllItemsLoss(
        table, scales: Array(repeating: softmax.scale, count: table.count), form: .shares,
        seen: seen, penalty: softmax.isDirection ? 0 : regularization,
        center: softmax.isDirection ? nil : softmax.past(of: seen, table))
    }
    var chances = drawing
    for (row, _) in rated { chances[Int(row.index)] = 0 }
    let sum = chances.reduce(0, +)
    // Of somebody who has seen everything nothing is learned.
    if sum > 0 { for j in chances.indices { chances[j] /= sum } }
    return AllItemsLoss(
      table, form: .pairs(chances: chances), seen: try weighted(rated),
      penalty: regularization * Double(rated.count))
  }

  /// Items with the weights of their values.
  ///
  /// - Throws: `ModelError.badWeight` for the first value that is none.
  func weighted(
    _ rated: [(row: ItemRow, rating: Float)]
  ) throws(ModelError) -> [(row: ItemRow, weight: Double)] {
    var weighted: [(row: ItemRow, weight: Double)] = []
    for (row, rating) in rated {
      guard let weight = weighting.weight(of: rating) else {
        throw .badWeight(of: items[row], rating: rating, expected: weighting.expected(of: rating))
      }
      weighted.append((row, Double(weight)))
    }
    return weighted
  }
}
