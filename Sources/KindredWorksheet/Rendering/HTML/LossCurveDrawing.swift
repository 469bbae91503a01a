// The loss of each epoch as a curve, with the floors below it.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Draws a descent.
struct LossCurveDrawing {
  let id: String
  private let losses: [Double]
  private let floors: [LossCurve.Floor]
  private let x: Axis
  private let y: Axis

  private static let plot = (left: 70.0, top: 16.0, width: 400.0, height: 214.0)
  private static let size = (width: 700.0, height: 282.0)

  /// A drawing of the curve; nil where there is nothing to draw.
  init?(_ curve: LossCurve, id: String) {
    let losses = curve.losses.filter { $0.isFinite && $0 >= 0 }
    guard losses.count > 1, let top = losses.max(), let first = losses.first, top > 0 else {
      return nil
    }
    self.id = id
    self.losses = losses
    floors = curve.floors.filter { $0.loss.isFinite && $0.loss <= top }
    let positive = losses.filter { $0 > 0 }
    // A divergence is a straight line where equal factors of the loss take equal room, and a wall
    // elsewhere. A descent is steep at first: many epochs need a logarithmic axis to show that.
    let diverges = top > max(first, .leastNormalMagnitude) * 1000
    x = .epochs(to: losses.count - 1, isLogarithmic: losses.count > 40 && !diverges)
    y =
      diverges
      ? .logarithmic(from: max(positive.min() ?? top, 1e-300), to: top) : .linear(to: top * 1.02)
  }

  var markup: Markup {
    .tag(
      "figure", ["class": "curve"],
      [
        .tag(
          "div", ["class": "canvas"],
          [
            Drawing.svg(
              id, width: Self.size.width, height: Self.size.height, title: "The loss of each epoch",
              description: description,
              axes + floorLines + [curve] + ends + notes)
          ]), .tag("figcaption", [:], caption),
      ])
  }

  private var caption: String {
    "The mean of the squared differences after each epoch"
      + (x.kind == .linear ? "" : ", the epochs on a logarithmic scale")
      + (y.kind == .linear ? "." : "; the loss is on a logarithmic scale, for it diverges.")
  }

  private var description: String {
    let last = losses.count - 1
    var text =
      "The mean loss is \(NumberText.digits(losses[0])) at the start and "
      + "\(NumberText.digits(losses[last])) after \(last) epoch\(last == 1 ? "" : "s")."
    for floor in floors { text += " \(NumberText.digits(floor.loss)): \(floor.label)." }
    return typeset(text)
  }

  // MARK: Places

  private func across(_ epoch: Int) -> Double {
    Self.plot.left + x.share(Double(epoch)) * Self.plot.width
  }

  private func up(_ loss: Double) -> Double {
    let share = min(1, max(0, y.share(loss)))
    return Self.plot.top + (1 - share) * Self.plot.height
  }

  private func point(_ epoch: Int) -> Point { Point(x: across(epoch), y: up(losses[epoch])) }

  // MARK: Parts

  private var axes: [Markup] {
    let (left, bottom) = (Self.plot.left, Self.plot.top + Self.plot.height)
    let right = left + Self.plot.width
    var markup: [Markup] = []
    for tick in y.ticks {
      let height = up(tick.value)
      markup += [
        Drawing.line(Point(x: left, y: height), Point(x: right, y: height), "gridline"),
        Drawing.text(tick.label, Point(x: left - 9, y: height + 4), "small", anchor: "end"),
      ]
    }
    var taken = -Double.infinity
    for tick in x.ticks {
      let place = left + x.share(tick.value) * Self.plot.width
      markup.append(
        Drawing.line(Point(x: place, y: bottom), Point(x: place, y: bottom + 5), "axis"))
      let half = Drawing.width(of: tick.label, size: 11) / 2
      guard place - half > taken + 6 else { continue }
      taken = place + half
      markup.append(
        Drawing.text(tick.label, Point(x: place, y: bottom + 19), "small", anchor: "middle"))
    }
    return markup + [
      Drawing.line(Point(x: left, y: bottom), Point(x: right, y: bottom), "axis"),
      Drawing.text(
        "epoch", Point(x: (left + right) / 2, y: bottom + 40), "name", anchor: "middle"),
      .tag(
        "text",
        [
          "class": "name", "text-anchor": "middle",
          "transform": "translate(14 \(Drawing.number((Self.plot.top + bottom) / 2))) rotate(-90)",
        ], "mean loss"),
    ]
  }

