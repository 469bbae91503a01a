// Turning outside ids into rows while a file is read.
// SPDX-License-Identifier: Apache-2.0

/// Numbers ids by first appearance: an open-addressing hash table over ids that lie end to end.
///
/// A slot holds a 64-bit word that stands for the id. An id of up to seven bytes is its word, its
/// length in the highest byte, so that most lookups touch one cache line and no id. Longer ones are
/// hashed, and compared byte by byte where the words agree.
package struct Interner<S: Side>: Sendable {
  private struct Slot {
    var word: UInt64
    /// Row + 1, or 0 in an empty slot.
    var place: Int32
  }

  private var bytes: [UInt8] = []
  private var offsets: [Int64] = [0]
  private var slots: [Slot]
  /// 64 less the binary logarithm of the number of slots.
  private var shift: UInt64

  package init() {
    slots = Array(repeating: Slot(word: 0, place: 0), count: 1024)
    shift = 54
  }

  package var count: Int { offsets.count - 1 }

  /// The row of this id; a new one at the end if it has not been seen.
  ///
  /// - Precondition: At least eight bytes can be read at `id`, whatever its length.
  /// - Complexity: O(length), amortized.
  package mutating func intern(_ id: UnsafePointer<UInt8>, _ length: Int) -> Int32 {
    let word = unsafe Self.word(id, length)
    var slot = Self.slot(of: word, shift)
    let mask = slots.count - 1
    while true {
      let candidate = slots[slot]
      if candidate.place == 0 { break }
      if candidate.word == word {
        let row = candidate.place - 1
        if unsafe length <= Self.inlineLimit || isEqual(Int(row), id, length) { return row }
      }
      slot = (slot + 1) & mask
    }
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: id, count: length))
    offsets.append(Int64(bytes.count))
    slots[slot] = Slot(word: word, place: Int32(count))
    if count * 5 > slots.count * 3 { grow() }
    return Int32(count - 1)
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

  private func isEqual(_ row: Int, _ id: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    let start = Int(offsets[row])
    guard Int(offsets[row + 1]) - start == length else { return false }
    return unsafe bytes.withUnsafeBufferPointer { known in
      guard let known = known.baseAddress else { return length == 0 }
      for place in 0..<length where unsafe known[start + place] != id[place] { return false }
      return true
    }
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(word: 0, place: 0), count: old.count * 2)
    shift -= 1
    let mask = slots.count - 1
    for entry in old where entry.place != 0 {
      var slot = Self.slot(of: entry.word, shift)
      while slots[slot].place != 0 { slot = (slot + 1) & mask }
      slots[slot] = entry
    }
  }

  private static var inlineLimit: Int { 7 }
  /// 2⁶⁴ divided by the golden ratio, as in multiplicative hashing (Knuth 1973).
  private static var spread: UInt64 { 0x9E37_79B9_7F4A_7C15 }

  /// Where the search for a word starts: both halves of its product, or digits would fall close
  /// together.
  private static func slot(of word: UInt64, _ shift: UInt64) -> Int {
    let product = word.multipliedFullWidth(by: spread)
    return Int(truncatingIfNeeded: (product.high ^ product.low) >> shift)
  }

  /// The word of an id: no two short ones have the same, and a short one is never a long one's.
  private static func word(_ id: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    let first = unsafe load(id)
    if length <= inlineLimit {
      let kept = (UInt64(1) << UInt64(length * 8)) &- 1
      return first & kept | UInt64(length) << 56
    }
    var hash = first &* spread
    var place = 8
    while place + 8 <= length {
      hash = (hash ^ (hash >> 29) ^ (unsafe load(id + place))) &* spread
      place += 8
    }
    // The last eight bytes, whatever was read of them before.
    hash = (hash ^ (hash >> 32) ^ (unsafe load(id + (length - 8)))) &* spread
    hash ^= hash >> 31
    return hash | 0xFF << 56
  }

  private static func load(_ place: UnsafePointer<UInt8>) -> UInt64 {
    unsafe UInt64(
      littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
  }
}
