// Measuring a model on interactions that it has not seen.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

extension Model {
  /// Measures the model on a test set.
  ///
  /// Errors of ratings are taken over all test ratings; see ``ratingErrors(on:clips:)``. Rankings are
  /// of the full catalogue less the model's own history and what the options exclude; equal scores
  /// are in the order of the model's items. Test items that are unknown or have been seen count as
  /// misses, users whom the model does not know are ranked for with a zero vector and no bias, and
  /// users without test items are left out.
  ///
  /// The result depends neither on the number of threads nor, but for the rounding of sums, on the
  /// order of the users.
  ///
  /// - Parameters:
  ///   - test: The interactions to be found, by their own ids.
  ///   - options: What to measure, and how.
  /// - Returns: The metrics, with what they were taken over.
  /// - Throws: `EvaluationError`; `outOfRange` where a number of the model or a score is not finite, so
  ///   that no figure is made of it.
  /// - Complexity: O(users · items · *dimension*) time; memory for a copy of the item vectors, one
  ///   number per user and metric, and in each thread 384 bytes for each dimension, 200 KB, and the
  ///   lists of up to 96 users, of the length of the largest cutoff at 20 bytes an item.
  public func evaluate(
    on test: Ratings, options: EvaluationOptions = .init()
  ) throws(EvaluationError) -> Evaluation {
    let metrics = options.metrics.isEmpty ? defaultMetrics(for: test, options) : options.metrics
    let users = TestUsers(test, model: self, excluded: options.excluded)
    guard !users.users.isEmpty else { throw .noTestItems }
    try check(metrics, test, options)
    guard mean.isFinite, biases?.isFinite ?? true else {
      throw .outOfRange("Adding the mean and the biases")
    }
    var shares: [Metric: Evaluation.Shares] = [:]
    var values: [Metric: Double] = [:]
    let range = options.clips ? record.ratingRange : nil
    if metrics.contains(where: \.kind.isOfRatings) {
      let heldOut = HeldOut(test, users: self.users, items: items)
      // Clipping would hide a prediction that is infinite.
      var areFinite = true
      let errors = heldOut.errors(clippedTo: range) { user, item in
        let score = predicted(user, item)
        if !score.isFinite { areFinite = false }
        return score
      }
      guard areFinite, errors?.rmse.isFinite ?? true, errors?.mae.isFinite ?? true else {
        throw .outOfRange("Predicting the ratings")
      }
      let byUser = heldOut.errorsByUser(clippedTo: range, predict: predicted)
      let counts = byUser.map(\.count)
      // One definition of the value, the one that training reports by.
      values[Metric(.rmse)] = errors?.rmse
      values[Metric(.mae)] = errors?.mae
      shares[Metric(.rmse)] = .init(sums: byUser.map(\.squares), counts: counts, isRoot: true)
      shares[Metric(.mae)] = .init(sums: byUser.map(\.absolutes), counts: counts, isRoot: false)
    }
    let ranked = metrics.filter { !$0.kind.isOfRatings }
    var seenTestItems = 0
    if let negatives = options.negatives, !ranked.isEmpty {
      let many = OneAgainstMany(self, users: users, negatives: negatives)
      for (metric, column) in zip(ranked, try many.values(of: ranked, threads: options.threads)) {
        shares[metric] = .init(values: column)
      }
    } else if !ranked.isEmpty {
      let table = try rankedValues(ranked, users, threads: options.threads)
      for (place, metric) in ranked.enumerated() where metric.kind != .coverage {
        shares[metric] = .init(values: table.rows.map { $0[place] })
      }
      values.merge(table.coverage) { _, new in new }
      seenTestItems = table.seen
    }
    return Evaluation(
      results: metrics.map { metric in
        .init(
          metric: metric, value: values[metric] ?? shares[metric]?.value, shares: shares[metric])
      },
      users: users.users.count, ratings: test.count, unknownUsers: users.unknownUsers,
      unknownItems: users.unknownItems, emptyUsers: users.emptyUsers, seenTestItems: seenTestItems,
      clippedTo: metrics.contains(where: \.kind.isOfRatings) ? range : nil,
      isOneAgainstMany: options.negatives != nil && !ranked.isEmpty)
  }

