// What the relations come to with the vectors found.
// SPDX-License-Identifier: Apache-2.0

extension Construction {
  /// An answer with these vectors; `filled` has no blanks left.
  init(_ verdict: Verdict, _ proof: ConstructionProof, _ filled: ConstructionProblem) {
    self.init(
      verdict, proof, filled,
      entries: (filled.users + filled.items).flatMap { $0.map { .exact($0 ?? 0) } })
  }

  /// An answer with these entries, users before items, row by row.
  init(
    _ verdict: Verdict, _ proof: ConstructionProof, _ problem: ConstructionProblem,
    entries: [Entry]
  ) {
    let width = problem.dimension
    let rows = stride(from: 0, to: entries.count, by: width).map { Array(entries[$0..<$0 + width]) }
    self.verdict = verdict
    self.proof = proof
    users = Array(rows.prefix(problem.users.count))
    items = Array(rows.dropFirst(problem.users.count))
    outcomes = []
    why = ""
    loss = Loss(sum: 0, mean: 0, exactSum: nil, exactMean: nil)
    outcomes = problem.relations.map { outcome(of: $0) }
    loss = Loss(outcomes)
  }

  private func outcome(of relation: Relation) -> RelationOutcome {
    let user = users[relation.user]
    let item = items[relation.item]
    let exactUser = user.compactMap(\.rational)
    let exactItem = item.compactMap(\.rational)
    guard exactUser.count == user.count, exactItem.count == item.count else {
      let achieved = zip(user, item).reduce(0) { $0 + $1.0.doubleValue * $1.1.doubleValue }
      return RelationOutcome(relation: relation, achieved: .approximate(achieved), holds: false)
    }
    let achieved = Rational.dot(exactUser, exactItem)
    return RelationOutcome(
      relation: relation, achieved: .exact(achieved), holds: achieved == relation.target)
  }
}

extension Construction.Loss {
  /// The longest fraction that is worth stating, in bits of numerator and denominator.
  private static let longestSum = 4096

  /// The loss of these outcomes: exact if they are, and if the sum stays short enough.
  init(_ outcomes: [Construction.RelationOutcome]) {
    let squares = outcomes.map { outcome -> Double in
      let target = outcome.relation.target
      let error =
        switch outcome.achieved {
        case .exact(let achieved): (achieved - target).doubleValue
        case .approximate(let achieved): achieved - target.doubleValue
        }
      return error * error
    }
    let total = squares.reduce(0, +)
    let count = Rational(max(outcomes.count, 1))
    let exact = Self.exactSum(outcomes)
    self.init(
      sum: exact?.doubleValue ?? total,
      mean: exact.map { ($0 / count).doubleValue } ?? total / count.doubleValue,
      exactSum: exact, exactMean: exact.map { $0 / count })
  }

  private static func exactSum(_ outcomes: [Construction.RelationOutcome]) -> Rational? {
    var level: [Rational] = []
    for outcome in outcomes {
      guard let achieved = outcome.achieved.rational else { return nil }
      let error = achieved - outcome.relation.target
      level.append(error * error)
    }
    // In pairs, as `Rational.sum` does, but given up once it grows out of hand.
    while level.count > 1 {
      level = stride(from: 0, to: level.count, by: 2).map {
        Rational.sum(Array(level[$0..<min($0 + 2, level.count)]))
      }
      guard level.allSatisfy({ $0.bitCount <= longestSum }) else { return nil }
    }
    return level.first ?? 0
  }
}
