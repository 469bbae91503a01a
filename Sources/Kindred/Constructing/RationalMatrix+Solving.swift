// Exact solutions of linear systems: any, the smallest, the closest.
// SPDX-License-Identifier: Apache-2.0

import BigInt

extension RationalMatrix {
  /// The solution of A·x = b whose free entries are 0; nil if there is none.
  ///
  /// Shapes: `self` [n, k], `constants` [n], the result [k].
  ///
  /// - Complexity: O(n · k · rank) operations on integers.
  package func solve(_ constants: [Rational]) -> [Rational]? {
    LinearSystem(rows: rows, constants: constants, unknowns: columnCount).reduced().particular
  }

  /// A basis of all x with A·x = 0: one vector for each free column, with a 1 there.
  package func nullSpace() -> [[Rational]] {
    let reduction = reduced()
    let pivots = Set(reduction.pivotColumns)
    return (0..<columnCount).filter { !pivots.contains($0) }.map { free in
      var vector = [Rational](repeating: 0, count: columnCount)
      vector[free] = 1
      for (row, pivot) in reduction.pivotColumns.enumerated() {
        vector[pivot] = -reduction.matrix[row, free]
      }
      return vector
    }
  }

  /// The solution of A·x = b with the least sum of squares; nil if there is none.
  ///
  /// On independent rows the Gram matrix AAᵀ is invertible, and x = Aᵀ(AAᵀ)⁻¹b has no part in the
  /// null space of A.
  package func minimumNormSolution(_ constants: [Rational]) -> [Rational]? {
    let system = LinearSystem(rows: rows, constants: constants, unknowns: columnCount).reduced()
    guard let particular = system.particular else { return nil }
    if system.basis.count == columnCount { return particular }
    let independent = RationalMatrix(system.basis.map(row), columns: columnCount)
    let gram = independent * independent.transposed
    guard let weights = gram.solve(system.basis.map { constants[$0] }) else { return nil }
    return independent.transposed * weights
  }

  /// The x that brings A·x closest to b in squares; of several, the one with the least squares.
  ///
  /// The normal equations AᵀA·x = Aᵀb always have a solution, and x has the least norm among the
  /// closest exactly if it has the least norm among their solutions.
  package func leastSquares(_ constants: [Rational]) -> [Rational] {
    let turned = transposed
    let gram = turned * self
    return gram.minimumNormSolution(turned * constants)
      ?? [Rational](repeating: 0, count: columnCount)
  }
}

/// The equations rows · x = constants.
struct LinearSystem: Sendable {
  var rows: [[Rational]]
  var constants: [Rational]
  var unknowns: Int

  /// What row reduction finds in a linear system.
  struct Reduction: Sendable {
    /// The first independent equations, up to a contradiction.
    var basis: [Int]
    /// The first equation that contradicts those of `basis`.
    var contradiction: Int?
    /// The unknowns that have one possible value, ascending, with that value.
    var forced: [(unknown: Int, value: Rational)]
    /// The solution whose free unknowns are 0; nil if there is none.
    var particular: [Rational]?
  }

  /// Refuses a system that would take too long.
  func requireFeasible() throws(ConstructionError) {
    let bits = rows.lazy.map { IntegerRow($0).bitCount }.max() ?? 0
    try Kindred.requireFeasible(rows: rows.count, columns: unknowns, bits: bits)
  }

  /// Reduces the equations in order, and stops at the first contradiction.
  func reduced() -> Reduction {
    var elimination = FractionFreeElimination(columns: unknowns)
    for (index, row) in rows.enumerated() {
      let integers = IntegerRow(row + [constants[index]])
      if elimination.insert(integers.values) == .contradictory {
        return Reduction(basis: elimination.sources, contradiction: index, forced: [])
      }
    }
    var particular = [Rational](repeating: 0, count: unknowns)
    var forced: [(unknown: Int, value: Rational)] = []
    let pivots = Set(elimination.pivots)
    let free = (0..<unknowns).filter { !pivots.contains($0) }
    for (row, pivot) in zip(elimination.rows, elimination.pivots) {
      let value = Rational(row[unknowns], over: elimination.denominator)
      particular[pivot] = value
      if free.allSatisfy({ row[$0].isZero }) { forced.append((pivot, value)) }
    }
    forced.sort { $0.unknown < $1.unknown }
    return Reduction(
      basis: elimination.sources, contradiction: nil, forced: forced, particular: particular)
  }
}
