// A description of ratings as a screen that a person wants to read.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredWorksheet

/// Lays a summary out: what there is, how it is spread, and what stands out.
struct RatingsScreen {
  let summary: RatingsSummary
  let files: [String]
  /// Which of several ratings of a pair counts.
  let duplicates: DuplicatePolicy
  private var screen: ScreenText

  init(
    _ summary: RatingsSummary, files: [String], duplicates: DuplicatePolicy,
    screen: ScreenText = ScreenText()
  ) {
    self.summary = summary
    self.files = files
    self.duplicates = duplicates
    self.screen = screen
  }

  /// The screen, section after section.
  func text() -> String {
    var copy = self
    copy.addSizes()
    copy.addValues()
    copy.addCounts()
    copy.addTail()
    copy.addTimes()
    copy.addItems()
    copy.addSuspicious()
    return copy.screen.text
  }

  /// Whether things may stand side by side.
  private var isWide: Bool { screen.width >= 72 }

  /// What the items at the head of the tail are.
  private var popular: String { summary.values == nil ? "most popular" : "most rated" }

  private var noun: String { summary.values == nil ? "interaction" : "rating" }

  // MARK: Sizes

  private mutating func addSizes() {
    screen.heading(files.joined(separator: ", ").replacingControls())
    screen.add(
      wrapping: "\(counted(summary.ratings, noun)) of \(counted(summary.items, "item")) by "
        + "\(counted(summary.users, "user")): \(percent(summary.density, 2)) of all pairs.")
    if let values = summary.values {
      let step =
        switch values.step {
        case .whole: "whole numbers"
        case .half: "half steps"
        case .other: values.distinct.map { "\(grouped($0)) different values" } ?? "many values"
        }
      screen.add(
        wrapping: "From \(number(values.least)) to \(number(values.largest)), \(step); mean "
          + "\(fixed(values.mean, 2)), standard deviation \(fixed(values.deviation, 2)).")
    } else {
      screen.add(wrapping: "No values: what was taken up, not how it was liked.")
    }
    if let times = summary.times {
      let (first, last) = (
        CivilDate(milliseconds: times.first), CivilDate(milliseconds: times.last)
      )
      screen.add(wrapping: "Given from \(first) to \(last)\(times.areDays ? " (days only)" : "").")
    }
    if summary.duplicates > 0 {
      screen.add(
        wrapping: "\(counted(summary.duplicates, "repeat")) of a pair; of each pair the "
          + "\(duplicates.rawValue) counts.")
    } else {
      screen.add(wrapping: "No pair of a user and an item occurs twice.")
    }
  }

  // MARK: Values

  private mutating func addValues() {
    guard let values = summary.values else { return }
    screen.heading("Values")
    let labels = values.bins.map { bin in
      bin.low == bin.high ? number(bin.low) : "\(number(bin.low)) to below \(number(bin.high))"
    }
    let labelWidth = labels.map(\.columns).max() ?? 0
    let counts = values.bins.map { grouped($0.ratings) }
    let countWidth = counts.map(\.columns).max() ?? 0
    let most = Double(values.bins.map(\.ratings).max() ?? 1)
    let barWidth = max(8, screen.width - labelWidth - countWidth - 15)
    for (place, bin) in values.bins.enumerated() {
      let share = percent(Double(bin.ratings) / Double(max(1, summary.ratings)))
      screen.add(
        "  \(labels[place].trailing(labelWidth))  \(counts[place].trailing(countWidth))  "
          + "\(share.trailing(7))  "
          + Blocks.bar(Double(bin.ratings) / most, width: barWidth))
    }
  }

  // MARK: Ratings per user and item

  private mutating func addCounts() {
    let (users, items) = (summary.perUser, summary.perItem)
    screen.heading("How many \(noun)s users give and items have")
    addRow("", "a user", "an item")
    addRow("least", grouped(users.least), grouped(items.least))
    addRow("¼ have at most", grouped(users.quartile), grouped(items.quartile))
    addRow("½ have at most", grouped(users.median), grouped(items.median))
    addRow("average", oneDecimal(users.mean), oneDecimal(items.mean))
    addRow("¾ have at most", grouped(users.upperQuartile), grouped(items.upperQuartile))
    addRow("90 % have at most", grouped(users.percentile90), grouped(items.percentile90))
    addRow("most", grouped(users.most), grouped(items.most))
    screen.add()
    addRow("", "users", "items")
    let few: [(String, KeyPath<CountSummary, Int>)] = [
      ("without any", \.withNone), ("with a single one", \.withOne),
      ("with fewer than 5", \.withFewerThan5), ("with fewer than 20", \.withFewerThan20),
    ]
    for (label, path) in few where path != \.withNone || users.withNone + items.withNone > 0 {
      addRow(
        label, part(users[keyPath: path], summary.users),
        part(items[keyPath: path], summary.items))
    }
    screen.add()
    addBins()
  }

