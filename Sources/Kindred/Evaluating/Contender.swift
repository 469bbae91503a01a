// One user's ranking while the scores of the items come in.
// SPDX-License-Identifier: Apache-2.0

/// The best candidates of one user so far, and what stands above the test items.
///
/// Items come in ascending order, each once.
struct Contender {
  private let model: Model
  private let user: UserRow?
  private let base: Double
  private let test: TestItems
  private let seen: [Int32]
  private var selection: ItemSelection
  private let wantsArea: Bool
  /// The test items that are candidates and whose standing is wanted.
  private var standings: [Standing] = []

  /// A test item, and how many items have come that score higher, or equal.
  private struct Standing {
    let row: Int32
    let score: Double
    var above = 0
    /// Equal scores of items that come first in the model.
    var equalBefore = 0
    var equalAfter = 0
  }

  init(
    _ model: Model, user: UserRow?, test: TestItems, seen: [Int32], length: Int,
    ask: FullRanking.Ask
  ) {
    self.model = model
    self.user = user
    base = model.mean + (user.map { model.userBias($0) } ?? 0)
    self.test = test
    self.seen = seen
    selection = ItemSelection(base: base, seen: seen, count: length)
    wantsArea = ask.auc
    guard ask.auc || ask.firstRank else { return }
    standings = test.rows.filter { !isSeen($0) }.map { row in
      Standing(row: row, score: score(row))
    }
    if !ask.auc, let best = Self.best(standings) { standings = [best] }
  }

  /// Offers the items of a block whose scores are above the worst kept one.
  mutating func meet(
    _ dots: Span<Float>, _ biases: Span<Float>, _ items: Range<Int>, _ hits: inout [Int32]
  ) {
    selection.meet(dots, biases, items, rows: nil, hits: &hits)
  }

  /// Counts what stands above and beside the test items.
  mutating func count(_ dots: Span<Float>, _ biases: Span<Float>, _ items: Range<Int>) {
    for index in standings.indices {
      let score = standings[index].score
      let own = min(max(Int(standings[index].row) - items.lowerBound, 0), items.count)
      func standing(_ places: Range<Int>) -> (above: Int, equal: Int) {
        Kernels.best.standing(
          of: score, among: dots.extracting(places),
          biases: biases.isEmpty ? biases : biases.extracting(places), base: base)
      }
      let before = standing(0..<own)
      let after = standing(own..<items.count)
      standings[index].above += before.above + after.above
      standings[index].equalBefore += before.equal
      standings[index].equalAfter += after.equal
    }
  }

  /// The ranking, when all items have come.
  consuming func judged() -> JudgedRanking {
    var ranking = JudgedRanking(list: selection.sorted().map(\.row), test: test)
    ranking.firstRank = firstRank()
    if wantsArea { ranking.auc = area() }
    return ranking
  }

  /// 1 + the candidates that stand before the best test item; nil if no test item is a candidate.
  private func firstRank() -> Int? {
    guard let best = Self.best(standings) else { return nil }
    let seenBefore = seen.count { item in
      let score = score(item)
      return score > best.score || (score == best.score && item < best.row)
    }
    return 1 + best.above + best.equalBefore - seenBefore
  }

  /// The area under the curve; all items have been counted, so that those which are seen or tested
  /// are taken off again.
  private func area() -> Double {
    let removed = seen + test.rows.filter { !isSeen($0) }
    let others = model.items.count - removed.count
    guard others > 0 else { return .nan }
    let removedScores = removed.map { score($0) }
    var wins = 0.0
    for standing in standings {
      var (above, equal) = (standing.above, standing.equalBefore + standing.equalAfter)
      for score in removedScores {
        if score > standing.score { above -= 1 } else if score == standing.score { equal -= 1 }
      }
      wins += Double(others - above) - Double(equal) / 2
    }
    return wins / (Double(others) * Double(test.count))
  }

  private func isSeen(_ item: Int32) -> Bool {
    let place = seen.firstPlace { $0 >= item }
    return place < seen.count && seen[place] == item
  }

  private func score(_ item: Int32) -> Double {
    if let user { return model.score(user, ItemRow(item)) }
    return model.predicted(nil, ItemRow(item))
  }

  private static func best(_ standings: [Standing]) -> Standing? {
    standings.max { $0.score != $1.score ? $0.score < $1.score : $0.row > $1.row }
  }
}
