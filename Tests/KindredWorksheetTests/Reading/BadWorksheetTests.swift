// What cannot be read, with its line and the reason.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredWorksheet
import Testing

@Suite("Worksheets that cannot be read or solved") struct BadWorksheetTests {
  /// A part that is fine, with a place for one more line at its end (line 10).
  static let fine = "## Part 1\n\nUsers\nUser 1\t1\t2\nUser 2\t_\t_\n\nMovies\nMovie 1\t3\t4\n\n"

  /// Two tables in one dimension below a directive on line 1.
  static func learn(_ settings: String, relations: String = "dot(u1, m1) = 1") -> String {
    "<!-- kindred: learn \(settings) -->\nUsers\nA\t1\n\nMovies\nB\t_\n\n\(relations)\n"
  }

  /// A part whose only user has these cells, on line 2.
  static func row(_ cells: String) -> String { "Users\n\(cells)\n\nMovies\nB\t1\t2\n" }

  // MARK: The bytes

  @Test("an empty file") func empty() {
    expectFailure("", line: nil, "empty")
    expectFailure("\n \t\n\n", line: nil, "nothing to solve", "Users")
    expectFailure("\u{FEFF}", line: nil, "nothing to solve")
  }

  @Test("bytes that are no text") func binary() {
    expectFailure(Array(Self.fine.utf8) + [0x0A, 0x00, 0x01], line: 11, ["zero byte"])
    expectFailure([0x7F, 0x45, 0x4C, 0x46, 0x00], line: 1, ["zero byte"])
    expectFailure([0xFF, 0xFE, 0x55, 0x00], line: nil, ["UTF-16", "UTF-8"])
    expectFailure([0xFE, 0xFF, 0x00, 0x55], line: nil, ["UTF-16", "UTF-8"])
  }

  @Test("bytes that are not UTF-8, on the right line", arguments: ["\n", "\r\n", "\r"])
  func notUTF8(lineEnd: String) {
    let start = Array("Users\n\nA\t1\n".replacing("\n", with: lineEnd).utf8)
    expectFailure(start + [0x4D, 0xE9, 0x0A], line: 4, ["UTF-8"])
    expectFailure(start + [0xF0, 0x9F, 0x8E], line: 4, ["UTF-8"])
  }

  // MARK: Cut short

  @Test("cut in the middle of a row") func cutInRow() {
    let text = "Users\nA\t1\t2\n\nMovies\nB\t3\t4\nC\t5\t6"
    expectFailure(String(text.dropLast(2)), line: 6, "\"C\" has 1", "\"A\" on line 2 has 2")
    expectFailure("Users\nA\t1\t2\n\nMovies\nB\t3\t-", line: 5, "\"-\" is no number")
    expectFailure("Users\nA\t1\t2\n\nMovies\nB\t3\t1/", line: 5, "\"1/\" is no number")
    expectFailure("Users\nA\t1\t2\n\nMov", line: 1, "two tables", "\"Users\"")
  }

  @Test("cut in the middle of a relation") func cutInRelation() {
    let start = "## Part 2: Construct\n\ndot(u1, m1) = 1, dot(u1"
    expectFailure(start, line: 1, "two tables", "none")
    // Without a number it is text, so nothing says what the blanks are for.
    expectFailure(Self.fine + "dot(u1, m1) = -", line: 1, "Numbers are missing")
    expectFailure(Self.fine + "dot(u1, m1) = 1/", line: 10, "\"1/\" is no number")
  }

  // MARK: Rows and relations that are not there

  @Test(
    "relations that name an unknown row",
    arguments: [
      ("dot(u7, m1) = 1", "\"u7\" is row 7 of Users, which has 2 rows"),
      ("dot(u0, m1) = 1", "\"u0\" is row 0"), ("dot(u1, m2) = 1", "which has 1 row."),
      ("dot(u1, m99999999999999999999) = 1", "of Movies"),
      ("dot(Zoe, m1) = 1", "There is no row \"Zoe\""),
      ("dot(u1, Movie) = ___", "User 1, User 2, Movie 1"),
      ("dot(x1, m1) = 1", "There is no row \"x1\""), ("dot(1, m1) = 1", "There is no row \"1\""),
    ])
  func unknownRow(relation: String, words: String) {
    expectFailure(Self.fine + relation, line: 10, words)
    expectFailure(Self.fine + "dot(u1, m1) = 1, \(relation)\n", line: 10, words)
  }

