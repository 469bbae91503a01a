// Recommending to many users, in their order.
// SPDX-License-Identifier: Apache-2.0

extension Recommender {
  /// Recommends to users, block by block.
  ///
  /// - Parameters:
  ///   - users: Who.
  ///   - threads: How many may work at a time; 0 for one per core.
  ///   - make: Makes of a list what is wanted of it; called from several threads.
  /// - Returns: What was made, in the order of the users.
  /// - Throws: `ModelError.outOfRange` if a score is not finite, `noHistory`.
  package func lists<Line: Sendable>(
    for users: [UserRow], threads: Int, _ make: (UserRow, [Recommendation]) -> Line
  ) throws(ModelError) -> [Line] {
    let size = ScoreBlocks.blockUsers
    let blocks = parallelMap((users.count + size - 1) / size, threads: threads) { block in
      let some = users[block * size..<min(users.count, (block + 1) * size)]
      return Result<[Line], ModelError> { () throws(ModelError) in
        var askers: [Asker] = []
        for user in some { askers.append(try asker(user)) }
        return zip(some, try answers(for: askers)).map { make($0, $1) }
      }
    }
    var lines: [Line] = []
    lines.reserveCapacity(users.count)
    for block in blocks { lines += try block.get() }
    return lines
  }

  /// Recommends to users and hands the results out in their order, in memory that does not grow with
  /// the number of users.
  ///
  /// Some thousands of users are worked on together; then their results are handed out, and the next
  /// ones' turn comes.
  ///
  /// - Parameters:
  ///   - users: Who.
  ///   - threads: How many may work at a time; 0 for one per core.
  ///   - make: Makes of a list what is wanted of it; called from several threads.
  ///   - each: Takes what was made of some users' lists.
  /// - Throws: `ModelError.outOfRange` if a score is not finite, `noHistory`, or what `each` throws.
  package func stream<Line: Sendable>(
    _ users: [UserRow], threads: Int, _ make: (UserRow, [Recommendation]) -> Line,
    each: ([Line]) throws -> Void
  ) throws {
    let together = 16 * threadCount(threads) * ScoreBlocks.blockUsers
    for first in stride(from: 0, to: users.count, by: together) {
      let some = Array(users[first..<min(users.count, first + together)])
      try each(try lists(for: some, threads: threads, make))
    }
  }
}
