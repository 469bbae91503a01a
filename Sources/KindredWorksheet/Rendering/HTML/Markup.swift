// Elements and text that cannot be confused with each other.
// SPDX-License-Identifier: Apache-2.0

/// A piece of an HTML document: an element or text.
///
/// Text and attribute values are escaped when they are written, in one place, so whatever a
/// worksheet says stays text. What is written is also well-formed XML.
indirect enum Markup: Equatable, Sendable {
  /// Text as people read it.
  case text(String)
  /// An element, its attributes in order, and what it holds.
  case element(String, [Attribute], [Markup])
  /// Kindred's own style sheet, the one thing that is written as it stands.
  case styleSheet(String)

  /// A name and its value.
  struct Attribute: Equatable, Sendable {
    let name: String
    let value: String
  }

  /// An element; attributes without a value are left out.
  static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ children: [Markup] = []
  ) -> Markup {
    .element(
      name,
      attributes.compactMap { name, value in value.map { Attribute(name: name, value: $0) } },
      children)
  }

  /// An element that holds text.
  static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ text: String
  ) -> Markup {
    tag(name, attributes, [.text(text)])
  }

  /// An element that holds text and needs no attributes.
  static func tag(_ name: String, _ text: String) -> Markup { tag(name, [:], [.text(text)]) }

  /// The markup as it stands in a file.
  var source: String {
    var output = ""
    write(to: &output)
    return output
  }

  private func write(to output: inout String) {
    switch self {
    case .text(let text): Self.escape(text, into: &output)
    case .styleSheet(let rules):
      precondition(!rules.contains { $0 == "<" || $0 == "&" }, "a style sheet with markup in it")
      output += "<style>\(rules)</style>\n"
    case .element(let name, let attributes, let children):
      output += "<\(name)"
      for attribute in attributes {
        output += " \(attribute.name)=\""
        Self.escape(attribute.value, into: &output)
        output += "\""
      }
      if Self.void.contains(name) {
        output += "/>"
      } else {
        output += ">"
        for child in children { child.write(to: &output) }
        output += "</\(name)>"
      }
      // White space means nothing after these, and makes the file readable.
      if Self.endsLine.contains(name) { output += "\n" }
    }
  }

  /// The only place where text becomes markup.
  ///
  /// Characters that XML forbids become the replacement character.
  private static func escape(_ text: String, into output: inout String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "'": output += "&#39;"
      case "\t", "\n": output.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}"..."\u{FFFF}":
        output += "\u{FFFD}"
      default: output.unicodeScalars.append(scalar)
      }
    }
  }

  private static let void: Set = ["meta", "br", "hr", "wbr"]
  private static let endsLine: Set = [
    "meta", "title", "head", "body", "header", "main", "section", "h1", "h2", "h3", "h4", "p", "ul",
    "ol", "li", "div", "table", "caption", "thead", "tbody", "tr", "figure", "figcaption", "svg",
    "g",
  ]
}
