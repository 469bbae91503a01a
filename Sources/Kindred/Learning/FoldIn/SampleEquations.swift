// The equations of a row in one sample, the other side's rows fixed.
// SPDX-License-Identifier: Apache-2.0

/// The distribution of one new row w = [x, b] in one sample, given its ratings.
///
/// It is Normal(m, A⁻¹) with A = Λ + α Σ zzᵀ and A m = Λ mean + α Σ z t, where z = [y, 1] and t = r − μ − b
/// of the other side's rows (Salakhutdinov & Mnih 2008, eq. 11), α the noise precision of a
/// rating by whoever it is. All in `Double`.
struct SampleEquations {
  private let width: Int
  /// z of each entry, end to end. [n · f]
  private let z: [Double]
  /// t of each entry. [n]
  private let t: [Double]
  private let prior: RowPrior
  private let noisePrecision: Double

  /// The equations of a row of side `S` in a sample.
  init<S: Side, Other: Side>(
    of side: S.Type, _ posterior: Posterior, sample: Int, mean: Double,
    rated: [(row: Row<Other>, rating: Float)], by table: EmbeddingTable<Other>
  ) {
    width = posterior.rowWidth
    prior = posterior.prior(of: side, sample: sample)
    noisePrecision = posterior.noise[sample]
    let features = rated.map { posterior.features(of: $0.row, sample: sample, in: table) }
    z = features.flatMap(\.z)
    t = zip(rated, features).map { Double($0.rating) - mean - $1.bias }
  }

  /// Factors A in `matrix`; false if it is not positive definite, which only a damaged model makes.
  func factor(in matrix: PositiveMatrix) -> Bool {
    let precision = prior.precision
    matrix.assign(precision.span)
    let z = z.span
    for entry in t.indices {
      matrix.add(noisePrecision, outer: z.extracting(entry * width..<(entry + 1) * width))
    }
    return matrix.factor()
  }

  /// The mean m.
  func mean(by factored: PositiveMatrix) -> [Double] {
    var right = prior.weightedMean
    for entry in t.indices {
      for k in 0..<width { right[k] += noisePrecision * z[entry * width + k] * t[entry] }
    }
    return Self.solve(right, by: factored)
  }

  /// zᵀA⁻¹z: how far the score of something with features z is open, the row being known this well only.
  func variance(of target: [Double], by factored: PositiveMatrix) -> Double {
    var solution = target
    var span = solution.mutableSpan
    factored.solveLower(&span)
    return solution.reduce(0) { $0 + $1 * $1 }
  }

  /// How much less the score of something with features `target` is without each entry.
  ///
  /// Without entry z, t the equations are (A − α zzᵀ) m' = A m − α z t, so that by the formula of Sherman and
  /// Morrison m − m' = A⁻¹z · α (t − z·m) / (1 − α zᵀA⁻¹z), whose denominator is above 0 as long as Λ is
  /// positive definite.
  func changesLeavingOut(of target: [Double], by factored: PositiveMatrix) -> [Double] {
    let (direction, mean) = (Self.solve(target, by: factored), mean(by: factored))
    return t.indices.map { entry in
      let row = Array(z[entry * width..<(entry + 1) * width])
      let (along, score) = row.indices.reduce((0.0, 0.0)) {
        ($0.0 + direction[$1] * row[$1], $0.1 + mean[$1] * row[$1])
      }
      let rest = 1 - noisePrecision * variance(of: row, by: factored)
      return noisePrecision * along * (t[entry] - score) / rest
    }
  }

  private static func solve(_ right: [Double], by factored: PositiveMatrix) -> [Double] {
    var solution = right
    var span = solution.mutableSpan
    factored.solveLower(&span)
    factored.solveUpper(&span)
    return solution
  }
}

extension Posterior {
  /// What a row is to the other side's equations in one sample: z = [y, 1], or y, and its bias.
  func features<S: Side>(
    of row: Row<S>, sample: Int, in table: EmbeddingTable<S>
  ) -> (z: [Double], bias: Double) {
    let vector = table.vector(row)
    let start = sample * sampleWidth
    // A stacked row may carry 1/S.
    let unit = 1 / factor(of: S.self)
    let y = (0..<dimension).map { Double(vector[start + $0]) * unit }
    guard hasBiases else { return (y, 0) }
    return (y + [1], Double(vector[start + biasColumn(of: S.self)]) * unit)
  }
}

