// The computation graph of a step: values go forward, gradients come back.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// Draws user and item vector → dot → pred → diff (with the target) → loss.
struct StepGraphDrawing {
  let graph: StepGraph
  let id: String

  private static let gap = 34.0
  private static let nodeHeight = 52.0
  private static let radius = 20.0
  private static let labelLimit = VectorNode.nameLimit + 9

  private var step: HandWorkedStep { graph.step }

  private var nodes: (user: VectorNode, item: VectorNode) {
    (
      VectorNode(
        name: graph.user, before: step.before.user, gradient: step.gradients.user,
        after: step.after.user, isLearned: step.learned.contains(.users)),
      VectorNode(
        name: graph.item, before: step.before.item, gradient: step.gradients.item,
        after: step.after.item, isLearned: step.learned.contains(.items))
    )
  }

  var markup: Markup {
    let (user, item) = nodes
    let vectorWidth = max(user.width, item.width)
    // The target stands above the main line and the gradients' names below it.
    let top = max(6, 110 - user.height - Self.gap / 2)
    let middle = top + user.height + Self.gap / 2
    let bottom = max(middle + Self.gap / 2 + item.height, middle + 48) + 6
    let right = 6 + vectorWidth

    let labels = [graph.user, graph.item].map { "d loss/d " + $0 }
    let shown = labels.map { shortened($0, to: Self.labelLimit) }
    let reach = max(104, (shown.map { Drawing.width(of: $0, size: 12) }.max() ?? 0) + 14)
    let dot = Point(x: right + reach + Self.radius, y: middle)

    var markup = user.markup(at: Point(x: 6, y: top), width: vectorWidth)
    markup += item.markup(at: Point(x: 6, y: middle + Self.gap / 2), width: vectorWidth)
    markup += edges(from: Point(x: right, y: top + user.height / 2), to: dot, .user, labels[0])
    markup += edges(
      from: Point(x: right, y: middle + Self.gap / 2 + item.height / 2), to: dot, .item, labels[1])
    markup += [
      .tag(
        "circle",
        [
          "cx": Drawing.number(dot.x), "cy": Drawing.number(dot.y),
          "r": Drawing.number(Self.radius), "class": "node",
        ]), Drawing.text("dot", Point(x: dot.x, y: dot.y + 5), "name", anchor: "middle"),
    ]
    let end = chain(after: dot, &markup)
    return .tag(
      "figure", ["class": "graph"],
      [
        .tag(
          "div", ["class": "canvas"],
          [
            Drawing.svg(
              id, width: end + 6, height: bottom,
              title: "One step on \(graph.user) and \(graph.item)",
              description: description, markup)
          ]), .tag("figcaption", [:], caption),
      ])
  }

  private var caption: [Markup] {
    [
      "Values go forward along the grey arrows. Gradients come back along the dashed ones, and the "
        + "vector in the bold frame moves against its gradient, by \(rate) "
        + "times as much."
    ].map { .text(typeset($0)) }
  }

  private var rate: String {
    NumberText.digits(step.learned.contains(.users) ? step.rates.user : step.rates.item)
  }

  /// The same in words.
  private var description: String {
    let numbers = { (values: [Double]) in
      values.map(NumberText.digits).joined(separator: ", ")
    }
    var text =
      "\(graph.user) (\(numbers(step.before.user))) and \(graph.item) "
      + "(\(numbers(step.before.item))) give pred \(NumberText.digits(step.pred)). With the target "
      + "\(NumberText.digits(step.objective.target)) diff is \(NumberText.digits(step.diff)) and "
      + "loss \(NumberText.digits(step.loss)). Backward: d loss/d diff is "
      + "\(NumberText.digits(step.gradients.diff)), d loss/d pred "
      + "\(NumberText.digits(step.gradients.pred))"
    if step.learned.contains(.users) {
      text +=
        ", d loss/d \(graph.user) (\(numbers(step.gradients.user)))"
        + ", new (\(numbers(step.after.user)))"
    }
    if step.learned.contains(.items) {
      text +=
        ", d loss/d \(graph.item) (\(numbers(step.gradients.item)))"
        + ", new (\(numbers(step.after.item)))"
    }
    return typeset(text + ".")
  }

  // MARK: From the vectors

  /// The arrows between a vector and the dot product; the gradient's on the outer side.
  private func edges(from: Point, to dot: Point, _ side: VectorSide, _ label: String) -> [Markup] {
    let outward = side == .user ? -1.0 : 1.0
    let isLearned = step.learned.contains(side == .user ? .users : .items)
    func end(_ rise: Double) -> Point {
      let reach = (Self.radius * Self.radius - rise * rise).squareRoot()
      return Point(x: dot.x - reach - 2, y: dot.y + outward * rise)
    }
    var markup = Drawing.arrow(
      Point(x: from.x + 2, y: from.y - outward * (isLearned ? 6 : 0)), end(5), "forward")
    guard isLearned else { return markup }
    markup += Drawing.arrow(end(15), Point(x: from.x + 2, y: from.y + outward * 6), "back")
    let place = Point(x: from.x + 10, y: from.y + (side == .user ? -15 : 25))
    markup.append(
      Drawing.name(
        label, limit: Self.labelLimit, place,
        "label back"))
    return markup
  }

