// Construction where the relations are linear: one way, many ways, or none.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import Testing

@Suite("Linear construction") struct LinearConstructionTests {
  private let unitVectors: [[Rational?]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
  private let foundingTargets: [[Rational]] = [[1, 0, -1], [0, -1, 1]]

  @Test("solves the founding worksheet")
  func founding() throws {
    let answer = try construct(problem(3, blanks(2, 3), unitVectors, relations(foundingTargets)))
    #expect(answer.verdict == .unique)
    #expect(answer.exactVectors?.users == foundingTargets)
    #expect(answer.minimumDimension == 2)
    #expect(answer.fitsExactly)
    #expect(answer.loss.exactSum == 0)
    #expect(answer.freeDimensions == nil)
    let proof = try #require(answer.proof.linearCase)
    #expect(proof.unknowns == 6)
    #expect(proof.rank == 6)
    #expect(proof.forced.isEmpty)
    #expect(answer.why.contains("only solution"))
  }

  @Test("fits random targets of the given items exactly, uniquely if they span", arguments: 0..<40)
  func oneSideGiven(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 30)
    let (n, m, d) = (random.below(4) + 1, random.below(5) + 1, random.below(4) + 1)
    let (users, items) = (random.integers(n, d), random.fractions(m, d))
    let targets = products(users, items)
    let answer = try construct(problem(d, blanks(n, d), items, relations(targets)))
    let rank = RationalMatrix(items, columns: d).rank
    #expect(answer.fitsExactly)
    #expect(answer.verdict == (rank == d ? .unique : .family))
    #expect(answer.minimumDimension == RationalMatrix(targets, columns: m).rank)
    if rank < d {
      #expect(answer.freeDimensions?.total == n * (d - rank))
      #expect(answer.freeDimensions?.vectors?.map(\.count) == Array(repeating: d - rank, count: n))
      // The member shown is orthogonal to every direction of choice, so no member is smaller.
      let shown = try #require(answer.exactVectors).users
      let choices = RationalMatrix(items, columns: d).nullSpace()
      for (user, vector) in shown.enumerated() {
        #expect(choices.allSatisfy { Rational.dot($0, vector).isZero })
        #expect(Rational.dot(vector, vector) <= Rational.dot(users[user], users[user]))
      }
    } else {
      #expect(answer.exactVectors?.users == users)
    }
    // The other way round, the items are found from the users.
    let turned = try construct(problem(d, users, blanks(m, d), relations(targets)))
    #expect(turned.fitsExactly)
  }

  @Test("proves random targets impossible by a combination that checks", arguments: 0..<60)
  func certificate(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 31)
    let d = random.below(3) + 1
    let m = d + 1 + random.below(3)
    let items = random.integers(m, d)
    let targets = random.integers(1, m)
    let answer = try construct(problem(d, blanks(1, d), items, relations(targets)))
    guard answer.verdict == .impossible else {
      #expect(answer.fitsExactly)
      return
    }
    let proof = try #require(answer.proof.contradictionCase)
    for k in 0..<d {
      #expect(Rational.sum(proof.terms.map { $0.coefficient * items[$0.relation.item][k] }) == 0)
    }
    #expect(Rational.sum(proof.terms.map { $0.coefficient * $0.relation.target }) == proof.targets)
    #expect(proof.always == 0)
    #expect(proof.targets != 0)
    #expect(proof.terms.allSatisfy { $0.coefficient.isInteger && !$0.coefficient.isZero })
    #expect(proof.terms[0].coefficient > 0)
    // Without any one of its relations the others can be fulfilled.
    for left in proof.terms.indices {
      var rest = proof.terms.map(\.relation)
      rest.remove(at: left)
      #expect(try construct(problem(d, blanks(1, d), items, rest)).verdict != .impossible)
    }
    // The vectors shown are exact least squares: the residual is orthogonal to every column.
    let shown = try #require(answer.exactVectors).users[0]
    let residual = zip(items, targets[0]).map { Rational.dot($0, shown) - $1 }
    for k in 0..<d { #expect(Rational.dot(residual, items.map { $0[k] }).isZero) }
    #expect(answer.loss.exactSum == Rational.dot(residual, residual))
    let floor = try leastSquaresFloor(
      fixing: .item, in: problem(d, blanks(1, d), items, relations(targets)))
    #expect(floor == answer.loss.exactSum)
  }

