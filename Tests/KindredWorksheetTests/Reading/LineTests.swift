// What each line of a worksheet is taken for.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredWorksheet
import Testing

@Suite("Lines of a worksheet") struct LineTests {
  /// Two small tables that make any section a part.
  static let tables = "Users\nAda\t1\t2\n\nMovies\nDune\t3\t4\n"

  @Test("the order: directive, heading, relation, table row, text")
  func order() throws {
    let sheet = try Worksheet(
      """
      # <!-- kindred: score -->
      Compute dot(u1, m1) = something.
      # a heading	1
      Users
      dot(Ada, Dune)	= 2
      Users
      Ada	1

      Movies
      Dune	1
      """)
    // The first line starts with a mark, so it is a heading and no directive.
    #expect(sheet.sections.map { $0.heading?.text } == ["<!-- kindred: score -->", "a heading\t1"])
    #expect(
      sheet.sections.last?.blocks == [
        .text(["Users"]), .relations(0..<1), .table(.user), .table(.item),
      ])
  }

  @Test("a directive is no text, and nothing of it is shown")
  func directive() throws {
    let sheet = try Worksheet("<!-- kindred: score -->\n" + Self.tables)
    #expect(sheet.sections.flatMap(\.blocks) == [.table(.user), .table(.item)])
    let other = try Worksheet("<!-- a remark -->\n" + Self.tables)
    #expect(other.sections.first?.blocks.first == .text(["<!-- a remark -->"]))
  }

  @Test("text is kept in place, line by line, list items too")
  func textInPlace() throws {
    let sheet = try Worksheet(
      """
      Before everything.

      ## Part 1: Scores

      Above the users,
        in two lines.

      Users

      Ada	1

      Between:
      - one
      - two

      Movies

      Dune	2

      dot(u1, m1) = ___

      1. Compute dot(u1, m1).
      * Done.
      """)
    #expect(sheet.sections.count == 2)
    #expect(sheet.sections[0].blocks == [.text(["Before everything."])])
    #expect(sheet.sections[0].part == nil)
    #expect(
      sheet.sections[1].blocks == [
        .text(["Above the users,", "  in two lines."]), .table(.user),
        .text(["Between:", "- one", "- two"]), .table(.item), .relations(0..<1),
        .text(["1. Compute dot(u1, m1).", "* Done."]),
      ])
  }

  @Test("a section of text only is shown and is no part")
  func textOnly() throws {
    let sheet = try Worksheet("# Welcome\n\nHello.\n\n# Scores\n" + Self.tables + "\n# The end\n")
    #expect(sheet.sections.map { $0.heading?.text } == ["Welcome", "Scores", "The end"])
    #expect(sheet.sections.map { $0.part == nil } == [true, false, true])
    #expect(sheet.parts.count == 1)
  }

  @Test(
    "bare lines that start a part",
    arguments: ["Part 1", "Part 2: Scores", "PART 3. More", "part 12"])
  func barePart(line: String) throws {
    let sheet = try Worksheet(line + "\n\nSome words first.\n\n" + Self.tables)
    #expect(sheet.parts.map(\.heading) == [line])
    #expect(sheet.parts.first?.line == 1)
  }

  @Test(
    "lines that look like it and are text",
    arguments: ["Part 1 is easy.", "Part one:", "A part 2:", "Parts 1"])
  func noPart(line: String) throws {
    let sheet = try Worksheet(line + "\n\nSome words first.\n\n" + Self.tables)
    #expect(sheet.parts.map(\.heading) == [""])
    #expect(sheet.sections.first?.blocks.first == .text([line]))
  }

  @Test("headings of every level, with and without marks at their end", arguments: 1...6)
  func levels(level: Int) throws {
    let marks = String(repeating: "#", count: level)
    let sheet = try Worksheet(
      "\(marks) Scores \(marks)\n\nHello there, all of you.\n\n" + Self.tables)
    let heading = try #require(sheet.sections.first?.heading)
    #expect(heading.level == level && heading.text == "Scores" && heading.line == 1)
  }

  @Test("line ends: CRLF, lone CR, none at the end, and a byte order mark")
  func lineEnds() throws {
    let text =
      "## Part 1: Scores\n\nUsers\n\nAda\t1\t2\n\nMovies\n\nDune\t3\t4\n\ndot(u1, m1) = 11\n"
    let plain = try Worksheet(text)
    #expect(plain.parts.first?.relations.first?.line == 11)
    #expect(try Worksheet(text.replacing("\n", with: "\r\n")) == plain)
    #expect(try Worksheet(text.replacing("\n", with: "\r")) == plain)
    #expect(try Worksheet(String(text.dropLast())) == plain)
    #expect(try Worksheet("\u{FEFF}" + text) == plain)
    #expect(try Worksheet("\u{FEFF}" + text.replacing("\n", with: "\r\n").dropLast()) == plain)
  }

  @Test("a file is read like its text, and errors name it")
  func files() throws {
    let sheet = try Worksheet(contentsOf: SampleFile.example("first-steps"))
    #expect(sheet.parts.map(\.kind) == [.score, .construct, .learn])
    let error = #expect(throws: WorksheetError.self) { try Worksheet(contentsOf: #filePath) }
    #expect(error?.file == #filePath)
    #expect(throws: (any Error).self) { try Worksheet(contentsOf: "/no/such/file") }
  }
}