  private var floorLines: [Markup] {
    floors.map { floor in
      Drawing.line(
        Point(x: Self.plot.left, y: up(floor.loss)),
        Point(x: Self.plot.left + Self.plot.width, y: up(floor.loss)), "floor")
    }
  }

  /// The curve through the least and the greatest loss of each of many narrow strips, so that it
  /// stays small and no peak is lost.
  private var curve: Markup {
    let strips = 120
    var kept: [Int] = [0]
    var start = 1
    while start < losses.count {
      let strip = Int(x.share(Double(start)) * Double(strips))
      var end = start + 1
      while end < losses.count, Int(x.share(Double(end)) * Double(strips)) == strip { end += 1 }
      let range = start..<end
      let least = range.min { losses[$0] < losses[$1] }
      let most = range.max { losses[$0] < losses[$1] }
      kept += Set([least, most].compactMap { $0 }).sorted()
      start = end
    }
    if kept.last != losses.count - 1 { kept.append(losses.count - 1) }
    let path = kept.map { point($0).source }.joined(separator: "L")
    return .tag("path", ["d": "M" + path, "class": "line"])
  }

  private var ends: [Markup] {
    let last = losses.count - 1
    let first = point(0)
    // Beside the first point on the side that the curve leaves free.
    let label = Point(x: first.x + 10, y: losses[1] <= losses[0] ? first.y - 4 : first.y + 15)
    return [0, last].map { epoch in
      .tag(
        "circle",
        [
          "cx": Drawing.number(point(epoch).x), "cy": Drawing.number(point(epoch).y), "r": "4",
          "class": "end",
        ])
    } + [
      Drawing.text(typeset(NumberText.digits(losses[0])), label, "value end-label")
    ]
  }

  // MARK: Notes on the right

  private struct Note {
    let anchor: Double
    let value: String
    let lines: [String]
    let style: String

    var height: Double { 15 * Double(lines.count + 1) + 5 }
  }

  /// What the curve's end and the floors are, beside the plot, moved apart where they are close.
  private var notes: [Markup] {
    let last = losses.count - 1
    var notes = floors.map { floor in
      Note(
        anchor: up(floor.loss), value: typeset(NumberText.digits(floor.loss)),
        lines: Self.wrapped(floor.label), style: "floor-label")
    }
    notes.append(
      Note(
        anchor: up(losses[last]), value: typeset(NumberText.digits(losses[last])),
        lines: ["after \(last) epoch\(last == 1 ? "" : "s")"], style: "end-label"))
    // From the top down; ties in the order above, the end of the curve first.
    let ordered = notes.reversed().sorted { $0.anchor < $1.anchor }
    let total = ordered.reduce(0) { $0 + $1.height }
    var top = 4.0
    var left = total
    let right = Self.plot.left + Self.plot.width
    var markup: [Markup] = []
    for note in ordered {
      top = min(max(top, note.anchor - 12), max(top, Self.size.height - 16 - left))
      let y = top + 13
      markup.append(
        .tag(
          "path",
          [
            "d":
              "M\(Point(x: right + 5, y: note.anchor).source)"
              + "L\(Point(x: right + 22, y: y - 4).source)",
            "class": "leader",
          ]))
      markup.append(Drawing.text(note.value, Point(x: right + 27, y: y), "value \(note.style)"))
      for (row, line) in note.lines.enumerated() {
        markup.append(
          Drawing.text(line, Point(x: right + 27, y: y + 15 * Double(row + 1)), "small"))
      }
      top += note.height
      left -= note.height
    }
    return markup
  }

  /// A label in lines of the room beside the plot, no more than three.
  private static func wrapped(_ text: String) -> [String] {
    let limit = 32
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let line = lines.last, line.count + 1 + word.count <= limit {
        lines[lines.count - 1] = line + " " + word
      } else {
        lines.append(shortened(String(word), to: limit))
      }
    }
    return lines.count <= 3 ? lines : lines.prefix(2) + [shortened(lines[2], to: limit - 1) + "…"]
  }
}
