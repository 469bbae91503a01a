// Turning outside ids into rows while a file is read.
// SPDX-License-Identifier: Apache-2.0

/// Numbers ids by first appearance: a hash table whose keys lie end to end in one buffer.
package struct Interner<S: Side>: Sendable {
  private var bytes: [UInt8] = []
  private var offsets: [Int64] = [0]
  private var hashes: [UInt64] = []
  /// Row + 1 at the place its hash points to, or 0; open addressing, linear probing.
  private var slots: [Int32]

  package init() {
    slots = Array(repeating: 0, count: 1024)
  }

  package var count: Int { hashes.count }

  /// The row of this id; a new one at the end if it has not been seen.
  ///
  /// - Complexity: O(length), amortized.
  package mutating func intern(_ id: ArraySlice<UInt8>) -> Row<S> {
    let hash = Self.hash(id)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let row = Int(slots[slot]) - 1
      if hashes[row] == hash, bytes[Int(offsets[row])..<Int(offsets[row + 1])] == id {
        return Row(row)
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    bytes.append(contentsOf: id)
    offsets.append(Int64(bytes.count))
    hashes.append(hash)
    slots[slot] = Int32(hashes.count)
    if hashes.count * 2 > slots.count { grow() }
    return Row(hashes.count - 1)
  }

  package mutating func intern(_ id: String) -> Row<S> { intern(Array(id.utf8)[...]) }

  /// The ids in the order of their rows.
  package func finish() -> IDs<S> { IDs(bytes: Flat(bytes), offsets: Flat(offsets)) }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for row in hashes.indices {
      var slot = Int(truncatingIfNeeded: hashes[row]) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(row + 1)
    }
  }

  /// FNV-1a, finished with a multiplication that spreads the high bits over the low ones.
  private static func hash(_ id: ArraySlice<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in id { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = (hash ^ (hash >> 32)) &* 0xD6E8_FEB8_6659_FD93
    return hash ^ (hash >> 32)
  }
}
