// Ranking the whole catalogue for many users, a block of users against a block of items at a time.
// SPDX-License-Identifier: Apache-2.0

/// The rankings of test users over all items that they have not seen.
///
/// Never a table of users × items. A thread holds the vectors of `blockUsers` users (384 bytes for each
/// dimension), the scores of `blockUsers` × `blockItems` pairs (192 KB) and the best items so far (16
/// bytes each, at most `keptEntries` or one user's list if that is longer); all threads together read
/// one copy of the item vectors, turned for the kernel. Of the scores of a block only those above a
/// user's worst kept one are looked at singly.
package struct FullRanking: Sendable {
  /// The users that a thread works on at a time; fewer where they keep very long lists.
  package static let blockUsers = 96
  /// The items whose scores are held at a time: 32 panels.
  package static let blockItems = 512
  /// The most list entries that a thread keeps.
  package static let keptEntries = 1 << 22

  private let model: Model
  private let users: TestUsers
  private let panels: RowPanels
  private let ask: Ask
  /// Whether a dot product might leave the range of `Float`, or a number is not finite to begin with:
  /// then every score is checked.
  private let mayOverflow: Bool

  /// What is wanted of each ranking.
  package struct Ask: Sendable {
    /// How many of the best items.
    package var length = 0
    /// The rank of the best test item.
    package var firstRank = false
    /// The area under the curve.
    package var auc = false

    package init() {}
  }

  package init(_ model: Model, users: TestUsers, ask: Ask) {
    self.model = model
    self.users = users
    self.ask = ask
    panels = RowPanels(model.itemEmbeddings.elements, dimension: model.dimension)
    // |Σ xₖyₖ| ≤ ‖x‖ · ‖y‖, and so is every sum on the way but for rounding.
    let bound = Self.longest(model.userEmbeddings) * Self.longest(model.itemEmbeddings)
    // A bound that is NaN promises nothing.
    mayOverflow = !(bound <= Double(Float.greatestFiniteMagnitude) / 2)
  }

  /// Judges every user's ranking.
  ///
  /// - Parameters:
  ///   - threads: How many may work at a time; 0 for one per core.
  ///   - judge: Called once for each user, from several threads, with the place of the user.
  /// - Returns: What `judge` returned, in the order of the users.
  /// - Throws: `ModelError.outOfRange` if a score is not finite.
  /// - Complexity: O(users · items · *dimension*), and with ranks or area O(items) for each test item.
  package func judge<Result: Sendable>(
    threads: Int, _ judge: (_ place: Int, _ ranking: JudgedRanking) -> Result
  ) throws(ModelError) -> [Result] {
    let count = users.users.count
    let length = min(ask.length, model.items.count)
    let size = max(1, min(Self.blockUsers, Self.keptEntries / max(1, length)))
    let blocks = parallelMap((count + size - 1) / size, threads: threads) { block -> [Result]? in
      let places = block * size..<min(count, (block + 1) * size)
      guard let rankings = rankings(of: places, length: length) else { return nil }
      return zip(places, rankings).map { judge($0, $1) }
    }
    var results: [Result] = []
    results.reserveCapacity(count)
    for block in blocks {
      guard let block else { throw .outOfRange("Scoring the items") }
      results += block
    }
    return results
  }

  /// The rankings of a block of users; nil if a score is not finite.
  private func rankings(of places: Range<Int>, length: Int) -> [JudgedRanking]? {
    let rows = places.map { users.users[$0].modelRow }
    let vectors = vectors(of: rows)
    var contenders = places.map { place in
      Contender(
        model, user: users.users[place].modelRow, test: users.items(of: place),
        seen: users.seen(place), length: length, ask: ask)
    }
    let biases = model.biases?.items ?? []
    var dots = Array(repeating: Float(0), count: places.count * Self.blockItems)
    var hits = Array(repeating: Int32(0), count: Self.blockItems)
    let panelsPerBlock = Self.blockItems / RowPanels.width
    for first in stride(from: 0, to: panels.count, by: panelsPerBlock) {
      let some = first..<min(panels.count, first + panelsPerBlock)
      let width = some.count * RowPanels.width
      let items =
        first * RowPanels.width..<min(model.items.count, some.upperBound * RowPanels.width)
      var allDots = dots.mutableSpan
      var block = allDots._mutatingExtracting(0..<places.count * width)
      Kernels.best.multiply(vectors.span, panels, panels: some, into: &block)
      let itemBiases = biases.isEmpty ? biases.span : biases.span.extracting(items)
      for user in contenders.indices {
        let scores = dots.span.extracting(user * width..<user * width + items.count)
        if mayOverflow, !scores.isFinite { return nil }
        if length > 0 { contenders[user].meet(scores, itemBiases, items, &hits) }
        contenders[user].count(scores, itemBiases, items)
      }
    }
    return contenders.map { $0.judged() }
  }

  /// The vectors of some users, row after row; that of a stranger for those whom the model does not know.
  private func vectors(of rows: [UserRow?]) -> [Float] {
    let dimension = model.dimension
    var vectors = Array(repeating: Float(0), count: rows.count * dimension)
    let stranger = rows.contains(nil) ? model.strangerVector(of: UserSide.self) : []
    for (place, row) in rows.enumerated() {
      guard let row else {
        vectors.replaceSubrange(place * dimension..<(place + 1) * dimension, with: stranger)
        continue
      }
      let vector = model.userEmbeddings.vector(row)
      for k in 0..<dimension { vectors[place * dimension + k] = vector[k] }
    }
    return vectors
  }

  /// The length of the longest row; NaN if one has none.
  private static func longest<S: Side>(_ table: EmbeddingTable<S>) -> Double {
    (0..<table.count).reduce(0) { longest, row in
      let length = table.length(Row(row))
      return length <= longest || longest.isNaN ? longest : length
    }
  }
}

extension Span<Float> {
  fileprivate var isFinite: Bool {
    for place in 0..<count where !self[place].isFinite { return false }
    return true
  }
}
