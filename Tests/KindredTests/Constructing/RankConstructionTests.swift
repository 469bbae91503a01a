// Construction from a complete table of targets alone: its rank decides.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Construction by rank") struct RankConstructionTests {
  private let foundingTargets: [[Rational]] = [[1, 0, -1], [0, -1, 1]]

  @Test("is impossible for the founding targets in one dimension, with loss 1")
  func foundingInOneDimension() throws {
    let answer = try construct(problem(1, blanks(2, 1), blanks(3, 1), relations(foundingTargets)))
    #expect(answer.verdict == .impossible)
    #expect(answer.loss.exactSum == 1)
    #expect(answer.loss.sum == 1)
    #expect(answer.loss.exactMean == Rational(numerator: 1, denominator: 6))
    #expect(answer.minimumDimension == 2)
    let minor = try #require(answer.proof.minorCase)
    #expect(minor.users == [0, 1])
    #expect(minor.items == [0, 1])
    #expect(minor.determinant == -1)
    // The vectors shown have that loss too, but for rounding: six squares of numbers near 1.
    let shown = answer.outcomes.reduce(0.0) {
      let error = $1.achieved.doubleValue - $1.relation.target.doubleValue
      return $0 + error * error
    }
    expectClose(shown, 1, absolute: 1e-14)
    #expect(answer.why.contains("needs 2 dimensions"))
  }

  @Test("decides by the rank of a random table", arguments: 0..<60)
  func rankDecides(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 40)
    let (n, m) = (random.below(5) + 1, random.below(5) + 1)
    let inner = random.below(4) + 1
    let targets = products(random.integers(n, inner), random.integers(m, inner))
    let rank = RationalMatrix(targets, columns: m).rank
    let d = random.below(4) + 1
    let answer = try construct(problem(d, blanks(n, d), blanks(m, d), relations(targets)))
    #expect(answer.minimumDimension == rank)
    if rank <= d {
      #expect(answer.verdict == .family)
      #expect(answer.fitsExactly)
      #expect(
        answer.freeDimensions?.total
          == freeDimensions(users: n, items: m, dimension: d, rank: rank))
      return
    }
    #expect(answer.verdict == .impossible)
    let minor = try #require(answer.proof.minorCase)
    #expect(minor.users.count == d + 1)
    #expect(minor.items.count == d + 1)
    let table = RationalMatrix(targets, columns: m)
    let chosen = table.selecting(rows: minor.users, columns: minor.items)
    #expect(chosen.determinant() == minor.determinant)
    #expect(!minor.determinant.isZero)
    #expect(answer.loss.sum > 0)
    let shown = answer.outcomes.reduce(0.0) {
      let error = $1.achieved.doubleValue - $1.relation.target.doubleValue
      return $0 + error * error
    }
    // Products of Jacobi's vectors: errors of 1e-14 times the largest singular value, squared sums.
    let size = answer.outcomes.reduce(1.0) { $0 + $1.relation.target.magnitude.doubleValue }
    expectClose(shown, answer.loss.sum, absolute: 1e-13 * size * size)
  }

  @Test("is possible for targets of 0 only, with zeros")
  func zeroTargets() throws {
    let answer = try construct(
      problem(2, blanks(2, 2), blanks(3, 2), relations([[0, 0, 0], [0, 0, 0]])))
    #expect(answer.verdict == .family)
    #expect(answer.fitsExactly)
    #expect(answer.minimumDimension == 0)
    // All users 0 leaves the items' 6 numbers free; users of rank 1 or 2 leave no more.
    #expect(answer.freeDimensions?.total == 6)
  }

  @Test("proves a complete table impossible whatever is given")
  func partlyGiven() throws {
    let answer = try construct(problem(1, [[nil], [1]], blanks(3, 1), relations(foundingTargets)))
    #expect(answer.verdict == .impossible)
    #expect(answer.proof.minorCase != nil)
    // A whole side given: exact least squares. The founding worksheet's part 3 has these users.
    let learned = try construct(problem(1, [[-1], [1]], blanks(3, 1), relations(foundingTargets)))
    #expect(learned.verdict == .impossible)
    let half = Rational(numerator: -1, denominator: 2)
    #expect(learned.exactVectors?.items == [[half], [half], [1]])
    #expect(learned.loss.exactSum == 1)
  }

  @Test("survives targets of 1e300")
  func hugeTargets() throws {
    let huge = try #require(Rational("1e300"))
    let table = foundingTargets.map { $0.map { $0 * huge } }
    let family = try construct(problem(2, blanks(2, 2), blanks(3, 2), relations(table)))
    #expect(family.verdict == .family)
    #expect(family.fitsExactly)
    let answer = try construct(problem(1, blanks(2, 1), blanks(3, 1), relations(table)))
    #expect(answer.verdict == .impossible)
    #expect(answer.loss.exactSum == huge * huge)
    #expect(answer.users.allSatisfy { $0.allSatisfy { $0.doubleValue.isFinite } })
  }

  @Test("survives targets beyond the range of Double, and of all sizes at once")
  func beyondDouble() throws {
    let beyond = try #require(Rational("99999e308"))
    let tiny = try #require(Rational("1e-300"))
    for table in [
      [[beyond, 0], [0, beyond]], [[beyond, tiny], [tiny, -beyond]], [[1, 2], [tiny, 5]],
    ] {
      let answer = try construct(problem(1, blanks(2, 1), blanks(2, 1), relations(table)))
      #expect(answer.verdict == .impossible)
      #expect(try construct(problem(2, blanks(2, 2), blanks(2, 2), relations(table))).fitsExactly)
      let open = Array(relations(table).dropLast())
      _ = try construct(problem(1, blanks(2, 1), blanks(2, 1), open))
      _ = try construct(problem(1, [[1], [nil]], [[nil], [1]], relations(table)))
    }
    #expect(exactTailEnergy([[beyond, 0], [0, beyond]], dimension: 1).exact == beyond * beyond)
  }

  @Test("counts the solutions' dimensions as the Jacobian does", arguments: 0..<40)
  func freedom(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 41)
    let d = random.below(3) + 1
    let (n, m) = (d + random.below(3), d + random.below(3))
    // At random vectors of full rank, d = r, the solutions form a manifold: its dimension is the
    // number of entries less the rank of the derivative of all dot products by all entries.
    let users = (0..<n).map { _ in (0..<d).map { _ in Rational(random.below(199) - 99) } }
    let items = (0..<m).map { _ in (0..<d).map { _ in Rational(random.below(199) - 99) } }
    guard RationalMatrix(products(users, items), columns: m).rank == d else { return }
    #expect(
      freeDimensions(users: n, items: m, dimension: d, rank: d)
        == (n + m) * d - jacobian(users, items).rank)
    #expect(freeDimensions(users: n, items: m, dimension: d, rank: d) == d * d)
  }

  @Test("counts beyond the rank as the Jacobian does where the solutions are smooth")
  func freedomBeyondTheRank() {
    // Rank 1 in two dimensions, 3 users and 3 items: the largest piece has users of rank 2 or 1.
    var random = KeyedRandom(seed: 1, key: 42)
    var largest = 0
    for rank in 1...2 {
      // Users of this rank whose columns span a given column t, and items with U·v = t·(1, 2, 3).
      let first = (0..<3).map { _ in Rational(random.below(99) + 1) }
      let second = (0..<3).map { _ in Rational(rank == 2 ? random.below(99) + 1 : 0) }
      let users = zip(first, second).map { [$0, $1] }
      let choice = rank == 1 ? 1 : 0
      let items = (1...3).map { [Rational($0), Rational(choice * (random.below(99) + 1))] }
      #expect(RationalMatrix(products(users, items), columns: 3).rank == 1)
      largest = max(largest, 12 - jacobian(users, items).rank)
    }
    #expect(freeDimensions(users: 3, items: 3, dimension: 2, rank: 1) == largest)
  }

  private func jacobian(_ users: [[Rational]], _ items: [[Rational]]) -> RationalMatrix {
    let d = users[0].count
    let count = (users.count + items.count) * d
    let rows = users.indices.flatMap { user in
      items.indices.map { item in
        var row = [Rational](repeating: 0, count: count)
        for k in 0..<d {
          row[user * d + k] = items[item][k]
          row[(users.count + item) * d + k] = users[user][k]
        }
        return row
      }
    }
    return RationalMatrix(rows, columns: count)
  }
}