  @Test("two rows of one side, and a name of two rows") func sides() {
    expectFailure(Self.fine + "dot(u1, u2) = 1", line: 10, "both rows of Users", "Movies")
    expectFailure(Self.fine + "dot(Movie 1, m1) = 1", line: 10, "both rows of Movies")
    expectFailure("Users\nA\t_\n\nMovies\nA\t1\n\ndot(A, m1) = 1", line: 7, "2 rows", "which one")
  }

  @Test("two targets for one pair") func twoTargets() {
    expectFailure(
      Self.fine + "dot(u1, m1) = 1\ndot(User 1, Movie 1) = 1.5", line: 11, "3/2", "line 10")
    expectFailure(Self.fine + "dot(u2, m1) = 1, dot(m1, u2) = 0", line: 10, "targets")
  }

  @Test("rows of different widths") func widths() {
    expectFailure(
      "Users\nA\t1\t2\nB\t1\t2\t3\n\nMovies\nC\t1\t2\n", line: 3, "\"B\" has 3",
      "\"A\" on line 2 has 2")
    expectFailure("Users\nA\t1\t2\n\nMovies\nC\t1\n", line: 5, "\"C\" has 1", "dimension")
    expectFailure("Users\nA\t_\t2\n\nMovies\nC\t1\n", line: 5, "dimension")
  }

  // MARK: Numbers

  @Test(
    "cells that are no numbers, whatever separates them",
    arguments: [
      ("1/0", "divides by zero"), ("1e400", "too large"), ("NaN", "not a finite number"),
      ("inf", "not a finite number"), ("-Infinity", "not a finite number"), ("1,5", "point"),
      ("-1,5", "point"), ("1.2.3", "no number"), ("0x10", "no number"), ("1/2/3", "no number"),
      ("--1", "no number"), ("12a", "no number"),
    ])
  func badCells(cell: String, words: String) {
    expectFailure(Self.row("A\t1\t\(cell)"), line: 2, words, "\"\(cell)\"")
    expectFailure(Self.row("| A | \(cell) | 1 |"), line: 2, words)
    expectFailure(Self.row("A  \(cell)  1"), line: 2, words)
    expectFailure(Self.row("A | 1 | \(cell)"), line: 2, words)
    expectFailure(Self.row("A\t0\t0\nB  \(cell)  1"), line: 3, words)
  }

  @Test("a word in a cell") func wordInCell() {
    expectFailure(Self.row("A\tone\t2"), line: 2, "\"one\" is no number", "1/2")
    expectFailure(Self.row("| A | one | 2 |"), line: 2, "\"one\" is no number")
    expectFailure(Self.row("A\t1\t2\nB  one  2"), line: 3, "\"one\" is no number")
    expectFailure(Self.row("A | 1 | 2\nB | one | 2"), line: 3, "\"one\" is no number")
  }

  @Test(
    "targets that are no numbers",
    arguments: [
      ("1/0", "divides by zero"), ("1e400", "too large"), ("NaN", "not a finite"),
      ("-inf", "not a finite"),
      ("1,5", "point"), ("-0,25", "point"), ("1.2.3", "no number"), ("2x", "no number"),
      ("1 / 2", "no number"),
    ])
  func badTargets(target: String, words: String) {
    for line in [
      "dot(u2, m1) = \(target)", "$dot(u2, m1) = \(target)$",
      "dot(u1, m1) = 1, dot(u2, m1) = \(target), and so on",
    ] {
      expectFailure(Self.fine + line, line: 10, words, "\"\(target)\"")
    }
  }

