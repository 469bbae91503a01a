// One test item at a time, ranked among given negatives.
// SPDX-License-Identifier: Apache-2.0

/// The 1-against-many protocol: each test item stands against its negatives alone.
///
/// With n negatives, of which a score higher than the test item or equal to it, the rank is 1 + a:
/// equal scores count against the model, so that one which scores everything alike has the worst
/// rank and not the best. A user's value is the mean over its test items. Then hr@k is 1 if the rank
/// is k or better, ndcg@k is 1/log₂(rank + 1) if it is and else 0, mrr is 1/rank (He et al. 2017),
/// and auc is the share of negatives that score lower.
///
/// A negative that repeats, or is the test item itself, is left out. A test item that the model does
/// not know ranks last; a negative that it does not know has a zero vector and no bias. History plays
/// no part: the candidates are those that the file names.
///
/// These numbers are not those of a full ranking, nor do they order models alike (Krichene & Rendle
/// 2020).
package struct OneAgainstMany: Sendable {
  private let model: Model
  private let users: TestUsers
  private let negatives: Negatives
  private let rows: AlignedRows<ItemSide>

  package init(_ model: Model, users: TestUsers, negatives: Negatives) {
    self.model = model
    self.users = users
    self.negatives = negatives
    rows = AlignedRows(negatives.items, in: model.items)
  }

  /// The values of metrics. [metrics][users]
  ///
  /// - Throws: `EvaluationError.noNegatives` for a test item without any, `outOfRange` if a score is
  ///   not finite.
  /// - Complexity: O(negatives · *dimension*).
  package func values(
    of metrics: [Metric], threads: Int
  ) throws(EvaluationError) -> [[Double]] {
    let size = 256
    let count = users.users.count
    let blocks = parallelMap((count + size - 1) / size, threads: threads) { block in
      (block * size..<min(count, (block + 1) * size)).map { place in
        Swift.Result<[Double], EvaluationError> { () throws(EvaluationError) in
          try values(of: metrics, at: place)
        }
      }
    }
    var columns = metrics.map { _ in [Double]() }
    for result in blocks.joined() {
      for (place, value) in try result.get().enumerated() { columns[place].append(value) }
    }
    return columns
  }

  private func values(
    of metrics: [Metric], at place: Int
  ) throws(EvaluationError) -> [Double] {
    let (user, items) = users.names(place)
    var sums = metrics.map { _ in 0.0 }
    for item in items {
      let standing = try standing(of: item, for: user, at: place)
      for (index, metric) in metrics.enumerated() { sums[index] += standing.value(of: metric) }
    }
    return sums.map { $0 / Double(items.count) }
  }

  private struct Standing {
    let ahead: Int
    let negatives: Int

    func value(of metric: Metric) -> Double {
      let rank = ahead + 1
      switch metric.kind {
      case .auc: return Double(negatives - ahead) / Double(negatives)
      case _ where rank > metric.cutoff ?? .max: return 0
      case .hitRatio: return 1
      case .ndcg: return metric.kind.discount(rank: rank)
      default: return 1 / Double(rank)
      }
    }
  }

  private func standing(
    of item: String, for user: String, at place: Int
  ) throws(EvaluationError) -> Standing {
    let row = users.users[place].modelRow
    let itemRow = model.items.row(of: item)
    guard let listed = negatives.rows(user: user, item: item) else {
      throw .noNegatives(user: user, item: item)
    }
    let own = negatives.items.row(of: item)?.index
    let others = Set(listed).filter { $0 != own }
    guard !others.isEmpty else { throw .noNegatives(user: user, item: item) }
    guard let itemRow else { return Standing(ahead: others.count, negatives: others.count) }
    let score = model.predicted(row, itemRow)
    var ahead = 0
    for other in others {
      let rival = model.predicted(row, rows[other])
      guard rival.isFinite, score.isFinite else { throw .outOfRange("Scoring the items") }
      if rival >= score { ahead += 1 }
    }
    return Standing(ahead: ahead, negatives: others.count)
  }
}
