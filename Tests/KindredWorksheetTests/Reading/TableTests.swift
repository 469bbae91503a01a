// Captions, rows, cells, widths and sides.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredWorksheet
import Testing

@Suite("Tables of a worksheet") struct TableTests {
  static let movies = "\nMovies\n\nDune\t3\t4\n"

  // MARK: Captions

  @Test(
    "captions at any level and bare",
    arguments: [
      ("Users", "Users"), ("Users:", "Users"), ("# Users", "Users"), ("### Users", "Users"),
      ("#### Users:", "Users"), ("###### All the many users of ours", "All the many users of ours"),
      ("Our dear users", "Our dear users"),
    ])
  func captions(line: String, caption: String) throws {
    let part = try onlyPart("\(line)\n\nAda\t1\t2\n" + Self.movies)
    #expect(part.users.caption == caption)
    #expect(part.heading == "")
  }

  @Test("blank lines between a caption and its table do not count", arguments: 0...4)
  func blankLines(count: Int) throws {
    let part = try onlyPart(
      "Users\n" + String(repeating: " \t\n", count: count) + "Ada\t1\t2\n" + Self.movies)
    #expect(part.users.names == ["Ada"])
  }

  @Test(
    "a line of four words or with a full stop is no caption",
    arguments: ["These are our users", "The users."])
  func noCaption(line: String) {
    expectFailure("\(line)\n\nAda\t1\t2\n" + Self.movies, line: 5, "two tables", "\"Movies\"")
  }

  @Test("a caption never starts a part, a heading above a caption does")
  func captionIsNoPart() throws {
    let sheet = try Worksheet(
      "# One\n# Users\nAda\t1\n## Movies\nDune\t2\n# Two\n### Users\nAda\t3\n# Movies\nDune\t4\n")
    #expect(sheet.parts.map(\.heading) == ["One", "Two"])
    #expect(sheet.parts.map { $0.users.cells } == [[[1]], [[3]]])
  }

  // MARK: Where tables end

  @Test("a table ends at the first blank line after its first row")
  func tableEnds() throws {
    let sheet = try Worksheet("Users\n\nAda\t1\t2\n\nBo\t5\t6\n" + Self.movies)
    #expect(sheet.parts.first?.users.names == ["Ada"])
    #expect(sheet.sections.first?.blocks == [.table(.user), .text(["Bo\t5\t6"]), .table(.item)])
  }

  @Test("a line of text inside a table does not end it")
  func textInside() throws {
    let text = "These two are friends of ours, and have been for long."
    let sheet = try Worksheet("Users\n\nAda\t1\t2\n\(text)\nBo\t5\t6\n" + Self.movies)
    #expect(sheet.parts.first?.users.names == ["Ada", "Bo"])
    #expect(sheet.sections.first?.blocks == [.table(.user), .text([text]), .table(.item)])
  }

  @Test("text right below a table is text")
  func textBelow() throws {
    let sheet = try Worksheet(
      "Users\nAda\t1\t2\nNow work out the scores of everybody.\nAll of them\n" + Self.movies)
    #expect(sheet.parts.first?.users.names == ["Ada"])
  }

  // MARK: Cells

  @Test(
    "cells by tabs, else by bars, else by two or more spaces",
    arguments: [
      "Ada L\t1\t-2", "Ada L | 1 | -2", "| Ada L | 1 | -2 |", "Ada L  1  -2",
      "  Ada L     1   -2  ",
      "\tAda L\t 1 \t -2", "|Ada L|1|-2|",
    ])
  func separators(row: String) throws {
    let part = try onlyPart("Users\n\n\(row)\n" + Self.movies)
    #expect(part.users.names == ["Ada L"])
    #expect(part.users.cells == [[1, -2]])
    #expect(part.users.rows.map(\.line) == [3])
  }

  @Test("a tab decides against bars, and bars against spaces")
  func precedence() throws {
    let part = try onlyPart("Users\n\nA|B  C\t1\t2\nD  E | 1 | 2\n" + Self.movies)
    #expect(part.users.names == ["A|B  C", "D  E"])
  }

  @Test(
    "integers, decimals and fractions, with either minus",
    arguments: [
      ("2", "2"), ("-2", "-2"), ("\u{2212}2", "-2"), ("+3", "3"), ("1.25", "5/4"), ("-.5", "-1/2"),
      ("1/2", "1/2"), ("\u{2212}4/6", "-2/3"), ("0.1", "1/10"), ("-0", "0"), ("007", "7"),
    ])
  func numbers(cell: String, value: String) throws {
    for row in ["Ada\t\(cell)\t1", "Ada  \(cell)  1", "| Ada | \(cell) | 1 |"] {
      let part = try onlyPart("Users\n\n\(row)\n" + Self.movies)
      #expect(part.users.cells.first?.first??.description == value, "\(row)")
    }
  }

  @Test("blanks: empty, underscores and a question mark")
  func blanks() throws {
    let part = try onlyPart(
      "<!-- kindred: learn -->\nUsers\n\nAda\t\t_\t___\t?\t1\n| Bo | | _ | ____ | ? | 2 |\n\nMovies\nDune  1  2  3  4  5\n"
    )
    #expect(part.users.cells == [[nil, nil, nil, nil, 1], [nil, nil, nil, nil, 2]])
    #expect(part.dimension == 5)
  }

