// Times beside the ratings that they belong to.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

extension ReadingOptions {
  /// The defaults, and times kept.
  static var withTimes: ReadingOptions { ReadingOptions(keepsTimes: true) }
}

extension Ratings {
  /// "user item value time" for each rating, in order.
  var timedListing: [String] {
    zip(listing, times.map { Array($0) } ?? []).map { "\($0) \($1)" }
  }
}

@Suite("Times of ratings") struct TimesReadingTests {
  @Test(
    "they are read from every form that has them",
    arguments: [
      "a\tx\t4\t100\na\ty\t3\t200\nb\tx\t5\t150\n",
      "a::x::4::100\na::y::3::200\nb::x::5::150\n",
      "a x 4 100\na y 3 200\nb x 5 150\n",
      "user,item,rating,timestamp\na,x,4,100\na,y,3,200\nb,x,5,150\n",
      "when,rating,item,user\n100,4,x,a\n200,3,y,a\n150,5,x,b\n",
      "date\tuser\titem\trating\n1970-01-01T00:01:40Z\ta\tx\t4\n"
        + "1970-01-01 00:03:20\ta\ty\t3\n150\tb\tx\t5\n",
    ])
  func forms(content: String) throws {
    var options = ReadingOptions.withTimes
    if content.hasPrefix("when") { options.columns = ColumnNames(timestamp: "when") }
    if content.hasPrefix("a::") { options.format = .doubleColon }
    if content.hasPrefix("a x") { options.format = .triples }
    let ratings = try read(content, options).ratings
    #expect(ratings.hasTimes)
    #expect(ratings.timedListing == ["a x 4.0 100000", "a y 3.0 200000", "b x 5.0 150000"])
  }

  @Test("they follow their ratings whatever the order of the lines") func order() throws {
    let ratings = try read(
      "user,item,rating,timestamp\nb,y,1,1\na,x,2,2\nb,x,3,3\na,y,4,4\n", .withTimes
    ).ratings
    #expect(
      ratings.timedListing == ["b y 1.0 1000", "b x 3.0 3000", "a y 4.0 4000", "a x 2.0 2000"])
  }

  @Test("of repeated pairs the time is the kept rating's, of a mean the last one's")
  func duplicates() throws {
    let content = "user,item,rating,timestamp\na,x,1,30\na,y,2,5\na,x,4,10\n"
    let kept: [(DuplicatePolicy, String)] = [
      (.first, "a x 1.0 30000"), (.last, "a x 4.0 10000"), (.mean, "a x 2.5 10000"),
    ]
    for (policy, line) in kept {
      let options = ReadingOptions(duplicates: policy, keepsTimes: true)
      #expect(try read(content, options).ratings.timedListing == [line, "a y 2.0 5000"])
    }
  }

  @Test("they are not kept unless asked for, nor where there are none") func absent() throws {
    let timed = "user,item,rating,timestamp\na,x,1,nonsense\n"
    #expect(try !read(timed).ratings.hasTimes)
    #expect(try !read("user,item,rating\na,x,1\n", .withTimes).ratings.hasTimes)
    #expect(try !read("a x\nb y\n", .withTimes).ratings.hasTimes)
    let folder = try ScratchFolder()
    let paths = [
      try folder.file("user,item,rating,timestamp\na,x,1,5\n", "1.csv"),
      try folder.file("user,item,rating\nb,x,1\n", "2.csv"),
    ]
    for paths in [paths, paths.reversed()] {
      let ratings = try Ratings.read(paths, options: .withTimes).ratings
      #expect(!ratings.hasTimes && ratings.count == 2)
    }
    let both = try Ratings.read([paths[0], paths[0]], options: .withTimes).ratings
    #expect(both.timedListing == ["a x 1.0 5000"])
  }

  @Test("a malformed one is an error with file, line and text, or a skipped line")
  func malformed() throws {
    let content = "user,item,rating,timestamp\na,x,1,5\na,y,2,yesterday\n"
    let error = try #require(try readingError(content, .withTimes))
    #expect(error.code == .badTime && error.line == 3 && error.file != nil)
    #expect(error.description.contains("\"yesterday\"") && error.description.contains("line 3"))
    let empty = "user,item,rating,timestamp\na,x,1,\n"
    #expect(try readingError(empty, .withTimes)?.code == .badTime)
    let options = ReadingOptions(skipBadLines: true, keepsTimes: true)
    let (ratings, report) = try read(content, options)
    #expect(ratings.timedListing == ["a x 1.0 5000"] && report.skippedLines == 1)
  }
}
