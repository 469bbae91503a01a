// What a search says of what it found.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// The table of what was tried, and the line that trains with the best.
struct TuneReport {
  /// The same for scripts.
  struct Summary: Encodable {
    let method: String
    let metric: String
    let trials: [TuningTrial]
    let best: TuningTrial?
    let learn: String?
  }

  let summary: Summary
  private let settings: [String]

  init<Method: Tunable>(
    method: Method.Type, result: Tuning<Method>.Result, command: String?
  ) {
    summary = Summary(
      method: Method.method, metric: result.metric.description, trials: result.trials,
      best: result.best, learn: command)
    settings = Method.tunedSettings.map(\.name).filter { name in
      result.trials.contains { $0.settings[name] != nil }
    }
  }

  /// One row for each trial, with its score after each round that it came to; the best first.
  var text: String {
    let rounds = Set(summary.trials.map { [$0.round, $0.epochs] }).sorted { $0[0] < $1[0] }
    var table = TextTable(
      [("trial", .right)] + settings.map { ($0, .right) }
        + rounds.map { (counted($0[1], "epoch"), .right) } + [("seconds", .right)])
    let byNumber = Dictionary(grouping: summary.trials, by: \.number)
    let best = byNumber.keys.sorted { order($0, $1, byNumber) }
    for number in best {
      let own = byNumber[number] ?? []
      let values = settings.map { name in
        own.first?.settings[name].map { digits($0) } ?? "default"
      }
      let scores = rounds.map { round in
        own.first { $0.round == round[0] }.map { trial in
          trial.score.map { fixed($0, 4) + (trial == summary.best ? " *" : "") } ?? "failed"
        } ?? ""
      }
      table.rows.append(
        ["\(number)"] + values + scores
          + [fixed(own.reduce(0) { $0 + $1.seconds }, 1)])
    }
    var lines = [
      "\(summary.method): \(counted(byNumber.count, "setting")) judged by \(summary.metric) on what was "
        + "held back; * is the best.", "", table.text,
    ]
    if let command = summary.learn {
      lines += ["", "Train with the best on all of the data:", "  \(command)"]
    }
    return lines.joined(separator: "\n")
  }

  /// Whoever came further is first, and of those the better.
  private func order(_ a: Int, _ b: Int, _ trials: [Int: [TuningTrial]]) -> Bool {
    let (a, b) = (trials[a]?.last, trials[b]?.last)
    guard let a, let b else { return a != nil }
    if a.round != b.round { return a.round > b.round }
    let prefersLess = (try? Metric(summary.metric))?.prefersLess ?? false
    let worst = prefersLess ? Double.infinity : -Double.infinity
    let (x, y) = (a.score ?? worst, b.score ?? worst)
    if x != y { return prefersLess ? x < y : x > y }
    return a.number < b.number
  }

  /// A finished trial in a line.
  static func line(_ trial: TuningTrial, of trainings: Int) -> String {
    let settings =
      trial.settings.isEmpty
      ? "defaults"
      : trial.settings.sorted { $0.key < $1.key }.map { "\($0.key) \(digits($0.value))" }
        .joined(separator: ", ")
    let outcome = trial.score.map { fixed($0, 4) } ?? "failed: \(trial.failure ?? "no score")"
    return "round \(trial.round), trial \(trial.number) (\(settings)), "
      + "\(counted(trial.epochs, "epoch")), \(fixed(trial.seconds, 1)) s: \(outcome)"
  }
}

/// The line of `kindred learn` that trains as a trial did, on all of the data: the line that the search
/// was begun with, but for what only searching knows.
struct LearnLine {
  let text: String

  /// - Parameters:
  ///   - arguments: Those of the program, its own name first.
  ///   - best: The trial.
  init(_ arguments: [String], _ best: TuningTrial) {
    let withValue: Set = [
      "--trials", "--keeping", "--validation", "--metric", "--checkpoint", "--format", "--epochs",
    ]
    let alone: Set = ["--resume", "--quiet"]
    var words: [String] = []
    var rest = arguments.dropFirst().makeIterator()
    var isTune = true
    while let word = rest.next() {
      if isTune, word == "tune" {
        isTune = false
        continue
      }
      let name = String(word.prefix { $0 != "=" })
      if alone.contains(name) { continue }
      if withValue.contains(name) {
        if name == word { _ = rest.next() }
        continue
      }
      words.append(word)
    }
    var found = ["-o", "model.safetensors", "--epochs", "\(best.epochs)"]
    for (name, value) in best.settings.sorted(by: { $0.key < $1.key }) {
      found += ["--\(name)", digits(value)]
    }
    // After -- everything is a file.
    words.insert(contentsOf: found, at: words.firstIndex(of: "--") ?? words.endIndex)
    text = (["kindred", "learn"] + words.map { $0.shellQuoted }).joined(separator: " ")
  }
}

extension String {
  /// The text as one word of a shell's line.
  fileprivate var shellQuoted: String {
    let plain = allSatisfy { $0.isLetter || $0.isNumber || "-_./=,:@%+".contains($0) }
    return plain && !isEmpty ? self : "'" + replacing("'", with: "'\\''") + "'"
  }
}
