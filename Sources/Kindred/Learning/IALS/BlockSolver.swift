// One row's part of the objective of interactions, minimized block by block.
// SPDX-License-Identifier: Apache-2.0

/// What all rows of a side have in common while they are solved for in blocks.
package struct BlockedSide: Sendable {
  /// The other side's vectors.
  package let other: SideTable
  /// Which numbers of a row each block has.
  package let blocks: [Range<Int>]
  /// α₀YᵀY in `Float`. [width · width]
  package let gram: [Float]
  /// Each block's part on the diagonal, as its rows' sums start from.
  package let starts: [RowStart]

  package init(_ side: InteractionSide, block: Int) {
    let width = side.other.width
    other = side.other
    // Blocks of equal size, so that none is much smaller than the others.
    let count = (width + block - 1) / block
    blocks = (0..<count).map { width * $0 / count..<width * ($0 + 1) / count }
    gram = side.gram.map { Float($0) }
    starts = blocks.map { block in
      let part = block.flatMap { row in block.map { side.gram[row * width + $0] } }
      return RowStart(matrix: part, width: block.count)
    }
  }
}

/// A thread's workspace for one pass of block coordinate descent over one row after another, the other
/// side fixed (iALS++: Rendle, Krichene, Zhang & Koren 2021, section 4).
///
/// With the errors e_j = 1 − y_j·x of the row's pairs and g = α₀YᵀY x, the step δ of a block B minimizes
/// the row's part of the objective with all numbers outside of B as they are:
/// (α₀Y_BᵀY_B + Σ c_j y_jB y_jBᵀ + ridge I) δ = Σ c_j e_j y_jB − g_B − ridge x_B. A row's pairs are in the
/// cache from its first block to its last, and so are its errors, which nothing outside of the pass
/// needs.
package final class BlockSolver {
  private let side: BlockedSide
  private let systems: [RowSystem]
  private let kernels = Kernels.best
  /// x after the last pass.
  private var numbers: [Float]

  package init(_ side: BlockedSide) {
    self.side = side
    // Blocks are of two sizes at most.
    var bySize: [Int: RowSystem] = [:]
    systems = side.blocks.map { block in
      let system = bySize[block.count] ?? RowSystem(width: block.count)
      bySize[block.count] = system
      return system
    }
    numbers = Array(repeating: 0, count: side.other.width)
  }

  /// Makes what the last pass came to a row of its table.
  package func store(in table: SideTable, row: Int) {
    let numbers = numbers
    table.set(row, to: numbers.span)
  }

  /// Goes over the blocks of a row once.
  ///
  /// - Parameters:
  ///   - vector: The row as it is.
  ///   - columns: The other side's rows that it has pairs with, 1 or more.
  ///   - weights: The weight of each pair; empty where all are 1.
  ///   - ridge: What joins the diagonal, 0 or more.
  /// - Returns: The row's part of the objective after the pass; nil where a block's equations have no
  ///   solution in `Float`.
  /// - Complexity: O(*n* · *width* · *block* + *width*²).
  package func pass(
    _ vector: Span<Float>, _ columns: Flat<Int32>, _ weights: Flat<Float>, ridge: Double
  ) -> Double? {
    let (other, gram) = (side.other, side.gram)
    let width = other.width
    var x = (0..<width).map { vector[$0] }
    var spread = Array(repeating: Float(0), count: width)
    add(x, from: 0, times: gram, to: &spread)
    var errors = errors(of: x, columns, other)
    var right: [Float] = []
    let (features, end) = (other.rows, other.rows.count)
    for (place, block) in side.blocks.enumerated() {
      let system = systems[place]
      system.assemble(
        features.span.extracting(block.lowerBound..<end), stride: other.stride,
        rows: columns.span, targets: errors.span, weights: weights.span,
        start: side.starts[place], ridge: ridge)
      guard system.factor() == nil else { return nil }
      right.removeAll(keepingCapacity: true)
      for k in block { right.append(-spread[k] - Float(ridge * Double(x[k]))) }
      var step = Array(repeating: Float(0), count: block.count)
      var solution = step.mutableSpan
      system.solve(withRightSide: right.span, into: &solution)
      for (k, change) in zip(block, step) { x[k] += change }
      add(step, from: block.lowerBound, times: gram, to: &spread)
      lower(&errors, by: step, from: block.lowerBound, columns, other)
    }
    numbers = x
    return objective(of: x, spread, errors, weights, ridge: ridge)
  }

  /// e_j = 1 − y_j·x.
  private func errors(of x: [Float], _ columns: Flat<Int32>, _ other: SideTable) -> [Float] {
    let (x, columns) = (x.span, columns.span)
    var errors = Array(repeating: Float(1), count: columns.count)
    for n in errors.indices { errors[n] -= kernels.laneDot(other.vector(Int(columns[n])), x) }
    return errors
  }

  /// e_j −= y_jB·δ.
  private func lower(
    _ errors: inout [Float], by step: [Float], from first: Int, _ columns: Flat<Int32>,
    _ other: SideTable
  ) {
    let (step, columns) = (step.span, columns.span)
    let block = first..<first + step.count
    for n in errors.indices {
      errors[n] -= kernels.laneDot(other.vector(Int(columns[n])).extracting(block), step)
    }
  }

  /// g += α₀YᵀY_B δ.
  private func add(
    _ step: [Float], from first: Int, times gram: [Float], to spread: inout [Float]
  ) {
    let width = spread.count
    let rows = gram.span
    var sums = spread.mutableSpan
    for (k, change) in step.enumerated() {
      let start = (first + k) * width
      kernels.add(change, times: rows.extracting(start..<start + width), to: &sums)
    }
  }

  /// Σ c_j e_j² + x·g + ridge ‖x‖².
  private func objective(
    of x: [Float], _ spread: [Float], _ errors: [Float], _ weights: Flat<Float>, ridge: Double
  ) -> Double? {
    let weights = weights.span
    var sum = 0.0
    for n in errors.indices {
      let weight = weights.isEmpty ? 1 : Double(weights[n])
      sum += weight * Double(errors[n]) * Double(errors[n])
    }
    for k in x.indices {
      let number = Double(x[k])
      sum += number * (Double(spread[k]) + ridge * number)
    }
    return sum.isFinite ? sum : nil
  }
}
