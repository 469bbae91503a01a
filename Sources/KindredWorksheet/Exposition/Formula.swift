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
      if case .number(let text) = base, text.hasPrefix("-") { "(\(text))²" } else { base.plain + "²" }
    case .vector(let entries): "(" + entries.map(\.plain).joined(separator: ", ") + ")"
    case .dot(let user, let item): "dot(\(user), \(item))"
    case .fraction(let above, let below): "(\(above.plain)) / (\(below.plain))"
    case .row(let parts): Self.spaced(parts)
    }
  }

  /// Signs stand between blanks, but for the dot of a product.
  private static func spaced(_ parts: [Formula]) -> String {
    var text = ""
    for part in parts {
      switch part {
      case .sign("·"): text += "·"
      case .sign("("): text += text.isEmpty || text.hasSuffix(" ") || text.hasSuffix("(") ? "(" : " ("
      case .sign(")"): text += ")"
      default:
        let joins = text.isEmpty || text.hasSuffix("·") || text.hasSuffix("(") || text.hasSuffix(" ")
        text += (joins ? "" : " ") + part.plain
      }
    }
    return text
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

  /// a₁·b₁ + a₂·b₂ + …
  package static func products(_ pairs: [(String, String)]) -> Formula {
    var parts: [Formula] = []
    for (index, pair) in pairs.enumerated() {
      if index > 0 { parts.append(.plus) }
      parts += [.factor(pair.0), .times, .factor(pair.1)]
    }
    return .row(parts)
  }
}