  /// What is measured if nothing is asked for; see ``EvaluationOptions/metrics``.
  package func defaultMetrics(for test: Ratings, _ options: EvaluationOptions) -> [Metric] {
    guard options.negatives == nil else {
      return [Metric(.hitRatio, cutoff: 10), Metric(.ndcg, cutoff: 10)]
    }
    if test.hasValues, record.isAboutRatings { return [Metric(.rmse), Metric(.mae)] }
    return [Metric(.recall, cutoff: 20), Metric(.ndcg, cutoff: 20)]
  }

  private func check(
    _ metrics: [Metric], _ test: Ratings, _ options: EvaluationOptions
  ) throws(EvaluationError) {
    // 2^rating is a gain of ndcg-graded; sums of a few of them must stay in range.
    if metrics.contains(where: { $0.kind == .gradedNDCG }), test.range?.upperBound ?? 0 > 1000 {
      throw .outOfRange("A gain of 2^rating for ratings above 1000")
    }
    let ranked = metrics.filter { !$0.kind.isOfRatings }
    guard options.negatives == nil else {
      let others = ranked.filter { !$0.kind.isOfOneAgainstMany }
      guard others.isEmpty else { throw .notOneAgainstMany(metrics: others.map(\.description)) }
      return
    }
    guard ranked.isEmpty || history != nil || options.excluded != nil else { throw .noHistory }
    if history == nil, let metric = metrics.first(where: { $0.kind == .novelty }) {
      throw .needsHistory(metric: metric.description)
    }
  }

  /// The values of ranking metrics, user by user, and coverage of all lists together.
  private func rankedValues(
    _ metrics: [Metric], _ users: TestUsers, threads: Int
  ) throws(EvaluationError) -> (rows: [[Double]], coverage: [Metric: Double], seen: Int) {
    var ask = FullRanking.Ask()
    ask.length = metrics.compactMap(\.cutoff).max() ?? 0
    ask.firstRank = metrics.contains { $0.kind == .reciprocalRank && $0.cutoff == nil }
    ask.auc = metrics.contains { $0.kind == .auc }
    let catalogue = Catalogue(self, for: metrics)
    let covering = metrics.filter { $0.kind == .coverage }
    // The best rank that an item has had in any list; a maximum does not depend on the order.
    let bestRanks = Mutex(Array(repeating: Int.max, count: covering.isEmpty ? 0 : items.count))
    let judged: [(values: [Double], seen: Int)]
    do {
      judged = try FullRanking(self, users: users, ask: ask).judge(threads: threads) {
        place, ranking in
        if !covering.isEmpty {
          bestRanks.withLock { ranks in
            for (rank, item) in ranking.list.enumerated() where rank < ranks[Int(item.index)] {
              ranks[Int(item.index)] = rank
            }
          }
        }
        let seen = users.seenTestItems(place)
        return (metrics.map { catalogue.value(of: $0, for: ranking) }, seen)
      }
    } catch { throw .outOfRange("Scoring the items") }
    let ranks = bestRanks.withLock { $0 }
    var coverage: [Metric: Double] = [:]
    // Of no items at all, none is a share.
    for metric in covering where items.count > 0 {
      let covered = ranks.count { $0 < metric.cutoff ?? .max }
      coverage[metric] = Double(covered) / Double(items.count)
    }
    return (judged.map(\.values), coverage, judged.reduce(0) { $0 + $1.seen })
  }
}

extension TrainingRecord {
  /// Whether scores stand for ratings: methods for interactions rank without predicting any.
  package var isAboutRatings: Bool {
    guard !["ials", "bpr", "softmax", "popular", "random"].contains(method) else { return false }
    return ratingRange.map { $0.lowerBound < $0.upperBound } ?? true
  }
}
