// Curves drawn with characters.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A plot of one number per epoch for a terminal.
package struct TextPlot {
  /// One curve.
  package struct Series {
    package let mark: Character
    package let values: [Double]

    package init(mark: Character, values: [Double]) {
      self.mark = mark
      self.values = values
    }
  }

  /// A level that is marked across the plot.
  package struct Floor {
    let value: Double
    let label: String
  }

  private let series: [Series]
  private let floors: [Floor]
  private let firstEpoch: Int
  private let startsAtZero: Bool
  private static let height = 9
  private static let width = 60

  /// - Parameters:
  ///   - series: Curves of equal length, one value per epoch.
  ///   - floors: Levels to mark.
  ///   - firstEpoch: The epoch of the first value.
  ///   - startsAtZero: Whether the vertical axis starts at zero, or just below the least value.
  package init(
    series: [Series], floors: [Floor] = [], firstEpoch: Int = 0, startsAtZero: Bool = true
  ) {
    self.series = series
    self.floors = floors
    self.firstEpoch = firstEpoch
    self.startsAtZero = startsAtZero
  }

  /// The plot, line by line; nothing if there is no curve to draw.
  package var lines: [String] {
    let count = series.map(\.values.count).min() ?? 0
    let values = series.flatMap(\.values)
    guard count > 1, let top = values.max(), let least = values.min(), top > 0, top.isFinite,
      top > least || startsAtZero
    else { return [] }
    let bottom = startsAtZero ? 0 : least - (top - least) / Double(Self.height)
    let columns = min(Self.width, count)
    let shown = (0..<columns).map { epoch(atColumn: $0, of: columns, count: count) }
    func row(of value: Double) -> Int {
      let share = (value - bottom) / (top - bottom)
      return min(Self.height - 1, max(0, Int((1 - share) * Double(Self.height))))
    }
    var cells = Array(
      repeating: Array(repeating: Character(" "), count: columns), count: Self.height)
    for floor in floors where floor.value >= bottom && floor.value <= top {
      for column in 0..<columns { cells[row(of: floor.value)][column] = "┄" }
    }
    for curve in series {
      for (column, epoch) in shown.enumerated() {
        cells[row(of: curve.values[epoch])][column] = curve.mark
      }
    }
    var labels = [0: top, Self.height - 1: bottom]
    for floor in floors where floor.value > bottom && floor.value <= top {
      labels[row(of: floor.value)] = floor.value
    }
    var lines = cells.enumerated().map { index, row in
      let label = labels[index].map { NumberText.digits(($0 * 1e4).rounded() / 1e4) } ?? ""
      let space = String(repeating: " ", count: max(0, 10 - label.count))
      return ("  \(space)\(label) │" + String(row)).trimmingTrailingSpaces
    }
    lines.append("             └" + String(repeating: "─", count: columns))
    lines.append(axis(columns, last: count - 1))
    lines += floors.map { "    ┄ \(NumberText.digits($0.value)): \($0.label)" }
    return lines
  }

  /// The epochs at even distances, or at even ratios where there are more than fit.
  private func epoch(atColumn column: Int, of columns: Int, count: Int) -> Int {
    guard count > columns else { return column }
    let share = Double(column) / Double(columns - 1)
    return min(count - 1, Int((exp(share * log(Double(count))) - 1).rounded()))
  }

  private func axis(_ columns: Int, last: Int) -> String {
    let (left, right) = ("epoch \(firstEpoch)", "\(last + firstEpoch)")
    let space = String(repeating: " ", count: max(1, columns - left.count - right.count))
    return "              \(left)\(space)\(right)"
  }
}
