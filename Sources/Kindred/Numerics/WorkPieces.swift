// Rows dealt out in pieces of about equal work.
// SPDX-License-Identifier: Apache-2.0

/// Pieces of neighbouring rows, the heaviest first, so that no thread is left with a large one at the
/// end.
package struct WorkPieces: Sendable {
  /// The rows of each piece. [pieces]
  package let rows: [Range<Int>]

  /// Cuts rows where the work so far passes each piece's equal share.
  ///
  /// - Parameters:
  ///   - count: The number of rows.
  ///   - pieces: How many pieces there are at most; a row is never cut.
  ///   - work: What a row costs, 0 or more.
  /// - Complexity: O(*count*) calls of `work`.
  package init(rows count: Int, pieces: Int, work: (Int) -> Double) {
    let total = (0..<count).reduce(0.0) { $0 + work($1) }
    var cuts: [(rows: Range<Int>, work: Double)] = []
    var (first, done, own) = (0, 0.0, 0.0)
    for row in 0..<count {
      own += work(row)
      let isFull = done + own >= total * Double(cuts.count + 1) / Double(pieces)
      guard isFull || row == count - 1 else { continue }
      cuts.append((first..<row + 1, own))
      (first, done, own) = (row + 1, done + own, 0)
    }
    rows = cuts.enumerated().sorted {
      let (a, b) = ($0.element.work, $1.element.work)
      return a != b ? a > b : $0.offset < $1.offset
    }.map(\.element.rows)
  }
}
