// The tables while pairwise ranking is at work on them.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels
import Foundation

/// Both tables in rows padded with zeros to whole vectors, and what each row's squared gradients sum up to.
package struct BPRState: InteractionState {
  let options: BPROptions
  private let blocks: PairBlocks
  private let rows: CompressedRows<UserSide, ItemSide>
  private let weights: Flat<Float>
  /// What items are drawn in proportion to; nil where all are alike. [items]
  private let chances: [Double]?
  private let pairs: Buffer<ckk_pair>
  let stride: Int
  let users: Buffer<Float>
  let items: Buffer<Float>
  let userSquares: Buffer<Float>
  let itemSquares: Buffer<Float>

  package init(_ ratings: Ratings, options: BPROptions) throws(TrainingError) {
    try Self.requireMemory(for: ratings, options)
    self.options = options
    rows = ratings.byUser
    weights = try options.weighting.weights(of: ratings)
    blocks = PairBlocks(ratings, seed: options.seed)
    pairs = Buffer(uninitialized: ratings.count)
    chances =
      options.negativeExponent == 0
      ? nil
      : rows.counts(columnCount: ratings.items.count).map {
        drawingWeight(count: $0, exponent: options.negativeExponent)
      }
    stride = (options.dimension + 7) / 8 * 8
    users = Self.start(UserSide.self, ratings.users.count, stride, options)
    items = Self.start(ItemSide.self, ratings.items.count, stride, options)
    userSquares = Buffer(count: ratings.users.count, repeating: 0)
    itemSquares = Buffer(count: ratings.items.count, repeating: 0)
  }

  package func run(epoch: Int, shouldStop: () -> Bool) -> EpochOutcome {
    let pool = pool(epoch: epoch)
    let schedule = BlockSchedule(order: blocks.diagonals(epoch: epoch))
    let rate = options.rate(epoch: epoch)
    let (loss, wasStopped) = schedule.run(
      threads: threadCount(options.threads), shouldStop: shouldStop
    ) { block in descend(block, pool, rate: rate, random: blocks.randomState(epoch: epoch, block)) }
    return EpochOutcome(objective: isFinite ? loss : .nan, rate: rate, wasStopped: wasStopped)
  }

  /// What an epoch's blocks draw from, and where their pairs are.
  private struct Pool: Sendable {
    let items: Flat<Int32>
    let bounds: [Int]
    /// The alias table of each group; empty where all items are alike.
    let tables: [(stay: Flat<UInt64>, other: Flat<Int32>)]
    /// Of the items in their order; nil likewise.
    let chances: Flat<Double>?
    /// Where the pairs of each stripe and group start. [stripes][groups + 1]
    let starts: [[Int]]
  }

  private func pool(epoch: Int) -> Pool {
    let (items, bounds) = blocks.groups(epoch: epoch)
    var group = Array(repeating: Int32(0), count: items.count)
    for g in 0..<blocks.count {
      for place in bounds[g]..<bounds[g + 1] { group[Int(items[place])] = Int32(g) }
    }
    // Each stripe writes its own part.
    let starts = parallelMap(blocks.count, threads: options.threads) { stripe in
      var all = unsafe MutableSpan(_unsafeStart: pairs.base, count: pairs.count)
      return blocks.deal(stripe, group: group, weights: weights, into: &all)
    }
    let chances = chances.map { chances in items.map { chances[Int($0)] } }
    let tables = chances.map { chances in
      parallelMap(blocks.count, threads: options.threads) { g in
        let table = AliasTable(weights: Array(chances[bounds[g]..<bounds[g + 1]]))
        return (stay: Flat(table.stay), other: Flat(table.other))
      }
    }
    return Pool(
      items: Flat(items), bounds: bounds, tables: tables ?? [], chances: chances.map { Flat($0) },
      starts: starts)
  }

  private func descend(
    _ block: BlockSchedule.Block, _ pool: Pool, rate: Double, random: UInt64
  ) -> Double {
    let starts = pool.starts[block.userStripe]
    let (first, last) = (starts[block.itemStripe], starts[block.itemStripe + 1])
    let bounds = pool.bounds[block.itemStripe]..<pool.bounds[block.itemStripe + 1]
    let table = pool.tables.isEmpty ? nil : pool.tables[block.itemStripe]
    let work = unsafe ckk_pair_block(
      users: users.base, items: items.base, user_squares: userSquares.base,
      item_squares: itemSquares.base, stride: stride, offsets: rows.offsets.start,
      seen: rows.columns.start, pool: pool.items[bounds].start, pool_count: bounds.count,
      stay: table?.stay.start, other: table?.other.start, chances: pool.chances?[bounds].start,
      random: random, draws: UInt32(options.candidates), share: 1 / Float(options.dimension),
      rate: Float(rate), floor: Self.floor, decay: Float(2 * options.regularization))
    return unsafe Kernels.descend(work, pairs: pairs.base + first, count: last - first)
  }

  /// What is added to a row's squares: its first steps are those of plain descent.
  package static let floor: Float = 1

  private var isFinite: Bool {
    [users, items, userSquares, itemSquares].allSatisfy {
      Flat($0).isFinite(threads: options.threads)
    }
  }

  package func copy() -> BPRState { BPRState(copying: self) }

  private init(copying other: BPRState) {
    options = other.options
    blocks = other.blocks
    rows = other.rows
    weights = other.weights
    chances = other.chances
    pairs = other.pairs
    stride = other.stride
    users = Buffer(copying: other.users)
    items = Buffer(copying: other.items)
    userSquares = Buffer(copying: other.userSquares)
    itemSquares = Buffer(copying: other.itemSquares)
  }

  private static func requireMemory(
    for ratings: Ratings, _ options: BPROptions
  ) throws(TrainingError) {
    let rows = ratings.users.count + ratings.items.count
    // At work a row is padded and has a number beside it; patience keeps a copy; the model is another one.
    let padded = (min(options.dimension, Int.max / 2) / 8 + 2) * 8
    let copies = options.patience == nil ? 2 : 3
    let (tables, overflow) = padded.multipliedReportingOverflow(
      by: rows * copies * MemoryLayout<Float>.stride)
    // A pair with its weight, in the order of blocks and by user, and what an epoch draws from.
    let (bytes, tooMany) = tables.addingReportingOverflow(ratings.count * 16 + rows * 40)
    let available = Int(clamping: ProcessInfo.processInfo.physicalMemory) / 4 * 3
    guard !overflow, !tooMany, bytes < available else {
      throw .tooLarge(bytes: overflow || tooMany ? .max : bytes, available: available)
    }
  }

  /// Vectors of numbers spread evenly around zero, keyed by the row.
  private static func start<S: Side>(
    _ side: S.Type, _ count: Int, _ stride: Int, _ options: BPROptions
  ) -> Buffer<Float> {
    let buffer = Buffer(count: count * stride, repeating: Float(0))
    // Numbers spread evenly over ±a deviate by a / √3.
    let width = options.initialDeviation * 3.0.squareRoot()
    _ = parallelMap(64, threads: options.threads) { part in
      for row in part * count / 64..<(part + 1) * count / 64 {
        var random = KeyedRandom(
          seed: options.seed, key: StreamKey.pairStart, S.key, UInt64(row))
        for k in 0..<options.dimension {
          unsafe buffer.base[row * stride + k] = Float((2 * random.uniform() - 1) * width)
        }
      }
    }
    return buffer
  }
}
