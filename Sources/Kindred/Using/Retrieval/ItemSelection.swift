// One user's best items while the scores come in.
// SPDX-License-Identifier: Apache-2.0

/// The best candidates of one user so far, without what the user has seen.
///
/// Candidates come block by block in ascending order, each once. Of a block's scores only those above
/// the worst kept one are looked at singly.
package struct ItemSelection {
  private let base: Double
  private let seen: [Int32]
  /// The first of the seen items that has not come yet.
  private var nextSeen = 0
  private var selection: TopSelection<ItemSide>

  /// - Parameters:
  ///   - base: What is added to all scores.
  ///   - seen: The rows of items to leave out, ascending.
  ///   - count: How many to keep.
  package init(base: Double, seen: [Int32], count: Int) {
    self.base = base
    self.seen = seen
    selection = TopSelection(capacity: count)
  }

  /// Offers a block of candidates.
  ///
  /// - Parameters:
  ///   - dots: The candidates' dot products.
  ///   - biases: What is added to each; empty for nothing.
  ///   - places: Where they stand among all candidates.
  ///   - rows: The rows of all candidates; nil where places are rows.
  ///   - allowed: Whether each item may come up at all; empty if all may.
  ///   - hits: Room for as many places.
  package mutating func meet(
    _ dots: Span<Float>, _ biases: Span<Float>, _ places: Range<Int>, rows: [Int32]?,
    allowed: [Bool] = [], hits: inout [Int32]
  ) {
    var start = 0
    while start < dots.count {
      // The worst kept score says little before many have come: then it is asked for again soon.
      let part = start..<min(dots.count, start + max(64, places.lowerBound + start))
      meet(
        dots.extracting(part), biases.isEmpty ? biases : biases.extracting(part),
        from: places.lowerBound + start, rows: rows, allowed, &hits)
      start = part.upperBound
    }
  }

  private mutating func meet(
    _ dots: Span<Float>, _ biases: Span<Float>, from first: Int, rows: [Int32]?,
    _ allowed: [Bool], _ hits: inout [Int32]
  ) {
    var span = hits.mutableSpan
    let found = Kernels.best.places(
      of: dots, biases: biases, base: base, above: selection.limit, into: &span)
    for hit in 0..<found {
      let place = Int(span[hit])
      let row = rows.map { $0[first + place] } ?? Int32(first + place)
      while nextSeen < seen.count, seen[nextSeen] < row { nextSeen += 1 }
      if nextSeen < seen.count, seen[nextSeen] == row { continue }
      if !allowed.isEmpty, !allowed[Int(row)] { continue }
      let start = biases.isEmpty ? base : base + Double(biases[place])
      selection.offer(ItemRow(row), score: start + Double(dots[place]))
    }
  }

  /// The kept items, best first.
  package consuming func sorted() -> [(row: ItemRow, score: Double)] { selection.sorted() }
}
