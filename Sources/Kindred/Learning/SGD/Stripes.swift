// One side's rows in the order in which SGD lays them out.
// SPDX-License-Identifier: Apache-2.0

/// The rows of one side that have ratings, in a seeded random order, cut into stripes that hold about
/// equally many ratings.
///
/// A row's place is its position in that order; a stripe's rows lie side by side, so that a block's
/// part of a table is one piece of memory.
package struct Stripes<S: Side>: Sendable {
  /// Stripes per side; fixed, so that the result is the same on any machine.
  package static var count: Int { 16 }

  /// The row at each place. [rated rows]
  package let rows: [Int32]
  /// The place of each row, −1 for one without ratings. [rows]
  package let places: [Int32]
  /// Where each stripe starts; one more at the end. [count + 1]
  package let bounds: [Int]

  /// Cuts rows where the ratings so far pass each stripe's equal share.
  ///
  /// - Parameters:
  ///   - counts: How many ratings each row has.
  ///   - seed: Chooses the order.
  /// - Complexity: O(rows).
  package init(counts: [Int], seed: UInt64) {
    var rows: [Int32] = []
    rows.reserveCapacity(counts.count)
    var total = 0
    for (row, count) in counts.enumerated() where count > 0 {
      rows.append(Int32(row))
      total += count
    }
    var random = KeyedRandom(seed: seed, key: StreamKey.stripes, S.key)
    random.shuffle(&rows)
    var places = Array(repeating: Int32(-1), count: counts.count)
    var bounds = [0]
    var seen = 0
    for (place, row) in rows.enumerated() {
      places[Int(row)] = Int32(place)
      let count = counts[Int(row)]
      // A row belongs to the stripe that its middle rating falls into.
      let stripe = (seen + count / 2) * Self.count / total
      while bounds.count <= min(stripe, Self.count - 1) { bounds.append(place) }
      seen += count
    }
    while bounds.count <= Self.count { bounds.append(rows.count) }
    self.rows = rows
    self.places = places
    self.bounds = bounds
  }

  /// The places of a stripe's rows.
  package func places(in stripe: Int) -> Range<Int> { bounds[stripe]..<bounds[stripe + 1] }

  /// The place of a row; nil for one without ratings.
  package func place(of row: Row<S>) -> Int? {
    let place = places[Int(row.index)]
    return place < 0 ? nil : Int(place)
  }
}