  @Test(
    "headers stand above a rule; Markdown may leave out the outer bars",
    arguments: [
      "| who | x | y |\n|---|---|---|\n| Ada | 1 | 2 |",
      "| who | x | y |\n| :-- | :-: | --: |\n| Ada | 1 | 2 |",
      "who | x | y\n--- | --- | ---\nAda | 1 | 2",
    ])
  func headers(table: String) throws {
    let part = try onlyPart("Users\n\n\(table)\n" + Self.movies)
    #expect(part.users.header == ["who", "x", "y"])
    #expect(part.users.names == ["Ada"])
  }

  @Test("decoration rows have no letter or digit in their names")
  func decoration() throws {
    for row in [
      "\u{2022}\u{2022}\u{2022}\u{2022}\t\t\t", "----\t\t", "****", "| \u{2014} | x | y |",
      "***  1  2",
    ] {
      let part = try onlyPart("Users\n\n\(row)\nAda\t1\t2\n\(row)\nBo\t3\t4\n" + Self.movies)
      #expect(part.users.names == ["Ada", "Bo"], "\(row)")
      #expect(part.users.header == nil)
    }
  }

  @Test("names of every script have letters")
  func names() throws {
    let part = try onlyPart("Users\n\nЕва\t1\t2\n王\t3\t4\n7\t5\t6\nŁ. Öz\t7\t8\n" + Self.movies)
    #expect(part.users.names == ["Ева", "王", "7", "Ł. Öz"])
  }

  // MARK: The dimension

  @Test("a directive's dimension, against blank rows of any width")
  func dimensionStated() throws {
    let part = try onlyPart(
      "<!-- kindred: construct dimension=4 -->\nUsers\n\nAda\t\t\nBo\n\nMovies\n\nDune\t_\t_\t_\t_\t_\n\ndot(u1, m1) = 1\n"
    )
    #expect(part.dimension == 4)
    #expect(part.users.cells == Array(repeating: Array(repeating: nil, count: 4), count: 2))
    #expect(part.items.cells == [Array(repeating: nil, count: 4)])
  }

  @Test("that of the rows with a number, whatever the others' widths")
  func dimensionFromNumbers() throws {
    let part = try onlyPart(
      "Users\n\nUser 1\t\t\nUser 2\nUser 3\t\t\t\t\t\n\nMovies\n\nDune\t1\t_\t\n\ndot(u1, m1) = 1\n"
    )
    #expect(part.dimension == 3)
    #expect(part.users.cells.allSatisfy { $0 == [nil, nil, nil] })
    #expect(part.items.cells == [[1, nil, nil]])
  }

  @Test("what all blank rows share, else an error that asks for it")
  func dimensionFromBlanks() throws {
    let start = "Users\n\nAda\t_\t_\n\nMovies\n\n"
    #expect(try onlyPart(start + "Dune\t?\t?\n\ndot(u1, m1) = 1\n").dimension == 2)
    expectFailure(start + "Dune\t?\n\ndot(u1, m1) = 1\n", line: 1, "dimension=")
    expectFailure(
      "Users\n\nUser 1\nUser 2\n\nMovies\n\nMovie 1\n\ndot(u1, m1) = 1\n", line: 1, "dimension=")
  }

  // MARK: Trimmed line ends

  @Test("tabs at line ends that an editor trimmed: names below captions are rows")
  func trimmed() throws {
    let text =
      "Users\n\nUser 1\t\t\nUser 2\t\t\n\nMovies\n\nMovie 1\t1\t0\nMovie 2\t0\t1\n\ndot(u1, m1) = 1\n"
    let trimmed = text.replacing(/\t+\n/, with: "\n")
    #expect(trimmed != text)
    #expect(try Worksheet(trimmed) == Worksheet(text))
    let other = text.replacing("User 1", with: "Ada").replacing("User 2", with: "Bo the Great")
    #expect(try Worksheet(other.replacing(/\t+\n/, with: "\n")) == Worksheet(other))
  }

  @Test("bare names on both sides, named by a directive or wanted by relations")
  func bareNamesOnly() throws {
    let part = try onlyPart(
      "## Part 1: Construct\n\n<!-- kindred: dimension=2 -->\n\nFriends\n\nAda\nBo\n\nMovies\n\nMovie 1\nMovie 2\n\ndot(Ada, Movie 1) = 1\n"
    )
    #expect(part.users.names == ["Ada", "Bo"])
    #expect(part.items.names == ["Movie 1", "Movie 2"])
    #expect(part.dimension == 2)
  }

  // MARK: Sides

  @Test(
    "the first table is the users' unless it says movies or items",
    arguments: [
      ("Users", "Movies", false), ("Readers", "Books", false), ("Books", "Readers", false),
      ("Movies", "Users", true), ("items", "People", true), ("The Movies:", "Users", true),
      ("Item", "Users", true), ("Moviegoers", "Films", false),
    ])
  func sides(first: String, second: String, isSwapped: Bool) throws {
    let part = try onlyPart("\(first)\n\nA\t1\n\n\(second)\n\nB\t2\n")
    #expect(part.users.names == [isSwapped ? "B" : "A"])
    #expect(part.items.names == [isSwapped ? "A" : "B"])
  }
}
