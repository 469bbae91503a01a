// Vectors that are known in part: whatever the pattern of blanks, the verdict must be true.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import Testing

@Suite("Construction from parts") struct PartialConstructionTests {
  /// Random vectors with random blanks, and targets that they have, but for one if `spoiled`.
  private func partial(_ seed: UInt64, spoiled: Bool) -> (
    problem: ConstructionProblem, users: [[Rational]], items: [[Rational]]
  ) {
    var random = KeyedRandom(seed: seed, key: 70)
    let (n, m, d) = (random.below(3) + 2, random.below(3) + 2, random.below(3) + 1)
    let (users, items) = (random.integers(n, d), random.integers(m, d))
    // The fewer the blanks, the more relations are linear at first.
    let blankShare = 0.2 + 0.4 * random.uniform()
    func hide(_ table: [[Rational]]) -> [[Rational?]] {
      table.map { $0.map { random.uniform() < blankShare ? nil : $0 } }
    }
    let (openUsers, openItems) = (hide(users), hide(items))
    var stated = relations(products(users, items)).filter { _ in random.uniform() < 0.8 }
    if spoiled, !stated.isEmpty { stated[random.below(stated.count)].target += 1 }
    random.shuffle(&stated)
    return (problem(d, openUsers, openItems, stated, seed: seed), users, items)
  }

  @Test("never denies a solution that exists", arguments: 0..<150)
  func solvable(seed: UInt64) throws {
    let (problem, users, items) = partial(seed, spoiled: false)
    let answer = try construct(problem)
    #expect(answer.verdict != .impossible, "\(answer.why)")
    if answer.verdict != .undecided { #expect(answer.fitsExactly) }
    for (given, found) in zip(problem.users + problem.items, answer.users + answer.items) {
      #expect(zip(given, found).allSatisfy { $0 == nil || $0 == $1.rational })
    }
    if answer.verdict == .unique {
      #expect(answer.exactVectors?.users == users)
      #expect(answer.exactVectors?.items == items)
    }
    if answer.verdict == .family, let shown = answer.exactVectors {
      // The solution that the targets came from is a member, so it cannot be smaller.
      func size(_ tables: [[Rational]]) -> Rational {
        Rational.sum(tables.map { Rational.dot($0, $0) })
      }
      #expect(size(shown.users + shown.items) <= size(users + items))
      #expect((answer.freeDimensions?.total ?? 0) > 0)
    }
  }

  @Test("proves what it denies, step by step", arguments: 0..<150)
  func contradictions(seed: UInt64) throws {
    let stated = partial(seed, spoiled: true).problem
    let answer = try construct(stated)
    guard case .contradiction(let proof) = answer.proof else {
      #expect(answer.verdict != .impossible || answer.minimumDimension != nil)
      return
    }
    #expect(answer.verdict == .impossible)
    var known = stated
    for step in proof.forced {
      // With the steps before, these relations alone leave the entry no other value.
      known.relations = step.relations
      let fits = try construct(filling(known, step.position, with: step.value))
      #expect(fits.verdict != .impossible)
      let denied = try construct(filling(known, step.position, with: step.value + 1))
      #expect(denied.verdict == .impossible)
      known = filling(known, step.position, with: step.value)
    }
    // With all steps, the combination is constant in every blank that is left.
    for trial in 0..<5 {
      var random = KeyedRandom(seed: seed, key: 71, UInt64(trial))
      let users = known.users.map { $0.map { $0 ?? random.smallFraction() } }
      let items = known.items.map { $0.map { $0 ?? random.smallFraction() } }
      let combined = proof.terms.map {
        $0.coefficient * Rational.dot(users[$0.relation.user], items[$0.relation.item])
      }
      #expect(Rational.sum(combined) == proof.always)
    }
    #expect(
      Rational.sum(proof.terms.map { $0.coefficient * $0.relation.target }) == proof.targets)
    #expect(proof.always != proof.targets)
    #expect(answer.outcomes.contains { !$0.holds })
    #expect(answer.loss.sum > 0)
  }

  @Test("meets every verdict, and contradictions that rest on forced numbers")
  func coverage() throws {
    var counts: [Construction.Verdict: Int] = [:]
    var restingOnForced = 0
    for seed in UInt64(0)..<150 {
      for spoiled in [false, true] {
        let answer = try construct(partial(seed, spoiled: spoiled).problem)
        counts[answer.verdict, default: 0] += 1
        if case .contradiction(let proof) = answer.proof, !proof.forced.isEmpty {
          restingOnForced += 1
        }
      }
    }
    // Without these the two laws above would hold of nothing.
    for verdict in [Construction.Verdict.unique, .family, .impossible, .undecided] {
      #expect((counts[verdict] ?? 0) >= 5, "\(counts)")
    }
    #expect(restingOnForced >= 5)
  }

  private func filling(
    _ problem: ConstructionProblem, _ position: EntryPosition, with value: Rational
  ) -> ConstructionProblem {
    var filled = problem
    switch position.side {
    case .user: filled.users[position.row][position.entry] = value
    case .item: filled.items[position.row][position.entry] = value
    }
    return filled
  }
}
