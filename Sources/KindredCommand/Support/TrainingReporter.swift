// Telling a person how training goes.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// A live line where somebody watches, a plain line per epoch elsewhere.
struct TrainingReporter {
  let quiet: Bool
  private(set) var epochs: [TrainingProgress] = []
  private let isWatched = Terminal.isWatched

  init(quiet: Bool) { self.quiet = quiet }

  mutating func report(_ progress: TrainingProgress) {
    epochs.append(progress)
    guard !quiet else { return }
    let line = Self.line(progress)
    if isWatched {
      Terminal.show("\(Self.bar(Double(progress.epoch) / Double(progress.epochs))) \(line)")
    } else {
      Terminal.say(line)
    }
  }

  /// Leaves the last line standing.
  func finish() {
    if isWatched, !quiet, !epochs.isEmpty { Terminal.say("") }
  }

  private static func line(_ progress: TrainingProgress) -> String {
    var parts = ["epoch \(progress.epoch)/\(progress.epochs)"]
    if let error = progress.trainRMSE {
      parts.append("training RMSE \(fixed(error, 4))")
    } else if let objective = progress.objective {
      parts.append("objective \(digits(objective))")
    }
    if !progress.validation.isEmpty { parts.append("validation \(shown(progress.validation))") }
    parts.append("\(fixed(progress.ratingsPerSecond / 1e6, 1)) M ratings/s")
    parts.append("\(fixed(progress.secondsLeft, 1)) s left")
    return parts.joined(separator: ", ")
  }

  private static func bar(_ share: Double) -> String {
    let width = 20
    let done = Int((share * Double(width)).rounded())
    return String(repeating: "━", count: done) + String(repeating: "─", count: width - done)
  }
}
