// Seeded damage to a file's bytes.
// SPDX-License-Identifier: Apache-2.0

package import Kindred

/// Damages bytes.
///
/// The changes are one to four from a place on: a bit flipped, a byte replaced, bytes taken
/// out, doubled, or replaced by something that means much in many formats.
///
/// - Parameters:
///   - bytes: What to damage.
///   - start: The first byte that may change.
///   - keepsLength: Whether only changes that keep the length are made.
///   - random: Chooses them.
/// - Returns: The damaged bytes.
package func mutated(
  _ bytes: [UInt8], from start: Int = 0, keepsLength: Bool = false,
  using random: inout KeyedRandom
) -> [UInt8] {
  var bytes = bytes
  let tokens = ["\"", "{", "[", ",", ":", "-", "9999999999", "nan", "1e99", "\n", "\t", " ", "\0"]
  for _ in 0...random.below(4) {
    guard bytes.count > start else { break }
    let place = start + random.below(bytes.count - start)
    let end = min(bytes.count, place + 1 + random.below(8))
    switch random.below(keepsLength ? 3 : 8) {
    case 0: bytes[place] ^= 1 << UInt8(random.below(8))
    case 1: bytes[place] = UInt8(random.below(256))
    case 2:
      let value = [0, 0xFF, 0x7F, 0x80][random.below(4)] as UInt8
      for index in place..<end { bytes[index] = value }
    case 3: bytes.removeSubrange(place..<end)
    case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 5: bytes.insert(contentsOf: tokens[random.below(tokens.count)].utf8, at: place)
    case 6: bytes.removeSubrange(place...)
    default:
      bytes.replaceSubrange(place..<end, with: tokens[random.below(tokens.count)].utf8)
    }
  }
  return bytes
}
