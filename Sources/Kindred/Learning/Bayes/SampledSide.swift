// Drawing all rows of one side, given the other side.
// SPDX-License-Identifier: Apache-2.0

/// The users or the items with their ratings, while they are sampled.
package struct SampledSide<S: Side, Other: Side>: Sendable {
  package let ratings: CompressedRows<S, Other>
  /// The rows' current sample.
  package let table: SideTable
  /// What the side's prior is drawn from.
  package let hyperprior: NormalWishart
  private let options: BayesOptions
  private let mean: Double
  /// The rows that have ratings; the others keep their zeros, and say nothing about the prior.
  private let rated: [Int32]
  /// Places in `rated` that make about equal work, the heaviest first.
  private let pieces: [Range<Int>]

  /// The start: every number normal with a small deviation, keyed by its row, and biases of zero.
  package init(
    _ ratings: CompressedRows<S, Other>, options: BayesOptions, mean: Double, scale: RatingScale
  ) {
    self.ratings = ratings
    self.options = options
    self.mean = mean
    let table = SideTable(
      count: ratings.rowCount, dimension: options.dimension, hasBiases: options.hasBiases)
    self.table = table
    // Products of two numbers are ratings, so that a number's unit is the root of theirs.
    hyperprior = NormalWishart(
      scatter: Array(repeating: scale.deviation, count: options.dimension)
        + (options.hasBiases ? [scale.variance] : []))
    rated = (0..<ratings.rowCount).filter { !ratings.range(Row<S>($0)).isEmpty }.map { Int32($0) }
    let (rows, width) = (rated, Double(table.width))
    pieces =
      WorkPieces(rows: rows.count, pieces: 96) { place in
        let entries = Double(ratings.range(Row<S>(rows[place])).count)
        return width * width * (entries + width / 3) + 20 * width
      }.rows
    let deviation = Self.initialDeviation * scale.deviation.squareRoot()
    var start = Array(repeating: Float(0), count: table.width)
    for row in rated {
      var random = KeyedRandom(seed: options.seed, key: StreamKey.start, S.key, UInt64(row))
      for k in 0..<options.dimension { start[k] = Float(random.normal() * deviation) }
      table.set(Int(row), to: start.span)
    }
  }

  /// A side whose table does not change when the other's does.
  package init(copying other: SampledSide) {
    ratings = other.ratings
    options = other.options
    mean = other.mean
    hyperprior = other.hyperprior
    rated = other.rated
    pieces = other.pieces
    table = SideTable(copying: other.table)
  }

  /// In units of σ^½: small, so that the first epochs take up the strongest directions first, which is
  /// worth some twenty epochs of burn-in against 0.1 (MovieLens 100K).
  private static var initialDeviation: Double { 0.02 }

  // MARK: The prior

  /// Draws the side's mean and precision given its rows; nil if these are beyond numbers.
  package func drawnPrior(epoch: Int) -> RowPrior? {
    // Blocks that do not depend on the number of threads, few enough that their sums are small.
    let size = max(256, (rated.count + 15) / 16)
    let sums = parallelMap((rated.count + size - 1) / size, threads: options.threads) { block in
      table.sums(over: rated.span.extracting(block * size..<min((block + 1) * size, rated.count)))
    }
    var total = RowSums(width: table.width)
    for block in sums { total.add(block) }
    var random = KeyedRandom(seed: options.seed, key: StreamKey.rowPrior, S.key, UInt64(epoch))
    return hyperprior.draw(given: total, using: &random)
  }

  // MARK: The rows

  /// How drawing all rows ended.
  package enum Ending { case done, stopped, beyondNumbers }

  /// Draws every row given the other side's.
  ///
  /// - Parameters:
  ///   - other: The other side's sample.
  ///   - prior: What the rows are drawn with, given their ratings.
  ///   - noisePrecision: α.
  ///   - epoch: Keys the draws.
  ///   - shouldStop: Asked on the calling thread, often; true ends the drawing half-way.
  ///   - weight: τ of the user of an entry, by the entry's row here and there.
  /// - Returns: How it ended.
  package func resample(
    against other: SideTable, prior: RowPrior, noisePrecision: Double, epoch: Int,
    shouldStop: () -> Bool, weight: (_ row: Int, _ column: Int) -> Float
  ) -> Ending {
    let outcome = parallelMap(
      pieces.count, threads: options.threads,
      workspace: { RowDraw(prior: prior, noisePrecision: noisePrecision) }, shouldStop: shouldStop
    ) { draw, piece in
      for place in pieces[piece] {
        let row = Row<S>(rated[place])
        var random = KeyedRandom(
          seed: options.seed, key: StreamKey.sampledRow, S.key, UInt64(epoch), UInt64(row.index))
        draw.take(ratings.columns(row), ratings.values(row), mean: mean, of: other) {
          weight(Int(row.index), $0)
        }
        draw.run(using: &random)
        table.set(Int(row.index), to: draw.sample.span)
      }
      return draw.isBeyondNumbers
    }
    if outcome.results.contains(true) { return .beyondNumbers }
    return outcome.wasStopped ? .stopped : .done
  }

  /// Σ (r − μ − b_u − b_i − x·y)² over the ratings of each row, in `Double`. [rows]
  package func squaredErrors(against other: SideTable) -> [Double] {
    let sums = parallelMap(pieces.count, threads: options.threads) { piece in
      pieces[piece].map { place in
        var squares = 0.0
        let row = Row<S>(rated[place])
        let base = mean + Double(table.bias(Int(row.index)))
        let vector = table.vector(Int(row.index))
        for (column, value) in zip(ratings.columns(row), ratings.values(row)) {
          let dot = Kernels.best.dot(vector, other.vector(Int(column)))
          let diff = Double(value) - base - Double(other.bias(Int(column))) - Double(dot)
          squares += diff * diff
        }
        return squares
      }
    }
    var squares = Array(repeating: 0.0, count: ratings.rowCount)
    for (piece, sums) in zip(pieces, sums) {
      for (place, sum) in zip(piece, sums) { squares[Int(rated[place])] = sum }
    }
    return squares
  }

  /// How many ratings a row has.
  package func count(_ row: Int) -> Int { ratings.range(Row<S>(row)).count }
}
