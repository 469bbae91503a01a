// Ratings in the order in which they were read, before they are indexed.
// SPDX-License-Identifier: Apache-2.0

/// A growing list of (user, item, rating[, time]), in blocks so that nothing is moved as it grows.
@safe package struct Entries: Sendable {
  /// A part of the list; all blocks but the last are full.
  @safe package struct Block: Sendable {
    package let users: Buffer<Int32>
    package let items: Buffer<Int32>
    package let values: Buffer<Float>
    package let times: Buffer<Int64>?
    package fileprivate(set) var count = 0

    fileprivate init(capacity: Int, hasTimes: Bool) {
      users = Buffer(uninitialized: capacity)
      items = Buffer(uninitialized: capacity)
      values = Buffer(uninitialized: capacity)
      times = hasTimes ? Buffer(uninitialized: capacity) : nil
    }
  }

  package private(set) var blocks: [Block] = []
  package private(set) var count = 0
  private let hasTimes: Bool

  package init(hasTimes: Bool = false) { self.hasTimes = hasTimes }

  /// Adds one at the end; the time is kept only in a list with times.
  @inline(__always)
  package mutating func append(user: Int32, item: Int32, _ value: Float, time: Int64 = 0) {
    var last = blocks.count - 1
    if last < 0 || blocks[last].count == blocks[last].values.count {
      let capacity = last < 0 ? 1 << 10 : min(blocks[last].values.count * 4, Self.largestBlock)
      blocks.append(Block(capacity: capacity, hasTimes: hasTimes))
      last += 1
    }
    let place = blocks[last].count
    unsafe blocks[last].users.base[place] = user
    unsafe blocks[last].items.base[place] = item
    unsafe blocks[last].values.base[place] = value
    if let times = blocks[last].times { unsafe times.base[place] = time }
    blocks[last].count = place + 1
    count += 1
  }

  /// Four megabytes of each kind, which is large enough for large pages.
  private static let largestBlock = 1 << 20
}
