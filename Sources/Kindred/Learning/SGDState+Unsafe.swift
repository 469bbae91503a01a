// The tables while SGD is at work on them.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels

/// Both tables with their biases, in rows padded with zeros to whole vectors.
///
/// The padding stays zero: an update scales it and adds multiples of zero.
package struct SGDState {
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
  package init(_ ratings: Ratings, options: SGDOptions) {
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

  /// Works through all blocks, diagonal after diagonal.
  ///
  /// - Returns: The squared errors, each taken before its update and summed in the order of the
  ///   blocks; whether the run was stopped before its end.
  package func run(
    _ blocks: RatingBlocks, order: [Int], threads: Int, shouldStop: () -> Bool
  ) -> (squares: Double, wasStopped: Bool) {
    var squares = 0.0
    for diagonal in order {
      if shouldStop() { return (squares, true) }
      let work = blocks.blocks(onDiagonal: diagonal)
      // Blocks of one diagonal share no row, so no two threads touch the same number.
      let sums = parallelMap(work.count, threads: threads) { self.update(blocks, work[$0]) }
      for sum in sums { squares += sum }
    }
    return (squares, false)
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
  package func model(of ratings: Ratings, options: SGDOptions, epochs: Int) -> Model {
    let biases = userBiases.flatMap { users in
      itemBiases.map { items in Model.Biases(users: users.array, items: items.array) }
    }
    return Model(
      userEmbeddings: table(users), itemEmbeddings: table(items), biases: biases, mean: mean,
      users: ratings.users, items: ratings.items, history: ratings.byUser,
      record: TrainingRecord(
        method: SGD.method, options: options.recorded(epochs: epochs), seed: options.seed,
        ratingRange: ratings.range, fingerprint: ratings.fingerprint))
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
