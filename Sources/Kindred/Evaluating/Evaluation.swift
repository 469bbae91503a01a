// What measuring a model gave.
// SPDX-License-Identifier: Apache-2.0

/// The metrics of a model on a test set, and what they were taken over.
public struct Evaluation: Sendable {
  /// One metric's value.
  public struct Result: Sendable {
    /// The metric.
    public let metric: Metric
    /// Its value; nil where it is defined for no user, and for coverage where there are no items.
    public let value: Double?
    /// What each user adds to it; nil for a number of all lists together.
    package let shares: Shares?

    package init(metric: Metric, value: Double?, shares: Shares?) {
      self.metric = metric
      self.value = value
      self.shares = shares
    }
  }

  /// The metrics, in the order that they were asked for in.
  public let results: [Result]
  /// How many users have a test item; the means are over them.
  public let users: Int
  /// How many test items they have, all together.
  public let ratings: Int
  /// How many of the users the model does not know: they have a zero vector and no bias, and count.
  public let unknownUsers: Int
  /// How many different test items the model does not know: in rankings they count as misses.
  public let unknownItems: Int
  /// Users of the test set without a test item; nothing is measured on them.
  public let emptyUsers: Int
  /// How many test items are no candidates, since their user has seen them: misses too.
  ///
  /// 0 if nothing was ranked. A test set that should not overlap the training set does if this is
  /// above 0.
  public let seenTestItems: Int
  /// What predictions were clipped to in the errors of ratings; nil if they were not.
  public let clippedTo: ClosedRange<Float>?
  /// Whether test items were ranked among given negatives, equal scores counting against the model.
  public let isOneAgainstMany: Bool

  package init(
    results: [Result], users: Int, ratings: Int, unknownUsers: Int, unknownItems: Int,
    emptyUsers: Int, seenTestItems: Int, clippedTo: ClosedRange<Float>?, isOneAgainstMany: Bool
  ) {
    self.results = results
    self.users = users
    self.ratings = ratings
    self.unknownUsers = unknownUsers
    self.unknownItems = unknownItems
    self.emptyUsers = emptyUsers
    self.seenTestItems = seenTestItems
    self.clippedTo = clippedTo
    self.isOneAgainstMany = isOneAgainstMany
  }

  /// The value of a metric; nil if it was not asked for, or is defined for no user.
  public subscript(metric: Metric) -> Double? {
    results.first { $0.metric == metric }?.value
  }

  /// A metric as a function of users: √ or not of Σ sums / Σ weights.
  ///
  /// For a mean over users each weight is 1, or 0 where the metric is not defined; for errors of
  /// ratings it is the user's count of ratings.
  package struct Shares: Sendable {
    package let sums: [Double]
    package let weights: [Double]
    package let isRoot: Bool

    /// The mean of values, NaN left out.
    package init(values: [Double]) {
      sums = values.map { $0.isNaN ? 0 : $0 }
      weights = values.map { $0.isNaN ? 0 : 1 }
      isRoot = false
    }

    package init(sums: [Double], counts: [Int], isRoot: Bool) {
      self.sums = sums
      weights = counts.map { Double($0) }
      self.isRoot = isRoot
    }

    /// The metric from totals; NaN without weight.
    package func value(sum: Double, weight: Double) -> Double {
      isRoot ? (sum / weight).squareRoot() : sum / weight
    }

    /// The metric over all users, added up in their order.
    package var value: Double? {
      let total = value(sum: sums.reduce(0, +), weight: weights.reduce(0, +))
      return total.isNaN ? nil : total
    }

    /// The metric of one user; NaN where it is not defined.
    package func value(of user: Int) -> Double { value(sum: sums[user], weight: weights[user]) }
  }
}

/// How a model is to be measured.
public struct EvaluationOptions: Sendable {
  /// What to measure; empty for rmse and mae where test set and model are about ratings, hr@10 and
  /// ndcg@10 among negatives, and recall@20 and ndcg@20 elsewhere.
  public var metrics: [Metric] = []
  /// Whether predicted ratings are clipped to the range of the training ratings.
  public var clips = true
  /// Interactions that rankings leave out besides the model's own history.
  public var excluded: Ratings?
  /// Ranks each test item among these only, instead of among all that its user has not seen.
  public var negatives: Negatives?
  /// How many threads may work at a time; 0 for one per core.
  ///
  /// Does not change the result.
  public var threads = 0

  /// The full catalogue, clipped predictions.
  public init() {}
}

/// A model that cannot be measured like this.
public enum EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No user has a test item.
  case noTestItems
  /// A ranking must leave out what was seen, and neither the model nor the options tell what was.
  case noHistory
  /// This metric needs the model's history.
  case needsHistory(metric: String)
  /// These metrics mean nothing for one test item among given others.
  case notOneAgainstMany(metrics: [String])
  /// There are no negatives for this test item.
  case noNegatives(user: String, item: String)
  /// Scores or gains are too large to compute with.
  case outOfRange(String)
  /// The confidence level or the number of resamples is out of its range.
  case badConfidence(String)

  /// What is wrong, and what to try, in a sentence.
  public var description: String {
    switch self {
    case .noTestItems: "There are no ratings to test on."
    case .noHistory:
      "Rankings leave out what a user has seen, and this model was saved without it: give the "
        + "training interactions as those to exclude."
    case .needsHistory(let metric):
      "\(metric) counts who has seen an item, and this model was saved without its history."
    case .notOneAgainstMany(let metrics):
      "Among given negatives there are hr@k, ndcg@k, mrr and auc, not "
        + "\(metrics.joined(separator: ", "))."
    case .noNegatives(let user, let item):
      "There are no negatives for user \"\(user)\" and test item \"\(item)\"."
    case .outOfRange(let what): "\(what) gives numbers too large to compute with."
    case .badConfidence(let why): why
    }
  }
}