extension Model {
  /// The stacked row of somebody or something new: each sample's conditional mean.
  ///
  /// - Parameters:
  ///   - side: Whose row it is.
  ///   - posterior: The model's samples.
  ///   - rated: Rows of the other side with their ratings.
  ///   - table: The other side's table.
  /// - Returns: The row. [dimension of the model]
  /// - Throws: `ModelError` if a sample's equations cannot be solved in numbers that `Float` has.
  /// - Complexity: O(samples · (ratings · *dimension*² + *dimension*³)) with a sample's dimension.
  func foldedInSamples<S: Side, Other: Side>(
    _ side: S.Type, _ posterior: Posterior, rated: [(row: Row<Other>, rating: Float)],
    by table: EmbeddingTable<Other>
  ) throws(ModelError) -> [Double] {
    guard posterior.dimension <= RowEquations.largestDimension else {
      throw .outOfRange("Folding in at \(posterior.dimension) dimensions")
    }
    var means: [[Double]] = []
    let matrix = PositiveMatrix(size: posterior.rowWidth)
    for sample in 0..<posterior.samples {
      let equations = SampleEquations(
        of: side, posterior, sample: sample, mean: mean, rated: rated, by: table)
      guard equations.factor(in: matrix) else {
        throw .outOfRange("Folding in these ratings")
      }
      let row = equations.mean(by: matrix)
      guard row.allSatisfy({ Float($0).isFinite }) else {
        throw .outOfRange("Folding in these ratings")
      }
      means.append(row)
    }
    var vector = Array(repeating: 0.0, count: dimension)
    posterior.stack(of: side) {
      means[$0][$1]
    } write: {
      vector[$0] = $1
    }
    return vector
  }

  /// How far scores are open because somebody new is known by these ratings only: the mean over the samples
  /// of the variances of the conditional distributions whose means ``foldIn(_:)`` gives.
  ///
  /// - Returns: A variance for each of the items; infinite where it cannot be worked out.
  /// - Complexity: O(samples · (ratings · *dimension*² + *dimension*³ + items · *dimension*²)).
  func foldedInVariances(
    _ posterior: Posterior, rated: [(row: ItemRow, rating: Float)], of items: [ItemRow]
  ) -> [Double] {
    var variances = items.map { _ in 0.0 }
    let matrix = PositiveMatrix(size: posterior.rowWidth)
    for sample in 0..<posterior.samples {
      let equations = SampleEquations(
        of: UserSide.self, posterior, sample: sample, mean: mean, rated: rated, by: itemEmbeddings)
      let isWell = equations.factor(in: matrix)
      for (place, item) in items.enumerated() {
        let features = posterior.features(of: item, sample: sample, in: itemEmbeddings).z
        variances[place] +=
          isWell
          ? equations.variance(of: features, by: matrix) / Double(posterior.samples) : .infinity
      }
    }
    return variances
  }

  /// How much less an item's score is when each of a user's ratings is left out of the fold-in.
  ///
  /// It is the mean of the samples' changes; nil where a sample's equations cannot be solved.
  func sampleChanges(
    of rated: [(row: ItemRow, rating: Float)], for item: ItemRow, _ posterior: Posterior
  ) -> [Double]? {
    guard posterior.dimension <= RowEquations.largestDimension else { return nil }
    var means = rated.map { _ in 0.0 }
    let matrix = PositiveMatrix(size: posterior.rowWidth)
    for sample in 0..<posterior.samples {
      let equations = SampleEquations(
        of: UserSide.self, posterior, sample: sample, mean: mean, rated: rated, by: itemEmbeddings)
      guard equations.factor(in: matrix) else { return nil }
      let target = posterior.features(of: item, sample: sample, in: itemEmbeddings).z
      let changes = equations.changesLeavingOut(of: target, by: matrix)
      for (entry, change) in changes.enumerated() {
        means[entry] += change / Double(posterior.samples)
      }
    }
    return means.allSatisfy(\.isFinite) ? means : nil
  }
}
