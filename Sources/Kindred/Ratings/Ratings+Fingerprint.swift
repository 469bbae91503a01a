// Telling whether two sets of ratings are the same.
// SPDX-License-Identifier: Apache-2.0

extension Ratings {
  /// 16 hexadecimal digits that depend on every id, row and value.
  ///
  /// Equal ratings in equal rows have equal fingerprints, on every platform; different ones differ
  /// but for a chance of about 2⁻⁶⁴. Not cryptographic: someone who wants to can make two sets of
  /// ratings with one fingerprint.
  ///
  /// - Complexity: O(ratings + bytes of ids).
  public var fingerprint: String {
    var hash = WordHash()
    hash.add(hasValues ? 1 : 0)
    hash.add(users)
    hash.add(items)
    // The number of words is written before each list, so that none can run into the next.
    hash.add(UInt64(byUser.offsets.count))
    for offset in byUser.offsets { hash.add(UInt64(offset)) }
    hash.add(UInt64(byUser.count))
    for (column, value) in zip(byUser.columns, byUser.values) {
      hash.add(UInt64(UInt32(bitPattern: column)) << 32 | UInt64(value.bitPattern))
    }
    return hash.digits
  }
}

extension WordHash {
  fileprivate mutating func add<S: Side>(_ ids: IDs<S>) {
    add(UInt64(ids.count))
    for offset in ids.offsets { add(UInt64(bitPattern: offset)) }
    // Eight bytes a word, the first one lowest whatever the platform's byte order.
    var word: UInt64 = 0
    for (position, byte) in ids.bytes.enumerated() {
      word |= UInt64(byte) << UInt64(position % 8 * 8)
      if position % 8 == 7 {
        add(word)
        word = 0
      }
    }
    add(word)
  }
}
