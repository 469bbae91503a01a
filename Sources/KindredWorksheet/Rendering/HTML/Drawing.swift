// What the drawings share: numbers in attributes, text and its width, arrows.
// SPDX-License-Identifier: Apache-2.0

/// A point of a drawing, in its own units.
struct Point: Equatable {
  var x: Double
  var y: Double

  var source: String { "\(Drawing.number(x)) \(Drawing.number(y))" }
}

/// Small pieces of SVG.
enum Drawing {
  /// A drawing with its name and what it shows, for those who cannot see it.
  static func svg(
    _ id: String, width: Double, height: Double, title: String, description: String,
    _ children: [Markup]
  ) -> Markup {
    .tag(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "role": "img",
        "viewBox": "0 0 \(number(width)) \(number(height))", "width": number(width),
        "height": number(height), "aria-labelledby": "\(id)-title \(id)-description",
      ],
      [
        .tag("title", ["id": "\(id)-title"], title),
        .tag("desc", ["id": "\(id)-description"], description),
      ] + children)
  }

  /// A coordinate to a tenth, without a locale's comma.
  static func number(_ value: Double) -> String {
    precondition(abs(value) < 1e9, "a coordinate of \(value)")
    let tenths = Int((value * 10).rounded())
    let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
    return (tenths < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : ".\(rest)")
  }

  static func text(
    _ text: String, _ place: Point, _ style: String, anchor: String = "start"
  ) -> Markup {
    .tag(
      "text",
      [
        "x": number(place.x), "y": number(place.y), "class": style,
        "text-anchor": anchor == "start" ? nil : anchor,
      ], text)
  }

  /// A name that is cut where it is too long, and whole when pointed at.
  static func name(
    _ name: String, limit: Int, _ place: Point, _ style: String, anchor: String = "start"
  ) -> Markup {
    let short = shortened(name, to: limit)
    let label = text(short, place, style, anchor: anchor)
    return short == name ? label : .tag("g", [:], [.tag("title", name), label])
  }

  static func line(_ from: Point, _ to: Point, _ style: String) -> Markup {
    .tag(
      "line",
      [
        "x1": number(from.x), "y1": number(from.y), "x2": number(to.x), "y2": number(to.y),
        "class": style,
      ])
  }

  static func box(_ corner: Point, width: Double, height: Double, _ style: String) -> Markup {
    .tag(
      "rect",
      [
        "x": number(corner.x), "y": number(corner.y), "width": number(width),
        "height": number(height), "rx": "6", "class": style,
      ])
  }

  /// An arrow that leaves and arrives level, however high its ends are.
  static func arrow(_ from: Point, _ to: Point, _ style: String) -> [Markup] {
    let head = 7.0
    let direction = to.x >= from.x ? 1.0 : -1.0
    let neck = Point(x: to.x - direction * head, y: to.y)
    let bend = (neck.x - from.x) / 2
    let path =
      from.y == to.y
      ? "M\(from.source)L\(neck.source)"
      : "M\(from.source)C\(Point(x: from.x + bend, y: from.y).source) "
        + "\(Point(x: neck.x - bend, y: to.y).source) \(neck.source)"
    let tip =
      "M\(to.source)L\(Point(x: neck.x, y: to.y - 4).source)"
      + "L\(Point(x: neck.x, y: to.y + 4).source)Z"
    return [
      .tag("path", ["d": path, "class": "edge \(style)"]),
      .tag("path", ["d": tip, "class": "tip \(style)"]),
    ]
  }

  /// How wide a text is, generously: fonts differ, and nothing here can measure.
  static func width(of text: String, size: Double) -> Double {
    text.reduce(0) { sum, character in
      guard let scalar = character.unicodeScalars.first else { return sum }
      if scalar.value >= 0x1100, !(0x2000...0x22FF).contains(scalar.value) { return sum + size }
      if "MWmw@%".contains(character) { return sum + 0.88 * size }
      if ".,:;'|ijl ()/".contains(character) { return sum + 0.38 * size }
      return sum + (character.isUppercase ? 0.72 : 0.65) * size
    }
  }
}
