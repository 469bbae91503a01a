// One step of the softmax method: the users of a batch against the items that they are held against.
// SPDX-License-Identifier: Apache-2.0

/// Works on one batch after another, in memory that is taken once.
///
/// The pairs of a user share the user's scores: with u the user's vector and v_j those of the items that
/// the batch is held against (the columns), E_uj = e^(u·v_j/τ + o_j − m_u), Z_u = Σ_j E_uj and C_u the weights
/// of the user's pairs summed, the loss of the user is C_u (m_u + ln Z_u) − Σ c (score), and its
/// gradient by the scores is G_uj = E_uj C_u / Z_u, less c at the user's own items. The gradients by u
/// and by v are matrix products of G with the other side's rows, over τ.
///
/// Users are worked on in groups and columns in chunks of fixed sizes, and every sum has one order, so that
/// the result does not depend on the number of threads.
final class SoftmaxBatch: Sendable {
  private let options: SoftmaxOptions
  private let ratings: CompressedRows<UserSide, ItemSide>
  private let weights: Flat<Float>
  private let past: Flat<Float>
  private let users: SoftmaxSide
  private let items: SoftmaxSide
  private let stride: Int
  /// How many users and columns there is room for.
  private let room: (users: Int, columns: Int)
  /// The numbers from one user's exponentials to the next one's.
  private let pitch: Int

  /// The users' rows made units, their lengths, and their gradients. [users, stride]
  private let userUnits: Buffer<Float>
  private let userLengths: Buffer<Float>
  private let userSums: Buffer<Float>
  /// The users' own rows with the means of their items added. [users, stride]
  private let userRows: Buffer<Float>
  /// 0, 1, …: the places of these rows.
  private let identity: Buffer<Int32>
  /// The batch's users.
  private let userPlaces: Buffer<Int32>
  /// Each user's largest score. [users]
  private let most: Buffer<Float>
  /// The columns' rows made units, turned, their lengths and gradients. [columns, stride]
  private let itemUnits: Buffer<Float>
  private let itemLengths: Buffer<Float>
  private let itemPanels: Buffer<Float>
  private let itemSums: Buffer<Float>
  /// E, then G. [users, pitch]
  private let shares: Buffer<Float>

  /// Few enough rows that a chunk's stay in the second cache while a group passes over them.
  private static let chunk = 512
  /// A multiple of the kernels' tiles.
  private static let group = 24

  init(
    _ ratings: CompressedRows<UserSide, ItemSide>, weights: Flat<Float>, past: Flat<Float>,
    users: SoftmaxSide, items: SoftmaxSide, columns: Int, options: SoftmaxOptions
  ) {
    self.options = options
    self.ratings = ratings
    self.weights = weights
    self.past = past
    self.users = users
    self.items = items
    stride = users.stride
    let lanes = SoftmaxKernels.lanes
    let padded = (columns + lanes - 1) / lanes * lanes
    room = (min(options.batch, users.count), padded)
    // Not a power of two: the users' places would share a few lines of the cache.
    pitch = padded + lanes
    userUnits = Buffer(uninitialized: room.users * stride)
    userLengths = Buffer(uninitialized: room.users)
    userSums = Buffer(uninitialized: room.users * stride)
    userRows = Buffer(uninitialized: room.users * stride)
    identity = Buffer(uninitialized: room.users)
    identity.write { for place in 0..<$0.count { $0[place] = Int32(place) } }
    userPlaces = Buffer(uninitialized: room.users)
    most = Buffer(uninitialized: room.users)
    itemUnits = Buffer(uninitialized: padded * stride)
    itemLengths = Buffer(uninitialized: padded)
    itemPanels = Buffer(uninitialized: padded * stride)
    itemSums = Buffer(uninitialized: padded * stride)
    shares = Buffer(uninitialized: room.users * pitch)
  }

  /// The bytes of a batch's memory.
  static func bytes(users: Double, columns: Double, stride: Double) -> Double {
    4 * (users * (3 * stride + columns + 32) + columns * (3 * stride + 4))
  }

  /// Moves the batch's users and the columns.
  ///
  /// - Parameters:
  ///   - batch: The users, who each have seen something.
  ///   - columns: What they are held against, their own items among it.
  ///   - pace: The rates.
  /// - Returns: The loss of the batch's pairs before the step.
  func run(
    _ batch: ArraySlice<Int32>, _ columns: SoftmaxColumns, _ pace: (SoftmaxPace, SoftmaxPace)
  ) -> Double {
    let count = columns.items.count
    precondition(batch.count <= room.users && count <= room.columns, "a batch beyond its room")
    for (place, user) in batch.enumerated() { unsafe userPlaces.base[place] = user }
    let chunks = (count + Self.chunk - 1) / Self.chunk
    let threads = options.threads
    _ = parallelMap(chunks, threads: threads) { chunk in turn(columns, self.range(chunk, count)) }
    let groups = (batch.count + Self.group - 1) / Self.group
    let losses = parallelMap(groups, threads: threads) { group in
      let first = group * Self.group
      return score(first..<min(first + Self.group, batch.count), columns, pace.0)
    }
    let pairs = options.pastWeight == 0 ? [] : self.pairs(batch.count, columns)
    _ = parallelMap(chunks, threads: threads) { chunk in
      moveItems(columns, self.range(chunk, count), users: batch.count, pairs, pace.1)
    }
    return losses.reduce(0, +)
  }

