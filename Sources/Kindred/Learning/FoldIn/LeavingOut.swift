// What leaving one interaction out does to a score.
// SPDX-License-Identifier: Apache-2.0

extension Model {
  /// For each of a user's interactions, how much less an item's score is when it is left out of the fold-in;
  /// nil for a method whose shares are worked out otherwise.
  ///
  /// All are solved for to a gradient's norm below 10⁻⁶, from the solution with all of them. The second
  /// derivatives there are nearly those of the others, so that a few steps with their factor do.
  ///
  /// - Parameters:
  ///   - rated: The user's interactions.
  ///   - item: The item whose score it is.
  ///   - start: The user's stored vector.
  ///   - threads: How many may work at a time; 0 for one per core. Does not change the result.
  /// - Returns: The change for each interaction, in their order; nil for a method without such a loss.
  /// - Throws: `ModelError` if a loss has no minimum in reach.
  /// - Complexity: O(interactions · items · *dimension*), about five to ten passes each, spread over the threads, and
  ///   *dimension* passes for the second derivatives.
  func changesLeavingOut(
    _ rated: [(row: ItemRow, rating: Float)], for item: ItemRow, from start: [Double], threads: Int
  ) throws(ModelError) -> [Double]? {
    guard let losses = try allItemsLosses(), !rated.isEmpty else { return nil }
    let all = try losses.loss(of: rated)
    let solution = try minimum(of: all, from: start, losses)
    guard let point = all.point(at: solution) else {
      throw .outOfRange("Folding in these interactions")
    }
    // On the sphere the second derivatives are others.
    let factor = losses.isDirection ? nil : Cholesky(point.hessian, size: dimension)
    let results = parallelMap(rated.count, threads: threads) { place in
      Result { () throws(ModelError) in
        var others = rated
        others.remove(at: place)
        guard !others.isEmpty else { return Array(repeating: 0.0, count: dimension) }
        let loss = try losses.loss(of: others)
        if let factor,
          let near = RowMinimizer().minimum(of: loss, near: solution, by: factor)
        {
          return near
        }
        return try minimum(of: loss, from: solution, losses)
      }
    }
    let target = itemEmbeddings.numbers(item)
    var changes: [Double] = []
    for result in results {
      let without = try result.get()
      changes.append(
        target.indices.reduce(0.0) { $0 + (solution[$1] - without[$1]) * target[$1] })
    }
    return changes
  }
}

extension RowLossPoint {
  /// The matrix of second derivatives, column by column.
  ///
  /// - Complexity: One product for each dimension.
  var hessian: [Double] {
    gradient.indices.flatMap { k in
      var unit = Array(repeating: 0.0, count: gradient.count)
      unit[k] = 1
      return curvature(unit)
    }
  }
}

extension RowMinimizer {
  /// The solution near a start where the second derivatives' factor is about right; nil if steps by it do
  /// not come nearer quickly.
  func minimum(of loss: some RowLoss, near start: [Double], by factor: Cholesky) -> [Double]? {
    var (x, last) = (start, Double.infinity)
    for _ in 0..<20 {
      guard let point = loss.point(at: x) else { return nil }
      let slope = point.gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard slope >= Self.tolerance else { return x }
      guard slope < last * 0.7 else { return nil }
      last = slope
      let step = factor.solve(point.gradient)
      for k in x.indices { x[k] -= step[k] }
    }
    return nil
  }
}
