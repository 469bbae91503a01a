// Lines of arithmetic, aligned at their first equals sign, that wrap instead of overflowing.
// SPDX-License-Identifier: Apache-2.0

/// Sets lines of arithmetic one below the other.
enum FormulaLines {
  static func markup(_ formulas: [Formula]) -> Markup {
    if formulas.allSatisfy(isStatement) { return statements(formulas) }
    return .tag(
      "div", ["class": "formulas"],
      formulas.flatMap(sentences).flatMap { parts -> [Markup] in
        let height = parts.contains { $0.isTall } ? " tall" : ""
        guard let equals = parts.firstIndex(of: .equals) else {
          return [.tag("div", ["class": "whole\(height)"], segmented(parts))]
        }
        return [
          .tag("div", ["class": "left\(height)"], segmented(Array(parts[..<equals]))),
          .tag("div", ["class": "right\(height)"], segmented(Array(parts[equals...]))),
        ]
      })
  }

  // MARK: Statements

  /// Whether a formula is no more than dot(user, item) = number.
  private static func isStatement(_ formula: Formula) -> Bool {
    guard case .row(let parts) = formula, parts.count == 3, parts[1] == .equals,
      case .dot = parts[0]
    else { return false }
    return true
  }

  /// What is wanted, side by side where there is room.
  private static func statements(_ formulas: [Formula]) -> Markup {
    let longest = formulas.map(\.plain.count).max() ?? 0
    return .tag(
      "ul", ["class": longest > 42 ? "statements long" : "statements"],
      formulas.map { formula in
        guard case .row(let parts) = formula else { return .tag("li", [:], segmented([formula])) }
        return .tag("li", [:], segmented(parts))
      })
  }

  // MARK: Breaking

  /// A formula's parts; what follows a comma in words is a line of its own.
  private static func sentences(_ formula: Formula) -> [[Formula]] {
    guard case .row(let parts) = formula else { return [[formula]] }
    var sentences: [[Formula]] = [[]]
    for part in parts {
      if case .words(let text) = part, text.hasPrefix(", ") {
        sentences.append([.words(String(text.dropFirst(2)))])
      } else {
        sentences[sentences.count - 1].append(part)
      }
    }
    return sentences
  }

  /// One `<math>` from each place where a line may break to the next: before equals signs, and in
  /// long formulas before every sum's sign and between a vector's numbers.
  private static func segmented(_ nested: [Formula]) -> [Markup] {
    let parts = flattened(nested)
    let isLong = Formula.row(parts).plain.count > 44
    var segments: [Segment] = []
    var open: [Formula] = []
    func flush() {
      if !open.isEmpty { segments.append(.math(MathML.row(open))) }
      open = []
    }
    for (place, part) in parts.enumerated() {
      let follows = place > 0 ? parts[place - 1] : nil
      switch part {
      case .words(let text) where text.allSatisfy({ $0 == "_" }):
        flush()
        segments.append(.aside(.tag("span", ["class": "fill"])))
      case .words(let text) where text == "✓" || text.hasPrefix("("):
        flush()
        segments.append(.aside(.tag("span", ["class": "note"], typeset(text))))
      case .vector(let entries) where isLong && entries.count > 2:
        // A sign before a vector stays with its first number.
        let before = MathML.row(open)
        open = []
        segments += split(entries, after: before)
      case .dot(let user, let item) where isLong:
        flush()
        let names = [user, item].map { Markup.tag("mtext", shortened($0, to: MathML.longestName)) }
        segments += [
          .math([.tag("mi", "dot"), MathML.open, names[0], MathML.comma]),
          .math([names[1], MathML.close]),
        ]
      case .equals: (flush(), open.append(part)).1
      case .sign("+"), .sign("-"):
        if isLong, follows != .equals, follows != nil { flush() }
        open.append(part)
      default: open.append(part)
      }
    }
    flush()
    return segments.enumerated().flatMap { place, segment -> [Markup] in
      let breakBefore: [Markup] = place == 0 ? [] : [.tag("wbr")]
      switch segment {
      case .math(let children): return breakBefore + [MathML.math(children)]
      case .aside(let markup): return [.text(" "), markup]
      }
    }
  }

  private static func flattened(_ parts: [Formula]) -> [Formula] {
    parts.flatMap { part -> [Formula] in
      if case .row(let inner) = part { flattened(inner) } else { [part] }
    }
  }

  private enum Segment {
    case math([Markup])
    case aside(Markup)
  }

  private static func split(_ entries: [Formula], after before: [Markup]) -> [Segment] {
    entries.enumerated().map { place, entry in
      let isLast = place == entries.count - 1
      return .math(
        (place == 0 ? before + [MathML.open] : []) + MathML.elements(entry)
          + [isLast ? MathML.close : MathML.comma])
    }
  }
}

extension Formula {
  /// Whether this is a fraction, which needs some air above and below.
  fileprivate var isTall: Bool {
    switch self {
    case .derivative, .fraction: true
    case .number(let text): text.contains("/")
    case .square(let base): base.isTall
    case .vector(let parts), .row(let parts): parts.contains { $0.isTall }
    case .name, .words, .sign, .dot: false
    }
  }
}
