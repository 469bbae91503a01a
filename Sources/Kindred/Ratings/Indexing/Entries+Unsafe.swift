// Ratings in the order in which they were read, before they are indexed.
// SPDX-License-Identifier: Apache-2.0

/// A growing list of (user, item, rating[, time]), in blocks so that nothing is moved as it grows.
@safe package struct Entries: Sendable {
  /// A part of the list.
  @safe package struct Block: Sendable {
    package let users: Buffer<Int32>
    package let items: Buffer<Int32>
    package let values: Buffer<Float>
    package let times: Buffer<Int64>?
    package fileprivate(set) var count: Int

    fileprivate init(capacity: Int, hasTimes: Bool) {
      users = Buffer(uninitialized: capacity)
      items = Buffer(uninitialized: capacity)
      values = Buffer(uninitialized: capacity)
      times = hasTimes ? Buffer(uninitialized: capacity) : nil
      count = capacity
    }
  }

  private var full: [Block] = []
  /// The block that is being filled, and how far.
  private var last: Block
  private var used = 0
  private var capacity: Int
  private let hasTimes: Bool

  package init(hasTimes: Bool = false) {
    self.hasTimes = hasTimes
    capacity = 1 << 10
    last = Block(capacity: capacity, hasTimes: hasTimes)
  }

  /// The number of entries.
  package var count: Int { full.reduce(used) { $0 + $1.count } }

  /// The entries, in blocks that follow one another.
  ///
  /// They share their memory with this list, which must not grow any more while they are in use.
  package var blocks: [Block] {
    guard used > 0 else { return full }
    var open = last
    open.count = used
    return full + [open]
  }

  /// Adds one at the end; the time is kept only in a list with times.
  @inline(__always)
  package mutating func append(user: Int32, item: Int32, _ value: Float, time: Int64 = 0) {
    if used == capacity { addBlock() }
    unsafe last.users.base[used] = user
    unsafe last.items.base[used] = item
    unsafe last.values.base[used] = value
    if let times = last.times { unsafe times.base[used] = time }
    used += 1
  }

  private mutating func addBlock() {
    full.append(last)
    capacity = min(capacity * 4, Self.largestBlock)
    last = Block(capacity: capacity, hasTimes: hasTimes)
    used = 0
  }

  /// Four megabytes of each kind, which is large enough for large pages.
  private static let largestBlock = 1 << 20
}
