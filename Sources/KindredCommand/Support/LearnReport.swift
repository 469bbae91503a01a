// What a finished run of learning says.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredWorksheet

/// What a finished run reports to scripts.
struct LearnSummary: Encodable {
  struct Seconds: Encodable {
    let reading: Double
    let training: Double
    let saving: Double
  }

  struct Epoch: Encodable {
    let epoch: Int
    let seconds: Double
    let trainRMSE: Double?
    let objective: Double?
    let validation: [String: Double]?

    init(_ progress: TrainingProgress) {
      epoch = progress.epoch
      seconds = progress.seconds
      trainRMSE = progress.trainRMSE
      objective = progress.objective
      validation =
        progress.validation.isEmpty
        ? nil
        : Dictionary(
          uniqueKeysWithValues: progress.validation.map { ($0.key.description, $0.value) })
    }
  }

  let method: String
  let dimension: Int
  let users: Int
  let items: Int
  let ratings: Int
  let seconds: Seconds
  let epochs: [Epoch]
  let model: String
  /// How many samples the model keeps; nil for a method without them.
  let samples: Int?
}

/// The same for a person.
struct LearnReport {
  let summary: LearnSummary
  let epochs: [TrainingProgress]
  /// "rating" or "interaction".
  let noun: String
  let isBaseline: Bool
  /// The epoch whose model was saved, where that is the best one.
  let bestEpoch: Int?

  var text: String {
    guard !isBaseline else {
      return "\(summary.method): \(counted(summary.ratings, noun)) of "
        + "\(counted(summary.items, "item")) by \(counted(summary.users, "user")).\n"
        + "Saved \(summary.model)."
    }
    return (plot + outcome + ["Saved \(summary.model)."]).joined(separator: "\n")
  }

  private var plot: [String] {
    let errors = epochs.compactMap(\.trainRMSE)
    let training = TextPlot.Series(
      mark: "●", values: errors.isEmpty ? epochs.compactMap(\.objective) : errors)
    let validation = TextPlot.Series(mark: "○", values: epochs.compactMap(\.validationRMSE))
    guard training.values.count == epochs.count else { return [] }
    let hasValidation = validation.values.count == epochs.count
    let lines = TextPlot(
      series: hasValidation ? [training, validation] : [training],
      firstEpoch: epochs.first?.epoch ?? 1, startsAtZero: false
    ).lines
    guard !lines.isEmpty else { return [] }
    let what = errors.isEmpty ? "Objective per epoch" : "RMSE per epoch: ● training"
    return [what + (hasValidation ? ", ○ validation" : "")] + lines + [""]
  }

  private var outcome: [String] {
    var lines = [
      "\(summary.method), dimension \(summary.dimension): \(counted(summary.ratings, noun)), "
        + "\(counted(epochs.count, "epoch")) in \(fixed(summary.seconds.training, 2)) s."
    ]
    guard let last = epochs.last else { return lines }
    if let error = last.trainRMSE {
      lines.append("Training RMSE \(fixed(error, 4)).")
    } else if let objective = last.objective {
      lines.append("Objective \(digits(objective)).")
    }
    if let best = epochs.first(where: { $0.epoch == bestEpoch && !$0.validation.isEmpty }) {
      lines.append("Validation \(shown(best.validation)), of epoch \(best.epoch), the best.")
    } else if !last.validation.isEmpty {
      lines.append("Validation \(shown(last.validation)).")
    }
    if let samples = summary.samples { lines.append("Kept \(counted(samples, "sample")).") }
    return lines
  }
}

/// Validation scores in a line, such as "recall@20 0.1523, ndcg@20 0.1315".
func shown(_ validation: [Metric: Double]) -> String {
  validation.sorted { $0.key.description > $1.key.description }.map { metric, value in
    let name = metric.description
    return "\(name == "rmse" ? "RMSE" : name) \(fixed(value, 4))"
  }.joined(separator: ", ")
}
