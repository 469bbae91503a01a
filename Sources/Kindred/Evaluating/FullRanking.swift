// Ranking the whole catalogue for many users, a block of users against a block of items at a time.
// SPDX-License-Identifier: Apache-2.0

/// The rankings of test users over all items that they have not seen.
///
/// A thread works on ``ScoreBlocks`` and holds the best items so far: 16 bytes each, at most
/// `keptEntries` or one user's list if that is longer.
package struct FullRanking: Sendable {
  /// The most list entries that a thread keeps.
  package static let keptEntries = 1 << 22

  private let model: Model
  private let users: TestUsers
  private let blocks: ScoreBlocks
  private let ask: Ask

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
    blocks = ScoreBlocks(
      model.itemEmbeddings, biases: model.biases?.items.numbers, isTurned: true)
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
    let size = max(1, min(ScoreBlocks.blockUsers, Self.keptEntries / max(1, length)))
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
    var hits = Array(repeating: Int32(0), count: ScoreBlocks.blockItems)
    let isFinite = blocks.each(vectors) { user, dots, biases, items in
      if length > 0 { contenders[user].meet(dots, biases, items, &hits) }
      contenders[user].count(dots, biases, items)
    }
    guard isFinite else { return nil }
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
}
