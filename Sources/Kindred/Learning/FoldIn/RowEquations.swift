// The least-squares equations of one row, solved to the precision of Double.
// SPDX-License-Identifier: Apache-2.0

/// The least-squares equations of one row, the other side fixed.
///
/// With z_j = [y_j, 1] (without the 1 in a model without biases) and t_j = r_j − μ − b_j over the n
/// ratings, the row w = [x, b] minimizes Σ (t_j − z_j·w)² + λn‖w‖², so it solves
/// (ZᵀZ + λnI) w = Zᵀt: the row's part of the objective of `sgd` and `als` (Zhou et al. 2008).
package struct RowEquations {
  /// The matrix of equations in more unknowns would take more memory than anybody means to give it.
  package static let largestDimension = 20_000

  /// z_j, one after another. [n, width]
  private let features: [Float]
  /// t_j. [n]
  private let targets: [Double]
  private let width: Int
  private let ridge: Double

  /// Equations with these features and targets.
  ///
  /// - Precondition: There are `width` features to every target.
  package init(features: [Float], targets: [Double], width: Int, ridge: Double) {
    precondition(
      features.count == targets.count * width,
      "\(features.count) features of \(width) for \(targets.count) targets")
    self.features = features
    self.targets = targets
    self.width = width
    self.ridge = ridge
  }

  /// The equations of a row that has these ratings.
  package init<S: Side>(
    _ rated: [(row: Row<S>, rating: Float)], with other: FixedSide<S>, regularization: Double
  ) {
    var features: [Float] = []
    features.reserveCapacity(rated.count * other.width)
    for (row, _) in rated { other.appendFeatures(of: row, to: &features) }
    self.init(
      features: features, targets: rated.map { other.target($0.row, $0.rating) },
      width: other.width, ridge: regularization * Double(rated.count))
  }

  /// Zᵀt. [width]
  package var rightSide: [Double] { products(of: targets) }

  /// ZᵀZ + λnI factored in `Double`; nil where it is singular.
  package func factor() -> Cholesky? {
    guard isClosed else { return nil }
    var matrix = Array(repeating: 0.0, count: width * width)
    var row = Array(repeating: 0.0, count: width)
    for n in targets.indices {
      for k in 0..<width { row[k] = Double(features[n * width + k]) }
      for a in 0..<width {
        let (scale, start) = (row[a], a * width)
        for b in 0...a { matrix[start + b] += scale * row[b] }
      }
    }
    for a in 0..<width { matrix[a * width + a] += ridge }
    return Cholesky(matrix, size: width)
  }

  /// w = [x, b]; nil where the equations leave it open.
  ///
  /// A factor in `Float` is quick, and its error is made good by solving again for what the equations
  /// leave over, worked out in `Double` (iterative refinement, Wilkinson 1963). Where that does not
  /// converge, because the equations are nearly singular, the factor is made in `Double`.
  package func solve() -> [Double]? {
    guard isClosed else { return nil }
    return refined() ?? factor()?.solve(rightSide)
  }

  /// Whether there can be one solution only.
  ///
  /// Known without a factor, whose last pivots rounding may lift above nothing.
  private var isClosed: Bool { ridge > 0 || targets.count >= width }

  /// z_j·`direction` · t_j: with `direction` = (ZᵀZ + λnI)⁻¹ z_i, what entry j adds to item i's
  /// score.
  package func share(of entry: Int, along direction: [Double]) -> Double {
    var sum = 0.0
    for k in 0..<width { sum += Double(features[entry * width + k]) * direction[k] }
    return sum * targets[entry]
  }

  /// The solution by refinement; nil if it does not converge.
  private func refined() -> [Double]? {
    let system = RowSystem(width: width)
    let rows = targets.indices.map { Int32($0) }
    let rounded = targets.map { Float($0) }
    system.assemble(
      features.span, stride: width, rows: rows.span, targets: rounded.span, ridge: ridge)
    guard system.factor() == nil else { return nil }
    return Refinement.refine(
      width: width,
      first: { step in
        var span = step.mutableSpan
        system.solve(into: &span)
      },
      solve: { step in
        var span = step.mutableSpan
        system.solve(replacing: &span)
      }, leftOver: leftOver)
  }

  /// Zᵀ(t − Zw) − λn w.
  private func leftOver(by solution: [Double]) -> [Double] {
    var errors = targets
    for n in targets.indices {
      var sum = 0.0
      for k in 0..<width { sum += Double(features[n * width + k]) * solution[k] }
      errors[n] -= sum
    }
    var left = products(of: errors)
    for k in 0..<width { left[k] -= ridge * solution[k] }
    return left
  }

  /// Zᵀv.
  private func products(of values: [Double]) -> [Double] {
    var sums = Array(repeating: 0.0, count: width)
    for n in values.indices {
      let (value, start) = (values[n], n * width)
      for k in 0..<width { sums[k] += value * Double(features[start + k]) }
    }
    return sums
  }
}
