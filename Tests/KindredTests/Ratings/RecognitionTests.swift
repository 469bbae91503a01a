// Recognising a form from content, whatever the first lines look like.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import Testing

@Suite("Recognition of ratings files") struct RecognitionTests {
  private func format(_ text: String) throws -> RatingsFormat? {
    try read(text).report.formats.first
  }

  @Test("Adjacency whose first lines look like triples") func adjacencyLikeTriples() throws {
    #expect(try format("0 1 2\n1 3\n2 4 5 6\n") == .adjacency)
    #expect(try format("0 1 2\n1 3 4\n2 4 5 6\n") == .adjacency)
    let head = (0..<1500).map { "\($0) \($0 + 7) \($0 % 5)\n" }.joined()
    let tail = (1500..<6000).map { "\($0) 1 2 3 \($0)\n" }.joined()
    #expect(try format(head + tail) == .adjacency)
  }

  @Test("Adjacency whose first lines look like pairs") func adjacencyLikePairs() throws {
    #expect(try format("0 1\n1 3\n2 4 5\n") == .adjacency)
    #expect(try format("1 10 20 30\n2 10\n1 40\n") == .adjacency)
  }

  @Test("Adjacency with three numbers in each line: many items, no user twice")
  func constantAdjacency() throws {
    let text = (0..<50).map { "\($0) \(1000 + $0 * 2) \(1001 + $0 * 2)\n" }.joined()
    #expect(try format(text) == .adjacency)
    #expect(try format("ann matrix alien\nbob up wall-e\n") == .adjacency)
  }

  @Test("Triples with many whole values, where users repeat") func playCounts() throws {
    let text = (0..<300).map { "\($0 / 10) \($0 % 10) \($0 * 7)\n" }.joined()
    #expect(try format(text) == .triples)
  }

  @Test("What may be either is an error that lists the forms") func ambiguous() throws {
    let text = (0..<300).map { "\($0 == 1 ? 0 : $0) \($0 % 10) \($0 * 7)\n" }.joined()
    let error = try readingError(text)
    #expect(error?.code == .unknownFormat)
    let message = error?.description ?? ""
    #expect(message.contains("300 lines") && message.contains("3 fields"))
    for format in RatingsFormat.allCases { #expect(message.contains(format.rawValue)) }
    #expect(try read(text, ReadingOptions(format: .triples)).ratings.count == 299 + 1)
    #expect(try !read(text, ReadingOptions(format: .adjacency)).ratings.hasValues)
  }

  @Test("The third column decides between ratings and items") func thirdColumn() throws {
    #expect(try format("1 2 3\n1 3 4\n2 3 5\n") == .triples)
    #expect(try format("196 242 3 881250949\n186 302 3 891717742\n") == .triples)
    #expect(try format("1 2 3.5\n2 3 4.0\n3 4 5.0 \n") == .triples)
  }

  @Test(
    "A first line that is wrong is an error, not another form",
    arguments: [
      "1 2\n1 3 3.5\n2 3 4.5\n3 3 1.5\n", "oops\n1\t2\t3\n1\t3\t3\n2\t2\t5\n",
      "1,2\n1,3,3.5\n2,3,4.5\n3,3,1.5\n", "::\n1::3::3.5\n2::3::4.5\n3::3::1.5\n",
      "\"\n1,3,3.5\n2,3,4.5\n3,3,1.5\n",
    ])
  func badFirstLine(text: String) throws {
    let error = try readingError(text)
    #expect(error?.line == 1)
    #expect(try read(text, ReadingOptions(skipBadLines: true)).report.skippedLines == 1)
  }

  @Test("A first data line of odd ids is data") func oddFirstLine() throws {
    #expect(try read("#1\tx\t4\n2\tx\t3\n3\ty\t5\n").ratings.count == 3)
    #expect(try read("user\titem\t4\n2\tx\t3\n3\ty\t5\n").ratings.count == 3)
    #expect(try read("a,b c,4\nb,c d,2\n").ratings.items.all == ["b c", "c d"])
    #expect(try read("a;b,c,4\nb;d,e,2\n").ratings.users.all == ["a;b", "b;d"])
  }

  @Test("A header that is not known is named in the error") func unknownHeader() throws {
    let triples = try readingError("who,what,how\n1,2,3\n2,3,4\n")
    #expect(triples?.line == 1 && triples?.description.contains("--columns") == true)
    let pairs = try readingError("who what\n1 2\n2 3\n")
    #expect(pairs?.line == 1 && pairs?.description.contains("--columns") == true)
  }

  @Test("A short line among triples is malformed, not a sign of adjacency") func shortLine() throws
  {
    let error = try readingError("1 10 4\n1 11 5\n2 10\n3 12 2\n")
    #expect(error?.line == 3)
    #expect(error?.description.contains("--input-format adjacency") == true)
  }

  @Test(
    "What is no ratings file is refused",
    arguments: [
      "This data set describes ratings, and tags.\nIt is made of users and items (films).\n",
      "{\"user\": \"a\", \"item\": \"b\", \"rating\": 4}\n{\"user\": \"c\", \"item\": \"b\"}\n",
      "<html><body>\n<h1>Not found</h1>\n</body></html>\n", "1|24|M|technician\n2|53|F|other\n",
      "one\ntwo\nthree\n", "%%MatrixMarket matrix coordinate real\n3 3 2\n1 1 4.5\n2 2 3.5\n",
    ])
  func refused(text: String) throws {
    let error = try readingError(text)
    #expect(error?.code == .unknownFormat)
    #expect(error?.description.contains("--input-format") == true)
  }
}