  private mutating func addRow(_ label: String, _ users: String, _ items: String) {
    let width = isWide ? 18 : 10
    screen.add("  " + label.leading(18) + users.trailing(width) + items.trailing(width))
  }

  /// A count with its share of the whole, where there is room.
  private func part(_ count: Int, _ whole: Int) -> String {
    guard count > 0, isWide else { return grouped(count) }
    return "\(grouped(count)) (\(percent(Double(count) / Double(max(1, whole)))))"
  }

  /// Users and items with 1, 2–3, 4–7 … ratings, side by side.
  private mutating func addBins() {
    let (users, items) = (summary.perUser.bins, summary.perItem.bins)
    let count = max(users.count, items.count)
    let labels = (0..<count).map { place -> String in
      let bin = place < users.count ? users[place] : items[place]
      return bin.low == bin.high ? grouped(bin.low) : "\(grouped(bin.low))–\(grouped(bin.high))"
    }
    func side(_ bins: [CountSummary.Bin]) -> (counts: [String], shares: [Double], width: Int) {
      let rows = (0..<count).map { $0 < bins.count ? bins[$0].rows : 0 }
      let most = Double(max(1, rows.max() ?? 1))
      let counts = rows.map { $0 == 0 ? "·" : grouped($0) }
      return (counts, rows.map { Double($0) / most }, max(5, counts.map(\.columns).max() ?? 0))
    }
    let (left, right) = (side(users), side(items))
    let labelWidth = max(noun.count + 1, labels.map(\.columns).max() ?? 0)
    let barWidth = max(4, (screen.width - labelWidth - left.width - right.width - 8) / 2)
    screen.add(
      "  " + "\(noun)s".trailing(labelWidth) + "  " + "users".trailing(left.width)
        + String(repeating: " ", count: barWidth + 3) + "items".trailing(right.width))
    for place in 0..<count {
      screen.add(
        "  " + labels[place].trailing(labelWidth) + "  "
          + left.counts[place].trailing(left.width) + " "
          + Blocks.bar(left.shares[place], width: barWidth).leading(barWidth) + "  "
          + right.counts[place].trailing(right.width) + " "
          + Blocks.bar(right.shares[place], width: barWidth))
    }
  }

  // MARK: The long tail

  private mutating func addTail() {
    guard summary.ratings > 0 else { return }
    screen.heading("The long tail: what share of the \(noun)s the \(popular) items have")
    let tail = summary.tail
    let itemsWidth = tail.shares.map { grouped($0.items).count }.max() ?? 0
    let notes =
      tail.shares.map { share in
        "top \("\(share.percent)".trailing(2)) %:  \(percent(share.ratings).trailing(6))"
          + "  \(grouped(share.items).trailing(itemsWidth)) item\(share.items == 1 ? "" : "s")"
      } + [
        "half of all: \(counted(tail.itemsForHalf, "item"))",
        "Gini coefficient: \(fixed(tail.gini, 2))",
      ]
    let width = isWide ? 36 : screen.width - 12
    let shares = (1...width).map { column in
      let place = Double(column * 100) / Double(width)
      let low = min(99, Int(place))
      return tail.curve[low] + (place - Double(low)) * (tail.curve[low + 1] - tail.curve[low])
    }
    let drawn = Blocks.columns(shares, height: notes.count)
    for (place, line) in drawn.enumerated() {
      let label = place == 0 ? "100 %" : place == drawn.count - 1 ? "0 %" : ""
      let note = isWide ? "   " + notes[place] : ""
      screen.add("  \(label.trailing(5)) │\(line)\(note)")
    }
    screen.add("        └" + String(repeating: "─", count: width))
    screen.add(
      "         " + popular + "all items".trailing(max(10, width - popular.count)))
    if !isWide {
      screen.add()
      for note in notes { screen.add("  " + note) }
    }
  }

