// How SGD lays ratings out and in what order it works on them.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Synchronization
import Testing

@Suite("Blocks of ratings") struct RatingBlocksTests {
  private static let stripes = RatingBlocks.stripes

  @Test("hold every rating once, and those of a diagonal share no row", arguments: 0..<10)
  func everyRatingOnce(seed: UInt64) throws {
    let ratings = try PlantedRatings(seed: seed, users: 700, items: 40).training
    let blocks = RatingBlocks(ratings, seed: seed)
    #expect(blocks.offsets.first == 0 && blocks.offsets.last == ratings.count)
    var found: [[Double]] = []
    for diagonal in 0..<Self.stripes {
      var (users, items): (Set<UserRow>, Set<ItemRow>) = ([], [])
      for s in 0..<Self.stripes {
        let entries = blocks.entries(s, (s + diagonal) % Self.stripes)
        let (these, those) = (Set(entries.map(\.user)), Set(entries.map(\.item)))
        #expect(users.isDisjoint(with: these) && items.isDisjoint(with: those))
        users.formUnion(these)
        items.formUnion(those)
        found += entries.map { [Double($0.user.index), Double($0.item.index), Double($0.value)] }
      }
      #expect(
        blocks.diagonals(epoch: diagonal, seed: seed).sorted() == Array(0..<Self.stripes))
    }
    let expected = Array(ratings.users.rows).flatMap { user in
      zip(ratings.byUser.columns(user), ratings.byUser.values(user)).map {
        [Double(user.index), Double($0), Double($1)]
      }
    }
    #expect(found.sorted { $0.lexicographicallyPrecedes($1) } == expected)
  }

  @Test("are the same for any number of threads", arguments: 0..<3)
  func threads(seed: UInt64) throws {
    let ratings = try PlantedRatings(seed: seed, users: 300, items: 60).training
    let (one, four) = (
      RatingBlocks(ratings, seed: seed, threads: 1), RatingBlocks(ratings, seed: seed, threads: 4)
    )
    for s in 0..<Self.stripes {
      for t in 0..<Self.stripes {
        let (a, b) = (one.entries(s, t), four.entries(s, t))
        #expect(a.map(\.user) == b.map(\.user) && a.map(\.item) == b.map(\.item))
        #expect(a.map(\.value) == b.map(\.value))
      }
    }
  }

  @Test("let the users of a group take turns")
  func turns() throws {
    let triples = (0..<2).flatMap { user in
      (0..<6).map { (user: "u\(user)", item: "i\($0)", rating: Float($0)) }
    }
    let blocks = RatingBlocks(try Ratings(triples), seed: 1)
    for s in 0..<Self.stripes {
      for t in 0..<Self.stripes {
        let entries = blocks.entries(s, t)
        // A user comes again only once everybody who has more has come.
        for (place, entry) in entries.enumerated() {
          let before = entries[..<place].count { $0.user == entry.user }
          for other in entries[place...] {
            #expect(entries[..<place].count { $0.user == other.user } >= before)
          }
        }
      }
    }
  }

  @Test("stripes hold an equal share of the ratings, but for a row", arguments: 0..<20)
  func balance(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 77)
    let counts = (0..<1 + random.below(400)).map { _ in random.below(5) * random.below(50) }
    let stripes = Stripes<ItemSide>(counts: counts, seed: seed)
    #expect(stripes.bounds.count == Stripes<ItemSide>.count + 1)
    #expect(stripes.bounds.first == 0 && stripes.bounds.last == stripes.rows.count)
    #expect(zip(stripes.bounds, stripes.bounds.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(Set(stripes.rows) == Set(counts.indices.filter { counts[$0] > 0 }.map { Int32($0) }))
    for (row, count) in counts.enumerated() {
      let place = stripes.place(of: ItemRow(row))
      #expect((place == nil) == (count == 0))
      if let place { #expect(stripes.rows[place] == Int32(row)) }
    }
    let share = Double(counts.reduce(0, +)) / Double(Stripes<ItemSide>.count)
    for stripe in 0..<Stripes<ItemSide>.count {
      let sum = stripes.places(in: stripe).reduce(0) { $0 + counts[Int(stripes.rows[$1])] }
      // The middles of a stripe's rows lie within its share; half a row may stick out at either end.
      #expect(Double(sum) <= share + Double(counts.max() ?? 0) + 1, "stripe \(stripe)")
    }
  }

  @Test("are worked on after what they depend on, never beside it", arguments: [1, 2, 5, 40])
  func schedule(threads: Int) {
    let order = [3, 0, 2, 1, 4]
    let log = Mutex<(open: Set<String>, done: [[Int]], clashes: Int)>(([], [], 0))
    let schedule = BlockSchedule(order: order)
    let result = schedule.run(threads: threads, shouldStop: { false }) { block in
      let names = ["u\(block.userStripe)", "i\(block.itemStripe)"]
      log.withLock { log in
        if !log.open.isDisjoint(with: names) { log.clashes += 1 }
        log.open.formUnion(names)
      }
      log.withLock { log in
        log.open.subtract(names)
        log.done.append([block.position, block.userStripe, block.itemStripe])
      }
      return Double(block.position * 5 + block.userStripe)
    }
    #expect(result.squares == 300 && !result.wasStopped)  // 0 + 1 + … + 24
    log.withLock { log in
      #expect(log.clashes == 0)
      #expect(Set(log.done).count == 25)
      for block in log.done { #expect(block[2] == (block[1] + order[block[0]]) % 5) }
      for side in 1...2 {
        for stripe in 0..<5 {
          #expect(log.done.filter { $0[side] == stripe }.map { $0[0] } == Array(0..<5))
        }
      }
    }
  }

  @Test("are left alone once the work is to stop", arguments: [1, 2, 5])
  func stops(threads: Int) {
    for patience in [0, 1, 3] {
      var asked = 0
      let done = Mutex(0)
      let result = BlockSchedule(order: Array(0..<5)).run(
        threads: threads,
        shouldStop: {
          asked += 1
          return asked > patience
        }
      ) { _ in
        done.withLock { $0 += 1 }
        return 1
      }
      #expect(result.squares == Double(done.withLock { $0 }))
      #expect(asked <= patience + 1)
      // Others may have done all of the work before this thread asked often enough.
      #expect(result.wasStopped == (asked == patience + 1))
      if threads == 1 || patience == 0 { #expect(done.withLock { $0 } == patience) }
    }
  }
}
