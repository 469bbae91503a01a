// What measuring models reports, to scripts and to people.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// One model's metrics, in the shape that scripts rely on.
struct EvaluationReport: Encodable {
  struct Unknown: Encodable {
    let users: Int
    let items: Int
  }

  struct Range: Encodable {
    let lower: Double
    let upper: Double

    init(_ interval: Interval) {
      lower = interval.lower
      upper = interval.upper
    }
  }

  let model: String
  /// Null where a metric is defined for no user.
  let metrics: [String: Double?]
  let users: Int
  let ratings: Int
  let unknown: Unknown
  let usersWithoutTestItems: Int
  let seenTestItems: Int
  /// Only with --confidence; null for a metric that has none.
  let intervals: [String: Range?]?

  let evaluation: Evaluation

  private enum CodingKeys: CodingKey {
    case model, metrics, users, ratings, unknown, usersWithoutTestItems, seenTestItems, intervals
  }

  init(model: String, _ evaluation: Evaluation, intervals: [Metric: Interval]?) {
    self.model = model
    self.evaluation = evaluation
    let results = evaluation.results
    metrics = Dictionary(results.map { ("\($0.metric)", $0.value) }) { first, _ in first }
    users = evaluation.users
    ratings = evaluation.ratings
    unknown = Unknown(users: evaluation.unknownUsers, items: evaluation.unknownItems)
    usersWithoutTestItems = evaluation.emptyUsers
    seenTestItems = evaluation.seenTestItems
    self.intervals = intervals.map { intervals in
      let named = results.map { ("\($0.metric)", intervals[$0.metric].map(Range.init)) }
      return Dictionary(named) { first, _ in first }
    }
  }
}

/// Several models and how each pair of them differs.
struct ComparedReport: Encodable {
  let models: [EvaluationReport]
  let differences: [ComparisonReport]
}

/// The second model against the first.
struct ComparisonReport: Encodable {
  struct Difference: Encodable {
    /// The second's value less the first's.
    let difference: Double?
    let interval: EvaluationReport.Range?
    /// How many users do better, worse and equally well with the second.
    let better: Int?
    let worse: Int?
    let equal: Int?
  }

  let first: String
  let second: String
  let confidence: Double
  let metrics: [String: Difference]

  let comparisons: [Comparison]

  private enum CodingKeys: CodingKey { case first, second, confidence, metrics }

  init(_ first: EvaluationReport, _ second: EvaluationReport, _ bootstrap: Bootstrap) throws {
    self.first = first.model
    self.second = second.model
    confidence = bootstrap.level
    comparisons = try first.evaluation.compared(with: second.evaluation, bootstrap: bootstrap)
    metrics = Dictionary(
      comparisons.map { comparison in
        (
          "\(comparison.metric)",
          Difference(
            difference: comparison.difference,
            interval: comparison.interval.map(EvaluationReport.Range.init),
            better: comparison.users?.better, worse: comparison.users?.worse,
            equal: comparison.users?.equal)
        )
      }, uniquingKeysWith: { first, _ in first })
  }
}

/// The same for people.
struct EvaluationPrinter {
  /// The confidence level, in per cent.
  let level: Double
  /// Where what was seen is written down.
  let seen: String

  /// One model: its metrics, and what they were taken over.
  func text(_ report: EvaluationReport) -> String {
    let evaluation = report.evaluation
    var columns: [(String, TextTable.Alignment)] = [("metric", .left), ("value", .right)]
    if report.intervals != nil { columns.append(("\(digits(level)) % interval", .whole)) }
    var table = TextTable(columns)
    for result in evaluation.results {
      let name = "\(result.metric)"
      var row = [name, result.value.map { fixed($0, 5) } ?? "–"]
      if let intervals = report.intervals {
        let interval = intervals[name] ?? nil
        row.append(interval.map { "\(fixed($0.lower, 5)) to \(fixed($0.upper, 5))" } ?? "–")
      }
      table.rows.append(row)
    }
    return "\(report.model)\n\(table.text)\n" + notes(evaluation).joined(separator: "\n")
  }

  private func notes(_ evaluation: Evaluation) -> [String] {
    var notes = [
      "\(counted(evaluation.ratings, "rating")) by \(counted(evaluation.users, "user")); unknown to "
        + "the model: \(counted(evaluation.unknownUsers, "user")), "
        + "\(counted(evaluation.unknownItems, "item"))."
    ]
    if evaluation.emptyUsers > 0 {
      notes.append("Left out: \(counted(evaluation.emptyUsers, "user")) without a test item.")
    }
    if let range = evaluation.clippedTo {
      let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
      notes.append("Predictions are clipped to \(digits(low)) to \(digits(high)).")
    }
    if evaluation.isOneAgainstMany {
      notes.append(
        "Each test item is ranked among its negatives only; equal scores count against the model.")
    }
    if evaluation.seenTestItems > 0 {
      let count = counted(evaluation.seenTestItems, "test rating")
      notes.append(
        "\(count) of items that the user has seen (\(seen)): they cannot come up, and are misses.")
    }
    if evaluation.results.contains(where: { $0.value == nil }) {
      notes.append("–: defined for none of the users.")
    }
    return notes
  }

  /// Two models: the differences, and for how many users.
  func text(_ report: ComparisonReport) -> String {
    var table = TextTable([
      ("metric", .left), ("difference", .right), ("\(digits(level)) % interval", .whole),
      ("better", .right), ("worse", .right), ("equal", .right),
    ])
    for comparison in report.comparisons {
      let interval = comparison.interval.map { "\(signed($0.lower)) to \(signed($0.upper))" }
      let users = comparison.users.map { [$0.better, $0.worse, $0.equal].map(grouped) }
      table.rows.append(
        ["\(comparison.metric)", comparison.difference.map(signed) ?? "–", interval ?? "–"]
          + (users ?? ["–", "–", "–"]))
    }
    return "\(report.second) less \(report.first), on the same users\n\(table.text)\n"
      + "Better and worse: how many users do so with \(report.second)."
  }

  private func signed(_ value: Double) -> String {
    let text = fixed(value, 5)
    return text.hasPrefix("-") || Double(text) == 0 ? text : "+\(text)"
  }
}
