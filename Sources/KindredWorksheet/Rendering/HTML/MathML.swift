// Formulas as MathML Core.
// SPDX-License-Identifier: Apache-2.0

/// Sets a formula as mathematics.
enum MathML {
  static func math(_ children: [Markup]) -> Markup {
    .tag(
      "math", ["xmlns": "http://www.w3.org/1998/Math/MathML", "displaystyle": "true"], children)
  }

  /// The elements of a formula, several where it is a row.
  static func elements(_ formula: Formula) -> [Markup] {
    switch formula {
    case .number(let text): number(text)
    case .name(let text): [.tag("mi", text)]
    case .words(let text): [.tag("mtext", shortened(text, to: longestName + 4))]
    case .sign(let text): [sign(text, form: nil)]
    case .derivative(let of, let by): [derivative(of: of, by: by)]
    case .square(let base): [.tag("msup", [:], [squared(base), .tag("mn", "2")])]
    case .vector(let entries):
      [.tag("mrow", [:], [open] + commaSeparated(entries.map(elements)) + [close])]
    case .dot(let user, let item):
      [
        .tag("mi", "dot"),
        .tag("mrow", [:], [open] + commaSeparated([[name(user)], [name(item)]]) + [close]),
      ]
    case .fraction(let above, let below): [.tag("mfrac", [:], [group(above), group(below)])]
    case .row(let parts): row(parts)
    }
  }

  /// Parts one after the other, each sign knowing whether something stands before it.
  static func row(_ parts: [Formula]) -> [Markup] {
    parts.enumerated().flatMap { place, part -> [Markup] in
      guard case .sign(let text) = part else { return elements(part) }
      // A sign that starts a line is still a sign between two things, but a minus right after
      // another sign belongs to what follows.
      let isPrefix: Bool
      if text == "-", place > 0, case .sign(let before) = parts[place - 1], before != ")" {
        isPrefix = true
      } else {
        isPrefix = false
      }
      return [sign(text, form: isPrefix ? "prefix" : "infix")]
    }
  }

  /// One element for a formula.
  static func group(_ formula: Formula) -> Markup {
    let elements = elements(formula)
    return elements.count == 1 ? elements[0] : .tag("mrow", [:], elements)
  }

  static func derivative(of: String, by: String) -> Markup {
    .tag("mfrac", [:], [differential(of), differential(by)])
  }

  private static func differential(_ quantity: String) -> Markup {
    .tag("mrow", [:], [.tag("mi", "d"), .tag("mspace", ["width": "0.15em"]), indexed(quantity)])
  }

  /// A quantity; one such as Movie 1[2] has its place in the vector as an index.
  private static func indexed(_ quantity: String) -> Markup {
    guard let match = quantity.wholeMatch(of: /(.*[^\s\[])\[([0-9]+)\]/) else {
      return name(quantity)
    }
    return .tag("msub", [:], [name(String(match.1)), .tag("mn", String(match.2))])
  }

  /// A row's name, cut where it would leave no room for the formula.
  private static func name(_ text: String) -> Markup {
    .tag("mtext", shortened(text, to: longestName))
  }

  static let longestName = 30

  // MARK: Signs

  static let open = Markup.tag("mo", ["form": "prefix", "stretchy": "false"], "(")
  static let close = Markup.tag("mo", ["form": "postfix", "stretchy": "false"], ")")
  static let comma = Markup.tag("mo", ["separator": "true"], ",")

  private static func sign(_ text: String, form: String?) -> Markup {
    switch text {
    case "(": open
    case ")": close
    case "-": .tag("mo", ["form": form], "\u{2212}")
    case "·": .tag("mo", ["form": form], "\u{22C5}")
    default: .tag("mo", ["form": form], text)
    }
  }

  private static func commaSeparated(_ entries: [[Markup]]) -> [Markup] {
    entries.enumerated().flatMap { $0 == 0 ? $1 : [comma] + $1 }
  }

  // MARK: Numbers

  private static func squared(_ base: Formula) -> Markup {
    if case .number(let text) = base, text.contains(where: { "-/e".contains($0) }) {
      return .tag("mrow", [:], [open] + number(text) + [close])
    }
    return group(base)
  }

  /// A number with its sign; fractions as fractions, 1.5e+20 as a power of ten.
  static func number(_ text: String) -> [Markup] {
    if text.hasPrefix("-") {
      return [
        .tag(
          "mrow", [:],
          [.tag("mo", ["form": "prefix"], "\u{2212}")] + number(String(text.dropFirst())))
      ]
    }
    let fraction = text.split(separator: "/", maxSplits: 1)
    if fraction.count == 2 {
      return [.tag("mfrac", [:], fraction.map { .tag("mn", String($0)) })]
    }
    let characters = Array(text)
    if let e = characters.firstIndex(of: "e"), let power = PowerOfTen(characters[(e + 1)...]) {
      return [
        .tag(
          "mrow", [:],
          [
            .tag("mn", String(characters[..<e])), .tag("mo", "×"),
            .tag("msup", [:], [.tag("mn", "10"), group(.number("\(power.exponent)"))]),
          ])
      ]
    }
    return [.tag("mn", text)]
  }
}
