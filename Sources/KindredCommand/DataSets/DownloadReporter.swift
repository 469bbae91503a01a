// Telling a person how far a download is.
// SPDX-License-Identifier: Apache-2.0

/// Progress in bytes, shown once a second has passed.
///
/// A live line where somebody watches. Elsewhere a plain line every tenth, or every ten megabytes
/// if nobody knows how many there will be.
struct DownloadReporter {
  private let label: String
  private let total: Int?
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let isWatched = Terminal.isWatched
  /// What was there when the download began: it says nothing about the rate.
  private var first: Int?
  private var shown = 0
  private var lastShown: ContinuousClock.Instant
  private var isLineOpen = false

  init(_ label: String, total: Int?) {
    self.label = label
    self.total = total
    start = clock.now
    lastShown = start
  }

  mutating func report(_ bytes: Int) {
    let first = first ?? bytes
    self.first = first
    let now = clock.now
    let seconds = (now - start) / .seconds(1)
    let tenth = total.map { bytes * 10 / max(1, $0) } ?? bytes / 10_000_000
    guard seconds > 1 else { return }
    guard isWatched ? now - lastShown > .milliseconds(200) : tenth > shown else { return }
    (shown, lastShown) = (tenth, now)
    let rate = Double(max(0, bytes - first)) / seconds
    var line = "\(label): "
    if let total {
      line += "\(bytes * 100 / max(1, total)) %, \(sized(bytes)) of \(sized(total))"
    } else {
      line += sized(bytes)
    }
    line += ", \(sized(Int(rate))) a second"
    if let total, rate > 0 { line += ", \(fixed(Double(total - bytes) / rate, 0)) s left" }
    if isWatched { Terminal.show(line) } else { Terminal.say(line) }
    isLineOpen = isWatched
  }

  /// A sentence that is not drawn over.
  mutating func say(_ sentence: String) {
    finish()
    Terminal.say(sentence)
  }

  /// Leaves the last line standing.
  mutating func finish() {
    if isLineOpen { Terminal.say("") }
    isLineOpen = false
  }
}
