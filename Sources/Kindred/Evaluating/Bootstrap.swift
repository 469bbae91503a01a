// How sure a metric is: resampling the users.
// SPDX-License-Identifier: Apache-2.0

/// How confidence intervals are taken.
///
/// The percentile bootstrap (Efron & Tibshirani 1993, section 13.3): users are drawn with replacement,
/// as many as there are, and the metric is taken over them; the interval holds the middle `level` per
/// cent of such values. Whole users are drawn, with all their ratings, also for rmse and mae: ratings
/// of one user are not independent of one another.
///
/// The interval says how much the value depends on which users were tested, not on how the model was
/// trained.
public struct Bootstrap: Equatable, Sendable {
  /// The share of resamples within the interval, in per cent, above 0 and below 100.
  public var level = 95.0
  /// How many times users are drawn.
  public var resamples = 1000
  /// Chooses the draws.
  public var seed: UInt64 = 1
  /// How many threads may work at a time; 0 for one per core.
  ///
  /// Does not change the result.
  public var threads = 0

  /// A thousand resamples, 95 per cent.
  public init() {}

  /// Refuses a level out of range, and too few resamples for the level.
  ///
  /// - Throws: `EvaluationError.badConfidence`.
  public func validate() throws(EvaluationError) {
    guard level > 0, level < 100 else {
      throw .badConfidence(
        "The confidence level is \(level); it is a percentage above 0 and below 100.")
    }
    guard resamples >= 1, resamples <= 10_000_000, tail >= 1 else {
      // As many as put one resample beyond each end.
      let needed = (2 / (1 - level / 100)).rounded(.up)
      let advice =
        needed > 10_000_000
        ? "is so high that it would need more than 10,000,000, which is the most"
        : "needs \(Int(needed)) or more, and 10000000 is the most"
      throw .badConfidence(
        "The number of resamples is \(resamples); a level of \(level) \(advice).")
    }
  }

  /// The interval of resampled values: the k-th smallest and the k-th largest, with k the whole part of
  /// (resamples + 1) · (1 − level) / 2.
  package func interval(_ values: [Double]) -> Interval? {
    guard values.count >= tail, !values.contains(where: \.isNaN) else { return nil }
    let sorted = values.sorted()
    return Interval(lower: sorted[tail - 1], upper: sorted[sorted.count - tail])
  }

  private var tail: Int {
    // The little more keeps 1000 · 0.025 from falling short of 25 by rounding.
    Int((Double(resamples + 1) * (1 - level / 100) / 2 + 1e-9).rounded(.down))
  }

  /// The values of several metrics in every resample, the same users for all. [metrics][resamples]
  ///
  /// - Complexity: O(resamples · users · metrics).
  package func values(of shares: [Evaluation.Shares]) -> [[Double]] {
    let users = shares.first?.sums.count ?? 0
    let width = 2 * shares.count
    // A user's numbers lie side by side: they are all needed when the user is drawn.
    var table = Array(repeating: 0.0, count: users * width)
    for (column, metric) in shares.enumerated() {
      for user in 0..<users {
        table[user * width + 2 * column] = metric.sums[user]
        table[user * width + 2 * column + 1] = metric.weights[user]
      }
    }
    let draws = parallelMap(resamples, threads: threads) { resample in
      var random = KeyedRandom(seed: seed, key: StreamKey.resample, UInt64(resample))
      var totals = Array(repeating: 0.0, count: width)
      for _ in 0..<users {
        let start = random.below(users) * width
        for place in 0..<width { totals[place] += table[start + place] }
      }
      return shares.enumerated().map { column, metric in
        metric.value(sum: totals[2 * column], weight: totals[2 * column + 1])
      }
    }
    return shares.indices.map { column in draws.map { $0[column] } }
  }
}

/// A range in which a value lies with a stated confidence.
public struct Interval: Equatable, Sendable {
  /// Where it begins.
  public let lower: Double
  /// Where it ends.
  public let upper: Double

  package init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}

extension Evaluation {
  /// The confidence intervals of the metrics that have one.
  ///
  /// - Returns: No interval for coverage, which is no mean over users, nor where some resample leaves
  ///   a metric undefined.
  /// - Throws: `EvaluationError.badConfidence`.
  /// - Complexity: O(resamples · users · metrics).
  public func intervals(
    _ bootstrap: Bootstrap = .init()
  ) throws(EvaluationError) -> [Metric: Interval] {
    try bootstrap.validate()
    let measured = results.compactMap { result in result.shares.map { (result.metric, $0) } }
    var intervals: [Metric: Interval] = [:]
    for ((metric, _), values) in zip(measured, bootstrap.values(of: measured.map(\.1))) {
      intervals[metric] = bootstrap.interval(values)
    }
    return intervals
  }
}
