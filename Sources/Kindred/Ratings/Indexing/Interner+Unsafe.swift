// Turning outside ids into rows while a file is read.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels

/// Numbers ids by first appearance: open addressing over ids that lie end to end.
///
/// Plain decimal numbers are looked up by their value. Other ids of up to seven bytes, and longer
/// ones, have a table each. A short id is one word with its length in the highest byte; a slot of
/// the other table has an id's first and last eight bytes, which up to sixteen bytes are all of it.
/// So a lookup touches one cache line and no id, but for ids longer than that; and that line can be
/// asked for some lines of text before it is needed.
package struct Interner<S: Side>: Sendable {
  private struct ShortSlot {
    var word: UInt64
    /// Row + 1, or 0 in an empty slot.
    var place: Int32
  }

  private struct LongSlot {
    var first: UInt64
    var last: UInt64
    var length: Int
    /// Row + 1, or 0 in an empty slot.
    var place: Int32
  }

  /// Where the search for an id starts: from 0 on in one of the hash tables, below at a number.
  package typealias Probe = Int

  private var bytes: [UInt8] = []
  private var offsets: [Int64] = [0]
  private var short = Array(repeating: ShortSlot(word: 0, place: 0), count: 1024)
  private var long = Array(repeating: LongSlot(first: 0, last: 0, length: 0, place: 0), count: 256)
  private var shortCount = 0
  private var longCount = 0
  /// Row + 1 of each number below `decimalLimit`, as far as they have been seen; 0 elsewhere.
  private var decimal: [Int32] = []

  package init() {}

  package var count: Int { offsets.count - 1 }

  /// The row of this id; a new one at the end if it has not been seen.
  ///
  /// - Precondition: At least eight bytes can be read at `id`, whatever its length.
  /// - Complexity: O(length), amortized.
  package mutating func intern(_ id: UnsafePointer<UInt8>, _ length: Int) -> Int32 {
    unsafe intern(id, length, from: Self.probe(id, length))
  }

  /// Where the search for an id will start.
  ///
  /// - Precondition: At least eight bytes can be read at `id`.
  @inline(__always)
  static func probe(_ id: UnsafePointer<UInt8>, _ length: Int) -> Probe {
    guard length < 8 else { return unsafe hash(id, length) & Int.max }
    let word = unsafe word(id, length)
    if let number = number(word, length) { return ~number }
    return hash(word) & Int.max
  }

  /// Asks for the memory that a search will look at.
  @inline(__always)
  func prepare(_ probe: Probe, _ length: Int) {
    if probe < 0 {
      unsafe decimal.withUnsafeBufferPointer {
        if let start = $0.baseAddress { unsafe ckk_prefetch(start + ~probe) }
      }
    } else if length < 8 {
      unsafe short.withUnsafeBufferPointer {
        if let start = $0.baseAddress { unsafe ckk_prefetch(start + (probe & ($0.count - 1))) }
      }
    } else {
      unsafe long.withUnsafeBufferPointer {
        if let start = $0.baseAddress { unsafe ckk_prefetch(start + (probe & ($0.count - 1))) }
      }
    }
  }

  /// The row of this id, whose search starts at `probe`.
  @inline(__always)
  mutating func intern(
    _ id: UnsafePointer<UInt8>, _ length: Int, from probe: Probe
  ) -> Int32 {
    if probe < 0 {
      if ~probe < decimal.count, decimal[~probe] > 0 { return decimal[~probe] - 1 }
      return unsafe addDecimal(id, length, ~probe)
    }
    return unsafe length < 8 ? internShort(id, length, probe) : internLong(id, length, probe)
  }

  private mutating func addDecimal(
    _ id: UnsafePointer<UInt8>, _ length: Int, _ number: Int
  ) -> Int32 {
    if number >= decimal.count {
      let size = max(1024, number + 1, min(decimal.count * 2, Self.decimalLimit))
      decimal.append(contentsOf: repeatElement(0, count: size - decimal.count))
    }
    let row = unsafe add(id, length)
    decimal[number] = row + 1
    return row
  }

  private mutating func internShort(
    _ id: UnsafePointer<UInt8>, _ length: Int, _ probe: Probe
  ) -> Int32 {
    let word = unsafe Self.word(id, length)
    let mask = short.count - 1
    var slot = probe & mask
    while true {
      let candidate = short[slot]
      if candidate.place == 0 { break }
      if candidate.word == word { return candidate.place - 1 }
      slot = (slot + 1) & mask
    }
    let row = unsafe add(id, length)
    short[slot] = ShortSlot(word: word, place: row + 1)
    shortCount += 1
    if shortCount * 5 > short.count * 3 { growShort() }
    return row
  }

  private mutating func internLong(
    _ id: UnsafePointer<UInt8>, _ length: Int, _ probe: Probe
  ) -> Int32 {
    let (first, last) = unsafe (Self.load(id), Self.load(id + (length - 8)))
    let mask = long.count - 1
    var slot = probe & mask
    while true {
      let candidate = long[slot]
      if candidate.place == 0 { break }
      if candidate.first == first, candidate.last == last, candidate.length == length,
        unsafe length <= 16 || isEqual(Int(candidate.place - 1), id, length)
      {
        return candidate.place - 1
      }
      slot = (slot + 1) & mask
    }
    let row = unsafe add(id, length)
    long[slot] = LongSlot(first: first, last: last, length: length, place: row + 1)
    longCount += 1
    if longCount * 5 > long.count * 3 { growLong() }
    return row
  }

  package mutating func intern(_ id: some Collection<UInt8>) -> Row<S> {
    var padded = Array(id)
    let length = padded.count
    padded.append(contentsOf: repeatElement(0, count: 8))
    return unsafe padded.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return Row(Int32(0)) }
      return unsafe Row(intern(start, length))
    }
  }

  package mutating func intern(_ id: String) -> Row<S> { intern(id.utf8) }

  /// Interns all ids of another table in its order.
  ///
  /// - Returns: This table's row of each of the other's. [other.count]
  package mutating func absorb(_ other: Interner) -> [Int32] {
    // Room for reading eight bytes at the last id.
    let source = other.bytes + Array(repeating: 0, count: 8)
    return unsafe source.withUnsafeBufferPointer { source in
      guard let start = source.baseAddress else { return [] }
      return (0..<other.count).map { row in
        let first = Int(other.offsets[row])
        return unsafe intern(start + first, Int(other.offsets[row + 1]) - first)
      }
    }
  }

  /// The ids in the order of their rows.
  package func finish(threads: Int = 1) -> IDs<S> {
    IDs(bytes: Flat(bytes), offsets: Flat(offsets), threads: threads)
  }

  private mutating func add(_ id: UnsafePointer<UInt8>, _ length: Int) -> Int32 {
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: id, count: length))
    offsets.append(Int64(bytes.count))
    return Int32(count - 1)
  }

  private func isEqual(_ row: Int, _ id: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    let start = Int(offsets[row])
    return unsafe bytes.withUnsafeBufferPointer { known in
      guard let known = known.baseAddress else { return false }
      // The last eight bytes have been compared.
      var place = 8
      while place < length - 8 {
        let rest = min(8, length - 8 - place)
        let difference = unsafe Self.load(known + start + place) ^ Self.load(id + place)
        if difference << UInt64(64 - 8 * rest) != 0 { return false }
        place += 8
      }
      return true
    }
  }

  private mutating func growShort() {
    let old = short
    short = Array(repeating: ShortSlot(word: 0, place: 0), count: old.count * 2)
    let mask = short.count - 1
    for entry in old where entry.place != 0 {
      var slot = Self.hash(entry.word) & mask
      while short[slot].place != 0 { slot = (slot + 1) & mask }
      short[slot] = entry
    }
  }

  private mutating func growLong() {
    let old = long
    long = Array(
      repeating: LongSlot(first: 0, last: 0, length: 0, place: 0), count: old.count * 2)
    let mask = long.count - 1
    unsafe bytes.withUnsafeBufferPointer { known in
      guard let known = known.baseAddress else { return }
      for entry in old where entry.place != 0 {
        let start = Int(offsets[Int(entry.place - 1)])
        var slot = unsafe Self.hash(known + start, entry.length) & mask
        while long[slot].place != 0 { slot = (slot + 1) & mask }
        long[slot] = entry
      }
    }
  }

  // MARK: Numbers

  /// Larger numbers are hashed: eight megabytes of rows are enough.
  private static var decimalLimit: Int { 1 << 21 }

  /// The short id as one word, its length in the highest byte.
  @inline(__always)
  private static func word(_ id: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    let kept = (UInt64(1) << UInt64(length * 8)) &- 1
    return unsafe load(id) & kept | UInt64(length) << 56
  }

  /// The number that a short id is written as, if it is below the limit and written the usual way.
  ///
  /// Eight digits are checked and added up at once (Lemire 2018; Langdale & Lemire 2019).
  @inline(__always)
  private static func number(_ word: UInt64, _ length: Int) -> Int? {
    // Zeros in front, which come first in memory.
    let zeros: UInt64 = 0x3030_3030_3030_3030
    let digits = word << UInt64(64 - 8 * length) | zeros >> UInt64(8 * length)
    let high = digits & 0xF0F0_F0F0_F0F0_F0F0
    let carried = ((digits &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) >> 4
    guard high | carried == 0x3333_3333_3333_3333 else { return nil }
    // "07" and "7" are two ids.
    guard length == 1 || (length > 0 && word & 0xFF != 0x30) else { return nil }
    let pairs = ((digits & 0x0F0F_0F0F_0F0F_0F0F) &* (10 << 8 | 1)) >> 8
    let fours = ((pairs & 0x00FF_00FF_00FF_00FF) &* (100 << 16 | 1)) >> 16
    let number = ((fours & 0x0000_FFFF_0000_FFFF) &* (10_000 << 32 | 1)) >> 32
    return number < UInt64(decimalLimit) ? Int(number) : nil
  }

  // MARK: Hashing

  private static var seed: UInt64 { 0x9E37_79B9_7F4A_7C15 }

  /// Both halves of the product of two words: every bit of the result depends on every bit of them.
  private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = (a ^ seed).multipliedFullWidth(by: b ^ 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }

  private static func hash(_ word: UInt64) -> Int { Int(truncatingIfNeeded: mix(word, seed)) }

  /// - Precondition: `length` is at least 8.
  private static func hash(_ id: UnsafePointer<UInt8>, _ length: Int) -> Int {
    var hash = UInt64(length)
    var place = 0
    while place + 16 < length {
      hash = unsafe mix(load(id + place) ^ hash, load(id + place + 8))
      place += 16
    }
    // The last sixteen bytes, or the whole of a shorter id, whatever was read of them before.
    let (a, b) = unsafe (load(id + max(0, length - 16)), load(id + (length - 8)))
    return Int(truncatingIfNeeded: mix(a ^ hash, b))
  }

  private static func load(_ place: UnsafePointer<UInt8>) -> UInt64 {
    unsafe UInt64(
      littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
  }
}
