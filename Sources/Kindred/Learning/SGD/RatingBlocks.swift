// Ratings dealt out to a grid of blocks that can be worked on side by side.
// SPDX-License-Identifier: Apache-2.0

/// A fixed grid of blocks: users in stripes one way, items in stripes the other.
///
/// Two blocks on one diagonal share no row, so they can be updated at the same time with the same
/// result as one after the other. Rows are put in a random order and cut where the ratings so far
/// pass each stripe's equal share, so that stripes hold about equally many ratings.
package struct RatingBlocks: Sendable {
  /// Stripes per side; fixed, so that the result is the same on any machine.
  package static let stripes = 16

  /// Where each block starts, block (s, t) at s · stripes + t; one more at the end.
  package let offsets: [Int]
  package let users: [Int32]
  package let items: [Int32]
  package let values: [Float]

  package init(_ ratings: Ratings, seed: UInt64) {
    let stripes = Self.stripes
    let userStripes = Self.stripes(of: ratings.byUser, seed: seed)
    let itemStripes = Self.stripes(of: ratings.byItem, seed: seed)
    // Visiting ratings in a random order leaves each block in a random order.
    var order: [(user: Int32, entry: Int)] = []
    order.reserveCapacity(ratings.count)
    for user in ratings.users.rows {
      for entry in ratings.byUser.range(user) { order.append((user.index, entry)) }
    }
    var random = KeyedRandom(seed: seed, key: StreamKey.ratingOrder)
    random.shuffle(&order)
    func block(_ rating: (user: Int32, entry: Int)) -> Int {
      let item = Int(ratings.byUser.columns[rating.entry])
      return Int(userStripes[Int(rating.user)]) * stripes + Int(itemStripes[item])
    }
    var starts = Array(repeating: 0, count: stripes * stripes + 1)
    for rating in order { starts[block(rating) + 1] += 1 }
    for index in 0..<stripes * stripes { starts[index + 1] += starts[index] }
    offsets = starts
    var users = Array(repeating: Int32(0), count: ratings.count)
    var items = users
    var values = Array(repeating: Float(0), count: ratings.count)
    for rating in order {
      let index = block(rating)
      let place = starts[index]
      starts[index] += 1
      users[place] = rating.user
      items[place] = ratings.byUser.columns[rating.entry]
      values[place] = ratings.byUser.values[rating.entry]
    }
    self.users = users
    self.items = items
    self.values = values
  }

  /// The order of the diagonals in an epoch; diagonal d holds the blocks (s, s + d mod stripes).
  package func diagonals(epoch: Int, seed: UInt64) -> [Int] {
    var order = Array(0..<Self.stripes)
    var random = KeyedRandom(seed: seed, key: StreamKey.diagonals, UInt64(epoch))
    random.shuffle(&order)
    return order
  }

  /// The blocks of one diagonal, which share no row.
  package func blocks(onDiagonal diagonal: Int) -> [Int] {
    (0..<Self.stripes).map { $0 * Self.stripes + ($0 + diagonal) % Self.stripes }
  }

  private static func stripes<S: Side, Column: Side>(
    of rows: CompressedRows<S, Column>, seed: UInt64
  ) -> [UInt8] {
    var order = Array(0..<rows.rowCount)
    var random = KeyedRandom(seed: seed, key: StreamKey.stripes, S.key)
    random.shuffle(&order)
    var stripes = Array(repeating: UInt8(0), count: rows.rowCount)
    var seen = 0
    for row in order {
      let size = rows.range(Row(row)).count
      let middle = seen + size / 2
      let stripe = rows.count == 0 ? 0 : middle * Self.stripes / rows.count
      stripes[row] = UInt8(min(stripe, Self.stripes - 1))
      seen += size
    }
    return stripes
  }
}