@Suite("Tail energy") struct TailEnergyTests {
  @Test("is exactly 1 for the founding table in one dimension")
  func founding() {
    let table: [[Rational]] = [[1, 0, -1], [0, -1, 1]]
    #expect(exactTailEnergy(table, dimension: 1) == (1, 1))
    #expect(exactTailEnergy(table, dimension: 0) == (4, 4))
    #expect(exactTailEnergy(table, dimension: 2) == (0, 0))
    #expect(exactTailEnergy(table, dimension: 9) == (0, 0))
    let tenth = Rational(numerator: 1, denominator: 10)
    let small = table.map { $0.map { $0 * tenth } }
    #expect(exactTailEnergy(small, dimension: 1).exact == tenth * tenth)
  }

  @Test("is 0 from the rank on, and all of it in no dimension", arguments: 0..<20)
  func ends(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 43)
    let table = products(random.fractions(5, 2), random.fractions(4, 2))
    let rank = RationalMatrix(table).rank
    for dimension in rank...5 {
      #expect(exactTailEnergy(table, dimension: dimension).exact == 0)
      #expect(exactTailEnergy(table, dimension: dimension).value == 0)
    }
    let all = Rational.sum(table.flatMap { $0.map { $0 * $0 } })
    #expect(exactTailEnergy(table, dimension: 0).exact == all)
  }

  @Test("agrees with the singular values, and falls with the dimension", arguments: 0..<30)
  func numeric(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 44)
    let (n, m) = (random.below(5) + 1, random.below(5) + 1)
    let table = random.integers(n, m)
    let values = SingularValueDecomposition(rows: table.map { $0.map(\.doubleValue) }).values
    var before = Double.infinity
    for dimension in 0...5 {
      let tail = exactTailEnergy(table, dimension: dimension)
      let sum = values.dropFirst(dimension).reduce(0) { $0 + $1 * $1 }
      // Squares of values up to 15, each good to 1e-14 of the largest.
      expectClose(tail.value, sum, absolute: 1e-11)
      if let exact = tail.exact { #expect(exact.doubleValue == tail.value) }
      #expect(tail.value <= before + 1e-11)
      before = tail.value
    }
  }

  @Test("is exact where eigenvalues repeat, and left open where they are not rational")
  func multiplicity() {
    // Twice the identity: every eigenvalue of the Gram matrix is 4.
    let identity: [[Rational]] = [[2, 0, 0], [0, 2, 0], [0, 0, 2]]
    #expect(exactTailEnergy(identity, dimension: 1).exact == 8)
    #expect(exactTailEnergy(identity, dimension: 2).exact == 4)
    // [[1, 1], [0, 1]] has eigenvalues (3 ± √5) / 2.
    let shear: [[Rational]] = [[1, 1], [0, 1]]
    let tail = exactTailEnergy(shear, dimension: 1)
    #expect(tail.exact == nil)
    expectClose(tail.value, (3 - 5.0.squareRoot()) / 2, relative: 1e-14)
    // One rational head before an irrational tail: 9 and the pair above.
    let mixed: [[Rational]] = [[3, 0, 0], [0, 1, 1], [0, 0, 1]]
    #expect(exactTailEnergy(mixed, dimension: 1).exact == 3)
    #expect(exactTailEnergy(mixed, dimension: 2).exact == nil)
  }

  @Test("never lies below by taking a rational root from the wrong end", arguments: 0..<20)
  func order(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 45)
    // A diagonal in random order: the tail is the sum of the smallest squares.
    let size = random.below(5) + 2
    let diagonal = (0..<size).map { _ in Rational(random.below(9)) }
    var table = [[Rational]](repeating: Array(repeating: 0, count: size), count: size)
    for (k, value) in diagonal.enumerated() { table[k][size - 1 - k] = value }
    let squares = diagonal.map { $0 * $0 }.sorted(by: >)
    for dimension in 0...size {
      #expect(
        exactTailEnergy(table, dimension: dimension).exact
          == Rational.sum(Array(squares.dropFirst(dimension))))
    }
  }
}
