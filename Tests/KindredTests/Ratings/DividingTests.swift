// The laws of every division, and those of each.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Dividing ratings") struct DividingTests {
  /// Ratings of 1 to 60 by each of some users at times of which many are equal.
  static func ratings(seed: UInt64, users: Int = 40) throws -> Ratings {
    var random = KeyedRandom(seed: seed, key: 4)
    var lines = "user,item,rating,timestamp\n"
    for user in 0..<users {
      let count = 1 + random.below(user % 3 == 0 ? 3 : 60)
      var items = Array(0..<80)
      random.shuffle(&items)
      for item in items.prefix(count) {
        lines += "u\(user),i\(item),\(random.below(10)),\(1000 + random.below(200))\n"
      }
    }
    return try read(lines, .withTimes).ratings
  }

  /// Expects parts that are disjoint and together the whole, with the whole's ids and times.
  private func expectParts(
    _ split: RatingsSplit, of whole: Ratings, _ names: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(split.parts.map(\.name) == names, sourceLocation: sourceLocation)
    let lists = split.parts.map(\.ratings.timedListing)
    let all = lists.flatMap { $0 }
    #expect(all.sorted() == whole.timedListing.sorted(), sourceLocation: sourceLocation)
    for part in split.parts {
      #expect(part.ratings.count > 0, sourceLocation: sourceLocation)
      #expect(part.ratings.users.all == whole.users.all, sourceLocation: sourceLocation)
      #expect(part.ratings.items.all == whole.items.all, sourceLocation: sourceLocation)
    }
  }

  private func error(_ body: () throws -> Void) -> SplitError? {
    do { try body() } catch { return error as? SplitError }
    return nil
  }

  private func small(_ count: Int) throws -> Ratings {
    try read(
      "user,item,rating,timestamp\n" + (0..<count).map { "u\($0),i,1,\($0)\n" }.joined(), .withTimes
    ).ratings
  }

  // MARK: By rating

  @Test("by rating: shares are met about, numbers exactly", arguments: 0..<8)
  func byRating(seed: UInt64) throws {
    let whole = try Self.ratings(seed: seed)
    let n = Double(whole.count)
    let shares = try whole.split(test: .share(0.2), validation: .share(0.1), seed: seed)
    expectParts(shares, of: whole, ["train", "validation", "test"])
    // Binomial: five standard deviations.
    #expect(abs(Double(shares.test.count) - 0.2 * n) < 5 * (0.16 * n).squareRoot())
    #expect(abs(Double(shares.validation?.count ?? 0) - 0.1 * n) < 5 * (0.09 * n).squareRoot())
    let counts = try whole.split(test: .count(37), validation: .count(11), seed: seed)
    expectParts(counts, of: whole, ["train", "validation", "test"])
    #expect(counts.test.count == 37 && counts.validation?.count == 11)
    let mixed = try whole.split(test: .count(5), validation: .share(0.5), seed: seed)
    #expect(mixed.test.count == 5 && mixed.validation?.count == Int((n / 2).rounded()))
    expectParts(try whole.split(test: .share(0.5), seed: seed), of: whole, ["train", "test"])
  }

  @Test("by rating: the validation part takes nothing from the test part") func nested() throws {
    let whole = try Self.ratings(seed: 1)
    let alone = try whole.split(test: .share(0.2), seed: 9)
    let beside = try whole.split(test: .share(0.2), validation: .share(0.2), seed: 9)
    #expect(alone.test.fingerprint == beside.test.fingerprint)
  }

  @Test("every rating is as likely to be among a number") func fair() throws {
    let whole = try small(10)
    var hits = Array(repeating: 0, count: 10)
    for seed in 0..<2000 {
      let test = try whole.split(test: .count(3), seed: UInt64(seed)).test
      for row in 0..<10 where !test.byUser.range(UserRow(row)).isEmpty { hits[row] += 1 }
    }
    // 600 expected with a standard deviation of √(2000 · 0.3 · 0.7) ≈ 20.5; five of them.
    #expect(hits.allSatisfy { abs($0 - 600) <= 103 }, "\(hits)")
  }

  @Test("the same seed gives the same parts, fixed for all time") func golden() throws {
    let whole = try Self.ratings(seed: 0)
    let prints = [
      try whole.split(test: .share(0.2), seed: 3).test.fingerprint,
      try whole.split(test: .count(100), seed: 3).test.fingerprint,
      try whole.split(folds: 4, seed: 3)[2].test.fingerprint,
      try whole.split(heldOut: .count(7), foldIn: 0.8, seed: 3).test.fingerprint,
    ]
    #expect(
      prints == ["65f20da633d01355", "3ab4ff20377a7966", "22be4378527a658e", "c783f87ed3b5fbf7"])
    let other = try whole.split(test: .share(0.2), seed: 4).test.fingerprint
    #expect(other != prints[0])
  }

  // MARK: Folds

  @Test("folds: each rating is tested on once, and sizes differ by one", arguments: [2, 3, 7, 255])
  func folds(count: Int) throws {
    let whole = try Self.ratings(seed: 5)
    let folds = try whole.split(folds: count, seed: 1)
    var tested: [String] = []
    var sizes: Set<Int> = []
    for fold in 0..<count {
      let split = folds[fold]
      expectParts(split, of: whole, ["train", "test"])
      tested += split.test.timedListing
      sizes.insert(split.test.count)
    }
    #expect(tested.sorted() == whole.timedListing.sorted())
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  // MARK: By time

  @Test("last: each user's latest, users with too few stay", arguments: 0..<8)
  func last(seed: UInt64) throws {
    let whole = try Self.ratings(seed: seed)
    for (last, validation, minimum) in [(1, 0, nil), (2, 0, nil), (3, 2, 9)] as [(Int, Int, Int?)] {
      let split = try whole.split(lastPerUser: last, validation: validation, minimum: minimum)
      expectParts(
        split, of: whole, validation > 0 ? ["train", "validation", "test"] : ["train", "test"])
      var undivided = 0
      for user in whole.users.rows {
        let count = whole.byUser.range(user).count
        let tested = split.test.byUser.range(user).count
        if count < minimum ?? last + validation + 1 {
          #expect(tested == 0)
          undivided += 1
          continue
        }
        #expect(tested == last)
        #expect((split.validation?.byUser.range(user).count ?? 0) == validation)
        // Nothing tested on is earlier than what is learned from.
        let early = split.training.moments(user).max() ?? .min
        let middle = split.validation?.moments(user) ?? []
        let late = split.test.moments(user).min() ?? .max
        #expect(early <= late && middle.allSatisfy { early <= $0 && $0 <= late })
      }
      #expect(split.undividedUsers == undivided)
    }
  }

  @Test("last: of equal times the item that appears later is the later") func ties() throws {
    let whole = try read(
      "user,item,rating,timestamp\nu,a,1,5\nu,b,1,5\nu,c,1,5\nu,d,1,4\n", .withTimes
    ).ratings
    let split = try whole.split(lastPerUser: 1, validation: 1)
    #expect(split.test.listing == ["u c 1.0"] && split.validation?.listing == ["u b 1.0"])
  }

  @Test("time: nothing in training is as late as anything tested", arguments: 0..<8)
  func latest(seed: UInt64) throws {
    let whole = try Self.ratings(seed: seed)
    let split = try whole.split(latest: .share(0.2), validation: .count(50))
    expectParts(split, of: whole, ["train", "validation", "test"])
    let start = try #require(split.testStart)
    #expect(split.test.times?.min() == start)
    let validation = try #require(split.validation?.times)
    #expect(validation.allSatisfy { $0 < start })
    #expect((split.training.times?.max() ?? .max) < (validation.min() ?? .min))
    // The least part of whole moments that is large enough.
    let wanted = Int((0.2 * Double(whole.count)).rounded())
    let without = (split.test.times ?? []).count { $0 > start }
    #expect(split.test.count >= wanted && without < wanted)
    let again = try whole.split(testFrom: start)
    #expect(again.test.fingerprint == split.test.fingerprint)
  }

  // MARK: Held-out users

  @Test("users: held out whole, with something to fold in and to test on", arguments: 0..<8)
  func users(seed: UInt64) throws {
    let whole = try Self.ratings(seed: seed)
    let split = try whole.split(heldOut: .share(0.25), foldIn: 0.8, seed: seed)
    expectParts(split, of: whole, ["train", "fold-in", "test"])
    let foldIn = try #require(split.foldIn)
    #expect(split.test.active.users == 10 && foldIn.active.users == 10)
    var single = 0
    for user in whole.users.rows {
      let counts = [whole, split.training, foldIn, split.test].map { $0.byUser.range(user).count }
      #expect(counts[1] == 0 || counts[1] == counts[0])
      if counts[0] == 1 { single += 1 }
      guard counts[1] == 0 else { continue }
      let share = Int((0.8 * Double(counts[0])).rounded())
      #expect(counts[2] == min(counts[0] - 1, max(1, share)) && counts[3] >= 1)
    }
    #expect(split.undividedUsers == single)
    #expect(split.unknown(of: split.test).users == 10)
  }

  // MARK: What cannot be

  @Test("empty parts are refused, with the part and the reason") func empty() throws {
    let whole = try small(3)
    #expect(error { _ = try whole.split(test: .share(1e-9), seed: 1) }?.part == "test")
    #expect(error { _ = try whole.split(test: .share(1 - 1e-9), seed: 1) }?.part == "training")
    #expect(error { _ = try whole.split(test: .count(3), seed: 1) }?.part == "training")
    #expect(
      error { _ = try whole.split(test: .count(1), validation: .count(2), seed: 1) }?.part
        == "training")
    #expect(error { _ = try whole.split(folds: 4, seed: 1) }?.part == "test")
    #expect(error { _ = try whole.split(lastPerUser: 1) }?.part == "test")
    #expect(error { _ = try whole.split(testFrom: 0) }?.part == "training")
    #expect(error { _ = try whole.split(testFrom: 3000) }?.part == "test")
    #expect(error { _ = try whole.split(latest: .count(3)) }?.part == "training")
    #expect(error { _ = try whole.split(heldOut: .count(1), foldIn: 0.5, seed: 1) }?.part == "test")
    let one = try read("user,item,rating,timestamp\nu,a,1,5\nu,b,1,5\n", .withTimes).ratings
    #expect(
      error { _ = try one.split(heldOut: .count(1), foldIn: 0.5, seed: 1) }?.part == "training")
    #expect(error { _ = try one.split(latest: .count(1)) }?.part == "training")
    let late = try read("user,item,rating,timestamp\nu,a,1,4\nu,b,1,5\nu,c,1,5\n", .withTimes)
    let clash = error { _ = try late.ratings.split(latest: .count(1), validation: .count(1)) }
    #expect(clash?.part == "validation" && clash?.description.contains("moment") == true)
  }

  @Test("times are needed where time divides") func noTimes() throws {
    let whole = try read("a x 1\na y 2\nb x 3\n").ratings
    #expect(error { _ = try whole.split(lastPerUser: 1) } == .noTimes)
    #expect(error { _ = try whole.split(latest: .share(0.5)) } == .noTimes)
    #expect(error { _ = try whole.split(testFrom: 0) } == .noTimes)
    // The others do without.
    #expect(try whole.split(folds: 3, seed: 1)[0].test.count == 1)
  }

  @Test("what training does not know is counted") func unknown() throws {
    let whole = try read(
      "user,item,rating,timestamp\na,x,1,1\na,y,1,2\nb,y,1,3\nb,z,1,4\nc,z,1,5\n", .withTimes
    ).ratings
    let split = try whole.split(testFrom: 3000)
    #expect(split.unknown(of: split.test) == (users: 2, items: 1))
    #expect(split.training.active == (users: 1, items: 2))
  }

  @Test("impossible arguments are misuse") func misuse() async {
    await #expect(processExitsWith: .failure) {
      _ = try Ratings([(user: "a", item: "x", rating: 1)]).split(test: .share(1.5), seed: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = try Ratings([(user: "a", item: "x", rating: 1)]).split(folds: 1, seed: 1)
    }
  }
}

extension Ratings {
  fileprivate func moments(_ user: UserRow) -> [Int64] {
    byUser.range(user).map { times?[$0] ?? 0 }
  }
}

extension SplitError {
  fileprivate var part: String? {
    if case .emptyPart(let part, _) = self { part } else { nil }
  }
}