  // MARK: Times

  private mutating func addTimes() {
    guard let times = summary.times, times.months.count > 1 || times.years.count > 1 else { return }
    let chart = TimeChart(times, width: screen.width - 2)
    screen.heading("When: \(noun)s per \(chart.unit)")
    for line in chart.lines { screen.add("  " + line) }
  }

  // MARK: Items

  private mutating func addItems() {
    addItems(summary.mostRated, summary.values == nil ? "Most popular items" : "Most rated items")
    guard summary.values != nil else { return }
    addItems(
      summary.bestRated, "Best rated items, of those with \(grouped(summary.enoughRatings)) or more"
    )
    guard !summary.bestRated.isEmpty else { return }
    screen.add()
    screen.add(
      wrapping:
        "The shrunk mean adds \(grouped(summary.enoughRatings)) average ratings to an item's own.")
  }

  private mutating func addItems(_ items: [RatingsSummary.RatedItem], _ heading: String) {
    guard !items.isEmpty else { return }
    screen.heading(heading)
    let hasMeans = summary.values != nil
    let countWidth = max(7, items.map { grouped($0.ratings).count }.max() ?? 0)
    let numbers = !hasMeans ? countWidth : isWide ? countWidth + 18 : countWidth + 9
    let nameWidth = min(
      screen.width - numbers - 9, max(12, items.map { ($0.title ?? $0.item).columns }.max() ?? 0))
    screen.add(
      "      " + "".leading(nameWidth) + "  " + "\(noun)s".trailing(countWidth)
        + (hasMeans && isWide ? "mean".trailing(9) : "")
        + (hasMeans ? "shrunk".trailing(9) : ""))
    for (rank, item) in items.enumerated() {
      var line = "  \("\(rank + 1)".trailing(2))  "
      line += (item.title ?? item.item).leading(nameWidth) + "  "
      line += grouped(item.ratings).trailing(countWidth)
      if let mean = item.mean, let shrunk = item.shrunkMean {
        line += (isWide ? fixed(mean, 2).trailing(9) : "") + fixed(shrunk, 2).trailing(9)
      }
      screen.add(line)
    }
  }

  // MARK: Users worth a look

  private mutating func addSuspicious() {
    let users = summary.suspicious
    screen.heading("Users worth a look")
    guard !users.isEmpty else {
      screen.add(wrapping: "None: nobody's \(noun)s look made by a machine.")
      return
    }
    let shown = users.prefix(10)
    let idWidth = min(24, shown.map { $0.user.columns }.max() ?? 0)
    for user in shown {
      for (place, reason) in user.reasons.enumerated() {
        let id = (place == 0 ? user.user : "").leading(idWidth)
        screen.add(wrapping: sentence(reason, user), indent: idWidth + 4, after: "  \(id)  ")
      }
    }
    if users.count > shown.count {
      screen.add(
        wrapping: "and \(grouped(users.count - shown.count)) more; --format json lists them all.")
    }
  }

  private func sentence(_ reason: SuspiciousUser.Reason, _ user: SuspiciousUser) -> String {
    switch reason {
    case .farMore(let times):
      return "\(counted(user.ratings, noun)), \(fixed(times, 1)) times the median"
    case .allEqual(let value):
      return "all \(counted(user.ratings, noun)) are \(number(value))"
    case .nearlyEqual(let deviation):
      return "\(noun)s hardly differ: standard deviation \(digits(deviation))"
    case .alternating(let low, let high):
      return "\(noun)s go up and down between \(number(low)) and \(number(high))"
    case .burst(let count, let start):
      return "\(counted(count, noun)) in one minute, on \(CivilDate(milliseconds: start))"
    case .sameItems(let other, let sameValues):
      return "the very items of user \(other.fitted(24))"
        + (sameValues ? ", with the same ratings" : "")
    }
  }

  // MARK: Numbers

  private func number(_ value: Float) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private func oneDecimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(grouped(tenths / 10)).\(tenths % 10)"
  }

  /// A share in percent, so many decimals.
  private func percent(_ share: Double, _ places: Int = 1) -> String {
    let least = places == 1 ? 0.1 : 0.01
    return share > 0 && 100 * share < least
      ? "<\(fixed(least, places)) %" : "\(fixed(100 * share, places)) %"
  }
}
