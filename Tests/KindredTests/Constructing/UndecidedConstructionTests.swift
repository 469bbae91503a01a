// Construction beyond what can be proven, and problems that cannot be posed.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Undecided construction") struct UndecidedConstructionTests {
  /// A random table with holes, nothing given.
  private func holes(_ seed: UInt64) -> ConstructionProblem {
    var random = KeyedRandom(seed: seed, key: 50)
    let (n, m, d) = (random.below(3) + 2, random.below(3) + 2, random.below(2) + 1)
    var all = relations(products(random.integers(n, d), random.integers(m, d)))
    all.remove(at: random.below(all.count))
    return problem(d, blanks(n, d), blanks(m, d), all, seed: seed)
  }

  @Test("shows a solution where there is one, and says that is no proof", arguments: 0..<30)
  func solvable(seed: UInt64) throws {
    let problem = holes(seed)
    let answer = try construct(problem)
    #expect(answer.verdict == .undecided, "\(answer.why)")
    let obstacle = try #require(answer.proof.obstacleCase)
    #expect(obstacle.relationCount == problem.relations.count)
    #expect(obstacle.solutionFound == answer.fitsExactly)
    #expect(answer.why.contains("missing on both sides of dot(User 1"))
    // The targets were made from vectors, so the search should at least come close.
    #expect(answer.loss.sum < 1e-18)
    #expect(answer.minimumDimension == nil)
  }

  @Test("finds exact numbers for most of them")
  func mostlyExact() throws {
    let found = try (UInt64(0)..<30).filter { try construct(holes($0)).fitsExactly }
    #expect(found.count >= 25, "exact for seeds \(found)")
  }

  @Test("finds exact numbers for a tree of relations")
  func tree() throws {
    let answer = try construct(
      problem(
        1, blanks(2, 1), blanks(2, 1),
        [
          Relation(user: 0, item: 0, target: 1), Relation(user: 0, item: 1, target: 2),
          Relation(user: 1, item: 0, target: 3),
        ]))
    #expect(answer.verdict == .undecided)
    #expect(answer.fitsExactly)
    #expect(answer.why.contains("A solution exists"))
  }

  @Test("gives the best it found where nothing fits")
  func unsolvable() throws {
    // In one dimension the first two columns contradict each other; the hole hides it from the rank.
    let table: [[Rational?]] = [[1, 1, 1], [1, 2, nil]]
    let stated = table.enumerated().flatMap { user, row in
      row.enumerated().compactMap { item, target in
        target.map { Relation(user: user, item: item, target: $0) }
      }
    }
    let answer = try construct(problem(1, blanks(2, 1), blanks(3, 1), stated))
    #expect(answer.verdict == .undecided)
    #expect(answer.exactVectors == nil)
    // [[1, 1], [1, 2]] leaves (7 − 3√5) / 2 in one dimension; the third item fits beside it.
    expectClose(answer.loss.sum, (7 - 3 * 5.0.squareRoot()) / 2, relative: 1e-9)
    #expect(answer.loss.exactSum == nil)
    #expect(answer.outcomes.allSatisfy { !$0.holds })
    #expect(answer.why.contains("not ruled out"))
  }

  @Test("repeats itself for one seed", arguments: 0..<5)
  func deterministic(seed: UInt64) throws {
    let first = try construct(holes(seed))
    let second = try construct(holes(seed))
    #expect(first.users == second.users)
    #expect(first.items == second.items)
    #expect(first.why == second.why)
  }

  @Test("keeps what is given and what is forced exact")
  func keepsGiven() throws {
    let seventh = Rational(numerator: 1, denominator: 7)
    let answer = try construct(
      problem(
        2, [[seventh, nil], [nil, nil]], [[nil, nil], [0, 2]],
        [
          Relation(user: 0, item: 0, target: 1), Relation(user: 0, item: 1, target: 6),
          Relation(user: 1, item: 0, target: 5), Relation(user: 1, item: 1, target: 2),
        ]))
    #expect(answer.users[0] == [.exact(seventh), .exact(3)])
    #expect(answer.users[1][1] == .exact(1))
    #expect(answer.verdict == .undecided)
    #expect(answer.fitsExactly)
    let obstacle = try #require(answer.proof.obstacleCase)
    #expect(obstacle.forced.contains { $0.value == 1 })
  }

  @Test("proves a contradiction among the linear relations, whatever the others are")
  func contradictionBesideBilinear() throws {
    let answer = try construct(
      problem(
        1, blanks(2, 1), [[1], [2], [nil]],
        [
          Relation(user: 1, item: 2, target: 3), Relation(user: 0, item: 0, target: 1),
          Relation(user: 0, item: 1, target: 3),
        ]))
    #expect(answer.verdict == .impossible)
    let proof = try #require(answer.proof.contradictionCase)
    #expect(proof.terms.map(\.coefficient) == [2, -1])
    #expect(answer.why.contains("a search found"))
    // The least of (u − 1)² + (2u − 3)² is 1/5, and the third relation can be met.
    expectClose(answer.loss.sum, 0.2, relative: 1e-9)
  }

  @Test("searches large tables vector by vector")
  func large() throws {
    var random = KeyedRandom(seed: 5, key: 51)
    var all = relations(products(random.integers(45, 5), random.integers(45, 5)))
    all.removeLast()
    let answer = try construct(problem(5, blanks(45, 5), blanks(45, 5), all))
    #expect(answer.verdict == .undecided)
    #expect(answer.loss.mean < 1e-6)
  }

  @Test("survives targets of 1e300")
  func hugeTargets() throws {
    let huge = try #require(Rational("1e300"))
    let answer = try construct(
      problem(
        1, blanks(2, 1), blanks(2, 1),
        [
          Relation(user: 0, item: 0, target: huge), Relation(user: 0, item: 1, target: huge),
          Relation(user: 1, item: 0, target: huge),
        ]))
    #expect(answer.verdict == .undecided)
    for outcome in answer.outcomes {
      expectClose(outcome.achieved.doubleValue, 1e300, relative: 1e-9)
    }
  }
}

