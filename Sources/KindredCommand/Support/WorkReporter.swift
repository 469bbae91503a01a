// Telling a person how far a long piece of work is.
// SPDX-License-Identifier: Apache-2.0

/// Progress through a known number of pieces, shown once a second has passed.
///
/// A live line where somebody watches, a plain line every tenth elsewhere.
struct WorkReporter {
  private let label: String
  private let total: Int
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let isWatched = Terminal.isWatched
  private var done = 0
  private var shown = 0

  init(_ label: String, total: Int) {
    self.label = label
    self.total = total
    start = clock.now
  }

  /// Counts one piece as done.
  mutating func step() { reach(done + 1) }

  /// Says that so many pieces are done.
  mutating func reach(_ pieces: Int) {
    done = pieces
    let share = done * (isWatched ? 100 : 10) / max(1, total)
    guard share > shown else { return }
    shown = share
    let seconds = (clock.now - start) / .seconds(1)
    guard seconds > 1 else { return }
    let pace = Double(done) / seconds
    let line =
      "\(label): \(done * 100 / max(1, total)) %, \(grouped(Int(pace))) a second, "
      + "\(fixed(Double(total - done) / pace, 0)) s left"
    if isWatched { Terminal.show(line) } else { Terminal.say(line) }
    if isWatched, done == total { Terminal.say("") }
  }
}
