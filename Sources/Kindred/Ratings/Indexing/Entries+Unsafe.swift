// Ratings in the order in which they were read, before they are indexed.
// SPDX-License-Identifier: Apache-2.0

/// A growing list of (user, item, rating[, time]), in blocks so that nothing is moved as it grows.
// Unchecked for its pointers alone, which are those of `last`'s buffers and live as long as it; read
// through the buffers they would be counted references for every rating. Only the reader that made a
// list appends to it, and it hands the list on when it is done.
@safe package struct Entries: @unchecked Sendable {
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
  private var users: UnsafeMutablePointer<Int32>
  private var items: UnsafeMutablePointer<Int32>
  private var values: UnsafeMutablePointer<Float>
  private var times: UnsafeMutablePointer<Int64>?
  private let hasTimes: Bool

  package init(hasTimes: Bool = false) {
    self.hasTimes = hasTimes
    capacity = 1 << 10
    last = Block(capacity: capacity, hasTimes: hasTimes)
    unsafe (users, items) = (last.users.base, last.items.base)
    unsafe (values, times) = (last.values.base, last.times?.base)
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
    unsafe users[used] = user
    unsafe items[used] = item
    unsafe values[used] = value
    if let times = unsafe times { unsafe times[used] = time }
    used += 1
  }

  private mutating func addBlock() {
    full.append(last)
    capacity = min(capacity * 4, Self.largestBlock)
    last = Block(capacity: capacity, hasTimes: hasTimes)
    unsafe (users, items) = (last.users.base, last.items.base)
    unsafe (values, times) = (last.values.base, last.times?.base)
    used = 0
  }

  /// Four megabytes of each kind, which is large enough for large pages.
  private static let largestBlock = 1 << 20
}
