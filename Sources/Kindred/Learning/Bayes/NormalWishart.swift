// What the rows of a side have in common: their mean and precision, drawn given the rows.
// SPDX-License-Identifier: Apache-2.0

/// The sums over a side's rows that their distribution is drawn from.
package struct RowSums: Sendable {
  /// The number of rows N.
  package var count = 0
  /// Σ w. [f]
  package var first: [Double]
  /// Σ wwᵀ, of which the upper triangle counts. [f · f]
  package var second: [Double]

  package init(width: Int) {
    first = Array(repeating: 0, count: width)
    second = Array(repeating: 0, count: width * width)
  }

  /// Adds the sums over other rows.
  package mutating func add(_ other: RowSums) {
    count += other.count
    for k in first.indices { first[k] += other.first[k] }
    for k in second.indices { second[k] += other.second[k] }
  }
}

/// A normal distribution of rows.
package struct RowPrior: Equatable, Sendable {
  /// The mean of a row. [f]
  package var mean: [Double]
  /// Λ, the inverse of the covariance, symmetric. [f · f]
  package var precision: [Double]

  package init(mean: [Double], precision: [Double]) {
    precondition(
      precision.count == mean.count * mean.count,
      "a precision of \(precision.count) numbers for \(mean.count)")
    self.mean = mean
    self.precision = precision
  }

  /// Λ · mean. [f]
  package var weightedMean: [Double] {
    let width = mean.count
    return (0..<width).map { row in
      (0..<width).reduce(0) { $0 + precision[row * width + $1] * mean[$1] }
    }
  }
}

/// The distribution that a ``RowPrior`` is drawn from: Λ from a Wishart distribution, the mean from a
/// normal one with precision β₀Λ about 0.
package struct NormalWishart: Sendable {
  /// W₀⁻¹, diagonal: about the sum of squares that this prior adds to each column. [f]
  package let scatter: [Double]
  /// β₀: how many rows at 0 the prior mean counts for.
  package let meanCount: Double
  /// ν₀: how many rows the prior precision counts for, at least f.
  package let degrees: Double

  package init(scatter: [Double], meanCount: Double = 2, degrees: Double? = nil) {
    precondition(!scatter.isEmpty && scatter.allSatisfy { $0 > 0 }, "a scatter of \(scatter)")
    self.scatter = scatter
    self.meanCount = meanCount
    self.degrees = degrees ?? Double(scatter.count)
  }

  /// The mean of the distribution: Λ = ν₀W₀ and 0.
  package var expected: RowPrior {
    let width = scatter.count
    var precision = Array(repeating: 0.0, count: width * width)
    for k in 0..<width { precision[k * width + k] = degrees / scatter[k] }
    return RowPrior(mean: Array(repeating: 0, count: width), precision: precision)
  }

  /// Draws a prior given the rows that it is a prior of.
  ///
  /// Source: Salakhutdinov & Mnih 2008, eq. 14, with μ₀ = 0.
  ///
  /// With W⁻¹ = UᵀU and A lower triangular, √χ² of ν, ν − 1, … degrees on its diagonal and standard
  /// normal below it, Λ = B Bᵀ with B = U⁻¹A is Wishart with W and ν (Bartlett 1933), and
  /// B⁻ᵀz = UᵀA⁻ᵀz for standard normal z has the covariance Λ⁻¹. No inverse is formed.
  ///
  /// - Parameters:
  ///   - sums: The sums over the rows.
  ///   - random: The draws' own stream.
  /// - Returns: The prior; nil if the sums are too large to compute with.
  /// - Complexity: O(f³).
  package func draw(given sums: RowSums, using random: inout KeyedRandom) -> RowPrior? {
    let width = scatter.count
    let rows = meanCount + Double(sums.count)
    let inverse = PositiveMatrix(size: width)
    inverse.assign(sums.second.span)
    inverse.add(-1 / rows, outer: sums.first.span)
    for k in 0..<width {
      var axis = Array(repeating: 0.0, count: width)
      axis[k] = 1
      inverse.add(scatter[k], outer: axis.span)
    }
    guard inverse.factor() else { return nil }
    let total = degrees + Double(sums.count)
    // Row k of `bartlett` is column k of A, whose numbers above k are zero.
    var bartlett = Array(repeating: 0.0, count: width * width)
    for row in 0..<width {
      bartlett[row * width + row] = random.chiSquare(degrees: total - Double(row)).squareRoot()
      for column in 0..<row { bartlett[column * width + row] = random.normal() }
    }
    let mean = drawnMean(sums, rows: rows, inverse: inverse, bartlett: bartlett, using: &random)
    // Λ = Σ over columns b = U⁻¹a of b bᵀ.
    let precision = PositiveMatrix(size: width)
    var column = Array(repeating: 0.0, count: width)
    for k in 0..<width {
      for row in 0..<width { column[row] = bartlett[k * width + row] }
      var span = column.mutableSpan
      inverse.solveUpper(&span)
      precision.add(1, outer: column.span)
    }
    let full = (0..<width * width).map { place in
      let (row, column) = (place / width, place % width)
      return precision[min(row, column), max(row, column)]
    }
    guard mean.allSatisfy(\.isFinite), full.allSatisfy(\.isFinite) else { return nil }
    return RowPrior(mean: mean, precision: full)
  }

  private func drawnMean(
    _ sums: RowSums, rows: Double, inverse: PositiveMatrix, bartlett: [Double],
    using random: inout KeyedRandom
  ) -> [Double] {
    let width = scatter.count
    // A⁻ᵀz: Aᵀ is upper triangular, and its row k is row k of `bartlett`.
    var z = (0..<width).map { _ in random.normal() }
    for row in (0..<width).reversed() {
      for column in row + 1..<max(width, row + 1) {
        z[row] -= bartlett[row * width + column] * z[column]
      }
      z[row] /= bartlett[row * width + row]
    }
    let deviation = 1 / rows.squareRoot()
    return zip(sums.first, inverse.multiplyTransposed(z)).map { $0 / rows + $1 * deviation }
  }
}
