// One row's part of the objective, minimized.
// SPDX-License-Identifier: Apache-2.0

/// A thread's workspace for solving one row after another, the other side fixed.
///
/// With features z_j = [y_j, 1] (without the 1 in a model without biases) and targets
/// t_j = r_j − μ − b_j over the row's n ratings, the row w = [x, b] minimizes
/// Σ (t_j − z_j·w)² + λn‖w‖².
package final class RowSolver {
  /// How well a row fits.
  package struct Fit: Sendable {
    /// The squared errors of its ratings, summed.
    package var squares: Double
    /// λn‖w‖².
    package var penalty: Double
  }

  /// What came of a row's equations.
  package enum Outcome {
    case solved(Fit)
    /// More than one row fits equally well.
    case open
    /// The row's numbers are no `Float`s.
    case beyondFloat
  }

  private let other: SideTable
  private let mean: Double
  private let regularization: Double
  private let system: RowSystem
  private var targets: [Float] = []
  private var numbers: [Float]

  package init(_ other: SideTable, mean: Double, regularization: Double) {
    self.other = other
    self.mean = mean
    self.regularization = regularization
    system = RowSystem(width: other.width)
    numbers = Array(repeating: 0, count: other.width)
  }

  /// Makes what was solved for last a row of its table.
  package func store(in side: SideTable, row: Int) {
    let numbers = numbers
    side.set(row, to: numbers.span)
  }

  /// Solves for the row with these ratings.
  ///
  /// - Parameters:
  ///   - columns: The other side's rows, 1 or more.
  ///   - values: The rating of each.
  /// - Returns: How well the row fits, or why there is none.
  package func solve(_ columns: Flat<Int32>, _ values: Flat<Float>) -> Outcome {
    let count = columns.count
    if targets.count < count { targets = Array(repeating: 0, count: count) }
    let (columnSpan, valueSpan) = (columns.span, values.span)
    for n in 0..<count {
      targets[n] = Float(Double(valueSpan[n]) - mean - Double(other.bias(Int(columnSpan[n]))))
    }
    let ridge = regularization * Double(count)
    // Known without a factor, whose last pivots rounding may lift above nothing.
    guard ridge > 0 || count >= other.width else { return .open }
    let features = other.rows
    system.assemble(
      features.span, stride: other.stride, rows: columnSpan,
      targets: targets.span.extracting(0..<count), ridge: ridge)
    guard system.factor() == nil else { return solveInDouble(columns, ridge: ridge) }
    var span = numbers.mutableSpan
    system.solve(into: &span)
    var length = 0.0
    for number in numbers { length += Double(number) * Double(number) }
    guard length.isFinite else { return solveInDouble(columns, ridge: ridge) }
    let penalty = ridge * length
    var squares = system.leastSquares - penalty
    // Of a row that fits closely the difference keeps few digits: here its error is below a thousandth.
    if !(squares > 6e-5 * Double(other.width) * system.targetSquares) {
      squares = squaredErrors(columns)
    }
    return .solved(Fit(squares: squares, penalty: penalty))
  }

  /// What `Float` cannot tell from an open row, `Double` may.
  private func solveInDouble(_ columns: Flat<Int32>, ridge: Double) -> Outcome {
    var features: [Float] = []
    features.reserveCapacity(columns.count * other.width)
    let rows = other.rows
    for column in columns {
      let start = Int(column) * other.stride
      for k in 0..<other.width { features.append(rows.span[start + k]) }
    }
    let equations = RowEquations(
      features: features, targets: targets.prefix(columns.count).map { Double($0) },
      width: other.width, ridge: ridge)
    guard let solution = equations.factor()?.solve(equations.rightSide) else {
      // A ridge closes every row, unless it is lost beside numbers that are too large.
      return ridge > 0 ? .beyondFloat : .open
    }
    numbers = solution.map { Float($0) }
    guard numbers.allSatisfy({ $0.isFinite }) else { return .beyondFloat }
    let length = numbers.reduce(0.0) { $0 + Double($1) * Double($1) }
    return .solved(Fit(squares: squaredErrors(columns), penalty: ridge * length))
  }

  private func squaredErrors(_ columns: Flat<Int32>) -> Double {
    var squares = 0.0
    let rows = other.rows
    for (n, column) in columns.enumerated() {
      let start = Int(column) * other.stride
      var error = Double(targets[n])
      for k in 0..<other.width { error -= Double(rows.span[start + k]) * Double(numbers[k]) }
      squares += error * error
    }
    return squares
  }
}
