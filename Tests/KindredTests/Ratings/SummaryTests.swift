// Descriptions of ratings against numbers worked out by hand or by brute force.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Describing ratings") struct SummaryTests {
  // MARK: Numbers

  @Test("counts have the quantiles of their definition", arguments: 0..<20)
  func counts(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 7)
    let counts = (0..<1 + random.below(50)).map { _ in random.below(40) }
    let summary = CountSummary(counts)
    func quantile(_ part: Double) -> Int {
      (0...40).first { value in
        Double(counts.count { $0 <= value }) >= part * Double(counts.count)
      } ?? -1
    }
    #expect(summary.least == counts.min() && summary.most == counts.max())
    #expect(summary.quartile == quantile(0.25) && summary.median == quantile(0.5))
    #expect(summary.upperQuartile == quantile(0.75))
    #expect(summary.percentile90 == counts.sorted()[(9 * counts.count + 9) / 10 - 1])
    #expect(summary.withNone == counts.count { $0 == 0 })
    #expect(summary.withOne == counts.count { $0 == 1 })
    #expect(summary.withFewerThan5 == counts.count { $0 < 5 })
    #expect(summary.withFewerThan20 == counts.count { $0 < 20 })
    for bin in summary.bins {
      #expect(bin.rows == counts.count { (bin.low...bin.high).contains($0) })
    }
    #expect(summary.bins.reduce(0) { $0 + $1.rows } == counts.count { $0 > 0 })
  }

  @Test("the Gini coefficient is half the mean difference over the mean", arguments: 0..<20)
  func gini(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 8)
    let counts = (0..<1 + random.below(60)).map { _ in random.below(30) } + [1]
    let tail = LongTail(counts)
    let n = Double(counts.count)
    let total = Double(counts.reduce(0, +))
    let differences = counts.reduce(0) { sum, a in sum + counts.reduce(0) { $0 + abs(a - $1) } }
    // Sums of whole numbers are exact; one division on each side rounds.
    expectClose(tail.gini, Double(differences) / (2 * n * total), absolute: 1e-15)
    let sorted = counts.sorted(by: >)
    let half = (0...counts.count).first { 2 * sorted.prefix($0).reduce(0, +) >= Int(total) }
    #expect(tail.itemsForHalf == half)
    for share in tail.shares {
      #expect(share.ratings == Double(sorted.prefix(share.items).reduce(0, +)) / total)
    }
    #expect(tail.curve.first == 0 && tail.curve.last == 1)
    #expect(zip(tail.curve, tail.curve.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test("equal items have no tail") func equal() {
    let tail = LongTail(Array(repeating: 7, count: 10))
    #expect(tail.gini == 0 && tail.itemsForHalf == 5)
    #expect(tail.curve[50] == 0.5)
  }

  @Test("values have their scale and a histogram") func values() throws {
    func summary(_ values: [Float]) throws -> ValueDistribution {
      let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
      return try #require(ValueDistribution(values, mean: mean))
    }
    let stars = try summary([1, 2, 2, 5])
    #expect(stars.step == .whole && stars.distinct == 3 && stars.mean == 2.5)
    #expect(stars.deviation == 1.5 && stars.least == 1 && stars.largest == 5)
    #expect(stars.bins.map(\.ratings) == [1, 2, 1] && stars.bins.map(\.low) == [1, 2, 5])
    #expect(try summary([0.5, 3]).step == .half)
    #expect(try summary([0.5, 3.25]).step == .other)
    #expect(try summary([1e30, 3]).step == .whole)
    #expect(ValueDistribution([], mean: 0) == nil)
    let many = try summary((0..<2000).map { Float($0) / 100 - 10 })
    #expect(many.distinct == nil && many.bins.count == 10)
    #expect(many.bins.map(\.ratings) == Array(repeating: 200, count: 10))
    #expect(many.bins.first?.low == -10 && many.bins.last?.high == 10)
    // Plays: mostly few, sometimes thousands.
    let plays = try summary((1...400).map { Float($0 <= 390 ? $0 % 30 + 1 : 5000) })
    #expect(plays.bins.map(\.low).starts(with: [1, 2, 4, 8, 16]))
    #expect(plays.bins.reduce(0) { $0 + $1.ratings } == 400)
    #expect(plays.bins.last?.ratings == 10)
  }

  @Test("times have their span and their months") func times() throws {
    let lines = ["2014-12-31T23:59:59Z", "2015-01-01", "2015-01-31", "2017-02-01"]
    let ratings = try read(
      "user,item,rating,timestamp\n"
        + lines.enumerated().map { "u,i\($0.offset),1,\($0.element)\n" }.joined(), .withTimes
    ).ratings
    let times = try #require(ratings.summary().times)
    #expect(CivilDate(milliseconds: times.first).description == "2014-12-31" && !times.areDays)
    #expect(times.last == 1_485_907_200_000)
    #expect(
      times.months.map { "\($0.year)/\($0.month): \($0.ratings)" } == [
        "2014/12: 1", "2015/1: 2", "2017/2: 1",
      ])
    #expect(times.years.map(\.ratings) == [1, 2, 0, 1] && times.years.map(\.year).first == 2014)
    #expect(try read("a x 1\n").ratings.summary().times == nil)
  }

  @Test("items are listed by number and by shrunk mean, with titles") func items() throws {
    var lines = "user,item,rating\n"
    for user in 0..<20 {
      lines += "u\(user),many,3\n"
      if user < 6 { lines += "u\(user),good,5\n" }
      if user < 6 { lines += "u\(user),bad,1\n" }
      if user < 2 { lines += "u\(user),rare,5\n" }
    }
    let ratings = try read(lines).ratings
    let summary = ratings.summary(titles: Titles([(id: "good", title: "Good!")]), listed: 3)
    #expect(summary.mostRated.map(\.item) == ["many", "good", "bad"])
    // Three of the four items have 6 or fewer.
    #expect(summary.enoughRatings == 6)
    let mean = ratings.mean
    #expect(summary.bestRated.map(\.item) == ["good", "many", "bad"])
    #expect(summary.mostRated[1].title == "Good!" && summary.mostRated[0].title == nil)
    #expect(summary.mostRated[1].mean == 5)
    expectClose(
      summary.mostRated[1].shrunkMean ?? 0, (30 + 6 * mean) / 12, relative: 1e-15)
    #expect(summary.density == 34.0 / 80)
  }

  @Test("interactions have no values, and nothing at all can be described") func bare() throws {
    let summary = try read("a x\nb x\nb y\n").ratings.summary()
    #expect(summary.values == nil && summary.bestRated.isEmpty)
    #expect(summary.mostRated.first?.item == "x" && summary.mostRated.first?.mean == nil)
    let none = try Ratings([]).summary()
    #expect(none.ratings == 0 && none.density == 0 && none.values == nil && none.tail.gini == 0)
    #expect(none.perUser.most == 0 && none.tail.curve == Array(repeating: 0, count: 101))
  }

  // MARK: Users worth a look

  /// Fifty users with 25 ratings each that look like people's, and some others.
  private func crowd(_ others: String, times: Bool = true) throws -> [SuspiciousUser] {
    var random = KeyedRandom(seed: 1, key: 9)
    var lines = "user,item,rating" + (times ? ",timestamp" : "") + "\n"
    for user in 0..<50 {
      for item in 0..<25 {
        lines += "u\(user),i\(random.below(20) + 20 * item),\(1 + random.below(5))"
        lines += times ? ",\(1_000_000 + 3600 * item)\n" : "\n"
      }
    }
    return try read(lines + others, .withTimes).ratings.summary().suspicious
  }

  /// Ratings of one user, item after item, 100 seconds apart.
  private func lines(
    _ user: String, _ values: [Double], from first: Int = 0, step: Int = 100, times: Bool = true
  ) -> String {
    values.enumerated().map { place, value in
      "\(user),i\(first + place),\(value)" + (times ? ",\(2_000_000 + step * place)\n" : "\n")
    }.joined()
  }

  @Test("a crowd of people is not suspicious") func people() throws {
    #expect(try crowd("").isEmpty)
    #expect(try crowd("", times: false).isEmpty)
  }

  @Test("far more ratings than others") func farMore() throws {
    let values = (0..<300).map { Double($0 * 7 % 5 + 1) }
    let found = try crowd(lines("bot", values))
    #expect(found.map(\.user) == ["bot"])
    #expect(found.first?.reasons == [.farMore(timesMedian: 12)])
    // Below the least number nobody has far too many.
    #expect(try crowd(lines("fan", Array(values.prefix(99)))).isEmpty)
  }

  @Test("all equal, nearly equal, alternating") func patterns() throws {
    let equal = try crowd(lines("e", Array(repeating: 4, count: 20)))
    #expect(equal.map(\.reasons) == [[.allEqual(4)]])
    #expect(try crowd(lines("e", Array(repeating: 4, count: 19))).isEmpty)
    let nearly = try crowd(lines("n", Array(repeating: 4, count: 29) + [5]))
    // One of thirty differs by 1: the variance is 29/900.
    let deviation = (29.0 / 900).squareRoot()
    guard case .nearlyEqual(let measured) = nearly.first?.reasons.first else {
      Issue.record("\(nearly)")
      return
    }
    expectClose(measured, deviation, relative: 1e-12)
    let zigzag = (0..<24).map { $0 % 2 == 0 ? 1.0 : 5.0 }
    #expect(try crowd(lines("z", zigzag)).map(\.reasons) == [[.alternating(1, 5)]])
    #expect(
      try crowd(lines("z", zigzag, from: 1000, times: false), times: false).map(\.reasons)
        == [[.alternating(1, 5)]])
    #expect(try crowd(lines("z", zigzag + [5])).isEmpty)
    // In order of time they do not alternate, though they do in the file.
    let late = zigzag.enumerated().map { place, value in
      "z,i\(place),\(value),\(2_000_000 + (value == 1 ? 0 : 100_000) + 100 * place)\n"
    }.joined()
    #expect(try crowd(late).isEmpty)
  }

  @Test("bursts, but not where times are days") func bursts() throws {
    let values = (0..<62).map { Double($0 * 7 % 5 + 1) }
    let burst = try crowd(lines("b", values, step: 0))
    #expect(burst.map(\.reasons) == [[.burst(ratings: 62, start: 2_000_000_000)]])
    // 61 in the 60 seconds from the first on, and the last at the 61st.
    let slow = try crowd(lines("b", values, step: 1))
    #expect(slow.isEmpty)
    let days = (0..<62).map { "d,i\($0),\(Double($0 * 7 % 5 + 1)),2015-03-04\n" }.joined()
    let alone = try read("user,item,rating,timestamp\n" + days, .withTimes).ratings
    #expect(alone.summary().suspicious.isEmpty)
    let beside = try crowd(days)
    #expect(beside.map(\.user) == ["d"])
  }

  @Test("exactly the items of another, whatever the ratings") func twins() throws {
    let values = (0..<10).map { Double($0 * 7 % 5 + 1) }
    let found = try crowd(
      lines("a", values) + lines("b", values, step: 130) + lines("c", values.reversed(), step: 170))
    #expect(found.map(\.user) == ["a", "b", "c"])
    #expect(
      found.map(\.reasons) == [
        [.sameItems(as: "b", sameValues: true)], [.sameItems(as: "a", sameValues: true)],
        [.sameItems(as: "a", sameValues: values == values.reversed())],
      ])
    #expect(try crowd(lines("a", values) + lines("b", values, from: 1)).isEmpty)
    let few = Array(values.prefix(9))
    #expect(try crowd(lines("a", few) + lines("b", few)).isEmpty)
  }

  @Test("those with more reasons come first") func order() throws {
    let equal = Array(repeating: 3.0, count: 30)
    let found = try crowd(
      lines("x", Array(repeating: 5, count: 40)) + lines("y", equal) + lines("z", equal))
    #expect(found.map(\.user) == ["y", "z", "x"])
  }
}