  @Test("names the contradiction in words")
  func contradictionInWords() throws {
    let answer = try construct(
      problem(2, blanks(1, 2), [[2, 4], [1, 2], [0, 1]], relations([[5, 1, 7]])))
    #expect(answer.verdict == .impossible)
    #expect(
      answer.why.contains(
        "dot(User 1, Movie 1) − 2·dot(User 1, Movie 2) must be 0 for every choice of User 1"))
    #expect(answer.why.contains("the targets make it 3"))
  }

  @Test("finds a two-relation contradiction behind a longer one")
  func shortestContradiction() throws {
    // Eliminating in order meets item 4 = items 1 + 2 + 3 first; items 3 and 5 are parallel.
    let items: [[Rational?]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1], [0, 0, 2]]
    let answer = try construct(problem(3, blanks(1, 3), items, relations([[1, 1, 1, 4, 3]])))
    let proof = try #require(answer.proof.contradictionCase)
    #expect(proof.terms.map(\.relation.item) == [2, 4])
    #expect(proof.terms.map(\.coefficient) == [2, -1])
    #expect(proof.targets == -1)
  }

  @Test("counts the rest as constants where vectors are given in part")
  func partlyGiven() throws {
    // 1·2 + x·3 = 8 and x·1 + 1·1 = 3 agree on x = 2; the second also with y.
    let users: [[Rational?]] = [[1, nil], [nil, 1]]
    let answer = try construct(
      problem(
        2, users, [[2, 3], [1, 1]],
        [Relation(user: 0, item: 0, target: 8), Relation(user: 1, item: 1, target: 3)]))
    #expect(answer.verdict == .unique)
    #expect(answer.exactVectors?.users == [[1, 2], [2, 1]])
    #expect(answer.minimumDimension == nil)
    let contradiction = try construct(
      problem(
        2, users, [[2, 3], [1, 1]],
        [Relation(user: 0, item: 0, target: 8), Relation(user: 0, item: 1, target: 4)]))
    let proof = try #require(contradiction.proof.contradictionCase)
    // Dot 1 − 3·Dot 2 = 2 + 3x − 3 − 3x.
    #expect(proof.always == -1)
    #expect(proof.targets == -4)
  }

  @Test("follows a chain of forced numbers to the end", arguments: [2, 3, 10, 60])
  func chain(length: Int) throws {
    // u1·m1 = 2 with u1 = 1 gives m1, then u2·m1 gives u2, then m2 …
    var users = blanks(length, 1)
    users[0] = [1]
    var chain: [Relation] = []
    for k in 0..<length {
      chain.append(Relation(user: k, item: k, target: 2))
      if k + 1 < length { chain.append(Relation(user: k + 1, item: k, target: 6)) }
    }
    // Last first, so that nothing is linear in the order of reading.
    let answer = try construct(problem(1, users, blanks(length, 1), chain.reversed()))
    #expect(answer.verdict == .unique)
    #expect(answer.fitsExactly)
    let found = try #require(answer.exactVectors)
    #expect(found.users[1] == [3])
    #expect(found.items[1] == [Rational(numerator: 2, denominator: 3)])
    let proof = try #require(answer.proof.linearCase)
    #expect(proof.forced.first?.position == EntryPosition(side: .item, row: 0, entry: 0))
    #expect(proof.forced.count == 2 * length - 2)
    // Each forced number rests on relations whose other numbers are given or forced before it.
    var known: Set<EntryPosition> = [EntryPosition(side: .user, row: 0, entry: 0)]
    for step in proof.forced {
      for relation in step.relations {
        let parts = [
          EntryPosition(side: .user, row: relation.user, entry: 0),
          EntryPosition(side: .item, row: relation.item, entry: 0),
        ]
        #expect(parts.allSatisfy { $0 == step.position || known.contains($0) })
      }
      known.insert(step.position)
    }
  }

  @Test("follows a chain of thousands")
  func longChain() throws {
    let length = 1500
    var users = blanks(length, 1)
    users[0] = [1]
    let chain = (0..<length).flatMap { k in
      [Relation(user: k, item: k, target: 2)]
        + (k + 1 < length ? [Relation(user: k + 1, item: k, target: 6)] : [])
    }
    let answer = try construct(problem(1, users, blanks(length, 1), chain))
    #expect(answer.verdict == .unique)
    #expect(answer.fitsExactly)
  }

  @Test("names the relations that force what contradicts")
  func forcedContradiction() throws {
    // u1 = 2 by m1; then m2 = 3 by u1; then u2·m2 = 3·u2 contradicts u2·m1.
    let answer = try construct(
      problem(
        1, blanks(2, 1), [[1], [nil]],
        [
          Relation(user: 0, item: 0, target: 2), Relation(user: 0, item: 1, target: 6),
          Relation(user: 1, item: 0, target: 1), Relation(user: 1, item: 1, target: 4),
        ]))
    #expect(answer.verdict == .impossible)
    // The table [[2, 6], [1, 4]] has rank 2 in one dimension: the determinant proves it.
    let minor = try #require(answer.proof.minorCase)
    #expect(minor.determinant == 2)
    #expect(answer.exactVectors == nil)

    // The same without a complete table: a third user with no target for movie 2.
    let open = try construct(
      problem(
        1, blanks(3, 1), [[1], [nil]],
        [
          Relation(user: 0, item: 0, target: 2), Relation(user: 0, item: 1, target: 6),
          Relation(user: 1, item: 0, target: 1), Relation(user: 1, item: 1, target: 4),
          Relation(user: 2, item: 0, target: 9),
        ]))
    let proof = try #require(open.proof.contradictionCase)
    #expect(open.verdict == .impossible)
    #expect(!proof.forced.isEmpty)
    for step in proof.forced { #expect(!step.relations.isEmpty) }
    #expect(open.why.contains("equal to 2"))
    #expect(open.outcomes.allSatisfy { !$0.holds })
  }

  @Test("uses a zero to make a product vanish")
  func forcedZero() throws {
    // u1's first entry is 0 by m1, so the blank of m2 there does not matter.
    let answer = try construct(
      problem(
        2, [[nil, 3]], [[1, 0], [nil, 2]],
        [Relation(user: 0, item: 0, target: 0), Relation(user: 0, item: 1, target: 6)]))
    #expect(answer.verdict == .family)
    #expect(answer.exactVectors?.items == [[1, 0], [0, 2]])
    #expect(answer.freeDimensions?.vectors?.map(\.name) == ["Movie 2"])
    #expect(answer.freeDimensions?.total == 1)
  }

  @Test("gives one total where the choices of two vectors hang together")
  func coupled() throws {
    // x·1 + 1·y = 5: the smallest member shares it evenly.
    let answer = try construct(
      problem(2, [[nil, 1]], [[1, nil]], [Relation(user: 0, item: 0, target: 5)]))
    #expect(answer.verdict == .family)
    #expect(answer.freeDimensions?.total == 1)
    #expect(answer.freeDimensions?.vectors == nil)
    let half = Rational(numerator: 5, denominator: 2)
    #expect(answer.exactVectors?.users == [[half, 1]])
    #expect(answer.exactVectors?.items == [[1, half]])
  }

  @Test("checks vectors that are given in full")
  func nothingBlank() throws {
    let good = try construct(problem(1, [[2]], [[3]], relations([[6]])))
    #expect(good.verdict == .unique)
    let bad = try construct(problem(1, [[2]], [[3]], relations([[7]])))
    #expect(bad.verdict == .impossible)
    #expect(bad.loss.exactSum == 1)
    #expect(bad.exactVectors?.users == [[2]])
    #expect(bad.why.contains("is 6") && bad.why.contains("target is 7"))
  }

  @Test("takes anything where nothing is asked")
  func noRelations() throws {
    let open = try construct(problem(2, blanks(1, 2), [[1, 2]], []))
    #expect(open.verdict == .family)
    #expect(open.exactVectors?.users == [[0, 0]])
    #expect(open.freeDimensions?.vectors?.first?.count == 2)
    #expect(open.loss.mean == 0)
    #expect(open.minimumDimension == nil)
    #expect(try construct(problem(2, [[1, 1]], [[1, 2]], [])).verdict == .unique)
    #expect(try construct(problem(2, [], [], [])).verdict == .unique)
    #expect(try construct(problem(1, blanks(2, 1), blanks(1, 1), [])).freeDimensions?.total == 3)
  }

  @Test("leaves out of the loss what is stated twice")
  func repeated() throws {
    let twice = relations([[7]]) + relations([[7]])
    let answer = try construct(problem(1, [[2]], [[3]], twice))
    #expect(answer.outcomes.count == 1)
    #expect(answer.loss.exactSum == 1)
  }

  @Test("keeps every digit of huge and tiny targets")
  func hugeNumbers() throws {
    let huge = try #require(Rational("1e300"))
    let targets: [[Rational]] = [[huge, 1 / huge, huge + 1]]
    let answer = try construct(
      problem(3, blanks(1, 3), [[1, 1, 0], [0, 1, 0], [0, 3, 7]], relations(targets)))
    #expect(answer.verdict == .unique)
    #expect(answer.fitsExactly)
    let wrong = try construct(
      problem(1, blanks(1, 1), [[1], [2], [0]], relations([[huge, huge, 0]])))
    #expect(wrong.verdict == .impossible)
    #expect(wrong.loss.exactSum == huge * huge / 5)
    #expect(wrong.loss.sum == .infinity)
  }
}
