// Every form of ratings file, read from a small one written by hand.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Forms of ratings files") struct ReadingFormsTests {
  /// The same three ratings in many forms.
  static let three: [(RatingsFormat, String)] = [
    (.tabs, "a\tx\t4\na\ty\t2.5\nb\tx\t1\n"),
    (.tabs, "a\tx\t4\t881250949\na\ty\t2.5\t881250950\nb\tx\t1\t881250951\n"),
    (.doubleColon, "a::x::4::978300760\na::y::2.5::978302109\nb::x::1::978301968\n"),
    (.doubleColon, "a::x::4\na::y::2.5\nb::x::1\n"),
    (.doubleColon, "UserID::MovieID::Rating\na::x::4\na::y::2.5\nb::x::1\n"),
    (.csv, "userId,movieId,rating,timestamp\na,x,4,1\na,y,2.5,2\nb,x,1,3\n"),
    (.csv, "userId,movieId,rating\na,x,4.0\na,y,2.5\nb,x,1.0\n"),
    (.csv, "User ID;Book-ID;Score\na;x;4\na;y;2.5\nb;x;1\n"),
    (.csv, "rating,when,ITEM_ID,note,user\n4,1,x,,a\n2.5,2,y,\"n, o\",a\n1,3,x,n,b\n"),
    (.csv, "a,x,4\na,y,2.5\nb,x,1\n"),
    (.csv, "a,x,4,1112486027\na,y,2.5,1112486028\nb,x,1,1112486029\n"),
    (.csv, "a;x;4\na;y;2.5\nb;x;1\n"),
    (.csv, "\"a\",\"x\",\"4\"\n\"a\",\"y\",\"2.5\"\n\"b\",\"x\",\"1\"\n"),
    (.tsv, "uid\tproductId\tstars\na\tx\t4\na\ty\t2.5\nb\tx\t1\n"),
    (.tsv, "user\titem\tvalue\ttime\na\tx\t4\t1\na\ty\t2.5\t2\n\"b\"\tx\t1\t3\n"),
    (.triples, "a x 4\na y 2.5\nb x 1\n"),
    (.triples, "  a   x  4 \na y\t2.5\t\nb x 1e0\n"),
    (.triples, "a x 4 881250949\na y 2.5 881250950\nb x 1 881250951\n"),
    (.triples, "# ours\n% and theirs\na x 4\na y 2.5\nb x 1\n"),
    (.triples, "user item rating\na x 4\na y 2.5\nb x 1\n"),
    (.tabs, "% sym weighted\na\tx\t4\na\ty\t2.5\nb\tx\t1\n"),
  ]

  @Test("give the same ratings", arguments: three)
  func sameRatings(format: RatingsFormat, text: String) throws {
    let (ratings, report) = try read(text)
    #expect(ratings.listing == ["a x 4.0", "a y 2.5", "b x 1.0"])
    #expect(report.formats == [format])
    #expect(report.lines == 3)
    #expect(ratings.hasValues)
    #expect(ratings.range == 1...4)
    #expect(ratings.mean == 2.5)
    // Saying the form that was recognised changes nothing.
    let forced = try read(text, ReadingOptions(format: format))
    #expect(forced.ratings.fingerprint == ratings.fingerprint)
    #expect(forced.report == ReadingReport(report, files: forced.report.files))
  }

  @Test(
    "are known by many names of their columns",
    arguments: [
      "star_rating", "review_score", "Rating10", "rate", "preference", "r", "my_score", "STARS",
      "review/score", "User Rating",
    ])
  func ratingNames(name: String) throws {
    let text = "customer_id,helpful_votes,product_id,\(name)\na,7,x,4\na,8,y,2.5\nb,9,x,1\n"
    let (ratings, report) = try read(text)
    #expect(ratings.listing == ["a x 4.0", "a y 2.5", "b x 1.0"])
    #expect(report.unusedColumns == ["helpful_votes"])
  }

  @Test(
    "have times under many names",
    arguments: ["created_at", "review_date", "unix_timestamp", "review_time", "rating_timestamp"])
  func timeNames(name: String) throws {
    let (ratings, _) = try read(
      "user,item,rating,\(name)\na,x,4,881250949\n", ReadingOptions(keepsTimes: true))
    #expect(ratings.times.map { Array($0) } == [881_250_949_000])
    #expect(ratings.hasValues)
  }

  @Test("keep users whose ids start with # or %, and count comments")
  func hashedUsers() throws {
    let rows = "#cats u1 5\n#cats u2 4\n%dogs u1 3\nbirds u1 1\n"
    let (ratings, report) = try read("# topic user stars\n# more words than that here\n" + rows)
    #expect(ratings.users.all == ["#cats", "%dogs", "birds"])
    #expect(ratings.count == 4 && report.comments == 2)
    #expect(try read(rows).ratings.count == 4)
  }

  @Test("lose their times, and say so, where a time that is not needed cannot be read")
  func badTimes() throws {
    let text = "user,item,rating,time\na,x,3,881250949\na,y,4,soon\nb,x,5,\n"
    let options = ReadingOptions(keepsTimes: true, requiresTimes: false)
    let (ratings, report) = try read(text, options)
    #expect(ratings.count == 3 && !ratings.hasTimes)
    #expect(report.timesError?.code == .badTime && report.timesError?.line == 3)
    #expect(try readingError(text, ReadingOptions(keepsTimes: true))?.code == .badTime)
    #expect(try read(text).ratings.count == 3)
  }

  @Test(
    "give the same interactions",
    arguments: [
      (RatingsFormat.pairs, "a x\na y\nb x\n"), (.pairs, "a\tx\na\ty\nb\tx\n"),
      (.csv, "userId,itemId\na,x\na,y\nb,x\n"), (.csv, "a,x\na,y\nb,x\n"),
      (.csv, "user_id,tag,book_id\na,t,x\na,t,y\nb,t,x\n"), (.pairs, "user item\na x\na y\nb x\n"),
      (.tsv, "user\titem\na\tx\na\ty\nb\tx\n"), (.adjacency, "a x y\nb x\n"),
      (.adjacency, "a x\nb x\na y z\na z\n"), (.adjacency, "# users\na x y\nb x\n"),
    ])
  func interactions(format: RatingsFormat, text: String) throws {
    let (ratings, report) = try read(text)
    #expect(ratings.listing.filter { !$0.contains("z") } == ["a x 1.0", "a y 1.0", "b x 1.0"])
    #expect(report.formats == [format])
    #expect(!ratings.hasValues)
  }

  @Test("Adjacency keeps users without items, and rows are numbered by first appearance")
  func adjacency() throws {
    let (ratings, _) = try read("2 9 8 7\n1 \n0 8\n2 6\n")
    #expect(ratings.users.all == ["2", "1", "0"])
    #expect(ratings.items.all == ["9", "8", "7", "6"])
    #expect(ratings.listing == ["2 9 1.0", "2 8 1.0", "2 7 1.0", "2 6 1.0", "0 8 1.0"])
  }

  @Test("Tab-separated pairs may hold blanks") func tabPairs() throws {
    let (ratings, report) = try read("ann lee\tThe Matrix (1999)\nbob\tUp\n")
    #expect(report.formats == [.tabs])
    #expect(ratings.items.all == ["The Matrix (1999)", "Up"])
  }

  @Test("Columns are found by the names given") func namedColumns() throws {
    let text = "who,what,how much,user\na,x,4,z\nb,y,2,z\n"
    let columns = ColumnNames(user: "who", item: "what", rating: "How Much")
    let (ratings, _) = try read(text, ReadingOptions(columns: columns))
    #expect(ratings.listing == ["a x 4.0", "b y 2.0"])
    let error = try readingError(
      text, ReadingOptions(columns: ColumnNames(user: "who", item: "thing")))
    #expect(error?.code == .missingColumn)
    #expect(error?.description.contains("\"thing\"") == true)
    #expect(error?.description.contains("who, what, how much, user") == true)
    let none = try readingError(
      "a x 4\nb y 2\n", ReadingOptions(columns: ColumnNames(user: "who")))
    #expect(none?.description.contains("\"who\"; the first line is no header") == true)
    for names in [ColumnNames(rating: "r"), ColumnNames(timestamp: "t")] {
      let missing = try readingError(
        "user,item,rating\na,x,4\n", ReadingOptions(columns: names))
      #expect(missing?.code == .missingColumn)
    }
  }

  @Test("Several files are joined in order, whatever their forms") func files() throws {
    let folder = try ScratchFolder()
    let first = try folder.file("b x 1.5\na y 2\n", "1")
    let second = try folder.file("userId,itemId,rating\nc,y,3\nb,x,5\n", "2")
    var fractions: [Double] = []
    let (ratings, report) = try Ratings.read([first, second]) { fractions.append($0) }
    #expect(ratings.users.all == ["b", "a", "c"])
    #expect(ratings.listing == ["b x 5.0", "a y 2.0", "c y 3.0"])
    #expect(report.files == [first, second])
    #expect(report.formats == [.triples, .csv])
    #expect(report.lines == 4)
    #expect(report.duplicates == 1)
    #expect(fractions.last == 1)
    #expect(try Ratings(contentsOf: first).count == 2)

    let pairs = try folder.file("a x\nb y\n", "3")
    let error = #expect(throws: RatingsError.self) { try Ratings.read([first, pairs]) }
    #expect(error?.description.contains("read them apart") == true)
  }

  @Test(
    "The policy decides which of several ratings counts",
    arguments: [
      (DuplicatePolicy.first, Float(4)), (.last, 1), (.mean, 2.5), (.sum, 7.5),
    ])
  func duplicates(policy: DuplicatePolicy, kept: Float) throws {
    let text = "a x 4\na y 2\na x 2.5\nb x 3\na x 1\n"
    let (ratings, report) = try read(text, ReadingOptions(duplicates: policy))
    #expect(ratings.listing == ["a x \(kept)", "a y 2.0", "b x 3.0"])
    #expect(report.duplicates == 2)
    let error = try readingError(text, ReadingOptions(duplicates: .error))
    #expect(error?.code == .duplicate)
  }
}

extension ReadingReport {
  /// The same report about other files.
  init(_ report: ReadingReport, files: [String]) {
    self = report
    self.files = files
  }
}
