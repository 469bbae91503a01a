// Whatever a worksheet says stays text on the HTML page.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredWorksheet
import Testing

@Suite("HTML escaping") struct HTMLEscapingTests {
  /// Markup, quotes, entities, a control character, and what would end a style sheet or a comment.
  private static let hostile = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\" onload=\"alert(1)",
    "' & &amp; &lt;", "</style><script>", "]]>", "--> <!--", "\u{1}\u{8}", "</svg></math><p>",
  ]

  @Test(
    "keeps hostile text inert in the title, names, captions, headings and paragraphs",
    arguments: hostile, RenderingPurpose.allCases)
  func everywhere(text: String, purpose: RenderingPurpose) throws {
    let worksheet = try Worksheet(
      """
      # Title \(text)

      A paragraph: \(text) *\(text)* **\(text)** `\(text)`

      - an entry: \(text)

      ## Part 1: Learning \(text)

      dot(u1, m1) = 1, dot(u2, m1) = 0

      Users

      Ada \(text)\t-1
      Bo\t1

      Movies

      Moon \(text)\t_
      """)
    let html = try worksheet.solved().html(purpose, title: text)
    let page = try ParsedPage(html)
    let allowed: Set = [
      "html", "head", "meta", "title", "style", "body", "header", "main", "section", "div", "p",
      "span", "h1", "h2", "h3", "h4", "ul", "ol", "li", "em", "strong", "code", "table", "caption",
      "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "wbr", "math", "mi", "mn", "mo",
      "mtext", "mrow", "mfrac", "msup", "msub", "mspace", "svg", "g", "desc", "rect", "line",
      "circle", "path", "text",
    ]
    #expect(page.elements.subtracting(allowed) == [])
    #expect(page.attributes.filter { $0.hasPrefix("on") || $0 == "src" || $0 == "href" } == [])
    #expect(!html.contains("<script") && !html.contains("<img"))
  }

  @Test("says the hostile text itself, character for character")
  func text() throws {
    let name = "<b>&\"'</b>"
    let worksheet = try Worksheet("Users\n\n\(name)\t1\n\nMovies\n\nMoon\t2\n")
    let page = try ParsedPage(worksheet.solved().html(.worked, title: name))
    #expect(page.text(of: "title").contains(name))
    #expect(page.text(of: "h1") == [name])
    #expect(page.text(of: "th").contains(name))
  }

  @Test("refers to nothing outside", arguments: RenderingPurpose.allCases)
  func selfContained(purpose: RenderingPurpose) throws {
    let worksheet = try Worksheet(HTMLSamples.everything)
    let html = try worksheet.solved().html(purpose, title: "Sheet")
    let namespaces = [
      "http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML",
      "http://www.w3.org/2000/svg",
    ]
    var rest = html
    for namespace in namespaces { rest = rest.replacing("xmlns=\"\(namespace)\"", with: "") }
    for reference in ["http", "url(", "@import", "<link", "<script", "src=", "href="] {
      #expect(!rest.contains(reference), "\(reference)")
    }
  }
}
