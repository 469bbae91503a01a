// A worksheet with one of everything, and pages read back.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

enum HTMLSamples {
  /// All three kinds of part, lists, fractions, an impossible part and a descent.
  static let everything = """
    # A sheet

    Words with *emphasis*, **strength**, `code` and $n = 3$; 2 * 3 * 4 and a*b*c stay.

    - one
      and more of it
    - two

    1. First

    - 2. Second
    - 3. Third

    ## Part 1: Using embeddings

    Users

    Ada\t1.25\t-2
    Bo\t0\t3

    Movies

    Moon\t-1\t2
    Sun\t4\t0.5

    dot(Ada, Sun) = ___

    ## Part 2: Constructing embeddings

    dot(u1, m1) = 7.5

    Users

    Ada\t_

    Movies

    Moon\t2

    ## Part 3: Learning embeddings

    <!-- kindred: learn dimension=2 init=random seed=5 train=both rate=0.07 -->

    dot(u1, m1) = 1, dot(u2, m1) = -2.5

    Users

    Ada\t_\t_
    Bo\t_\t_

    Movies

    Moon\t_\t_
    """
}

/// A page read by an XML parser: its elements, their attributes and their text.
struct ParsedPage {
  let elements: Set<String>
  let attributes: Set<String>
  let ids: [String]
  private let texts: [(element: String, text: String)]

  /// - Throws: `Malformed` with the parser's complaint if the page is not well-formed XML.
  init(_ html: String) throws {
    let reader = PageReader()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = reader
    guard parser.parse() else {
      throw Malformed(line: parser.lineNumber, reason: "\(String(describing: parser.parserError))")
    }
    elements = reader.elements
    attributes = reader.attributes
    ids = reader.ids
    texts = reader.texts
  }

  struct Malformed: Error {
    let line: Int
    let reason: String
  }

  /// What each element of a name holds, inner elements included.
  func text(of element: String) -> [String] { texts.filter { $0.element == element }.map(\.text) }
}

private final class PageReader: NSObject, XMLParserDelegate {
  var elements: Set<String> = []
  var attributes: Set<String> = []
  var ids: [String] = []
  var texts: [(element: String, text: String)] = []
  private var open: [String] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes own: [String: String]
  ) {
    elements.insert(name)
    attributes.formUnion(own.keys)
    if let id = own["id"] { ids.append(id) }
    open.append("")
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if !open.isEmpty { open[open.count - 1] += text }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard let text = open.popLast() else { return }
    texts.append((name, text))
    if !open.isEmpty { open[open.count - 1] += text }
  }
}
