// Gradient descent on a few relations.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Descent") struct DescentTests {
  /// Part 3 of the founding worksheet: users −1 and 1, films from zero, the targets of part 2.
  private func founding(rate: Double = 0.1, batch: Int? = nil) -> Descent {
    let targets = [[1.0, 0, -1], [0, -1, 1]]
    let relations = (0..<2).flatMap { user in
      (0..<3).map { Descent.Relation(user: user, item: $0, target: targets[user][$0]) }
    }
    return Descent(
      users: [[-1], [1]], items: [[0], [0], [0]], relations: relations, learned: .items,
      rate: rate, batch: batch)
  }

  @Test("of the founding worksheet settles at (−½, −½, 1)")
  func worksheet() {
    let result = founding().run()
    #expect(result.ending == .settled)
    #expect(result.users == [[-1], [1]])
    #expect(result.startLoss == 4)
    // Film i's loss is (t₁ + m)² + (t₂ − m)², lowest at m = (t₂ − t₁) / 2: −½, −½ and 1, where it is
    // (t₁ + t₂)² / 2: ½, ½ and 0. Settling at one part in 10⁹ leaves m within 10⁻⁴ of that: the
    // loss above the least one is m's error squared, shrinking by a constant factor per epoch.
    for (found, expected) in zip(result.items, [-0.5, -0.5, 1]) {
      expectClose(found[0], expected, absolute: 1e-3)
    }
    expectClose(result.finalLoss, 1, absolute: 1e-6)
    #expect(zip(result.epochLosses, result.epochLosses.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(result.divergedEpoch == nil)
  }

  @Test("the worksheet's steps, one after the other")
  func steps() {
    let steps = founding().steps()
    #expect(steps.count == 6)
    #expect(steps.map(\.before.user) == [[-1], [-1], [-1], [1], [1], [1]])
    #expect(steps[0].after.item == [-0.2])
    // Film 1's second step starts where its first ended.
    #expect(steps[3].before.item == [-0.2])
    #expect(steps[1].wasRight)
    // A film's second step may undo its first; the first ones all help or have nothing to do.
    #expect(steps.prefix(3).allSatisfy { $0.wentDown || $0.wasRight })
  }

  @Test("from zeros on both sides cannot leave the saddle")
  func saddle() {
    var descent = founding()
    descent.users = [[0], [0]]
    descent.learned = .both
    let result = descent.run()
    #expect(result.ending == .saddle && result.epochLosses.isEmpty)
    #expect(result.finalLoss == result.startLoss && result.items == [[0], [0], [0]])
  }

  @Test("ends at a solution, and sees when it is there already")
  func solved() {
    let relation = Descent.Relation(user: 0, item: 0, target: 2)
    let descent = Descent(
      users: [[1, 1]], items: [[0.5, 0]], relations: [relation], learned: .both, rate: 0.05)
    let result = descent.run()
    #expect(result.ending == .solved)
    #expect(result.finalLoss <= result.startLoss * 1e-18)
    let dot = zip(result.users[0], result.items[0]).reduce(0) { $0 + $1.0 * $1.1 }
    // The loss is below 1e-18 of 2.25.
    expectClose(dot, 2, absolute: 2e-9)
    var done = descent
    done.items = [[1, 1]]
    #expect(done.run().ending == .alreadySolved)
    #expect(done.run().finalLoss == 0)
    let empty = Descent(users: [], items: [], relations: [], learned: .both, rate: 1)
    #expect(empty.run().ending == .alreadySolved && empty.steps().isEmpty)
  }

  @Test("that diverges keeps the last finite vectors")
  func diverged() {
    let descent = Descent(
      users: [[1, 2]], items: [[3, 1]], relations: [.init(user: 0, item: 0, target: 1)],
      learned: .both, rate: 10)
    let result = descent.run()
    guard case .diverged(let epoch) = result.ending else {
      Issue.record("\(result.ending)")
      return
    }
    #expect(result.divergedEpoch == epoch && result.epochLosses.count == epoch - 1)
    #expect((result.users + result.items).allSatisfy { $0.allSatisfy { $0.isFinite } })
    #expect(result.epochLosses.allSatisfy { $0.isFinite })
    #expect(result.finalLoss > result.startLoss)
    // The vectors are those that the last epoch before left.
    var limited = descent
    limited.limit = epoch - 1
    #expect(limited.run().items == result.items && limited.run().ending == .limit)
    #expect(descent.steps().count == 1)
  }

  @Test("stops at its limit")
  func limit() {
    var descent = founding(rate: 1e-4)
    descent.limit = 7
    let result = descent.run()
    #expect(result.ending == .limit && result.epochLosses.count == 7)
    descent.limit = 0
    #expect(descent.run().epochLosses.count == 1)
  }

  @Test("with one relation at a time is the hand-worked steps")
  func batchOfOne() {
    var descent = founding(batch: 1)
    descent.limit = 1
    let result = descent.run()
    let steps = descent.steps()
    #expect(result.items == [3, 4, 5].map { steps[$0].after.item })
    // Every later step of film i starts where its earlier one ended.
    #expect((0..<3).allSatisfy { steps[$0 + 3].before.item == steps[$0].after.item })
  }

  @Test("moves against the mean of a minibatch's gradients", arguments: 0..<20)
  func minibatch(seed: UInt64) {
    var random = KeyedRandom(seed: seed)
    let numbers = { (rows: Int) in (0..<rows).map { _ in (0..<3).map { _ in random.normal() } } }
    let (users, items) = (numbers(3), numbers(2))
    let relations = (0..<5).map { _ in
      Descent.Relation(user: random.below(3), item: random.below(2), target: random.normal())
    }
    let size = 1 + random.below(6)
    var descent = Descent(
      users: users, items: items, relations: relations, learned: .both, rate: 0.01, batch: size)
    descent.limit = 1
    let result = descent.run()
    var (x, y) = (users, items)
    for start in stride(from: 0, to: 5, by: size) {
      let batch = relations[start..<min(start + size, 5)]
      let (before, other) = (x, y)
      for relation in batch {
        let slope = PairObjective(target: relation.target).gradients(
          PairState(user: before[relation.user], item: other[relation.item]))
        for k in 0..<3 {
          x[relation.user][k] -= 0.01 * slope.user[k] / Double(batch.count)
          y[relation.item][k] -= 0.01 * slope.item[k] / Double(batch.count)
        }
      }
    }
    for (found, expected) in zip((result.users + result.items).joined(), (x + y).joined()) {
      // The same sums, with the rate divided before instead of after.
      expectClose(found, expected, absolute: 1e-14)
    }
  }

  @Test("on several relations lowers the loss at a small rate", arguments: 0..<20)
  func descends(seed: UInt64) {
    var random = KeyedRandom(seed: seed)
    let numbers = { (rows: Int) in (0..<rows).map { _ in (0..<2).map { _ in random.normal() } } }
    let relations = (0..<6).map {
      Descent.Relation(user: $0 / 2, item: $0 % 2, target: random.normal())
    }
    var descent = Descent(
      users: numbers(3), items: numbers(2), relations: relations, learned: .both, rate: 0.01)
    descent.limit = 300
    let losses = descent.run().epochLosses
    #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 >= $1 })
    #expect((losses.last ?? .infinity) < descent.lossSum)
  }

  @Test("refuses relations to missing rows and uneven vectors")
  func misuse() async {
    await #expect(processExitsWith: .failure) {
      _ = Descent(
        users: [[1]], items: [[1]], relations: [.init(user: 0, item: 1, target: 1)],
        learned: .both, rate: 0.1)
    }
    await #expect(processExitsWith: .failure) {
      _ = Descent(
        users: [[1]], items: [[1]], relations: [.init(user: -1, item: 0, target: 1)],
        learned: .both, rate: 0.1)
    }
    await #expect(processExitsWith: .failure) {
      _ = Descent(users: [[1]], items: [[1, 2]], relations: [], learned: .both, rate: 0.1)
    }
  }

  @Test("bounces where the rate throws the vector just as far to the other side")
  func bouncing() {
    let descent = Descent(
      users: [[1]], items: [[0]], relations: [.init(user: 0, item: 0, target: 1)],
      learned: .items, rate: 1)
    let result = descent.run()
    #expect(result.ending == .bouncing)
    #expect(result.finalLoss == 1)
    // A tenth of that rate comes to rest.
    var slower = descent
    slower.rate = 0.1
    #expect(slower.run().ending == .solved)
  }

  @Test("a side at zero that stays teaches nothing, and a lowest point is no trap")
  func stuck() {
    let relations = [Descent.Relation(user: 0, item: 0, target: 1)]
    let zero = Descent(
      users: [[1]], items: [[0]], relations: relations, learned: .users, rate: 0.1)
    #expect(zero.run().ending == .saddle)
    // (−1, 1) · (x, x) can be nothing but 0: the gradients cancel, and this is as low as it gets.
    let lowest = Descent(
      users: [[1], [1]], items: [[0.5]],
      relations: relations + [.init(user: 1, item: 0, target: 0)], learned: .items, rate: 0.1)
    #expect(lowest.run().ending == .settled)
  }
}
