// The tables while the softmax method is at work on them.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Both sides with what their optimizer keeps, and the memory of a batch.
package struct SoftmaxState: InteractionState {
  private let options: SoftmaxOptions
  private let ratings: Ratings
  private let users: SoftmaxSide
  private let items: SoftmaxSide
  private let batch: SoftmaxBatch
  /// The columns of every batch where they are all items; nil where they are drawn.
  private let all: SoftmaxColumns?
  private let source: SoftmaxColumns.Source
  /// The users that have seen something.
  private let active: [Int32]
  /// How many users each item has.
  private let counts: [Int]
  /// How much each pair counts, in the order of the ratings by user.
  private let weights: Flat<Float>
  /// How much of each pair's item is in its user's row, in the same order.
  private let past: Flat<Float>

  package init(_ ratings: Ratings, options: SoftmaxOptions) throws(TrainingError) {
    let byUser = ratings.byUser
    let byItem = ratings.byItem
    let active: [Int32] = ratings.users.rows.filter { !byUser.range($0).isEmpty }.map {
      Int32($0.index)
    }
    let counts: [Int] = ratings.items.rows.map { byItem.range($0).count }
    let batch = min(options.batch, active.count)
    let holdsAll = options.negatives >= counts.count
    // A batch's own items are among its columns; no more of them than the pairs of its users.
    let most = active.map { byUser.range(Row(Int($0))).count }.sorted(by: >).prefix(batch)
    let columns = min(counts.count, options.negatives + (holdsAll ? 0 : most.reduce(0, +)))
    try Self.requireMemory(for: ratings, options, batch: batch, columns: columns)
    let weights = try options.weighting.weights(of: ratings)
    self.options = options
    self.ratings = ratings
    self.active = active
    self.counts = counts
    self.weights = weights
    past = Self.past(byUser, weights: weights, counts: counts, options)
    users = SoftmaxSide(UserSide.self, count: ratings.users.count, options) {
      !byUser.range($0).isEmpty
    }
    items = SoftmaxSide(ItemSide.self, count: counts.count, options) { _ in true }
    all = holdsAll ? SoftmaxColumns(all: counts.count, options: options) : nil
    source = SoftmaxColumns.Source(counts: counts, users: active.count, options: options)
    self.batch = SoftmaxBatch(
      byUser, weights: weights, past: past, users: users, items: items, columns: columns,
      options: options)
  }

  /// The parts of their items in users' rows, which are `pastWeight` for each user in all.
  private static func past(
    _ byUser: CompressedRows<UserSide, ItemSide>, weights: Flat<Float>, counts: [Int],
    _ options: SoftmaxOptions
  ) -> Flat<Float> {
    let parts = counts.map { SoftmaxLoss.pastPart(count: $0, exponent: options.pastExponent) }
    let past = Buffer<Float>(uninitialized: byUser.count)
    past.write { past in
      for user in 0..<byUser.rowCount {
        let range = byUser.range(Row(user))
        func part(_ pair: Int) -> Double {
          Double(weights[pair]) * parts[Int(byUser.columns[pair])]
        }
        let total = range.reduce(0.0) { $0 + part($1) }
        for pair in range { past[pair] = Float(options.pastWeight * part(pair) / total) }
      }
    }
    return Flat(past)
  }

  private init(copying other: SoftmaxState) {
    options = other.options
    ratings = other.ratings
    users = SoftmaxSide(copying: other.users)
    items = SoftmaxSide(copying: other.items)
    // A copy is kept, not trained on: its batch would move the original's rows.
    batch = other.batch
    all = other.all
    source = other.source
    active = other.active
    counts = other.counts
    weights = other.weights
    past = other.past
  }

  /// A copy that further epochs do not change.
  package func copy() -> SoftmaxState { SoftmaxState(copying: self) }

  /// Goes over all users in a new order, batch by batch.
  package func run(epoch: Int, shouldStop: () -> Bool) throws(TrainingError) -> EpochOutcome {
    var order = active
    var random = KeyedRandom(seed: options.seed, key: StreamKey.userOrder, UInt64(epoch))
    random.shuffle(&order)
    let size = min(options.batch, order.count)
    let batches = (order.count + size - 1) / size
    let byUser = ratings.byUser
    var loss = 0.0
    var rate = options.rate
    for number in 0..<batches {
      if shouldStop() { return EpochOutcome(objective: 0, wasStopped: true) }
      let some = order[number * size..<min((number + 1) * size, order.count)]
      let columns =
        all
        ?? source.columns(
          own: some.lazy.flatMap { byUser.columns[byUser.range(Row(Int($0)))] }, users: some.count,
          epoch: epoch, batch: number)
      rate = options.rate(epoch: epoch, part: Double(number) / Double(batches))
      let scale = 1 / options.temperature / Double(some.count)
      // A batch's part of the objective, over its users: λ counts once for each of them, and over an
      // epoch once for each item.
      let pace = SoftmaxPace(
        rate: rate, regularization: options.regularization / Double(active.count), scale: scale)
      var userPace = pace
      userPace.rate *= options.userRate
      userPace.regularization = options.regularization / Double(some.count)
      loss += batch.run(some, columns, (userPace, pace))
    }
    guard users.isFinite(threads: options.threads), items.isFinite(threads: options.threads) else {
      throw .diverged(epoch: epoch, rate: options.rate)
    }
    return EpochOutcome(objective: loss, rate: options.rate(epoch: epoch, part: 0))
  }

  // MARK: What comes of it

  /// The finished model: of a cosine unit vectors, and beside them what lets popular items be ranked
  /// higher, as biases.
  package func model(of ratings: Ratings, record: TrainingRecord) -> Model {
    let own: EmbeddingTable<ItemSide> = table(items, items.numbers)
    let users: EmbeddingTable<UserSide> = table(users, composed(from: own))
    let items = shrunk(own, to: users)
    let biases = Model.Biases(
      users: Array(repeating: 0, count: users.count), items: counts.map(bias(ofCount:)))
    return Model(
      userEmbeddings: users, itemEmbeddings: items,
      biases: options.popularity == 0 ? nil : biases, mean: 0, users: ratings.users,
      items: ratings.items, history: ratings.byUser, record: record)
  }

  /// What multiplies an item's share by its count to the popularity's power, in the unit of scores.
  private func bias(ofCount count: Int) -> Float {
    Float(options.popularity * options.temperature * logarithm(Double(1 + count)))
  }

  /// The users' own rows and their items' units, each by its part. [users · dimension]
  private func composed(from units: EmbeddingTable<ItemSide>) -> Flat<Float> {
    guard options.pastWeight > 0 else { return users.numbers }
    let (byUser, dimension) = (ratings.byUser, options.dimension)
    let rows = Buffer<Float>(uninitialized: users.count * dimension)
    rows.write { rows in
      for user in 0..<users.count {
        let range = byUser.range(Row(user))
        let own = users.vector(user)
        for k in 0..<dimension { rows[user * dimension + k] = own[k] }
        for pair in range {
          let part = past[pair]
          let unit = units.vector(ItemRow(byUser.columns[pair]))
          for k in 0..<dimension { rows[user * dimension + k] += part * unit[k] }
        }
      }
    }
    return Flat(rows)
  }

  /// Items' units, each leaning on the mean of its users' the more, the fewer these are.
  private func shrunk(
    _ items: EmbeddingTable<ItemSide>, to users: EmbeddingTable<UserSide>
  ) -> EmbeddingTable<ItemSide> {
    guard options.shrinkage > 0, options.similarity == .cosine else { return items }
    let (byItem, dimension) = (ratings.byItem, options.dimension)
    let chunk = 512
    let rows = parallelMap((items.count + chunk - 1) / chunk, threads: options.threads) { place in
      (place * chunk..<min((place + 1) * chunk, items.count)).flatMap { item -> [Double] in
        var vector = items.numbers(ItemRow(item))
        let seen = byItem.columns(ItemRow(item))
        guard !seen.isEmpty else { return vector }
        var mean = Array(repeating: 0.0, count: dimension)
        for user in seen {
          let unit = users.vector(UserRow(user))
          for k in 0..<dimension { mean[k] += Double(unit[k]) }
        }
        let share = options.shrinkage / (Double(seen.count) + options.shrinkage)
        let direction = SoftmaxLoss.direction(mean)
        for k in 0..<dimension { vector[k] += share * direction[k] }
        return SoftmaxLoss.direction(vector)
      }
    }
    return EmbeddingTable(count: items.count, dimension: dimension) { elements in
      for (place, numbers) in rows.joined().enumerated() { elements[place] = Float(numbers) }
    }
  }

  /// Rows, of a cosine made units.
  private func table<S: Side>(_ side: SoftmaxSide, _ numbers: Flat<Float>) -> EmbeddingTable<S> {
    let dimension = side.dimension
    return EmbeddingTable(count: side.count, dimension: dimension) { elements in
      for row in 0..<side.count {
        var factor = 1.0
        if options.similarity == .cosine {
          var square = 0.0
          for k in row * dimension..<(row + 1) * dimension {
            square += Double(numbers[k]) * Double(numbers[k])
          }
          // A row of zeros stays one.
          factor = 1 / max(square.squareRoot(), Double(SoftmaxKernels.leastLength))
        }
        for k in row * dimension..<(row + 1) * dimension {
          elements[k] = Float(Double(numbers[k]) * factor)
        }
      }
    }
  }

  package var arrays: [CheckpointArray] { users.arrays("users") + items.arrays("items") }

  package func restore(_ arrays: CheckpointArrays) throws(FileError) {
    try users.restore("users", arrays)
    try items.restore("items", arrays)
  }

  // MARK: Sizes

  private static func requireMemory(
    for ratings: Ratings, _ options: SoftmaxOptions, batch: Int, columns: Int
  ) throws(TrainingError) {
    let rows = Double(ratings.users.count + ratings.items.count)
    let stride = Double(options.dimension) + Double(SoftmaxKernels.lanes)
    // Rows and two moments; patience keeps a copy; the model is another table.
    let tables = rows * stride * 4 * (options.patience == nil ? 4 : 7)
    let scratch = SoftmaxBatch.bytes(
      users: Double(batch), columns: Double(columns), stride: stride)
    let bytes = tables + scratch + Double(ratings.count) * 24
    let available = Int(clamping: ProcessInfo.processInfo.physicalMemory) / 4 * 3
    guard bytes < Double(available) else {
      throw .tooLarge(bytes: bytes < 9e18 ? Int(bytes) : .max, available: available)
    }
  }
}
