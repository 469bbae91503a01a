// Drawing from weights in constant time.
// SPDX-License-Identifier: Apache-2.0

/// Draws places with chances in proportion to weights, by the alias method (Walker 1977) as Vose
/// (1991) builds it.
///
/// Each place holds a chance to stay and another place to go to; a draw is one random number.
package struct AliasTable: Sendable {
  /// The chance to stay, as a fraction of 2⁶⁴. [count]
  package private(set) var stay: [UInt64]
  /// Where else to go. [count]
  package private(set) var other: [Int32]

  /// - Precondition: There are weights, each above 0 and finite.
  /// - Complexity: O(*n*).
  package init(weights: [Double]) {
    precondition(!weights.isEmpty, "nothing to draw from")
    let count = weights.count
    let mean = weights.reduce(0, +) / Double(count)
    var scaled = weights.map { $0 / mean }
    stay = Array(repeating: .max, count: count)
    other = (0..<count).map { Int32($0) }
    var small = (0..<count).filter { scaled[$0] < 1 }
    var large = (0..<count).filter { scaled[$0] >= 1 }
    while let low = small.last, let high = large.last {
      small.removeLast()
      stay[low] = scaled[low] <= 0 ? 0 : UInt64(min(scaled[low] * 0x1p64, 0x1p64.nextDown))
      other[low] = Int32(high)
      scaled[high] -= 1 - scaled[low]
      if scaled[high] < 1 {
        large.removeLast()
        small.append(high)
      }
    }
    // What is left has weight 1 but for rounding, and stays.
  }

  /// The chance of each place, as the table holds it.
  ///
  /// - Complexity: O(*n*).
  package var chances: [Double] {
    var chances = stay.map { Double($0) * 0x1p-64 }
    for place in other.indices { chances[Int(other[place])] += 1 - Double(stay[place]) * 0x1p-64 }
    return chances.map { $0 / Double(stay.count) }
  }

  /// A place.
  @inline(__always)
  package func draw(_ random: inout KeyedRandom) -> Int {
    // The high half chooses the place, and what is left over within it is uniform too.
    let product = random.next().multipliedFullWidth(by: UInt64(stay.count))
    let place = Int(product.high)
    return product.low < stay[place] ? place : Int(other[place])
  }
}
