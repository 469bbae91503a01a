// Scores of many users, a block of users against a block of items at a time.
// SPDX-License-Identifier: Apache-2.0

/// The scores of some users with some of a model's items, handed out block by block.
///
/// Never a table of users × items: a block's scores are looked at while they are in the cache, and
/// the next block's take their place. A thread holds the vectors of `blockUsers` users (384 bytes for
/// each dimension) and the scores of `blockUsers` × `blockItems` pairs (192 KB); all threads together
/// read one copy of the item vectors, turned for the kernel.
///
/// Numerics: the bits of ``Model/score(user:item:)``.
package struct ScoreBlocks: Sendable {
  /// The users that are worked on at a time.
  package static let blockUsers = 96
  /// The items whose scores are held at a time: 32 panels.
  package static let blockItems = 512

  /// The candidates' rows, ascending; nil where all items are candidates.
  package let rows: [Int32]?
  /// How many candidates there are.
  package let count: Int
  private let table: EmbeddingTable<ItemSide>
  /// The candidates' vectors, turned; nil where one user asks, for whom turning takes too long.
  private let panels: RowPanels?
  /// What is added to the candidates' scores; nil for nothing. [count]
  private let biases: Flat<Float>?
  /// The length of the longest item vector, NaN if one has none; +∞ where nobody has looked.
  private let longest: Double

  /// - Parameters:
  ///   - table: The items' vectors.
  ///   - rows: The candidates, ascending, each once; nil for all.
  ///   - biases: What is added to the score of each candidate; nil for nothing.
  ///   - isTurned: Whether many users will ask.
  /// - Precondition: There are as many biases as candidates, or none.
  /// - Complexity: O(candidates · *dimension*) where it is turned, else O(1).
  package init(
    _ table: EmbeddingTable<ItemSide>, rows: [Int32]? = nil, biases: Flat<Float>?, isTurned: Bool
  ) {
    self.table = table
    self.rows = rows
    count = rows?.count ?? table.count
    precondition(
      biases == nil || biases?.count == count,
      "\(biases?.count ?? 0) biases of \(count) candidates")
    self.biases = biases
    guard isTurned else {
      panels = nil
      longest = .infinity
      return
    }
    panels =
      rows.map { RowPanels(table.elements, dimension: table.dimension, rows: $0) }
      ?? RowPanels(table.elements, dimension: table.dimension)
    longest = (0..<table.count).reduce(0) { longest, row in
      let length = table.length(Row(row))
      return length <= longest || longest.isNaN ? longest : length
    }
  }

  /// The most candidates in a block: one user's may be as large as several users' together.
  package var blockWidth: Int { panels == nil ? Self.blockItems * 8 : Self.blockItems }

  /// Scores all candidates for some users.
  ///
  /// - Parameters:
  ///   - vectors: The users' vectors. [n, dimension]
  ///   - body: Called with a user's place, the dot products of a block, what is added to them (empty
  ///     for nothing) and the block's places among the candidates; blocks come in ascending order.
  /// - Returns: Whether all the dot products are finite; if not, some have not been handed out.
  /// - Precondition: One user, unless the vectors are turned.
  /// - Complexity: O(*n* · candidates · *dimension*).
  package func each(
    _ vectors: [Float],
    _ body: (_ user: Int, _ dots: Span<Float>, _ biases: Span<Float>, _ places: Range<Int>) -> Void
  ) -> Bool {
    let dimension = table.dimension
    let users = vectors.count / dimension
    precondition(panels != nil || users <= 1, "\(users) users of vectors that are not turned")
    let mayOverflow = mayOverflow(vectors)
    let width = blockWidth
    var dots = Array(repeating: Float(0), count: users * min(width, max(16, count + 15)))
    for first in stride(from: 0, to: count, by: width) {
      let places = first..<min(count, first + width)
      let pitch = write(vectors, users, places, &dots)
      let added = biases?[places] ?? []
      for user in 0..<users {
        let scores = dots.span.extracting(user * pitch..<user * pitch + places.count)
        if mayOverflow, !scores.isFinite { return false }
        body(user, scores, added.span, places)
      }
    }
    return true
  }

  /// Writes the dot products of a block, and returns how far apart those of two users are.
  private func write(
    _ vectors: [Float], _ users: Int, _ places: Range<Int>, _ dots: inout [Float]
  ) -> Int {
    var all = dots.mutableSpan
    guard let panels else {
      var out = all._mutatingExtracting(0..<places.count)
      if let rows {
        Kernels.best.score(
          vectors.span, table.elements, stride: table.dimension,
          at: rows.span.extracting(places), into: &out)
      } else {
        let first = places.lowerBound * table.dimension
        Kernels.best.score(
          vectors.span,
          table.elements.extracting(first..<first + places.count * table.dimension), into: &out)
      }
      return places.count
    }
    let first = places.lowerBound / RowPanels.width
    let some = first..<(places.upperBound + RowPanels.width - 1) / RowPanels.width
    let pitch = some.count * RowPanels.width
    var out = all._mutatingExtracting(0..<users * pitch)
    Kernels.best.multiply(vectors.span, panels, panels: some, into: &out)
    return pitch
  }

  /// Whether a dot product might leave the range of `Float`, or a number is not finite to begin with:
  /// then every one is checked.
  private func mayOverflow(_ vectors: [Float]) -> Bool {
    var squares = 0.0
    for number in vectors { squares += Double(number) * Double(number) }
    // |Σ xₖyₖ| ≤ ‖x‖ · ‖y‖, and so is every sum on the way but for rounding; no user's vector is
    // longer than all together. A bound that is NaN promises nothing.
    return !(squares.squareRoot() * longest <= Double(Float.greatestFiniteMagnitude) / 2)
  }
}

extension Span<Float> {
  fileprivate var isFinite: Bool {
    for place in 0..<count where !self[place].isFinite { return false }
    return true
  }
}
