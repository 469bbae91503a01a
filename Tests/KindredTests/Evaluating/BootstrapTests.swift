// Confidence intervals and comparisons of two models.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Bootstrap") struct BootstrapTests {
  private func shares(_ values: [Double]) -> Evaluation.Shares { .init(values: values) }

  @Test("the interval of a mean is about two standard errors each way", arguments: 0..<5)
  func normal(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 1)
    let values = (0..<900).map { _ in 3 + random.normal() }
    let mean = values.reduce(0, +) / 900
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 900
    let error = (variance / 900).squareRoot()
    var bootstrap = Bootstrap()
    bootstrap.resamples = 4000
    bootstrap.seed = seed
    let interval = try #require(bootstrap.interval(bootstrap.values(of: [shares(values)])[0]))
    // A quantile of 4,000 draws at 2.5 % has deviation √(0.025 · 0.975 / 4000) / φ(1.96) = 0.042
    // standard errors; six of them.
    expectClose(interval.lower, mean - 1.96 * error, absolute: 0.26 * error)
    expectClose(interval.upper, mean + 1.96 * error, absolute: 0.26 * error)
  }

  @Test("the interval is from the k-th smallest to the k-th largest")
  func percentile() {
    var bootstrap = Bootstrap()
    bootstrap.resamples = 999
    let values = (1...999).map { Double($0) }.reversed()
    // k = 1000 · 0.025 = 25.
    #expect(bootstrap.interval(Array(values)) == Interval(lower: 25, upper: 975))
    bootstrap.level = 90
    #expect(bootstrap.interval(Array(values)) == Interval(lower: 50, upper: 950))
    #expect(bootstrap.interval([1, .nan]) == nil)
  }

  @Test("a constant has no spread, and what is undefined for some users is left out")
  func constant() {
    let bootstrap = Bootstrap()
    let values = bootstrap.values(of: [
      shares(Array(repeating: 0.25, count: 30)),
      shares([.nan, .nan] + Array(repeating: 2, count: 28)),
    ])
    #expect(values[0].allSatisfy { $0 == 0.25 } && values[1].allSatisfy { $0 == 2 })
    #expect(shares([.nan, 4, 2]).value == 3 && shares([.nan]).value == nil)
  }

  @Test("whole users are drawn for rmse: a ratio of sums under the root")
  func clusters() {
    let share = Evaluation.Shares(sums: [4, 9], counts: [1, 3], isRoot: true)
    let values = Set(Bootstrap().values(of: [share])[0])
    // Twice the first, one of each, twice the second.
    #expect(values == [2, 3.25.squareRoot(), 3.0.squareRoot()])
  }

  @Test("has the same bits for any number of threads, and others for another seed")
  func threads() throws {
    let model = randomModel(seed: 3)
    let test = try randomTest(seed: 3, users: 7, items: 30)
    var options = EvaluationOptions()
    options.metrics = try Metric.list("rmse,mae,recall@5,auc,coverage@5")
    let evaluation = try model.evaluate(on: test, options: options)
    var bootstrap = Bootstrap()
    var found: [[Metric: Interval]] = []
    for threads in [1, 2, 4, 0] {
      bootstrap.threads = threads
      found.append(try evaluation.intervals(bootstrap))
    }
    #expect(found.allSatisfy { $0 == found[0] })
    #expect(Set(found[0].keys.map { "\($0)" }) == ["rmse", "mae", "recall@5", "auc"])
    for (metric, interval) in found[0] {
      #expect(interval.lower <= interval.upper)
      let value = try #require(evaluation[metric])
      #expect((interval.lower...interval.upper).contains(value), "\(metric)")
    }
  }

  @Test("levels and counts out of their range are refused")
  func refuses() {
    for (level, resamples) in [(0.0, 100), (100, 100), (-5, 100), (95, 0), (95, 30), (99.9, 1000)] {
      var bootstrap = Bootstrap()
      (bootstrap.level, bootstrap.resamples) = (level, resamples)
      #expect(throws: EvaluationError.self, "\(level) %, \(resamples)") { try bootstrap.validate() }
    }
    #expect(throws: Never.self) { try Bootstrap().validate() }
  }

  @Test("two models are compared user by user")
  func compared() throws {
    let test = try randomTest(seed: 8, users: 7, items: 30)
    var options = EvaluationOptions()
    options.metrics = try Metric.list("rmse,recall@5,coverage@5,ils@5")
    let (one, two) = (randomModel(seed: 8), randomModel(seed: 9))
    let (a, b) = (
      try one.evaluate(on: test, options: options), try two.evaluate(on: test, options: options)
    )
    let there = try a.compared(with: b)
    let back = try b.compared(with: a)
    #expect(there.map(\.metric) == options.metrics)
    for (first, second) in zip(there, back) {
      #expect(first.first == a[first.metric] && first.second == b[first.metric])
      #expect(first.difference == second.difference.map { -$0 })
      #expect(
        first.users?.better == second.users?.worse && first.users?.equal == second.users?.equal)
      // Mirrored quantiles of mirrored values.
      #expect(first.interval?.lower == second.interval.map { -$0.upper })
      guard first.metric.kind != .coverage else {
        #expect(first.interval == nil && first.users == nil && first.difference != nil)
        continue
      }
      let users = try #require(first.users)
      #expect(users.better + users.worse + users.equal <= a.users)
    }
    let same = try a.compared(with: a)
    #expect(same.allSatisfy { $0.difference == 0 && $0.users?.better ?? 0 == 0 })
    #expect(same[0].interval == Interval(lower: 0, upper: 0))
  }

  @Test("less is better for errors, more for hits")
  func better() throws {
    func evaluation(_ kind: Metric.Kind, _ values: [Double]) -> Evaluation {
      let metric = Metric(kind)
      return Evaluation(
        results: [.init(metric: metric, value: 1, shares: shares(values))], users: 3, ratings: 3,
        unknownUsers: 0, unknownItems: 0, emptyUsers: 0, seenTestItems: 0, clippedTo: nil,
        isOneAgainstMany: false)
    }
    for (kind, better, worse) in [(Metric.Kind.mae, 1, 0), (.auc, 0, 1)] {
      let users = try evaluation(kind, [2, 1, .nan])
        .compared(with: evaluation(kind, [1, 1, 5]))[0].users
      #expect(users == Comparison.Users(better: better, worse: worse, equal: 1))
    }
  }
}
