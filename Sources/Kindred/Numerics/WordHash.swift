// Telling whether two long lists of words are the same.
// SPDX-License-Identifier: Apache-2.0

/// A 64-bit hash that takes a word at a time: multiply, rotate, and the output mix of SplitMix64.
struct WordHash {
  private var state: UInt64 = 0x6B69_6E64_7265_6431

  mutating func add(_ word: UInt64) {
    var mixed = word &* 0x9E37_79B9_7F4A_7C15
    mixed ^= mixed >> 29
    state = (state ^ mixed) &* 0xD6E8_FEB8_6659_FD93
    state = state << 27 | state >> 37
  }

  func finish() -> UInt64 {
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The hash as 16 hexadecimal digits.
  var digits: String {
    let digits = String(finish(), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
