// The tables while SGD is at work on them.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels
import Foundation

/// Both tables with their biases, in rows padded with zeros to whole vectors.
///
/// The padding stays zero: an update scales it and adds multiples of zero.
package struct SGDState: TrainingState {
  private let options: SGDOptions
  private let blocks: RatingBlocks
  private let dimension: Int
  private let stride: Int
  private let users: Buffer<Float>
  private let items: Buffer<Float>
  private let userBiases: Buffer<Float>?
  private let itemBiases: Buffer<Float>?
  private let mean: Double
  private let step: Float
  private let decay: Float

  /// The random start: every number normal with the options' deviation, keyed by its row.
  package init(_ ratings: Ratings, options: SGDOptions) throws(TrainingError) {
    try Self.requireMemory(for: ratings, options)
    self.options = options
    blocks = RatingBlocks(ratings, seed: options.seed)
    dimension = options.dimension
    let padding = Int(CKK_SGD_PADDING)
    stride = (options.dimension + padding - 1) / padding * padding
    users = Self.start(ratings.byUser, stride, options)
    items = Self.start(ratings.byItem, stride, options)
    userBiases = options.hasBiases ? Buffer(count: ratings.users.count, repeating: 0) : nil
    itemBiases = options.hasBiases ? Buffer(count: ratings.items.count, repeating: 0) : nil
    mean = options.hasBiases ? ratings.mean : 0
    step = Float(2 * options.rate)
    decay = Float(1 - 2 * options.rate * options.regularization)
  }

  package func run(epoch: Int, shouldStop: () -> Bool) -> EpochOutcome {
    var squares = 0.0
    for diagonal in blocks.diagonals(epoch: epoch, seed: options.seed) {
      if shouldStop() {
        return EpochOutcome(squares: squares, rate: options.rate, wasStopped: true)
      }
      let work = blocks.blocks(onDiagonal: diagonal)
      // Blocks of one diagonal share no row, so no two threads touch the same number.
      let sums = parallelMap(work.count, threads: options.threads) { self.update(blocks, work[$0]) }
      for sum in sums { squares += sum }
    }
    return EpochOutcome(squares: isFinite ? squares : .nan, rate: options.rate)
  }

  private func update(_ blocks: RatingBlocks, _ block: Int) -> Double {
    let range = blocks.offsets[block]..<blocks.offsets[block + 1]
    var model = unsafe ckk_sgd(
      users: users.base, items: items.base, user_biases: userBiases?.base,
      item_biases: itemBiases?.base, stride: stride, mean: Float(mean), step: step, decay: decay)
    return unsafe blocks.users.withUnsafeBufferPointer { users in
      unsafe blocks.items.withUnsafeBufferPointer { items in
        unsafe blocks.values.withUnsafeBufferPointer { values in
          guard let user = users.baseAddress, let item = items.baseAddress,
            let value = values.baseAddress
          else { return 0 }
          return unsafe Kernels.best.sgd(
            &model, user + range.lowerBound, item + range.lowerBound, value + range.lowerBound,
            range.count)
        }
      }
    }
  }

  /// Whether every number is finite.
  package var isFinite: Bool {
    for buffer in [users, items, userBiases, itemBiases] {
      guard let buffer else { continue }
      // A finite number times zero is zero; an infinity or NaN leaves NaN behind.
      var poison: Float = 0
      let span = buffer.span
      for index in 0..<span.count { poison += span[index] * 0 }
      guard poison == 0 else { return false }
    }
    return true
  }

  /// A copy that further epochs do not change.
  package func copy() -> SGDState { SGDState(copying: self) }

  private init(copying other: SGDState) {
    options = other.options
    blocks = other.blocks
    dimension = other.dimension
    stride = other.stride
    users = Buffer(copying: other.users)
    items = Buffer(copying: other.items)
    userBiases = other.userBiases.map { Buffer(copying: $0) }
    itemBiases = other.itemBiases.map { Buffer(copying: $0) }
    mean = other.mean
    step = other.step
    decay = other.decay
  }

  /// The root mean squared error over held-out ratings; nil if there are none.
  package func rmse(on heldOut: HeldOut, clippedTo range: ClosedRange<Float>?) -> Double? {
    heldOut.errors(clippedTo: range) { user, item in
      let bias = { (buffer: Buffer<Float>?, row: Int32?) -> Double in
        guard let buffer, let row else { return 0 }
        return Double(buffer.span[Int(row)])
      }
      let dot: Float =
        if let user, let item {
          Kernels.best.dot(vector(users, user.index), vector(items, item.index))
        } else { 0 }
      return mean + bias(userBiases, user?.index) + bias(itemBiases, item?.index) + Double(dot)
    }?.rmse
  }

  /// The finished model, without the padding.
  package func model(of ratings: Ratings, record: TrainingRecord) -> Model {
    let biases = userBiases.flatMap { users in
      itemBiases.map { items in Model.Biases(users: users.array, items: items.array) }
    }
    return Model(
      userEmbeddings: table(users), itemEmbeddings: table(items), biases: biases, mean: mean,
      users: ratings.users, items: ratings.items, history: ratings.byUser, record: record)
  }

  package var arrays: [CheckpointArray] {
    [("users", users), ("items", items), ("user_biases", userBiases), ("item_biases", itemBiases)]
      .compactMap { name, buffer in buffer.map { CheckpointArray(name, copying: $0) } }
  }

  package func restore(_ arrays: CheckpointArrays) throws(FileError) {
    try restore(users, "users", arrays)
    try restore(items, "items", arrays)
    if let userBiases { try restore(userBiases, "user_biases", arrays) }
    if let itemBiases { try restore(itemBiases, "item_biases", arrays) }
  }

  private func restore(
    _ buffer: Buffer<Float>, _ name: String, _ arrays: CheckpointArrays
  ) throws(FileError) {
    let numbers = try arrays.floats(name, count: buffer.count)
    guard numbers.firstNonFinite == nil else {
      throw arrays.malformed("its \(name) are not finite")
    }
    buffer.write { elements in
      for index in 0..<elements.count { elements[index] = numbers[index] }
    }
  }

  private static func requireMemory(
    for ratings: Ratings, _ options: SGDOptions
  ) throws(TrainingError) {
    let rows = ratings.users.count + ratings.items.count
    // At work a row is padded and has a bias; patience keeps a copy; the model is another one.
    let padded = (min(options.dimension, Int.max / 2) / 8 + 2) * 8
    let copies = options.patience == nil ? 2 : 3
    let (tables, overflow) = padded.multipliedReportingOverflow(
      by: rows * copies * MemoryLayout<Float>.stride)
    // The ratings by user and by item, and dealt out to blocks.
    let (bytes, tooMany) = tables.addingReportingOverflow(ratings.count * 44)
    let available = Int(clamping: ProcessInfo.processInfo.physicalMemory) / 4 * 3
    guard !overflow, !tooMany, bytes < available else {
      throw .tooLarge(bytes: overflow || tooMany ? .max : bytes, available: available)
    }
  }

  @_lifetime(borrow buffer)
  private func vector(_ buffer: borrowing Buffer<Float>, _ row: Int32) -> Span<Float> {
    let start = Int(row) * stride
    return buffer.span.extracting(start..<start + dimension)
  }

  private func table<S: Side>(_ buffer: Buffer<Float>) -> EmbeddingTable<S> {
    let rows = buffer.count / stride
    return EmbeddingTable(count: rows, dimension: dimension) { elements in
      let span = buffer.span
      for row in 0..<rows {
        for k in 0..<dimension { elements[row * dimension + k] = span[row * stride + k] }
      }
    }
  }

  /// The vector that a row starts from: normal numbers, keyed by the row.
  package static func start<S: Side>(of row: Row<S>, _ options: SGDOptions) -> [Float] {
    var random = KeyedRandom(
      seed: options.seed, key: StreamKey.start, S.key, UInt64(row.index))
    return (0..<options.dimension).map { _ in Float(random.normal() * options.initialDeviation) }
  }

  /// A row without ratings has nothing to learn from: it stays zero, so that it scores as unknown.
  private static func start<S: Side, Column: Side>(
    _ rows: CompressedRows<S, Column>, _ stride: Int, _ options: SGDOptions
  ) -> Buffer<Float> {
    let buffer = Buffer(count: rows.rowCount * stride, repeating: Float(0))
    buffer.write { elements in
      for index in 0..<rows.rowCount {
        let row = Row<S>(index)
        guard !rows.range(row).isEmpty else { continue }
        for (k, number) in start(of: row, options).enumerated() {
          elements[index * stride + k] = number
        }
      }
    }
    return buffer
  }
}
