// Arithmetic as it is written on paper.
// SPDX-License-Identifier: Apache-2.0

/// A formula that can be shown as plain text or set as mathematics.
package indirect enum Formula: Equatable, Sendable {
  /// A number, ready to be shown.
  case number(String)
  /// A quantity's name: pred, diff, loss.
  case name(String)
  /// Words.
  case words(String)
  /// An operator or a relation sign.
  case sign(String)
  /// d `of` / d `by`.
  case derivative(of: String, by: String)
  /// A number or name squared.
  case square(Formula)
  /// A vector of numbers.
  case vector([Formula])
  /// A name with rows' names: dot(User 1, Movie 1).
  case dot(String, String)
  /// A fraction of two formulas.
  case fraction(Formula, Formula)
  /// One after the other.
  case row([Formula])

  /// The formula on one line of plain text.
  package var plain: String {
    switch self {
    case .number(let text), .name(let text), .words(let text), .sign(let text): text
    case .derivative(let of, let by): "d \(of)/d \(by)"
    case .square(let base):
      if case .number(let text) = base, text.hasPrefix("-") {
        "(\(text))²"
      } else {
        base.plain + "²"
      }
    case .vector(let entries): "(" + entries.map(\.plain).joined(separator: ", ") + ")"
    case .dot(let user, let item): "dot(\(user), \(item))"
    case .fraction(let above, let below): "(\(above.plain)) / (\(below.plain))"
    case .row(let parts): Self.spaced(parts)
    }
  }

  /// Parts stand between blanks, but parentheses hug what they hold and the dot of a product of two
  /// numbers stands close.
  private static func spaced(_ parts: [Formula]) -> String {
    var text = ""
    for (index, part) in parts.enumerated() {
      let isClose =
        part == .sign(")") || text.isEmpty || text.hasSuffix("(")
        || (part == .times && isProductOfNumbers(parts, at: index))
        || (index > 0 && parts[index - 1] == .times && isProductOfNumbers(parts, at: index - 1))
      text += (isClose ? "" : " ") + part.plain
    }
    return text
  }

  private static func isProductOfNumbers(_ parts: [Formula], at index: Int) -> Bool {
    index > 0 && index + 1 < parts.count && parts[index - 1].isFactor && parts[index + 1].isFactor
  }

  /// A number, in parentheses or not.
  private var isFactor: Bool {
    switch self {
    case .number: true
    case .row(let parts): parts.first == .sign("(")
    default: false
    }
  }
}

extension Formula {
  package static let equals = Formula.sign("=")
  package static let times = Formula.sign("·")
  package static let minus = Formula.sign("-")
  package static let plus = Formula.sign("+")

  /// A number inside a product or a difference: negative ones in parentheses.
  package static func factor(_ text: String) -> Formula {
    text.hasPrefix("-") ? .row([.sign("("), .number(text), .sign(")")]) : .number(text)
  }

  /// A sum of products: a₁·b₁ + a₂·b₂ and so on.
  package static func products(_ pairs: [(String, String)]) -> Formula {
    var parts: [Formula] = []
    for (index, pair) in pairs.enumerated() {
      if index > 0 { parts.append(.plus) }
      parts += [.factor(pair.0), .times, .factor(pair.1)]
    }
    return .row(parts)
  }
}
