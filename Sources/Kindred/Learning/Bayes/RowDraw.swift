// Drawing one row from its conditional distribution.
// SPDX-License-Identifier: Apache-2.0

/// Draws rows from Normal(m, A⁻¹) with A = Λ + α Σ τ zzᵀ and A m = Λ mean + α Σ τ z t.
///
/// All is divided by α, so that numbers are of the entries' size: A/α = UᵀU gives m, and m + U⁻¹z/√α is
/// the draw for standard normal z. It runs in `Float`; a row whose equations are too close to singular for that is
/// drawn in `Double`.
///
/// Not for several threads: each has its own.
package final class RowDraw {
  /// The row that was drawn last, [x, b].
  package private(set) var sample: [Float]
  /// Whether a row was not to be drawn in numbers that `Float` has.
  package private(set) var isBeyondNumbers = false

  /// The other side's table, and the row's entries in it.
  private var table: SideTable?
  private var columns: Flat<Int32> = []
  /// r − μ − b of each entry.
  private var targets: [Float] = []
  /// τ of each entry's user.
  private var weights: [Float] = []

  private let prior: RowPrior
  private let noisePrecision: Double
  private let system: RowSystem
  private let start: RowStart
  private let deviation: Double
  private var noise: [Float]
  private lazy var matrix = PositiveMatrix(size: prior.mean.count)

  package init(prior: RowPrior, noisePrecision: Double) {
    let width = prior.mean.count
    self.prior = prior
    self.noisePrecision = noisePrecision
    system = RowSystem(width: width)
    start = RowStart(
      matrix: prior.precision.map { $0 / noisePrecision },
      rightSide: prior.weightedMean.map { $0 / noisePrecision }, width: width)
    deviation = 1 / noisePrecision.squareRoot()
    sample = Array(repeating: 0, count: width)
    noise = sample
  }

  /// Takes up the entries of the next row.
  ///
  /// - Parameters:
  ///   - columns: The other side's rows.
  ///   - values: The ratings.
  ///   - mean: μ.
  ///   - other: The other side's sample.
  ///   - weight: τ of the user of an entry, by its column.
  package func take(
    _ columns: Flat<Int32>, _ values: Flat<Float>, mean: Double, of other: SideTable,
    weight: (_ column: Int) -> Float
  ) {
    // Out of the object while they grow, where every access would be checked.
    var (targets, weights) = (self.targets, self.weights)
    (self.targets, self.weights) = ([], [])
    targets.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    for (column, value) in zip(columns, values) {
      targets.append(Float(Double(value) - mean - Double(other.bias(Int(column)))))
      weights.append(weight(Int(column)))
    }
    (self.targets, self.weights) = (targets, weights)
    self.columns = columns
    table = other
  }

  /// Draws the row.
  package func run(using random: inout KeyedRandom) {
    guard let table else { preconditionFailure("no entries to draw a row from") }
    let normal = noise.indices.map { _ in random.normal() }
    for k in noise.indices { noise[k] = Float(normal[k] * deviation) }
    system.assemble(
      table.rows.span, stride: table.stride, rows: columns.span, targets: targets.span,
      weights: weights.span, start: start, ridge: 0)
    if system.factor() == nil {
      var span = sample.mutableSpan
      system.solve(adding: noise.span, into: &span)
      if sample.allSatisfy(\.isFinite) { return }
    }
    runInDouble(table, normal: normal)
  }

  private func runInDouble(_ table: SideTable, normal: [Double]) {
    let width = noise.count
    let precision = prior.precision
    matrix.assign(precision.span)
    var right = prior.weightedMean
    let features = table.rows.span
    var z = Array(repeating: 0.0, count: width)
    for (entry, column) in columns.enumerated() {
      let start = Int(column) * table.stride
      for k in 0..<width { z[k] = Double(features[start + k]) }
      let precision = noisePrecision * Double(weights[entry])
      matrix.add(precision, outer: z.span)
      for k in 0..<width { right[k] += precision * z[k] * Double(targets[entry]) }
    }
    guard matrix.factor() else {
      isBeyondNumbers = true
      return
    }
    var span = right.mutableSpan
    matrix.solveLower(&span)
    for k in 0..<width { span[k] += normal[k] }
    matrix.solveUpper(&span)
    for k in 0..<width { sample[k] = Float(right[k]) }
    if !sample.allSatisfy(\.isFinite) { isBeyondNumbers = true }
  }
}
