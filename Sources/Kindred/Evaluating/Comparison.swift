// Two models on the same users.
// SPDX-License-Identifier: Apache-2.0

/// One metric of two models on the same test set.
public struct Comparison: Equatable, Sendable {
  /// The metric.
  public let metric: Metric
  /// The first model's value.
  public let first: Double?
  /// The second model's value.
  public let second: Double?
  /// The second's less the first's; nil where one of them is not defined.
  public let difference: Double?
  /// Where the difference lies; nil for a metric without an interval.
  ///
  /// Both models are taken over the same drawn users each time: what makes a user easy or hard for
  /// both cancels, so that the interval is narrower than those of the two values suggest. Zero outside
  /// it is evidence that the models differ on users like these.
  public let interval: Interval?
  /// How many users do better, worse and equally well with the second model; nil for a metric that is
  /// no mean over users.
  public let users: Users?

  /// A count of users for each outcome.
  public struct Users: Equatable, Sendable {
    /// Better with the second model.
    public let better: Int
    /// Worse with the second model.
    public let worse: Int
    /// The same, to the last bit.
    public let equal: Int

    package init(better: Int, worse: Int, equal: Int) {
      self.better = better
      self.worse = worse
      self.equal = equal
    }
  }
}

extension Evaluation {
  /// Compares another model with this one, metric by metric.
  ///
  /// - Parameters:
  ///   - other: The other model's evaluation on the same test set, with the same metrics.
  ///   - bootstrap: How the interval of the difference is taken.
  /// - Returns: A comparison of each metric that both have.
  /// - Throws: `EvaluationError.badConfidence`.
  /// - Precondition: Both are of one test set.
  /// - Complexity: O(resamples · users · metrics).
  public func compared(
    with other: Evaluation, bootstrap: Bootstrap = .init()
  ) throws(EvaluationError) -> [Comparison] {
    precondition(
      users == other.users && ratings == other.ratings,
      "compared: \(users) users with \(ratings) ratings against \(other.users) with \(other.ratings)"
    )
    try bootstrap.validate()
    let pairs = results.compactMap { first in
      other.results.first { $0.metric == first.metric }.map { (first: first, second: $0) }
    }
    let both = pairs.compactMap { pair in
      pair.first.shares.flatMap { first in pair.second.shares.map { [first, $0] } }
    }
    var resampled = bootstrap.values(of: both.flatMap { $0 })[...]
    return pairs.map { first, second in
      var interval: Interval?
      var users: Comparison.Users?
      if let mine = first.shares, let theirs = second.shares {
        if let a = resampled.popFirst(), let b = resampled.popFirst() {
          interval = bootstrap.interval(zip(a, b).map { $1 - $0 })
        }
        users = Comparison.Users(mine, theirs, prefersLess: first.metric.prefersLess)
      }
      let difference = first.value.flatMap { first in second.value.map { $0 - first } }
      return Comparison(
        metric: first.metric, first: first.value, second: second.value, difference: difference,
        interval: interval, users: users)
    }
  }
}

extension Comparison.Users {
  /// Counts the users for whom both are defined.
  fileprivate init(
    _ first: Evaluation.Shares, _ second: Evaluation.Shares, prefersLess: Bool
  ) {
    var (less, more, equal) = (0, 0, 0)
    for user in first.sums.indices {
      let (a, b) = (first.value(of: user), second.value(of: user))
      if b < a { less += 1 } else if b > a { more += 1 } else if a == b { equal += 1 }
    }
    self.init(
      better: prefersLess ? less : more, worse: prefersLess ? more : less, equal: equal)
  }
}
