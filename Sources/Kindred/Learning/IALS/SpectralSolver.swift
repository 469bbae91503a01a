// One row's part of the objective of interactions, lowered by conjugate gradients.
// SPDX-License-Identifier: Apache-2.0

/// A thread's workspace for one row after another, the other side fixed and both turned as
/// ``SpectralSide`` says.
///
/// Conjugate gradients for these equations: Takács, Pilászy & Tikk 2011. Two steps from the row as it is
/// lower an epoch's objective as much as solving for the row does, to three digits, where a row is
/// preconditioned as here: by its equations as they would be if its pairs were spread over all of the
/// other side.
package final class SpectralSolver {
  /// Steps of a row in an epoch.
  private static let steps = 2

  private let side: SpectralSide
  private let kernels = InteractionKernels.best
  private let x: Buffer<Float>
  private let left: Buffer<Float>
  private let change: Buffer<Float>
  private let scratch: Buffer<Float>
  /// α₀YᵀY, which is diagonal but for rounding; made for whoever solves exactly. [width · width]
  private let gram: [Float]

  /// A workspace; one that solves exactly needs α₀YᵀY of the turned tables.
  package init(_ side: SpectralSide, gram: [Float] = []) {
    self.side = side
    self.gram = gram
    let stride = side.other.stride
    x = Buffer(count: stride, repeating: 0)
    left = Buffer(count: stride, repeating: 0)
    change = Buffer(count: stride, repeating: 0)
    scratch = Buffer(count: 3 * stride, repeating: 0)
  }

  /// Makes what was worked out last a row of its table.
  package func store(in table: SideTable, row: Int) {
    let x = x
    table.set(row, to: x.span.extracting(0..<table.width))
  }

  /// Takes the steps of an epoch.
  ///
  /// - Parameters:
  ///   - vector: The row as it is.
  ///   - columns: The other side's rows that it has pairs with, 1 or more.
  ///   - weights: The weight of each pair; empty where all are 1.
  ///   - ridge: What joins the diagonal, above 0.
  /// - Returns: The row's part of the objective after them; nil if that is beyond `Float`.
  /// - Complexity: O(*n* · *width*).
  package func descend(
    _ vector: Span<Float>, _ columns: Flat<Int32>, _ weights: Flat<Float>, ridge: Double
  ) -> Double? {
    begin(vector)
    let row = side.equations(columns, weights, ridge: ridge)
    var objective = kernels.residual(row, at: x, into: left)
    objective -= kernels.descend(
      row, from: x, left, scratch: scratch, steps: Self.steps, least: 0)
    return objective.isFinite ? max(0, objective) : nil
  }

  /// Solves for the row, by descending for what is left over until that is rounding.
  ///
  /// What is left over is worked out with all of α₀YᵀY, so that what rounding left beside its diagonal
  /// is in the solution.
  ///
  /// - Returns: Whether the solution is as good as one by a factor in `Float`.
  /// - Complexity: O(*n* · *width* + *width*²) for each of some dozens of steps.
  package func solve(
    _ vector: Span<Float>, _ columns: Flat<Int32>, _ weights: Flat<Float>, ridge: Double
  ) -> Bool {
    let row = side.equations(columns, weights, ridge: ridge)
    begin()
    let size = kernels.pull(row, at: x, into: left)
    let right = squares(of: left)
    begin(vector)
    for round in 0...Self.rounds {
      takeLeftOver(row)
      let rest = squares(of: left)
      guard rest.isFinite else { return false }
      if round == Self.rounds { return rest <= Self.precision * Self.precision * right }
      change.write { for k in 0..<$0.count { $0[k] = 0 } }
      _ = kernels.descend(
        row, from: change, left, scratch: scratch, steps: Self.mostSteps,
        least: Self.leastShare * size)
      let step = change
      x.write { for k in 0..<$0.count { $0[k] += step.span[k] } }
    }
    return false
  }

  private static let rounds = 3
  private static let mostSteps = 100
  /// The part of the objective that a solution may miss.
  private static let leastShare = 1e-15
  /// What may be left over of the right side: as much as of a factor in `Float`.
  private static let precision = 2e-6

  /// left = Σ c(1 − y·x)y − α₀YᵀY x − ridge x.
  private func takeLeftOver(_ row: InteractionRow) {
    _ = kernels.pull(row, at: x, into: left)
    let width = side.other.width
    let (numbers, gram) = (x, gram)
    left.write { sums in
      let rows = gram.span
      var sums = sums._mutatingExtracting(0..<width)
      for k in 0..<width {
        let number = numbers.span[k]
        sums[k] -= row.ridge * number
        Kernels.best.add(-number, times: rows.extracting(k * width..<(k + 1) * width), to: &sums)
      }
    }
  }

  private func begin() {
    x.write { for k in 0..<$0.count { $0[k] = 0 } }
  }

  private func begin(_ vector: Span<Float>) {
    x.write { for k in 0..<vector.count { $0[k] = vector[k] } }
  }

  private func squares(of numbers: Buffer<Float>) -> Double {
    let numbers = numbers.span
    var sum = 0.0
    for k in 0..<numbers.count { sum += Double(numbers[k]) * Double(numbers[k]) }
    return sum
  }
}