  @Test("the error shows the line, cut and made visible") func excerpt() throws {
    let error = try #require(failure(Self.row("A\t1\tx" + String(repeating: "y", count: 200))))
    #expect(error.excerpt?.hasPrefix("A\u{21E5}1\u{21E5}xyy") == true)
    #expect(error.excerpt?.count == 81)
    #expect(error.description.hasPrefix("line 2: "))
    #expect(failure(Self.row("A\t1\t\u{1B}[31m"))?.description.contains("\u{1B}") == false)
  }

  // MARK: Directives

  @Test(
    "directives with words, keys and values that mean nothing",
    arguments: [
      ("lern", "\"lern\" is not a kind"), ("speed=1", "\"speed\" is not a setting"),
      ("rate=0", "above 0"),
      ("rate=-0.1", "above 0"), ("rate=fast", "above 0"), ("rate=", "above 0"),
      ("rate=1e-400", "above 0"),
      ("dimension=0", "from 1"), ("dimension=-1", "from 1"), ("dimension=1.5", "whole number"),
      ("dimension=99999999", "from 1"), ("init=ones", "zeros or random"), ("seed=3", "init=random"),
      ("init=random seed=-1", "whole number"), ("train=movies", "users, items or both"),
      ("batch=0", "from 1"), ("epochs=0", "from 1"), ("epochs=ten", "whole number"),
      ("=1", "not a setting"),
    ])
  func directives(settings: String, words: String) {
    expectFailure(Self.learn(settings), line: 1, words)
  }

  @Test("a dimension against the rows") func dimensionAgainstRows() {
    expectFailure(Self.learn("dimension=2"), line: 3, "\"A\" has 1", "dimension=2")
  }

  @Test("a directive without tables, on its own line") func directiveAlone() {
    expectFailure("Hello.\n\n<!-- kindred: learn -->\n", line: 3, "two tables", "none")
  }

  // MARK: Parts

  @Test("one table, three tables, none") func tableCounts() {
    expectFailure(
      "## Part 1\n\nWords come first.\n\nUsers\nA\t1\n", line: 1, "two tables", "\"Users\"")
    expectFailure(
      "Users\nA\t1\n\nMovies\nB\t1\n\nItems\nC\t1\n", line: 7, "\"Users\", \"Movies\", \"Items\"")
    expectFailure("Nothing here but words.\n", line: nil, "nothing to solve")
    expectFailure("dot(u1, m1) = 1\n", line: 1, "two tables", "none")
  }

  @Test("a table without rows") func noRows() {
    expectFailure("Users\n| a | b |\n|---|---|\n\nMovies\nB\t1\n", line: 1, "\"Users\" has no rows")
  }

  @Test("scores of blanks") func scoreOfBlanks() {
    expectFailure(
      "## Using\n\nAll of it.\n\nUsers\nA\t1\t_\n\nMovies\nB\t1\t1\n", line: 6, "\"A\" has a blank",
      "construct")
  }

  @Test("blanks and nothing that is wanted") func nothingWanted() {
    expectFailure("Users\nA\t_\n\nMovies\nB\t1\n", line: 1, "Numbers are missing", "kindred: learn")
    expectFailure(
      "Users\nA\t_\n\nMovies\nB\t1\n\ndot(u1, m1) = ___\n", line: 1, "Numbers are missing")
  }

  @Test("learning without targets, or without anything to learn") func nothingToLearn() {
    expectFailure(
      Self.learn("", relations: "That is all there is."), line: 2, "nothing to learn",
      "Dot(u1, m1) = 1")
    expectFailure(Self.learn("", relations: "dot(u1, m1) = ?"), line: 2, "nothing to learn")
    let given = Self.learn("").replacing("_", with: "2")
    expectFailure(given, line: 2, "No number is missing", "train=items")
    #expect(failure(given.replacing("learn", with: "learn train=items")) == nil)
  }

  @Test("relations of the part before that do not fit") func inheritedMisfit() {
    expectFailure(
      "# Construct\n\nFirst this.\n\nUsers\nA\t1\nB\t1\n\nMovies\nC\t_\n\ndot(B, C) = 1\n\n# Learn\n\nThen that.\n\nUsers\nD\t_\n\nMovies\nC\t1\n",
      line: 14, "line 1", "\"B\"", "Users has no such row")
  }
}
