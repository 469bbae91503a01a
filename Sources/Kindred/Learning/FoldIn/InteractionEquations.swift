// The equations of one row of interactions, solved to the precision of Double.
// SPDX-License-Identifier: Apache-2.0

/// The equations of one row of interactions, the other side fixed.
///
/// With y_j and the weight c_j of its pairs, and G = α₀YᵀY over all rows of the other side, the row
/// minimizes Σ c_j(1 − y_j·x)² + xᵀGx + ridge ‖x‖², so it solves (G + Σ c_j y_j y_jᵀ + ridge I) x = Σ c_j y_j:
/// the row's part of the objective of `ials` (Hu, Koren & Volinsky 2008, eq. 4).
package struct InteractionEquations {
  /// y_j, one after another. [n, width]
  private let features: [Float]
  /// c_j. [n]
  private let weights: [Double]
  /// G. [width · width]
  private let gram: [Double]
  private let width: Int
  private let ridge: Double

  /// Equations with these pairs.
  ///
  /// - Precondition: There are `width` features to every weight, and `width`² numbers in `gram`.
  package init(
    features: [Float], weights: [Double], gram: [Double], width: Int, ridge: Double
  ) {
    precondition(
      features.count == weights.count * width && gram.count == width * width,
      "\(features.count) features of \(width) for \(weights.count) pairs, \(gram.count) numbers")
    self.features = features
    self.weights = weights
    self.gram = gram
    self.width = width
    self.ridge = ridge
  }

  /// Σ c_j y_j. [width]
  package var rightSide: [Double] { products(of: weights) }

  /// The matrix factored in `Double`; nil where it is singular.
  package func factor() -> Cholesky? {
    var matrix = gram
    for n in weights.indices {
      for a in 0..<width {
        let scale = weights[n] * Double(features[n * width + a])
        for b in 0...a { matrix[a * width + b] += scale * Double(features[n * width + b]) }
      }
    }
    for a in 0..<width { matrix[a * width + a] += ridge }
    return Cholesky(matrix, size: width)
  }

  /// x; nil where the equations leave it open.
  ///
  /// A factor in `Float` and iterative refinement in `Double`, as ``RowEquations/solve()``.
  package func solve() -> [Double]? { refined() ?? factor()?.solve(rightSide) }

  /// `direction`·y_j c_j: with `direction` = A⁻¹y_i, what pair j adds to item i's score (Hu, Koren &
  /// Volinsky 2008, section 5).
  package func share(of pair: Int, along direction: [Double]) -> Double {
    weights[pair] * product(pair, direction)
  }

  /// Σ c_j(1 − y_j·x)² + xᵀGx + ridge ‖x‖².
  package func objective(of x: [Double]) -> Double {
    var sum = 0.0
    for n in weights.indices {
      let error = 1 - product(n, x)
      sum += weights[n] * error * error
    }
    for (a, b) in zip(x, spread(x)) { sum += a * b }
    return sum
  }

  private func refined() -> [Double]? {
    let system = RowSystem(width: width)
    let rows = weights.indices.map { Int32($0) }
    let rounded = weights.map { Float($0) }
    let ones = Array(repeating: Float(1), count: rows.count)
    system.assemble(
      features.span, stride: width, rows: rows.span, targets: ones.span, weights: rounded.span,
      start: RowStart(matrix: gram, width: width), ridge: ridge)
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

  /// Σ c_j(1 − y_j·x)y_j − Gx − ridge x.
  private func leftOver(by x: [Double]) -> [Double] {
    var errors = weights
    for n in weights.indices { errors[n] *= 1 - product(n, x) }
    let spread = spread(x)
    var left = products(of: errors)
    for k in 0..<width { left[k] -= spread[k] }
    return left
  }

  /// Gx + ridge x.
  private func spread(_ x: [Double]) -> [Double] {
    (0..<width).map { a in
      var sum = ridge * x[a]
      for b in 0..<width { sum += gram[a * width + b] * x[b] }
      return sum
    }
  }

  private func product(_ n: Int, _ x: [Double]) -> Double {
    var sum = 0.0
    for k in 0..<width { sum += Double(features[n * width + k]) * x[k] }
    return sum
  }

  private func products(of values: [Double]) -> [Double] {
    var sums = Array(repeating: 0.0, count: width)
    for n in values.indices {
      let (value, start) = (values[n], n * width)
      for k in 0..<width { sums[k] += value * Double(features[start + k]) }
    }
    return sums
  }
}
