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
    let trainRMSE: Double
    let objective: Double?
    let validation: [String: Double]?

    init(_ progress: TrainingProgress) {
      epoch = progress.epoch
      seconds = progress.seconds
      trainRMSE = progress.trainRMSE
      objective = progress.objective
      validation = progress.validationRMSE.map { ["rmse": $0] }
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
    let training = TextPlot.Series(mark: "●", values: epochs.map(\.trainRMSE))
    let validation = TextPlot.Series(mark: "○", values: epochs.compactMap(\.validationRMSE))
    let hasValidation = validation.values.count == epochs.count
    let lines = TextPlot(
      series: hasValidation ? [training, validation] : [training],
      firstEpoch: epochs.first?.epoch ?? 1, startsAtZero: false
    ).lines
    guard !lines.isEmpty else { return [] }
    return ["RMSE per epoch: ● training" + (hasValidation ? ", ○ validation" : "")] + lines + [""]
  }

  private var outcome: [String] {
    var lines = [
      "\(summary.method), dimension \(summary.dimension): \(counted(summary.ratings, noun)), "
        + "\(counted(epochs.count, "epoch")) in \(fixed(summary.seconds.training, 2)) s."
    ]
    guard let last = epochs.last else { return lines }
    lines.append("Training RMSE \(fixed(last.trainRMSE, 4)).")
    let scored = epochs.compactMap { epoch in epoch.validationRMSE.map { (epoch.epoch, $0) } }
    if let best = scored.first(where: { $0.0 == bestEpoch }) {
      lines.append("Validation RMSE \(fixed(best.1, 4)), of epoch \(best.0), the best.")
    } else if let rmse = last.validationRMSE {
      lines.append("Validation RMSE \(fixed(rmse, 4)).")
    }
    if let samples = summary.samples { lines.append("Kept \(counted(samples, "sample")).") }
    return lines
  }
}
