// The tables while SGD is at work on them.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels
import Foundation

/// Both tables, in the order of their stripes and in rows padded with zeros to whole vectors, with
/// what each row has beside its vector.
///
/// The padding stays zero: an update scales it and adds multiples of zero. Rows without ratings are
/// not there.
package struct SGDState: RatingState {
  let options: SGDOptions
  let blocks: RatingBlocks
  let mean: Double
  let stride: Int
  let users: Buffer<Float>
  let items: Buffer<Float>
  let userRows: Buffer<ckk_sgd_row>
  let itemRows: Buffer<ckk_sgd_row>

  package init(_ ratings: Ratings, options: SGDOptions) throws(TrainingError) {
    try Self.requireMemory(for: ratings, options)
    self.options = options
    blocks = RatingBlocks(ratings, seed: options.seed, threads: options.threads)
    mean = options.hasBiases ? ratings.mean : 0
    let padding = Int(CKK_SGD_PADDING)
    stride = (options.dimension + padding - 1) / padding * padding
    users = Self.start(blocks.users, stride, options)
    items = Self.start(blocks.items, stride, options)
    let fresh = ckk_sgd_row(bias: 0, seen: 0, step: 0, decay: 1)
    userRows = Buffer(count: blocks.users.rows.count, repeating: fresh)
    itemRows = Buffer(count: blocks.items.rows.count, repeating: fresh)
  }

  package func run(epoch: Int, shouldStop: () -> Bool) -> EpochOutcome {
    let schedule = BlockSchedule(order: blocks.diagonals(epoch: epoch, seed: options.seed))
    let pace = options.pace(epoch: epoch)
    let (squares, wasStopped) = schedule.run(
      threads: threadCount(options.threads), shouldStop: shouldStop
    ) { block in update(block, pace) }
    return EpochOutcome(
      squares: isFinite ? squares : .nan, rate: options.rate(epoch: epoch),
      wasStopped: wasStopped)
  }

  private func update(_ block: BlockSchedule.Block, _ pace: SGDPace) -> Double {
    let (s, t) = (block.userStripe, block.itemStripe)
    let (users, items) = (blocks.users.places(in: s), blocks.items.places(in: t))
    let start = unsafe blocks.start(s, t)
    let work = unsafe ckk_sgd_block(
      users: self.users.base + users.lowerBound * stride,
      items: self.items.base + items.lowerBound * stride,
      user_rows: userRows.base + users.lowerBound, item_rows: itemRows.base + items.lowerBound,
      user_count: users.count, item_count: items.count, stride: stride, mean: Float(mean),
      step: pace.step, slope: pace.slope, regularization: pace.regularization,
      gradient_share: pace.gradientShare(dimension: options.dimension),
      has_biases: options.hasBiases ? 1 : 0)
    return unsafe Kernels.best.sgd(work, counts: start.counts, ratings: start.ratings)
  }

  /// Whether every number is finite.
  private var isFinite: Bool {
    Flat(users).isFinite(threads: options.threads) && Flat(items).isFinite(threads: options.threads)
      && Self.isFinite(userRows) && Self.isFinite(itemRows)
  }

  private static func isFinite(_ rows: Buffer<ckk_sgd_row>) -> Bool {
    let span = rows.span
    return span.indices.allSatisfy { span[$0].bias.isFinite && span[$0].seen.isFinite }
  }

  package func copy() -> SGDState { SGDState(copying: self) }

  private init(copying other: SGDState) {
    options = other.options
    blocks = other.blocks
    mean = other.mean
    stride = other.stride
    users = Buffer(copying: other.users)
    items = Buffer(copying: other.items)
    userRows = Buffer(copying: other.userRows)
    itemRows = Buffer(copying: other.itemRows)
  }

  private static func requireMemory(
    for ratings: Ratings, _ options: SGDOptions
  ) throws(TrainingError) {
    let rows = ratings.users.count + ratings.items.count
    // At work a row is padded and has four numbers beside it; patience keeps a copy; the model is
    // another one.
    let padded = (min(options.dimension, Int.max / 2) / 8 + 2) * 8
    let copies = options.patience == nil ? 2 : 3
    let (tables, overflow) = padded.multipliedReportingOverflow(
      by: rows * copies * MemoryLayout<Float>.stride)
    // The ratings by user, and dealt out to blocks with the counts of their groups.
    let (bytes, tooMany) = tables.addingReportingOverflow(ratings.count * 16 + rows * 32)
    let available = Int(clamping: ProcessInfo.processInfo.physicalMemory) / 4 * 3
    guard !overflow, !tooMany, bytes < available else {
      throw .tooLarge(bytes: overflow || tooMany ? .max : bytes, available: available)
    }
  }

  // MARK: The start

  /// The vector that a row starts from: numbers spread evenly around zero, keyed by the row.
  package static func start<S: Side>(of row: Row<S>, _ options: SGDOptions) -> [Float] {
    var random = KeyedRandom(
      seed: options.seed, key: StreamKey.evenStart, S.key, UInt64(row.index))
    // Numbers spread evenly over ±a deviate by a / √3.
    let width = options.initialDeviation * 3.0.squareRoot()
    return (0..<options.dimension).map { _ in Float((2 * random.uniform() - 1) * width) }
  }

  private static func start<S: Side>(
    _ stripes: Stripes<S>, _ stride: Int, _ options: SGDOptions
  ) -> Buffer<Float> {
    let buffer = Buffer(count: stripes.rows.count * stride, repeating: Float(0))
    _ = parallelMap(Stripes<S>.count, threads: options.threads) { stripe in
      for place in stripes.places(in: stripe) {
        let numbers = start(of: Row<S>(stripes.rows[place]), options)
        for k in numbers.indices { unsafe buffer.base[place * stride + k] = numbers[k] }
      }
    }
    return buffer
  }

  // MARK: The end

  package func model(of ratings: Ratings, record: TrainingRecord) -> Model {
    let biases =
      options.hasBiases
      ? Model.Biases(
        users: biases(userRows, blocks.users), items: biases(itemRows, blocks.items)) : nil
    return Model(
      userEmbeddings: table(users, blocks.users), itemEmbeddings: table(items, blocks.items),
      biases: biases, mean: mean, users: ratings.users, items: ratings.items,
      history: ratings.byUser, record: record)
  }

  /// The vectors in the order of the ratings' rows, without padding; zeros where there are none.
  private func table<S: Side>(_ buffer: Buffer<Float>, _ stripes: Stripes<S>) -> EmbeddingTable<S> {
    let (dimension, stride) = (options.dimension, stride)
    let count = stripes.places.count
    let table = Buffer<Float>(uninitialized: count * dimension)
    _ = parallelMap(Stripes<S>.count, threads: options.threads) { part in
      for row in part * count / Stripes<S>.count..<(part + 1) * count / Stripes<S>.count {
        let target = unsafe table.base + row * dimension
        if let place = stripes.place(of: Row<S>(row)) {
          unsafe target.initialize(from: buffer.base + place * stride, count: dimension)
        } else {
          unsafe target.initialize(repeating: 0, count: dimension)
        }
      }
    }
    return EmbeddingTable(count: count, dimension: dimension, numbers: Flat(table))
  }

  private func biases<S: Side>(_ rows: Buffer<ckk_sgd_row>, _ stripes: Stripes<S>) -> [Float] {
    let span = rows.span
    return stripes.places.map { $0 < 0 ? 0 : span[Int($0)].bias }
  }

  /// Gives another method's users the vectors and biases that these have; rows without ratings stay as
  /// they are.
  func copyUsers(to table: SideTable) {
    let (vectors, rows) = (users.span, userRows.span)
    var numbers = Array(repeating: Float(0), count: table.width)
    for (row, place) in blocks.users.places.enumerated() where place >= 0 {
      for k in 0..<options.dimension { numbers[k] = vectors[Int(place) * stride + k] }
      if options.hasBiases { numbers[options.dimension] = rows[Int(place)].bias }
      table.set(row, to: numbers.span)
    }
  }

  // MARK: Validation

  package func rmse(on heldOut: HeldOut, clippedTo range: ClosedRange<Float>?) -> Double? {
    let tables = ScoredTables(
      users: half(users, userRows, blocks.users), items: half(items, itemRows, blocks.items),
      dimension: options.dimension, mean: mean)
    return heldOut.errors(clippedTo: range, of: tables, threads: options.threads)?.rmse
  }

  private func half<S: Side>(
    _ vectors: Buffer<Float>, _ rows: Buffer<ckk_sgd_row>, _ stripes: Stripes<S>
  ) -> ScoredTables.Half {
    let span = rows.span
    return ScoredTables.Half(
      vectors: Flat(vectors), stride: stride, biases: Flat(span.indices.map { span[$0].bias }),
      places: stripes.places)
  }
}