  private func range(_ chunk: Int, _ count: Int) -> Range<Int> {
    chunk * Self.chunk..<min((chunk + 1) * Self.chunk, count)
  }

  /// Copies the rows of some columns, made units, side by side and turned.
  private func turn(_ columns: SoftmaxColumns, _ range: Range<Int>) {
    let start = range.lowerBound
    unsafe SoftmaxKernels.best.units(
      items.rows.base, stride: stride, places: columns.items.base + start, count: range.count,
      normalizes: options.similarity == .cosine, into: itemUnits.base + start * stride,
      lengths: itemLengths.base + start, panels: itemPanels.base + start * stride)
  }

  // MARK: Users

  /// Scores a group of users against all columns, moves them, and leaves what the items' gradients are
  /// made of.
  private func score(
    _ group: Range<Int>, _ columns: SoftmaxColumns, _ pace: SoftmaxPace
  ) -> Double {
    let kernels = SoftmaxKernels.best
    let (start, count) = (group.lowerBound, columns.items.count)
    var own = group.map { OwnItems(self, user: $0, columns) }
    for own in own { compose(own) }
    unsafe kernels.units(
      userRows.base, stride: stride, places: identity.base + start, count: group.count,
      normalizes: options.similarity == .cosine, into: userUnits.base + start * stride,
      lengths: userLengths.base + start, panels: nil)
    for user in group {
      unsafe most.base[user] = -.infinity
      for k in 0..<stride { unsafe userSums.base[user * stride + k] = 0 }
    }
    if let bound = columns.bound {
      for user in group { unsafe most.base[user] = bound }
    } else {
      forEachChunk(count) { score(group, columns, $0) }
    }
    let bounds = columns.bound
    forEachChunk(count) { range in
      score(group, columns, range)
      for place in own.indices {
        let row = unsafe shares.base + own[place].user * pitch
        unsafe own[place].note(row, through: range.upperBound)
        let width = (range.count + SoftmaxKernels.lanes - 1) / SoftmaxKernels.lanes
        own[place].sum += Double(
          unsafe kernels.exponentials(
            row + range.lowerBound, count: width * SoftmaxKernels.lanes,
            most: bounds ?? most.base[own[place].user]))
      }
      unsafe kernels.combine(
        shares.base + start * pitch + range.lowerBound, aStep: pitch, aCount: group.count,
        bStep: 1, bCount: range.count, rows: itemUnits.base + range.lowerBound * stride,
        stride: stride, into: userSums.base + start * stride)
    }
    var loss = 0.0
    for own in own { loss += finish(own, columns, pace) }
    return loss
  }

  /// A user's row: their own one, and their items' units, each by its part.
  private func compose(_ own: OwnItems) {
    let row = unsafe userRows.base + own.user * stride
    let table = unsafe users.rows.base + Int(userPlaces.base[own.user]) * stride
    for k in 0..<stride { unsafe row[k] = table[k] }
    guard options.pastWeight > 0 else { return }
    for (n, column) in own.columns.enumerated() {
      let unit = unsafe itemUnits.base + Int(column) * stride
      let part = own.past[n]
      for k in 0..<stride { unsafe row[k] += part * unit[k] }
    }
  }

  private func forEachChunk(_ count: Int, _ body: (Range<Int>) -> Void) {
    for chunk in 0..<(count + Self.chunk - 1) / Self.chunk { body(range(chunk, count)) }
  }

  /// The scores of a group of users and a chunk of columns.
  private func score(_ group: Range<Int>, _ columns: SoftmaxColumns, _ range: Range<Int>) {
    let start = range.lowerBound
    let panels = (range.count + SoftmaxKernels.lanes - 1) / SoftmaxKernels.lanes
    unsafe SoftmaxKernels.best.scores(
      userUnits.base + group.lowerBound * stride, count: group.count,
      itemPanels.base + start * stride, panelCount: panels, stride: stride,
      scale: Float(1 / options.temperature), offsets: columns.offsets.base + start,
      into: shares.base + group.lowerBound * pitch + start, pitch: pitch,
      most: most.base + group.lowerBound)
  }

