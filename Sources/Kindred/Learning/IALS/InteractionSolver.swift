// One row's part of the objective of interactions, minimized.
// SPDX-License-Identifier: Apache-2.0

/// What all rows of a side have in common while they are solved for.
package struct InteractionSide: Sendable {
  /// The other side's vectors.
  package let other: SideTable
  /// α₀YᵀY. [width · width]
  package let gram: [Double]
  /// The same as the rows' sums start from.
  package let start: RowStart

  package init(_ other: SideTable, unobserved: Double, threads: Int) {
    self.other = other
    let rows = other.rows
    gram = Kernels.best.gram(
      rows.span, stride: other.stride, width: other.width, count: other.count, threads: threads
    ).map { unobserved * $0 }
    start = RowStart(matrix: gram, width: other.width)
  }
}

/// A thread's workspace for solving one row after another, the other side fixed.
///
/// The row minimizes Σ c_j (1 − y_j·x)² + α₀ xᵀYᵀY x + ridge ‖x‖² over its pairs j.
package final class InteractionSolver {
  /// What came of a row's equations.
  package enum Outcome {
    /// The row's part of the objective at the solution, its own ridge included.
    case solved(objective: Double)
    /// More than one row fits equally well.
    case open
    /// The row's numbers are no `Float`s.
    case beyondFloat
  }

  private let side: InteractionSide
  private let system: RowSystem
  private var ones: [Float] = []
  private var numbers: [Float]

  package init(_ side: InteractionSide) {
    self.side = side
    system = RowSystem(width: side.other.width)
    numbers = Array(repeating: 0, count: side.other.width)
  }

  /// Makes what was solved for last a row of its table.
  package func store(in table: SideTable, row: Int) {
    let numbers = numbers
    table.set(row, to: numbers.span)
  }

  /// Solves for the row with these pairs.
  ///
  /// - Parameters:
  ///   - columns: The other side's rows, 1 or more.
  ///   - weights: The weight of each; empty where all are 1.
  ///   - ridge: What joins the diagonal, 0 or more.
  /// - Returns: What the row comes to, or why there is none.
  package func solve(_ columns: Flat<Int32>, _ weights: Flat<Float>, ridge: Double) -> Outcome {
    let count = columns.count
    if ones.count < count { ones = Array(repeating: 1, count: count) }
    let (columnSpan, weightSpan) = (columns.span, weights.span)
    let features = side.other.rows
    system.assemble(
      features.span, stride: side.other.stride, rows: columnSpan,
      targets: ones.span.extracting(0..<count), weights: weightSpan, start: side.start,
      ridge: ridge)
    guard system.factor() == nil else { return solveInDouble(columns, weights, ridge: ridge) }
    var span = numbers.mutableSpan
    system.solve(into: &span)
    guard numbers.allSatisfy({ $0.isFinite }) else {
      return solveInDouble(columns, weights, ridge: ridge)
    }
    return .solved(objective: max(0, system.leastSquares))
  }

  /// What `Float` cannot tell from an open row, `Double` may.
  private func solveInDouble(
    _ columns: Flat<Int32>, _ weights: Flat<Float>, ridge: Double
  ) -> Outcome {
    let other = side.other
    var features: [Float] = []
    features.reserveCapacity(columns.count * other.width)
    for column in columns {
      let vector = other.vector(Int(column))
      for k in 0..<other.width { features.append(vector[k]) }
    }
    let equations = InteractionEquations(
      features: features,
      weights: weights.isEmpty
        ? Array(repeating: 1, count: columns.count) : weights.map { Double($0) },
      gram: side.gram, width: other.width, ridge: ridge)
    guard let solution = equations.factor()?.solve(equations.rightSide) else {
      // A ridge closes every row, unless it is lost beside numbers that are too large.
      return ridge > 0 ? .beyondFloat : .open
    }
    numbers = solution.map { Float($0) }
    guard numbers.allSatisfy({ $0.isFinite }) else { return .beyondFloat }
    return .solved(objective: equations.objective(of: solution))
  }
}
