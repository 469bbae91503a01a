// Pairs of a user and a seen item, dealt out to blocks that can be worked on at the same time.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels

/// The grid of blocks of pairwise ranking: users in stripes that stay, items in groups that are made anew
/// for every epoch.
package struct PairBlocks: Sendable {
  /// Stripes of users, and groups of items.
  package let count: Int
  /// The users who have seen something, in a seeded random order, stripe after stripe.
  private let users: [Int32]
  /// Where each stripe of users starts; one more at the end. [count + 1]
  private let bounds: [Int]
  /// How many pairs come before each stripe; one more at the end. [count + 1]
  private let starts: [Int]
  private let rows: CompressedRows<UserSide, ItemSide>
  private let itemCount: Int
  private let seed: UInt64

  /// Cuts the users into stripes of about as many pairs each.
  ///
  /// There are so many stripes that a group has a few hundred items, and 32 at most; the number depends
  /// on the ratings alone.
  package init(_ ratings: Ratings, seed: UInt64) {
    let rows = ratings.byUser
    var users: [Int32] = []
    for row in ratings.users.rows where !rows.range(row).isEmpty { users.append(row.index) }
    var random = KeyedRandom(seed: seed, key: StreamKey.pairUsers)
    random.shuffle(&users)
    count = max(1, min(32, ratings.items.count / 256, users.count / 64))
    var (bounds, starts) = ([0], [0])
    var seen = 0
    for (place, user) in users.enumerated() {
      seen += rows.range(UserRow(user)).count
      while bounds.count < count, seen * count >= rows.count * bounds.count {
        bounds.append(place + 1)
        starts.append(seen)
      }
    }
    while bounds.count <= count {
      bounds.append(users.count)
      starts.append(rows.count)
    }
    self.users = users
    self.bounds = bounds
    self.starts = starts
    self.rows = rows
    self.seed = seed
    itemCount = ratings.items.count
  }

  /// The items of an epoch in the order of their groups, and where each group starts.
  package func groups(epoch: Int) -> (items: [Int32], bounds: [Int]) {
    var items = (0..<itemCount).map { Int32($0) }
    var random = KeyedRandom(seed: seed, key: StreamKey.pairItems, UInt64(epoch))
    random.shuffle(&items)
    return (items, (0...count).map { $0 * itemCount / count })
  }

  /// The order of an epoch's diagonals.
  package func diagonals(epoch: Int) -> [Int] {
    var order = Array(0..<count)
    var random = KeyedRandom(seed: seed, key: StreamKey.pairDiagonals, UInt64(epoch))
    random.shuffle(&order)
    return order
  }

  /// The state from which a block's other items are drawn.
  package func randomState(epoch: Int, _ block: BlockSchedule.Block) -> UInt64 {
    var random = KeyedRandom(
      seed: seed, key: StreamKey.otherItems, UInt64(epoch), UInt64(block.userStripe),
      UInt64(block.itemStripe))
    return random.next()
  }

  /// Deals out a stripe's pairs to the groups of their items, each in the users' order.
  ///
  /// - Parameters:
  ///   - stripe: The stripe of users.
  ///   - group: The group of each item. [items]
  ///   - weights: Of each pair, in the order of the ratings by user.
  ///   - pairs: All pairs; the stripe's part is written.
  /// - Returns: Where the pairs of each group start; one more at the end. [count + 1]
  /// - Complexity: O(pairs of the stripe).
  func deal(
    _ stripe: Int, group: [Int32], weights: Flat<Float>, into pairs: inout MutableSpan<ckk_pair>
  ) -> [Int] {
    let (groups, columns) = (group.span, rows.columns.span)
    let weights = weights.span
    var places = Array(repeating: 0, count: count + 1)
    for user in users[bounds[stripe]..<bounds[stripe + 1]] {
      for entry in rows.range(UserRow(user)) { places[Int(groups[Int(columns[entry])]) + 1] += 1 }
    }
    places[0] = starts[stripe]
    for group in 0..<count { places[group + 1] += places[group] }
    var next = places
    for user in users[bounds[stripe]..<bounds[stripe + 1]] {
      for entry in rows.range(UserRow(user)) {
        let item = columns[entry]
        let group = Int(groups[Int(item)])
        pairs[next[group]] = ckk_pair(
          user: UInt32(user), item: UInt32(item), weight: weights[entry])
        next[group] += 1
      }
    }
    return places
  }
}
