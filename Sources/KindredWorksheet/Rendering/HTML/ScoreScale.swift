// The shades of a table of scores: two hues, and none for zero.
// SPDX-License-Identifier: Apache-2.0

/// Says how dark a score is shown: in four steps each way, relative to the largest in size.
///
/// Positive and negative differ in hue (blue and orange, which no common colour blindness mixes up)
/// and negative ones are hatched as well, so that a grey print tells them apart.
struct ScoreScale: Equatable {
  let largest: Double

  private static let steps = 4

  /// The scale of a shaded grid; nil where nothing is shaded.
  init?(_ grid: Grid) {
    let sizes = grid.rows.flatMap(\.cells).compactMap { $0.value.map(abs) }
    guard grid.isShaded, let largest = sizes.max(), largest > 0, largest.isFinite else {
      return nil
    }
    self.largest = largest
  }

  /// The class of a cell.
  func shade(of score: Double) -> String {
    if score == 0 { return "zero" }
    let step = min(
      Self.steps, max(1, Int((abs(score) / largest * Double(Self.steps)).rounded(.up))))
    return "\(score < 0 ? "minus" : "plus")-\(step)"
  }

  /// What the shades mean, from the most negative to the most positive.
  var legend: Markup {
    let shades =
      (1...Self.steps).reversed().map { "minus-\($0)" } + ["zero"]
      + (1...Self.steps).map { "plus-\($0)" }
    let text = NumberText.digits(largest)
    return .tag(
      "div", ["class": "legend", "aria-hidden": "true"],
      [.tag("span", typeset("-\(text)"))]
        + shades.map { .tag("span", ["class": "swatch \($0)"]) }
        + [.tag("span", text), .tag("span", ["class": "meaning"], "dislikes (hatched) to likes")])
  }
}
