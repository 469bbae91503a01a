// What is wrong with a file, where, and in which words.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Bad ratings files") struct BadRatingsFilesTests {
  @Test("Columns that move within a file are an error on the line where they do")
  func movedColumns() throws {
    let moved = try readingError("user,item,rating\nu1,i1,4\nu2,i2,3\n5,u3,i3\n")
    #expect(moved?.code == .badNumber && moved?.line == 4)
    let added = try readingError("user,item,rating\nu1,i1,4\nu2,i2,extra,3\n")
    #expect(added?.code == .badLine && added?.line == 3)
    let lost = try readingError("u1\ti1\t4\nu2\ti2\t3\nu3\t2\nu4\ti1\t1\n")
    #expect(lost?.code == .badLine && lost?.line == 3)
  }

  @Test("Two delimiters in one file are an error on the line of the second")
  func mixedDelimiters() throws {
    for (text, line) in [
      ("user,item,rating\nu1,i1,4\nu2;i2;3\n", 3), ("u1,i1,4\nu2,i2,3\nu3,i3,5\nu4\ti4\t2\n", 4),
      ("u1::i1::4\nu2::i2::3\nu3:i3:5\n", 3), ("u1 i1 4\nu2 i2 3\nu1 i3 4\nu3,i3,5\n", 4),
    ] {
      let error = try readingError(text)
      #expect(error?.code == .badLine && error?.line == line, "\(text)")
    }
  }

  @Test(
    "A malformed line is told with its number, its text and what was expected",
    arguments: [
      ("1 2 3.5\n\n1 2\n2 2 4.5\n", 3, "2 fields", "\"1 2\""),
      ("a::x::4\na::y\nb::x::2\nc::x::2\n", 2, "2 fields", "user, item and rating"),
      ("user,item,rating\na,x,4\na,y,2,9\n", 3, "4 fields", "separated by commas"),
      ("user,item,rating\na,\"x,4\nb,y,2\n", 2, "never closed", "a,\"x,4"),
      ("user,item,rating\na,\"x\"y,4\nb,y,2\n", 2, "after a closing quote", "commas"),
      ("1\t2\t3\n1\t3\tx\n2\t2\t3\n", 2, "\"x\" is not a number", "1\\t3\\tx"),
      ("1\t2\t3\n1\t3\t\n2\t2\t3\n", 2, "rating is empty", "separated by tabs"),
      ("1\t2\t3\n\t3\t2\n2\t2\t3\n", 2, "user's id is empty", "separated by tabs"),
      ("1\t2\t3\n1\t\t2\n2\t2\t3\n", 2, "item's id is empty", "separated by tabs"),
      ("1 2 3\n1 3 4,5\n2 2 3\n", 2, "decimal comma", "4.5"),
      ("a;x;4,5\nb;y;3,5\n", 1, "decimal comma", "semicolons"),
      ("a x 4,5\nb y 3,5\n", 1, "decimal comma", "spaces"),
      ("1 2 3\n1 3 nan\n2 2 3\n", 2, "\"nan\" is not a number", "1 3 nan"),
      ("1 2 3\n1 3 inf\n2 2 3\n", 2, "\"inf\" is not a number", "1 3 inf"),
      ("1 2 3\n1 3 0x10\n2 2 3\n", 2, "not a number", "1 3 0x10"),
      ("1 2 3\n1 3 1e400\n2 2 3\n", 2, "too large", "1e400"),
      ("1 2 3\n1 3 1e39\n2 2 3\n", 2, "too large", "1e39"),
      ("1 2 3.5\n1 3 4.5\n2 ", 3, "1 field ", "\"2 \""),
      ("1\t2\t3\t881250949\n1\t3\t4\t881250949\n2\t5", 3, "2 fields", "timestamp"),
    ])
  func malformed(text: String, line: Int, what: String, shown: String) throws {
    let error = try #require(try readingError(text))
    #expect(error.line == line)
    #expect(error.file?.hasSuffix("ratings") == true)
    for part in ["line \(line):", what, shown, "expected"] {
      #expect(error.description.contains(part), "\(error)")
    }
  }

  @Test("A long line is cut to 80 characters, control characters are escaped") func excerpts()
    throws
  {
    let long = try #require(
      try readingError("1 2 3.5\n1 2 4.5\n1 " + String(repeating: "é", count: 500) + "\n"))
    #expect(long.description.contains("1 " + String(repeating: "é", count: 78) + "…\""))
    let control = try #require(try readingError("1 2 3.5\n1 2 4.5\n1 \u{1B}[31m\n"))
    #expect(control.description.contains("1 \\u{1B}[31m"))
  }

  @Test(
    "A file that is no text is told so in a sentence",
    arguments: [
      ([], RatingsError.Code.empty, "is empty", nil),
      (Array("\n \r\n\n".utf8), .empty, "only blank lines", nil),
      (Array("# a\n# b\n".utf8), .empty, "only comments", nil),
      (Array("userId,movieId,rating\n".utf8), .empty, "a header but no ratings", nil),
      (Array("\u{FEFF}".utf8), .empty, "only blank lines", nil),
      (Array("1 2 3\n1 2 \0\n".utf8), .notText, "NUL", 2),
      ([0xFF, 0xFE, 0x31, 0, 0x20, 0], .notText, "UTF-16", nil),
      ([0xFE, 0xFF, 0, 0x31, 0, 0x20], .notText, "UTF-16", nil),
      (Array("1 2 3\r\n1 2 ".utf8) + [0xE9, 0x0A], .notText, "E9", 2),
      (Array("1 2 3\r1 2 4\r".utf8) + [0xC3], .notText, "C3", 3),
      (Array("1 2 3\n".utf8) + [0xED, 0xA0, 0x80], .notText, "ED A0 80", 2),
      (Array("1 2 3\n".utf8) + [0xF4, 0x90, 0x80, 0x80], .notText, "UTF-8", 2),
      (Array("1 2 3\n".utf8) + [0xC0, 0x80], .notText, "UTF-8", 2),
    ] as [([UInt8], RatingsError.Code, String, Int?)])
  func wholeFile(bytes: [UInt8], code: RatingsError.Code, what: String, line: Int?) throws {
    let error = try #require(try readingError(bytes))
    #expect(error.code == code)
    #expect(error.description.contains(what), "\(error)")
    #expect(error.line == line)
    #expect(error.file != nil)
    // A file that cannot be understood as a whole is no bad line to be skipped.
    #expect(try readingError(bytes, ReadingOptions(skipBadLines: true))?.code == code)
  }

  @Test("A missing file and a directory") func missing() throws {
    let folder = try ScratchFolder()
    let none = #expect(throws: RatingsError.self) {
      try Ratings(contentsOf: folder.path + "/none.csv")
    }
    #expect(none?.code == .notFound)
    #expect(none?.description.contains("none.csv: there is no such file") == true)
    let directory = #expect(throws: RatingsError.self) { try Ratings(contentsOf: folder.path) }
    #expect(directory?.code == .unreadable)
    #expect(directory?.description.contains("is a directory") == true)
    #expect(throws: RatingsError.self) { try Titles.read(folder.path) }
  }

  #if os(Linux)
    /// Even the superuser cannot read the start of a process's memory; permissions do not stop them.
    @Test("A file that cannot be read") func unreadable() {
      let error = #expect(throws: RatingsError.self) { try Ratings(contentsOf: "/proc/self/mem") }
      #expect(error?.code == .unreadable)
      #expect(error?.description.contains("/proc/self/mem cannot be read") == true)
    }
  #endif

  @Test("Bad lines are counted instead, if asked") func skipping() throws {
    let text = #"""
      user,item,rating
      a,x,4
      a,y
      a,"z,3
      b,x,none
      b,y,2
      ,y,2
      b,"q"r,2
      c,"x ""1""",5

      """#
    let (ratings, report) = try read(text, ReadingOptions(skipBadLines: true))
    #expect(ratings.listing == ["a x 4.0", "b y 2.0", "c x \"1\" 5.0"])
    #expect(report.lines == 8)
    #expect(report.skippedLines == 5)
    #expect(report.firstSkipped.map(\.line) == [3, 4, 5])
    let allBad = try readingError("user,item,rating\na,x\nb\n", ReadingOptions(skipBadLines: true))
    #expect(allBad?.code == .empty)
    #expect(allBad?.description.contains("none of its 2 lines") == true)
  }
}
