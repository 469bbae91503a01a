// Simulated ratings: exact in number, the same for any number of threads, and true to their truth.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Simulated ratings") struct GeneratorTests {
  private func options(
    _ users: Int, _ items: Int, _ ratings: Int, seed: UInt64 = 1,
    _ change: (inout GeneratorOptions) -> Void = { _ in }
  ) -> GeneratorOptions {
    var options = GeneratorOptions(users: users, items: items, ratings: ratings)
    options.seed = seed
    change(&options)
    return options
  }

  /// The bytes of the files.
  private func generated(
    _ options: GeneratorOptions, _ format: RatingsFormat = .csv, testShare: Double? = nil,
    threads: Int = 2
  ) throws -> (training: [UInt8], test: [UInt8], counts: GeneratedCounts) {
    let folder = try ScratchFolder()
    let counts = try RatingsGenerator(options).write(
      to: folder.path("a"), format: format,
      test: testShare.map { (path: folder.path("b"), share: $0) }, threads: threads)
    return (try folder.bytes("a"), testShare == nil ? [] : try folder.bytes("b"), counts)
  }

  private func ratings(_ bytes: [UInt8], _ format: RatingsFormat? = nil) throws -> Ratings {
    var options = ReadingOptions.withTimes
    options.format = format
    options.duplicates = .error
    return try read(String(decoding: bytes, as: UTF8.self), options).ratings
  }

  // MARK: Numbers

  @Test(
    "the number comes out exactly, and no pair occurs twice",
    arguments: [
      (200, 100, 3000), (200, 100, 20_000), (200, 100, 19_999), (200, 100, 200), (200, 100, 50),
      (1, 1, 1), (1, 500, 300), (500, 1, 300), (3, 1000, 700),
    ])
  func exact(users: Int, items: Int, count: Int) throws {
    for seed in 0..<3 {
      let (bytes, _, counts) = try generated(options(users, items, count, seed: UInt64(seed)))
      let ratings = try ratings(bytes)
      #expect(ratings.count == count && counts.training == count && counts.test == 0)
      #expect(counts.users == ratings.users.count && counts.items == ratings.items.count)
      if count >= users { #expect(ratings.users.count == users) }
    }
  }

  @Test("apportioning is exact, within bounds, and in proportion", arguments: 0..<30)
  func apportioning(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 5)
    let n = 1 + random.below(200)
    let weights = (0..<n).map { _ in exponential(2 * random.normal()) }
    let (low, high) = (random.below(3), 3 + random.below(50))
    let total = low * n + random.below((high - low) * n + 1)
    let counts = apportioned(total, weights: weights, low: low, high: high)
    #expect(counts.reduce(0, +) == total)
    #expect(counts.allSatisfy { (low...high).contains($0) })
    // Between the bounds a larger weight has no smaller number, but for the rounding of remainders.
    for (a, b) in zip(weights.indices, weights.indices.dropFirst()) where weights[a] <= weights[b] {
      #expect(counts[a] <= counts[b] + 1)
    }
  }

  @Test("the alias table holds the weights exactly", arguments: 0..<10)
  func alias(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 6)
    let weights = (0..<1 + random.below(40)).map { _ in exponential(3 * random.normal()) }
    let table = AliasTable(weights: weights)
    let total = weights.reduce(0, +)
    for (chance, weight) in zip(table.chances, weights) {
      // Each of up to 40 subtractions rounds at about 2⁻⁵³ of the total.
      expectClose(chance, weight / total, absolute: 1e-14)
    }
    for _ in 0..<100 { #expect(weights.indices.contains(table.draw(&random))) }
  }

  @Test("both ways of drawing items are one distribution") func twoWays() throws {
    // 3 of 12 items are drawn again until new, 4 of 12 by arrival; the first of each is compared.
    func firsts(_ count: Int) throws -> [Int] {
      var firsts = Array(repeating: 0, count: 12)
      let generator = try RatingsGenerator(options(4000, 12, 4000 * count) { $0.rank = 1 })
      var seen = BitSet(count: 12)
      for user in 0..<4000 where generator.counts[user] > 0 {
        var isFirst = true
        generator.draw(user: user, seen: &seen) { item, _ in
          if isFirst { firsts[item] += 1 }
          isFirst = false
        }
      }
      return firsts
    }
    let weights = try RatingsGenerator(options(1, 12, 1)).weights
    let total = weights.reduce(0, +)
    for count in [1, 11] {
      for (item, hits) in try firsts(count).enumerated() {
        let p = weights[item] / total
        // Five standard deviations of a binomial.
        #expect(abs(Double(hits) - 4000 * p) < 5 * (4000 * p * (1 - p)).squareRoot())
      }
    }
  }

  // MARK: Threads, tests, forms

  @Test("any number of threads gives the same bytes, fixed for all time") func threads() throws {
    let asked = options(3000, 400, 150_000) { $0.hasTimes = true }
    let one = try generated(asked, testShare: 0.1, threads: 1)
    for threads in [2, 5] {
      let many = try generated(asked, testShare: 0.1, threads: threads)
      #expect(many.training == one.training && many.test == one.test && many.counts == one.counts)
    }
    let text = String(decoding: one.training.prefix(200), as: UTF8.self)
    #expect(
      text.split(separator: "\n").prefix(4).joined(separator: " ")
        == "user,item,rating,timestamp 1,146,4.0,1172441478 1,385,5.0,1172441490 "
        + "1,14,2.5,1172441496")
  }

  @Test("the test file takes a share, and both are what one alone would be") func test() throws {
    let asked = options(500, 200, 10_000) { $0.hasTimes = true }
    let whole = try ratings(try generated(asked).training)
    let (training, test, counts) = try generated(asked, testShare: 0.2)
    let parts = [try ratings(training), try ratings(test)]
    #expect(parts.map(\.count) == [counts.training, counts.test])
    #expect(parts.flatMap(\.timedListing).sorted() == whole.timedListing.sorted())
    // 2,000 expected with a standard deviation of √(10,000 · 0.2 · 0.8) = 40; five of them.
    #expect(abs(counts.test - 2000) <= 200)
  }

  @Test("every form is read back as what it is") func forms() throws {
    let plain = try ratings(try generated(options(60, 40, 900)).training)
    for format in [RatingsFormat.csv, .tsv, .tabs, .doubleColon, .triples] {
      let again = try ratings(try generated(options(60, 40, 900), format).training, format)
      #expect(again.fingerprint == plain.fingerprint, "\(format)")
    }
    let clicks = options(60, 40, 900) { $0.hasValues = false }
    let pairs = try ratings(try generated(clicks).training)
    #expect(!pairs.hasValues && pairs.count == 900)
    for format in [RatingsFormat.tabs, .doubleColon, .pairs, .adjacency, .tsv] {
      let (bytes, test, counts) = try generated(clicks, format, testShare: 0.3)
      let parts = [try ratings(bytes, format), try ratings(test, format)]
      #expect(parts.map(\.count) == [counts.training, counts.test], "\(format)")
      #expect(parts.flatMap(\.listing).sorted() == pairs.listing.sorted(), "\(format)")
    }
  }

  @Test("ids and times change nothing else") func independent() throws {
    let plain = try ratings(try generated(options(60, 40, 900)).training)
    let long = try ratings(
      try generated(options(60, 40, 900) { ($0.ids, $0.hasTimes) = (.long, true) }).training)
    #expect(long.byUser.values == plain.byUser.values)
    #expect(long.users.all.prefix(2) == ["customer-000001", "customer-000002"])
    #expect(long.items.all == plain.items.all.map { "B00PROD\($0)" })
    #expect(long.hasTimes && !plain.hasTimes)
    for user in long.users.rows {
      let times = long.byUser.range(user).map { long.times?[$0] ?? 0 }.sorted()
      // Five seconds apart at least, from 2005 on.
      #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= 4000 })
      #expect(times.allSatisfy { $0 >= 1_104_537_600_000 })
    }
  }

  // MARK: The truth

  @Test("the planted truth is wrong by the noise and the rounding", arguments: 0..<3)
  func truth(seed: UInt64) throws {
    for noise in [0, 0.5] {
      let asked = options(2000, 500, 40_000, seed: seed) { $0.noise = noise }
      let truth = try RatingsGenerator(asked).truth
      let drawn = try ratings(try generated(asked).training)
      // Clipping touches what lies beyond the ends, so only what lies well within them is measured.
      var squares = 0.0
      var count = 0
      for user in drawn.users.rows {
        for entry in drawn.byUser.range(user) {
          let item = drawn.items[ItemRow(drawn.byUser.columns[entry])]
          let score = try truth.score(user: drawn.users[user], item: item)
          guard score > 2.5, score < 3 else { continue }
          squares +=
            (Double(drawn.byUser.values[entry]) - score)
            * (Double(drawn.byUser.values[entry]) - score)
          count += 1
        }
      }
      // Some 7,000 squares: their mean is within 5 · √2 / √7,000 ≈ 8.5 % of what is expected.
      #expect(count > 5000)
      expectClose(squares / Double(count), noise * noise + 1.0 / 48, relative: 0.085)
    }
  }

  @Test("interactions follow taste") func taste() throws {
    let asked = options(400, 300, 12_000) { $0.hasValues = false }
    let truth = try RatingsGenerator(asked).truth
    let drawn = try ratings(try generated(asked).training)
    var sum = 0.0
    for user in drawn.users.rows {
      for column in drawn.byUser.columns(user) {
        sum += try truth.score(user: drawn.users[user], item: drawn.items[ItemRow(column)])
      }
    }
    // E[s g(s)] / E[g(s)] with g logistic(2 s) and s standard normal is about 0.65; heavy users, who
    // take nearly everything, pull it down. By popularity alone it would be 0 ± 0.05.
    #expect(sum / Double(drawn.count) > 0.3)
  }

  @Test("popularity has a long tail and activity a heavy one") func shape() throws {
    let drawn = try ratings(try generated(options(5000, 3000, 100_000)).training)
    let summary = drawn.summary()
    #expect(summary.perUser.most > 20 * summary.perUser.median)
    #expect(summary.tail.gini > 0.4 && summary.tail.shares[3].ratings > 0.5)
  }

  // MARK: What cannot be

  @Test("the impossible is refused with the reason") func impossible() throws {
    func complaint(_ options: GeneratorOptions, _ format: RatingsFormat = .csv) -> String {
      do { _ = try generated(options, format) } catch { return "\(error)" }
      return "none"
    }
    #expect(complaint(options(10, 10, 101)).contains("101 ratings are more than"))
    #expect(complaint(options(0, 10, 1)).contains("users"))
    #expect(complaint(options(10, -1, 1)).contains("items"))
    #expect(complaint(options(10, 10, 0)).contains("ratings"))
    #expect(complaint(options(10, 10, 10) { $0.rank = 0 }).contains("rank"))
    #expect(complaint(options(10, 10, 10) { $0.noise = .infinity }).contains("noise"))
    #expect(complaint(options(10, 10, 10) { $0.noise = -1 }).contains("noise"))
    #expect(complaint(options(10, 10, 10), .pairs).contains("pairs"))
    #expect(complaint(options(10, 10, 10) { $0.hasValues = false }, .triples).contains("pairs"))
    let timed = options(10, 10, 10) { ($0.hasValues, $0.hasTimes) = (false, true) }
    #expect(complaint(timed, .tabs).contains("times"))
    #expect(complaint(timed) == "none")
    #expect(complaint(options(Int.max, Int.max, 5)).contains("users"))
  }
}
