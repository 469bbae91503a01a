// The kernel of pairwise ranking, for training and on plain arrays.
// SPDX-License-Identifier: Apache-2.0

package import CKindredKernels

extension Kernels {
  /// How many implementations of the kernel of pairwise ranking this processor runs, the fastest first.
  package static var pairChoices: Int {
    var count = 0
    while unsafe ckk_pair_choice(count) != nil { count += 1 }
    return count
  }

  /// Moves the rows of each pair in turn; see ``PlainPairs``.
  ///
  /// The tables and lists are as `ckk_pair_block` says.
  ///
  /// - Returns: The pairs' loss, each before its move, summed.
  package static func descend(
    _ block: ckk_pair_block, pairs: UnsafePointer<ckk_pair>, count: Int, choice: Int = 0
  ) -> Double {
    var block = unsafe block
    return unsafe ckk_pair_choice(choice)?.pointee.descend?(&block, pairs, count) ?? 0
  }
}

extension PlainPairs {
  /// What ``descend(_:random:)`` does, by one of the kernel's implementations.
  ///
  /// - Precondition: All rows that are named are there, and the rows of a table are equally long.
  package mutating func descend(
    _ pairs: [Pair], random: UInt64, byKernel choice: Int
  ) -> Double {
    let (userCount, itemCount) = (users.count, items.count)
    precondition(
      pairs.allSatisfy { $0.user < userCount && $0.item < itemCount }
        && pool.allSatisfy { $0 < itemCount } && seen.count == userCount && !pool.isEmpty,
      "pairs: a row that is not there")
    let dimension = users.first?.count ?? 1
    let stride = (dimension + 7) / 8 * 8
    func padded(_ rows: [[Float]]) -> Buffer<Float> {
      buffer(rows.flatMap { $0 + Array(repeating: 0, count: stride - dimension) })
    }
    func buffer(_ numbers: [Float]) -> Buffer<Float> {
      let buffer = Buffer<Float>(uninitialized: numbers.count)
      buffer.write { elements in
        for index in numbers.indices { elements[index] = numbers[index] }
      }
      return buffer
    }
    let (x, y) = (padded(users), padded(items))
    let (a, b) = (buffer(userSquares), buffer(itemSquares))
    let offsets = Flat(
      seen.reduce(into: [Int64(0)]) { $0.append($0[$0.count - 1] + Int64($1.count)) })
    let (columns, pool) = (Flat(seen.flatMap(\.self)), Flat(pool))
    let table = chances.map { AliasTable(weights: $0) }
    let (stay, other) = (table.map { Flat($0.stay) }, table.map { Flat($0.other) })
    let weights = chances.map { Flat($0) }
    let list = Flat(
      pairs.map { ckk_pair(user: UInt32($0.user), item: UInt32($0.item), weight: $0.weight) })
    let block = unsafe ckk_pair_block(
      users: x.base, items: y.base, user_squares: a.base, item_squares: b.base, stride: stride,
      offsets: offsets.start, seen: columns.start, pool: pool.start, pool_count: pool.count,
      stay: stay?.start, other: other?.start, chances: weights?.start, random: random,
      draws: UInt32(draws), share: 1 / Float(dimension), rate: rate, floor: floor,
      decay: 2 * regularization)
    guard let start = unsafe list.start else { return 0 }
    let loss = unsafe Kernels.descend(block, pairs: start, count: list.count, choice: choice)
    func rows(_ buffer: Buffer<Float>) -> [[Float]] {
      let numbers = buffer.array
      return Swift.stride(from: 0, to: numbers.count, by: stride).map {
        Array(numbers[$0..<$0 + dimension])
      }
    }
    (users, items, userSquares, itemSquares) = (rows(x), rows(y), a.array, b.array)
    return loss
  }
}
