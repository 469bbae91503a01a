// Ratings dealt out to a grid of blocks that can be worked on side by side.
// SPDX-License-Identifier: Apache-2.0

package import CKindredKernels

/// A fixed grid of blocks: users in stripes one way, items in stripes the other.
///
/// Two blocks on one diagonal share no row, so they can be updated at the same time with the same
/// result as one after the other (Gemulla et al. 2011; balanced as by Zhuang et al. 2013).
///
/// A block's ratings are sorted by groups of users that lie side by side. In a group the users take
/// turns: first each one's first rating, then each one's second. One update waits for the last one of
/// the same user, so that taking turns lets the processor have several under way. A rating takes 8
/// bytes.
package struct RatingBlocks: Sendable {
  /// Stripes per side.
  package static let stripes = Stripes<UserSide>.count
  /// Users per group.
  package static let group = Int(CKK_SGD_GROUP)

  package let users: Stripes<UserSide>
  package let items: Stripes<ItemSide>
  /// Where each block's ratings start, block (s, t) at s · stripes + t; one more at the end.
  package let offsets: [Int]
  /// The ratings of all blocks, and a few more that the kernel may look at.
  private let ratings: Buffer<ckk_sgd_rating>
  /// How many ratings each group has in each block: of stripe s, block after block, from 16 times the
  /// number of groups before it.
  private let counts: Buffer<UInt32>
  /// The number of groups before each stripe of users; one more at the end.
  private let groups: [Int]

  /// Deals ratings out.
  ///
  /// - Parameters:
  ///   - ratings: At least one.
  ///   - seed: Chooses the order of the rows.
  ///   - threads: Does not change the result.
  /// - Complexity: O(ratings + rows), twice over the ratings.
  package init(_ ratings: Ratings, seed: UInt64, threads: Int = 0) {
    let byUser = ratings.byUser
    users = Stripes(
      counts: ratings.users.rows.map { byUser.range($0).count }, seed: seed)
    items = Stripes(
      counts: byUser.columnCounts(ratings.items.count, threads: threads), seed: seed)
    precondition(
      items.rows.count < Int(Int32.max) / Self.group, "too many items for the blocks' numbers")
    let (users, stripes) = (users, Self.stripes)
    var groups = [0]
    for stripe in 0..<stripes {
      groups.append(groups[stripe] + (users.places(in: stripe).count + Self.group - 1) / Self.group)
    }
    let counts = Buffer<UInt32>(count: groups[stripes] * stripes, repeating: 0)
    let dealer = Dealer(
      byUser: byUser, users: users, targets: Self.targets(items), groups: groups, counts: counts)
    // A stripe's blocks are counted and filled by one thread, which alone touches their numbers.
    let sizes = parallelMap(stripes, threads: threads) { unsafe dealer.count(stripe: $0) }
    var offsets = [0]
    for size in sizes.joined() { offsets.append((offsets.last ?? 0) + size) }
    let list = Buffer<ckk_sgd_rating>(uninitialized: ratings.count + Int(CKK_SGD_AHEAD))
    unsafe (list.base + ratings.count).initialize(
      repeating: ckk_sgd_rating(place: 0, value: 0), count: Int(CKK_SGD_AHEAD))
    let starts = offsets
    _ = parallelMap(stripes, threads: threads) {
      unsafe dealer.fill(list, stripe: $0, starts: starts)
    }
    self.offsets = offsets
    self.groups = groups
    self.counts = counts
    self.ratings = list
  }

  /// The order of the diagonals in an epoch; diagonal d holds the blocks (s, s + d mod stripes).
  package func diagonals(epoch: Int, seed: UInt64) -> [Int] {
    var order = Array(0..<Self.stripes)
    var random = KeyedRandom(seed: seed, key: StreamKey.diagonals, UInt64(epoch))
    random.shuffle(&order)
    return order
  }

  /// The first rating of block (s, t), and the first of its groups' counts.
  package func start(
    _ s: Int, _ t: Int
  ) -> (ratings: UnsafePointer<ckk_sgd_rating>, counts: UnsafePointer<UInt32>) {
    let first = groups[s] * Self.stripes + t * (groups[s + 1] - groups[s])
    return unsafe (
      UnsafePointer(ratings.base + offsets[s * Self.stripes + t]),
      UnsafePointer(counts.base + first)
    )
  }

  /// The ratings of block (s, t) in the order in which they are worked on.
  package func entries(_ s: Int, _ t: Int) -> [(user: UserRow, item: ItemRow, value: Float)] {
    var (rating, counts) = unsafe start(s, t)
    var entries: [(user: UserRow, item: ItemRow, value: Float)] = []
    for group in stride(
      from: users.bounds[s], to: users.bounds[s + 1], by: Self.group)
    {
      for _ in 0..<(unsafe counts.pointee) {
        let (place, value) = unsafe (Int(rating.pointee.place), rating.pointee.value)
        entries.append(
          (
            UserRow(users.rows[group + place % Self.group]),
            ItemRow(items.rows[items.bounds[t] + place / Self.group]), value
          ))
        unsafe rating += 1
      }
      unsafe counts += 1
    }
    return entries
  }

  /// For each item its stripe, and its place in that times the size of a group.
  private static func targets(_ items: Stripes<ItemSide>) -> Buffer<Dealer.Target> {
    let targets = Buffer(
      count: items.places.count, repeating: Dealer.Target(stripe: 0, place: 0))
    targets.write { targets in
      for stripe in 0..<stripes {
        let places = items.places(in: stripe)
        for place in places {
          targets[Int(items.rows[place])] = Dealer.Target(
            stripe: UInt32(stripe), place: UInt32((place - places.lowerBound) * group))
        }
      }
    }
    return targets
  }
}

