// The kernel of pairwise ranking against plain Swift and against the loss that it descends.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Pairwise kernel") struct PairKernelTests {
  private struct Problem {
    var rows: PlainPairs
    let pairs: [PlainPairs.Pair]

    init(seed: Int, dimension: Int) {
      var random = KeyedRandom(seed: UInt64(seed), key: 511)
      let (users, items) = (6, 20)
      func vectors(_ count: Int) -> [[Float]] {
        (0..<count).map { _ in (0..<dimension).map { _ in Float(random.normal()) } }
      }
      let (x, y) = (vectors(users), vectors(items))
      var seen: [[Int32]] = []
      for user in 0..<users {
        // The last user has seen all, the one before all but one.
        seen.append(
          (0..<items).filter { item in
            user == users - 1 || (user == users - 2 ? item != 7 : random.below(3) == 0)
          }.map { Int32($0) })
      }
      rows = PlainPairs(users: x, items: y, seen: seen, pool: (0..<14).map { Int32($0) })
      rows.draws = 1 + seed % 3
      if seed % 2 == 0 { rows.chances = (0..<14).map { _ in 0.05 + random.uniform() } }
      pairs = (0..<users).flatMap { user in
        seen[user].map {
          PlainPairs.Pair(user: user, item: Int($0), weight: Float(0.5 + random.uniform()))
        }
      }
    }
  }

  @Test("moves rows as plain Swift does, to the bit", arguments: 0..<24)
  func bits(seed: Int) {
    let dimensions = [1, 5, 8, 12, 24, 33, 64, 70]
    var problem = Problem(seed: seed, dimension: dimensions[seed % dimensions.count])
    let start = problem.rows
    let loss = problem.rows.descend(problem.pairs, random: UInt64(seed))
    #expect(problem.rows != start)
    for choice in 0..<Kernels.pairChoices {
      var rows = start
      let same = rows.descend(problem.pairs, random: UInt64(seed), byKernel: choice)
      #expect(rows == problem.rows && same == loss, "implementation \(choice)")
    }
  }

  @Test("leaves out a user who has seen all, and draws the one item that is left")
  func draws() {
    var problem = Problem(seed: 1, dimension: 4)
    let last = problem.rows.users.count - 1
    let start = problem.rows
    let all = problem.pairs.filter { $0.user == last }
    #expect(problem.rows.descend(all, random: 3) == 0 && problem.rows == start)
    let one = problem.pairs.filter { $0.user == last - 1 && $0.item != 7 }
    _ = problem.rows.descend(one, random: 3)
    #expect(problem.rows.items[7] != start.items[7])
    // Beyond the pool only what is seen moves.
    #expect(!start.seen[last - 1].contains(7))
  }

  // A step is −rate / √(floor + G) times the gradient, here by central differences of h = 1e-4 in Double:
  // their error is about h² and 1e-8 of rounding in the Float rows' differences, 1e-3 is far beyond.
  @Test("steps against the gradient of the loss", arguments: 0..<8)
  func gradient(seed: Int) throws {
    var problem = Problem(seed: seed, dimension: 3)
    let pair = try #require(problem.pairs.first)
    problem.rows.draws = 1
    let start = problem.rows
    _ = problem.rows.descend([pair], random: UInt64(seed))
    let moved = problem.rows
    let other = try #require(
      start.items.indices.first { $0 != pair.item && moved.items[$0] != start.items[$0] })
    let lambda = Double(start.regularization)
    func loss(_ x: [Double], _ y: [Double], _ w: [Double]) -> Double {
      let difference = x.indices.reduce(0.0) { $0 + x[$1] * (y[$1] - w[$1]) }
      let squares = (x + y + w).reduce(0) { $0 + $1 * $1 }
      return Double(pair.weight) * logarithm1p(exponential(-difference)) + lambda * squares
    }
    let rows = [start.users[pair.user], start.items[pair.item], start.items[other]].map {
      $0.map { Double($0) }
    }
    let after = [moved.users[pair.user], moved.items[pair.item], moved.items[other]]
    let squares = [
      moved.userSquares[pair.user], moved.itemSquares[pair.item], moved.itemSquares[other],
    ]
    for (row, numbers) in rows.enumerated() {
      var meanSquare = 0.0
      for k in numbers.indices {
        var (above, below) = (rows, rows)
        above[row][k] += 1e-4
        below[row][k] -= 1e-4
        let slope =
          (loss(above[0], above[1], above[2]) - loss(below[0], below[1], below[2])) / 2e-4
        let rate = Double(start.rate) / (Double(start.floor) + Double(squares[row])).squareRoot()
        expectClose(Double(after[row][k]) - numbers[k], -rate * slope, absolute: 1e-3 * rate)
        let own = slope - 2 * lambda * numbers[k]
        meanSquare += own * own / Double(numbers.count)
      }
      expectClose(Double(squares[row]), meanSquare, relative: 1e-3, absolute: 1e-7)
    }
  }
}
