// Random numbers that are a function of what they are for, not of when they are drawn.
// SPDX-License-Identifier: Apache-2.0

/// A seeded random generator whose stream is chosen by a key, such as (seed, epoch, side, row).
///
/// Two draws with different keys are independent streams, so work can be handed to any number of
/// threads in any order and every row still receives the same numbers. The generator is SplitMix64
/// (Steele, Lea & Flood 2014); the key is folded in by running each word through its output mix.
/// The uniform, normal and shuffle steps below are Kindred's own, so that a new release of the
/// standard library cannot change what a seed gives.
///
/// Not for cryptography.
public struct KeyedRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64
  private var spareNormal: Double?

  /// Starts the stream that belongs to `seed` and `key`.
  ///
  /// - Complexity: O(number of words in the key).
  public init(seed: UInt64, key: UInt64...) {
    self.init(seed: seed, words: key)
  }

  package init(seed: UInt64, words: [UInt64]) {
    // Each word is mixed before it is added and the sum is mixed after, so that the words of a key
    // and the seed play different parts and cannot cancel one another.
    var folded = Self.mix(seed ^ 0x6B69_6E64_7265_6421)
    for word in words {
      folded = Self.mix(folded &* 0xD134_2543_DE82_EF95 &+ Self.mix(word &+ Self.increment))
    }
    state = folded
  }

  /// The next 64 uniformly distributed bits.
  public mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.mix(state)
  }

  /// A uniform number in [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A uniform integer in 0 ..< `bound`, without bias (Lemire 2019).
  ///
  /// - Precondition: `bound > 0`.
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "below: the bound \(bound) leaves nothing to draw from")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// A draw from the standard normal distribution, by Marsaglia's polar method.
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let s = u * u + v * v
      guard s > 0, s < 1 else { continue }
      let factor = (-2 * logarithm(s) / s).squareRoot()
      spareNormal = v * factor
      return u * factor
    }
  }

  /// Puts the elements in a random order (Fisher–Yates).
  ///
  /// - Complexity: O(*n*).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, below(last + 1))
    }
  }

  private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
