// A solved worksheet as one HTML page.
// SPDX-License-Identifier: Apache-2.0

extension SolvedWorksheet {
  /// The worksheet as a single HTML file that needs nothing else, for the screen and for paper.
  ///
  /// It holds no script and loads nothing. Formulas are MathML and drawings SVG, with their content
  /// in words as well. The file is well-formed XML too, and the same worksheet always gives the
  /// same bytes. Whatever the worksheet says stays text: nothing in it can become markup.
  ///
  /// - Parameters:
  ///   - purpose: All work shown, the student's sheet with room to write, or the key.
  ///   - title: The page's title, and its heading where the worksheet has none of its own.
  /// - Returns: The whole file.
  public func html(_ purpose: RenderingPurpose = .worked, title: String) -> String {
    HTMLPage(worksheet: self, purpose: purpose, title: title).source
  }
}

/// Puts the pieces of a worksheet into sections, below a heading.
struct HTMLPage {
  let worksheet: SolvedWorksheet
  let purpose: RenderingPurpose
  let title: String

  var source: String {
    let page = Markup.tag(
      "html", ["lang": "en", "xmlns": "http://www.w3.org/1999/xhtml"], [head, body])
    return "<!DOCTYPE html>\n" + page.source + "\n"
  }

  private var head: Markup {
    .tag(
      "head", [:],
      [
        .tag("meta", ["charset": "utf-8"]),
        .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .tag("meta", ["name": "color-scheme", "content": "light dark"]),
        .tag("title", title), .styleSheet(HTMLStyle.all),
      ])
  }

  private var body: Markup {
    var pieces = worksheet.exposition(purpose).enumerated().map { HTMLPiece(place: $0, piece: $1) }
    var heading = title
    if let own = ownTitle(pieces.first?.piece) {
      heading = own
      pieces.removeFirst()
    }
    return .tag(
      "body", ["class": purpose.rawValue], [header(heading), .tag("main", [:], sections(pieces))])
  }

  private func header(_ heading: String) -> Markup {
    let line = { (label: String) in
      Markup.tag("span", [:], [.text(label), .tag("span", ["class": "line"])])
    }
    let kind =
      switch purpose {
      case .worked: "Worked solution"
      case .blank: "Worksheet"
      case .key: "Answer key"
      }
    return .tag(
      "header", [:],
      [.tag("p", ["class": "kind"], kind), .tag("h1", [:], InlineText.markup(heading))]
        + (purpose == .blank
          ? [.tag("p", ["class": "name-and-date"], [line("Name"), line("Date")])] : []))
  }

  // MARK: Sections

  /// The worksheet's own title: a first heading of the largest kind that has nothing to solve.
  private func ownTitle(_ first: Piece?) -> String? {
    guard case .heading(1, let text)? = first, !partHeadings.contains(text) else { return nil }
    return text
  }

  private var partHeadings: Set<String> {
    Set(worksheet.worksheet.parts.map(\.heading))
  }

  /// Parts are of one rank, however the worksheet marks them: 2, below the title.
  private func rank(_ level: Int, _ text: String) -> Int {
    partHeadings.contains(text) ? 2 : min(4, max(2, level))
  }

  /// Sections of rank 2, each with those of lower ranks inside.
  private func sections(_ pieces: [HTMLPiece]) -> [Markup] {
    split(pieces) { $0 == 2 }.map { section in
      let inner = split(section) { $0 > 2 }
      return .tag(
        "section", ["class": "part"],
        inner.flatMap { part -> [Markup] in
          guard case .heading(let level, let text)? = part.first?.piece, rank(level, text) > 2
          else { return HTMLBlocks(part, heading: 2).markup }
          // A step is kept on one page; one with a table or a drawing may be too long for that.
          let isLong = part.contains {
            switch $0.piece {
            case .grid, .figure: true
            default: false
            }
          }
          return [
            .tag(
              "section", ["class": isLong ? "passage" : "passage together"],
              HTMLBlocks(part, heading: rank(level, text)).markup)
          ]
        })
    }
  }

  /// The pieces, divided before each heading of a rank that divides.
  private func split(_ pieces: [HTMLPiece], where divides: (Int) -> Bool) -> [[HTMLPiece]] {
    var sections: [[HTMLPiece]] = []
    for piece in pieces {
      if case .heading(let level, let text) = piece.piece, divides(rank(level, text)) {
        sections.append([piece])
      } else if sections.isEmpty {
        sections.append([piece])
      } else {
        sections[sections.count - 1].append(piece)
      }
    }
    return sections
  }
}

/// A piece and its place among all of them, which makes the ids of drawings unique.
struct HTMLPiece {
  let place: Int
  let piece: Piece
}