  // MARK: From dot to loss

  /// Draws pred, diff and loss in a row, and the target above diff; where the row ends.
  private func chain(after dot: Point, _ markup: inout [Markup]) -> Double {
    let middle = dot.y
    var x = dot.x + Self.radius
    /// How far what stands above the last node reaches beyond it.
    var overhang = 0.0
    for stage in stages {
      let width = self.width(stage.value, stage.name)
      let start = Point(x: x + 2, y: middle - 6)
      let end = Point(x: x + stage.reach - 2, y: middle - 6)
      markup += Drawing.arrow(start, end, "forward")
      markup += Drawing.arrow(
        Point(x: end.x, y: middle + 6), Point(x: start.x, y: middle + 6), "back")
      let center = (start.x + end.x) / 2
      if !stage.operation.isEmpty {
        markup.append(
          Drawing.text(stage.operation, Point(x: center, y: middle - 15), "small", anchor: "middle")
        )
      }
      if let gradient = stage.gradient {
        markup += [
          Drawing.text(
            gradient.name, Point(x: center, y: middle + 25), "label back", anchor: "middle"),
          Drawing.text(
            gradient.value, Point(x: center, y: middle + 42), "value back", anchor: "middle"),
        ]
      }
      x += stage.reach
      let corner = Point(x: x, y: middle - Self.nodeHeight / 2)
      markup += node(stage.name, stage.value, corner, width)
      if stage.name == "diff" { markup += target(above: Point(x: x + width / 2, y: corner.y)) }
      if stage.name == "loss", step.lossAfter.isFinite {
        let later = typeset("then " + NumberText.digits(step.lossAfter))
        overhang = max(0, (Drawing.width(of: later, size: 14) - width) / 2)
        markup.append(
          Drawing.text(
            later,
            Point(x: x + width / 2, y: corner.y - 9), "value new", anchor: "middle"))
      }
      x += width
    }
    return x + overhang
  }

  private struct Stage {
    let name: String
    let value: String
    let reach: Double
    let operation: String
    let gradient: (name: String, value: String)?
  }

  private var stages: [Stage] {
    func stage(
      _ name: String, _ value: Double, reach: Double, _ operation: String = "",
      gradient: (String, Double)? = nil
    ) -> Stage {
      let gradient = gradient.map { ("d loss/d \($0.0)", typeset(NumberText.digits($0.1))) }
      let needed = gradient.map { Drawing.width(of: $0.1, size: 14) + 10 } ?? 0
      return Stage(
        name: name, value: typeset(NumberText.digits(value)), reach: max(reach, needed),
        operation: operation, gradient: gradient)
    }
    return [
      stage("pred", step.pred, reach: 44),
      stage(
        "diff", step.diff, reach: 100, "target − pred", gradient: ("pred", step.gradients.pred)),
      stage("loss", step.loss, reach: 92, "squared", gradient: ("diff", step.gradients.diff)),
    ]
  }

  private func width(_ value: String, _ name: String) -> Double {
    max(56, Drawing.width(of: value, size: 15) + 18)
  }

  private func node(_ name: String, _ value: String, _ corner: Point, _ width: Double) -> [Markup] {
    let center = corner.x + width / 2
    return [
      Drawing.box(corner, width: width, height: Self.nodeHeight, "node"),
      Drawing.text(name, Point(x: center, y: corner.y + 19), "name", anchor: "middle"),
      Drawing.text(value, Point(x: center, y: corner.y + 40), "value large", anchor: "middle"),
    ]
  }

  private func target(above place: Point) -> [Markup] {
    let value = typeset(NumberText.digits(step.objective.target))
    let tip = Point(x: place.x, y: place.y - 2)
    let start = Point(x: place.x, y: place.y - 30)
    return [
      Drawing.text("target", Point(x: place.x, y: start.y - 24), "name", anchor: "middle"),
      Drawing.text(value, Point(x: place.x, y: start.y - 6), "value", anchor: "middle"),
      Drawing.line(start, Point(x: tip.x, y: tip.y - 7), "edge forward"),
      .tag(
        "path",
        [
          "d": "M\(tip.source)L\(Point(x: tip.x - 4, y: tip.y - 7).source)"
            + "L\(Point(x: tip.x + 4, y: tip.y - 7).source)Z",
          "class": "tip forward",
        ]),
    ]
  }
}