@Suite("Construction errors") struct ConstructionErrorTests {
  @Test("name what is wrong")
  func errors() throws {
    func error(_ problem: ConstructionProblem) -> ConstructionError? {
      do throws(ConstructionError) {
        _ = try construct(problem)
        return nil
      } catch {
        return error
      }
    }
    #expect(error(problem(0, [], [], [])) == .dimensionTooSmall(0))
    #expect(
      error(problem(2, [[1, 2]], [[1, 2], [3]], []))
        == .unevenRow(side: .item, name: "Movie 2", width: 1, expected: 2))
    #expect(
      error(problem(1, [[1]], [[1]], [Relation(user: 1, item: 0, target: 0)]))
        == .unknownRow(side: .user, row: 1, count: 1))
    #expect(
      error(problem(1, [[1]], [[1]], [Relation(user: 0, item: -1, target: 0)]))
        == .unknownRow(side: .item, row: -1, count: 1))
    #expect(
      error(problem(1, [[nil]], [[1]], relations([[3]]) + relations([[4]])))
        == .conflictingTargets(user: "User 1", item: "Movie 1", first: 3, second: 4))
    #expect(
      error(problem(1, blanks(4001, 1), [[1]], [])) == .tooManyUnknowns(4001, limit: 4000))
    #expect(
      error(
        problem(
          1, Array(repeating: [1], count: 101), Array(repeating: [1], count: 100),
          relations(Array(repeating: Array(repeating: 1, count: 100), count: 101))))
        == .tooManyRelations(10_100, limit: 10_000))
  }

  @Test("refuse exact work that would not end")
  func tooMuchWork() throws {
    var random = KeyedRandom(seed: 1, key: 60)
    let items = (0..<400).map { _ in
      (0..<400).map { _ in Rational(numerator: random.below(1 << 40), denominator: 997) as Rational?
      }
    }
    let targets = [(0..<400).map { _ in Rational(random.below(100)) }]
    let stated = problem(400, blanks(1, 400), items, relations(targets))
    let refusal = #expect(throws: ConstructionError.self) { try construct(stated) }
    #expect(refusal?.description.contains("400 equations in 400 unknowns") == true)
    #expect(refusal?.description.contains("train a model") == true)
  }

  @Test("do not apply to a table of decimals of ordinary size")
  func ordinarySize() throws {
    var random = KeyedRandom(seed: 2, key: 61)
    func decimals(_ rows: Int, _ columns: Int) -> [[Rational]] {
      (0..<rows).map { _ in
        (0..<columns).map { _ in Rational(numerator: random.below(1001) - 500, denominator: 100) }
      }
    }
    let (items, targets) = (decimals(50, 10), decimals(50, 50))
    let nothing = try construct(problem(10, blanks(50, 10), blanks(50, 10), relations(targets)))
    #expect(nothing.verdict == .impossible)
    #expect(nothing.minimumDimension == 50)
    let given = try construct(problem(10, blanks(50, 10), items, relations(targets)))
    #expect(given.verdict == .impossible)
    #expect(given.exactVectors != nil)
    let floor = try leastSquaresFloor(
      fixing: .item, in: problem(10, blanks(50, 10), items, relations(targets)))
    expectClose(try #require(floor).doubleValue, given.loss.sum, relative: 1e-12)
    let fits = products(decimals(50, 10), items)
    #expect(try construct(problem(10, blanks(50, 10), items, relations(fits))).verdict == .unique)
    #expect(
      try construct(problem(10, blanks(50, 10), blanks(50, 10), relations(fits))).verdict == .family
    )
  }

  @Test("do not stop a floor from being exact", arguments: 0..<20)
  func floorIsLeast(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 62)
    let (n, m, d) = (random.below(3) + 1, random.below(4) + 1, random.below(2) + 1)
    let (users, targets) = (random.integers(n, d), random.integers(n, m))
    let stated = problem(d, users, blanks(m, d), relations(targets))
    let floor = try #require(try leastSquaresFloor(fixing: .user, in: stated))
    for _ in 0..<10 {
      let items = random.fractions(m, d)
      let loss = Rational.sum(
        zip(products(users, items).flatMap { $0 }, targets.flatMap { $0 }).map {
          ($0 - $1) * ($0 - $1)
        })
      #expect(floor <= loss)
    }
    // What is given for the free side does not matter; a blank on the fixed side does.
    let given = problem(d, users, random.integers(m, d), relations(targets))
    #expect(try leastSquaresFloor(fixing: .user, in: given) == floor)
    #expect(try leastSquaresFloor(fixing: .item, in: stated) == nil)
    #expect(floor.doubleValue >= exactTailEnergy(targets, dimension: d).value - 1e-9)
  }
}