  /// What a user's own items add to the loss and to the gradients; moves the user.
  private func finish(
    _ own: OwnItems, _ columns: SoftmaxColumns, _ pace: SoftmaxPace
  ) -> Double {
    let user = own.user
    let row = unsafe shares.base + user * pitch
    let sums = unsafe userSums.base + user * stride
    let top = Double(columns.bound ?? (unsafe most.base[user]))
    let total = own.weights.reduce(0.0) { $0 + Double($1) }
    var loss = total * (top + logarithm(own.sum))
    let share = total / own.sum
    for k in 0..<stride { unsafe sums[k] *= Float(share) }
    for (n, column) in own.columns.enumerated() {
      let weight = own.weights[n]
      loss -= Double(weight) * Double(own.scores[n])
      let unit = unsafe itemUnits.base + Int(column) * stride
      for k in 0..<stride { unsafe sums[k] -= weight * unit[k] }
      // The items' gradients are sums of these times the user's share.
      unsafe row[Int(column)] -= Float(Double(weight) / share)
    }
    // The unit is what the items' gradients need; only then may it be scaled.
    let unit = unsafe userUnits.base + user * stride
    let normalizes = options.similarity == .cosine
    unsafe users.move(
      Int(userPlaces.base[user]), pace, sum: sums, unit: normalizes ? UnsafePointer(unit) : nil,
      length: userLengths.base[user])
    unsafe leaveForItems(sums, unit, length: userLengths.base[user])
    for k in 0..<stride { unsafe unit[k] *= Float(share) }
    return loss
  }

  /// Makes a user's gradient the one by the mean of their items, of which each has a part.
  private func leaveForItems(
    _ sums: UnsafeMutablePointer<Float>, _ unit: UnsafeMutablePointer<Float>, length: Float
  ) {
    guard options.pastWeight > 0 else { return }
    var along = 0.0
    if options.similarity == .cosine {
      for k in 0..<stride { along += Double(unsafe sums[k]) * Double(unsafe unit[k]) }
    }
    let factor = 1 / length
    for k in 0..<stride { unsafe sums[k] = (sums[k] - Float(along) * unit[k]) * factor }
  }

  /// A user's own items, found among the columns.
  private struct OwnItems {
    /// The user's place in the batch.
    let user: Int
    let columns: [Int32]
    let weights: [Float]
    /// How much of each item is in the user's row.
    let past: [Float]
    /// The scores of those that have been passed.
    var scores: [Float] = []
    /// Z.
    var sum = 0.0

    init(_ batch: SoftmaxBatch, user: Int, _ columns: SoftmaxColumns) {
      self.user = user
      let range = batch.ratings.range(Row(Int(unsafe batch.userPlaces.base[user])))
      let found = range.map { place in
        (columns.column(ofItem: batch.ratings.columns[place]), place)
      }.sorted { $0.0 < $1.0 }
      self.columns = found.map(\.0)
      weights = found.map { batch.weights[$0.1] }
      past = found.map { batch.past[$0.1] }
      scores.reserveCapacity(found.count)
    }

    /// Keeps the scores of the own items before a column, which become exponentials next.
    mutating func note(_ row: UnsafeMutablePointer<Float>, through end: Int) {
      while scores.count < columns.count, columns[scores.count] < end {
        scores.append(unsafe row[Int(columns[scores.count])])
      }
    }
  }

  // MARK: Items

  /// A pair of the batch.
  private struct Pair: Sendable {
    let column: Int32
    /// The user's place in the batch.
    let user: Int32
    /// How much of the item is in the user's row.
    let part: Float
  }

  /// The pairs of the batch, by column and then by user.
  private func pairs(_ count: Int, _ columns: SoftmaxColumns) -> [Pair] {
    (0..<count).flatMap { place in
      let range = ratings.range(Row(Int(unsafe userPlaces.base[place])))
      return range.map { index in
        Pair(
          column: columns.column(ofItem: ratings.columns[index]), user: Int32(place),
          part: past[index])
      }
    }.sorted { ($0.column, $0.user) < ($1.column, $1.user) }
  }

  /// Adds what moves items because their users are made of them.
  private func addHistory(_ pairs: [Pair], _ range: Range<Int>) {
    guard !pairs.isEmpty else { return }
    var (first, last) = (0, pairs.count)
    while first < last {
      let middle = (first + last) / 2
      if pairs[middle].column < range.lowerBound { first = middle + 1 } else { last = middle }
    }
    for pair in pairs[first...] {
      guard pair.column < range.upperBound else { return }
      let sums = unsafe itemSums.base + Int(pair.column) * stride
      let user = unsafe userSums.base + Int(pair.user) * stride
      for k in 0..<stride { unsafe sums[k] += pair.part * user[k] }
    }
  }

  /// Moves the rows of some columns.
  private func moveItems(
    _ columns: SoftmaxColumns, _ range: Range<Int>, users count: Int, _ pairs: [Pair],
    _ pace: SoftmaxPace
  ) {
    let start = range.lowerBound
    let sums = unsafe itemSums.base + start * stride
    for k in 0..<range.count * stride { unsafe sums[k] = 0 }
    unsafe SoftmaxKernels.best.combine(
      shares.base + start, aStep: 1, aCount: range.count, bStep: pitch, bCount: count,
      rows: userUnits.base, stride: stride, into: sums)
    addHistory(pairs, range)
    let normalizes = options.similarity == .cosine
    for column in range {
      let unit = unsafe itemUnits.base + column * stride
      unsafe items.move(
        Int(columns.items.base[column]), pace, sum: itemSums.base + column * stride,
        unit: normalizes ? UnsafePointer(unit) : nil, length: itemLengths.base[column])
    }
  }
}
