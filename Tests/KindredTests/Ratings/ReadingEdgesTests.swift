// Line ends, quotes, marks and unusual ids.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import Testing

@Suite("Edges of ratings files") struct ReadingEdgesTests {
  @Test(
    "Line ends of any kind, blank lines and a byte order mark change nothing",
    arguments: [
      "\n", "\r\n", "\r", "\n\n", "\r\n\r\n",
    ])
  func lineEnds(end: String) throws {
    for text in ReadingFormsTests.three.map(\.1) {
      let plain = try read(text).ratings.fingerprint
      let changed = text.replacing("\n", with: end)
      #expect(try read(changed).ratings.fingerprint == plain)
      #expect(try read("\u{FEFF}" + changed).ratings.fingerprint == plain)
      // The last line need not end.
      let unended = String(changed.unicodeScalars.dropLast(end.unicodeScalars.count))
      #expect(try read(unended).ratings.fingerprint == plain)
    }
  }

  static let ids = [
    "two words", " leading and trailing ", "quo\"te", "it's", "🎬🍿", "👩‍👩‍👧", "naïve", "e\u{301}", "日本語",
    "#hash", "%", "-1", "1e5", "\u{1B}[0m", "a:b", String(repeating: "x", count: 10_000),
  ]

  @Test("Unusual ids come through unchanged", arguments: ids) func roundTrip(id: String) throws {
    let quoted = "\"" + id.replacing("\"", with: "\"\"") + "\""
    let texts = [
      "u\ti\t3\n\(id)\tv\t4\nw\t\(id)\t5\n", "u::i::3\n\(id)::v::4\nw::\(id) ::5\n",
      "user,item,rating\nu,i,3\n\(quoted),v,4\nw,\(quoted),5\n",
      "user,item,rating\nu,i,3\n\(id),v,4\nw,\(id),5\n",
      "user\titem\trating\nu\ti\t3\n\(quoted)\tv\t4\nw\t\(quoted)\t5\n",
    ]
    for text in texts {
      let ratings = try read(text).ratings
      #expect(ratings.users.all == ["u", id, "w"])
      #expect(ratings.items.all.last == (text.contains("::i::") ? id + " " : id))
    }
  }

  @Test("Ids without blanks come through in whitespace forms", arguments: ids)
  func compactRoundTrip(id: String) throws {
    guard !id.contains(" ") else { return }
    let ratings = try read("u i 3.5\n\(id) v 4\nw \(id) 5\n").ratings
    #expect(ratings.users.all == (["u", id, "w"]))
    #expect(ratings.items.all == ["i", "v", id])
  }

  @Test("Quoted fields may hold separators, quotes and line breaks") func quoting() throws {
    let text = "user,item,rating\r\n\"a,\r\n\"\"b\"\"\",\"x\ny\rz\",4\r\n\"\",y,3\r\n"
    let error = try readingError(text)
    // The record of line 2 goes on to line 5.
    #expect(error?.line == 6)
    #expect(error?.code == .emptyID)
    let (ratings, report) = try read(text, ReadingOptions(skipBadLines: true))
    #expect(ratings.users.all == ["a,\r\n\"b\""])
    #expect(ratings.items.all == ["x\ny\rz"])
    #expect(report.lines == 2)
  }

  @Test("A quote inside a field is just a quote") func innerQuotes() throws {
    let ratings = try read("user,item,rating\n5\" disc,12\",4\n\"5\"\" disc\",\"x\",3\n").ratings
    #expect(ratings.users.all == ["5\" disc"])
    #expect(ratings.items.all == ["12\"", "x"])
  }

  @Test("After a stray quote reading goes on with the next line") func strayQuotes() {
    let text = Flat("a,\"b\nc,d\n\"e\"f,g\n\"h\",i".utf8)
    var records = Records(text, separator: .comma, quoting: true)
    var seen: [String] = []
    loop: while true {
      switch records.next() {
      case .record: seen.append("\(records.line) " + records.fields.map(records.text).joined())
      case .fault(.unclosed): seen.append("\(records.line) unclosed")
      case .fault(.textAfterQuote): seen.append("\(records.line) text")
      case .end: break loop
      }
    }
    #expect(seen == ["1 text", "2 cd", "3 text", "4 hi"])
  }

  @Test(
    "Ratings are read in every way of writing them",
    arguments: [
      ("4", 4), ("4.5", 4.5), ("1e1", 10), ("+3", 3), ("-2.5", -2.5), (".5", 0.5), ("5.", 5),
      ("0", 0), ("4.50000", 4.5), (" 3 ", 3), ("16777217", 16_777_216), ("0.1", 0.1),
      ("1E-2", 0.01), ("3.4028235e38", 3.4028235e38), ("1e-60", 0),
      ("0.333333333333333333333333333", 0.33333334), ("00000000000000000000000000004", 4),
    ] as [(String, Float)])
  func numbers(text: String, value: Float) {
    let bytes = Flat(text.utf8)
    #expect(DecimalNumber.parse(bytes, 0..<bytes.count) == value)
  }

  @Test(
    "What is no decimal number is not taken for one",
    arguments: [
      "", " ", ".", "-", "+", "e1", "1e", "1e+", "1.2.3", "--1", "1-", "nan", "inf", "infinity",
      "0x1p3", "1_000", "4,5", "1 2", "½", "٣", "1e39", "-1e39", "1e400",
    ])
  func notNumbers(text: String) {
    let bytes = Flat(text.utf8)
    #expect(DecimalNumber.parse(bytes, 0..<bytes.count) == nil)
  }

  @Test("Numbers are rounded as the standard library rounds them", arguments: 0..<20)
  func rounding(seed: UInt64) {
    var random = KeyedRandom(seed: seed)
    for _ in 0..<500 {
      let whole = random.below(1 << random.below(40))
      let decimals = (0..<random.below(12)).map { _ in String(random.below(10)) }.joined()
      let exponent = random.below(3) == 0 ? "e\(random.below(40) - 20)" : ""
      let text = "\(whole).\(decimals)\(exponent)"
      let bytes = Flat(text.utf8)
      let expected = Float("\(whole).\(decimals)0\(exponent)")
      #expect(DecimalNumber.parse(bytes, 0..<bytes.count) == expected, "\(text)")
    }
  }
}