/// Deals the ratings of a stripe of users out to its blocks.
private struct Dealer: Sendable {
  /// Where an item's ratings go.
  struct Target: Sendable, BitwiseCopyable {
    let stripe: UInt32
    let place: UInt32
  }

  let byUser: CompressedRows<UserSide, ItemSide>
  let users: Stripes<UserSide>
  let targets: Buffer<Target>
  let groups: [Int]
  let counts: Buffer<UInt32>

  /// Counts the ratings of a stripe's groups in each block.
  ///
  /// - Returns: The sizes of the blocks.
  @unsafe func count(stripe: Int) -> [Int] {
    let (stripes, group) = (RatingBlocks.stripes, RatingBlocks.group)
    var sizes = Array(repeating: 0, count: stripes)
    guard let columns = unsafe byUser.columns.start else { return sizes }
    let places = users.places(in: stripe)
    let groupCount = groups[stripe + 1] - groups[stripe]
    let counts = unsafe counts.base + groups[stripe] * stripes
    for place in places {
      let count = unsafe counts + (place - places.lowerBound) / group
      for entry in byUser.range(UserRow(users.rows[place])) {
        let target = unsafe targets.base[Int(columns[entry])]
        unsafe count[Int(target.stripe) * groupCount] += 1
      }
    }
    for t in 0..<stripes {
      for g in 0..<groupCount { sizes[t] += unsafe Int(counts[t * groupCount + g]) }
    }
    return sizes
  }

  /// Writes a stripe's ratings into its blocks.
  @unsafe func fill(_ list: Buffer<ckk_sgd_rating>, stripe: Int, starts: [Int]) {
    let (stripes, group) = (RatingBlocks.stripes, RatingBlocks.group)
    guard let columns = unsafe byUser.columns.start, let values = unsafe byUser.values.start else {
      return
    }
    let places = users.places(in: stripe)
    var next = (0..<stripes).map { starts[stripe * stripes + $0] }
    // A group's ratings, in a bucket per block and user.
    var bucket: [ckk_sgd_rating] = []
    var ends = Array(repeating: 0, count: stripes * group)
    for first in Swift.stride(from: places.lowerBound, to: places.upperBound, by: group) {
      let members = first..<min(first + group, places.upperBound)
      for index in ends.indices { ends[index] = 0 }
      var total = 0
      for member in members {
        for entry in byUser.range(UserRow(users.rows[member])) {
          let target = unsafe targets.base[Int(columns[entry])]
          ends[Int(target.stripe) * group + member - first] += 1
          total += 1
        }
      }
      if bucket.count < total {
        bucket = Array(repeating: ckk_sgd_rating(place: 0, value: 0), count: total)
      }
      var start = 0
      for index in ends.indices {
        let size = ends[index]
        ends[index] = start
        start += size
      }
      for member in members {
        for entry in byUser.range(UserRow(users.rows[member])) {
          let target = unsafe targets.base[Int(columns[entry])]
          let index = Int(target.stripe) * group + member - first
          bucket[ends[index]] = unsafe ckk_sgd_rating(
            place: target.place + UInt32(member - first), value: values[entry])
          ends[index] += 1
        }
      }
      // A bucket now ends where the next one starts.
      unsafe bucket.withUnsafeBufferPointer { bucket in
        for t in 0..<stripes {
          unsafe takeTurns(bucket, ends, from: t * group, to: list.base, at: &next[t])
        }
      }
    }
  }

  /// Writes the buckets of one block's group, a rating of each in turn.
  @unsafe private func takeTurns(
    _ bucket: UnsafeBufferPointer<ckk_sgd_rating>, _ ends: [Int], from first: Int,
    to list: UnsafeMutablePointer<ckk_sgd_rating>, at next: inout Int
  ) {
    unsafe withUnsafeTemporaryAllocation(
      of: (next: Int, end: Int).self, capacity: RatingBlocks.group
    ) {
      open in
      var count = 0
      for index in first..<first + RatingBlocks.group {
        let start = index == 0 ? 0 : ends[index - 1]
        guard start < ends[index] else { continue }
        unsafe open[count] = (start, ends[index])
        count += 1
      }
      while count > 0 {
        var left = 0
        for turn in 0..<count {
          var (place, end) = unsafe open[turn]
          unsafe list[next] = bucket[place]
          next += 1
          place += 1
          if place < end {
            unsafe open[left] = (place, end)
            left += 1
          }
        }
        count = left
      }
    }
  }
}

extension CompressedRows {
  /// How many entries each column has, counted on several threads. [columnCount]
  ///
  /// - Precondition: The columns are known to be below `columnCount`.
  /// - Complexity: O(entries + threads · *columnCount*).
  fileprivate func columnCounts(_ columnCount: Int, threads: Int) -> [Int] {
    let parts = max(1, min(threadCount(threads), count / 100_000))
    let partial = parallelMap(parts, threads: threads) { part in
      var counts = Array(repeating: UInt32(0), count: columnCount)
      guard let columns = unsafe columns.start else { return counts }
      for entry in part * count / parts..<(part + 1) * count / parts {
        counts[unsafe Int(columns[entry])] += 1
      }
      return counts
    }
    var counts = Array(repeating: 0, count: columnCount)
    for part in partial {
      for column in 0..<columnCount { counts[column] += Int(part[column]) }
    }
    return counts
  }
}
