// Ratings over time, drawn as columns.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredWorksheet

/// Columns for the years, or for the months where there are few.
struct TimeChart {
  /// What a column stands for: "month", "year" or "10 years".
  let unit: String
  let lines: [String]
  private static let height = 5

  /// - Parameters:
  ///   - times: What to draw.
  ///   - width: How many columns of text the chart may take.
  init(_ times: TimeSummary, width: Int) {
    var periods = times.years.map { (label: "\($0.year)", ratings: $0.ratings) }
    var unit = "year"
    if periods.count <= 3 {
      unit = "month"
      periods = Self.months(times)
    }
    let most = periods.map(\.ratings).max() ?? 0
    let margin = grouped(most).count + 2
    // Far more years than columns: some time is wrong, and the screen should still be one.
    let span = (periods.count - 1) / (width - margin) + 1
    if span > 1 {
      unit = "\(span) \(unit)s"
      periods = stride(from: 0, to: periods.count, by: span).map { start in
        let group = periods[start..<min(start + span, periods.count)]
        return (group.first?.label ?? "", group.reduce(0) { $0 + $1.ratings })
      }
    }
    self.unit = unit
    let top = periods.map(\.ratings).max() ?? 0
    let axis = max(margin, grouped(top).count + 2)
    let column = max(1, min(6, (width - axis) / periods.count))
    let drawn = Blocks.columns(
      periods.map { Double($0.ratings) / Double(max(1, top)) }, height: Self.height,
      width: column, gap: column > 2 ? 1 : 0)
    var lines = drawn.enumerated().map { place, line in
      let label = place == 0 ? grouped(top) : place == drawn.count - 1 ? "0" : ""
      return label.trailing(axis - 2) + " │" + line
    }
    lines.append(
      String(repeating: " ", count: axis - 1) + "└"
        + String(repeating: "─", count: column * periods.count))
    lines.append(
      String(repeating: " ", count: axis)
        + Self.labels(periods.map(\.label), column: column, width: width - axis))
    self.lines = lines
  }

  /// The months from the first to the last, empty ones too.
  private static func months(_ times: TimeSummary) -> [(label: String, ratings: Int)] {
    func place(_ month: TimeSummary.Month) -> Int { month.year * 12 + month.month - 1 }
    guard let first = times.months.first, let last = times.months.last else { return [] }
    var ratings = Array(repeating: 0, count: place(last) - place(first) + 1)
    for month in times.months { ratings[place(month) - place(first)] += month.ratings }
    return ratings.enumerated().map { offset, ratings in
      let month = (place(first) + offset) % 12 + 1
      let year = (place(first) + offset) / 12
      return (label: "\(year)-\(month < 10 ? "0" : "")\(month)", ratings: ratings)
    }
  }

  /// Labels under the columns, as many as there is room for.
  private static func labels(_ labels: [String], column: Int, width: Int) -> String {
    var line = ""
    for (place, label) in labels.enumerated() {
      let start = place * column
      let fits = start + label.count <= width || place == 0
      guard fits, line.isEmpty || line.count < start else { continue }
      line += String(repeating: " ", count: start - line.count) + label
    }
    return line
  }
}
