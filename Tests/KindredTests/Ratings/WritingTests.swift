// Ratings written as CSV and read again.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Writing ratings") struct WritingTests {
  private func written(_ ratings: Ratings) throws -> (text: String, again: Ratings) {
    let folder = try ScratchFolder()
    let path = folder.path("out.csv")
    try ratings.write(to: path)
    let text = String(decoding: try folder.bytes("out.csv"), as: UTF8.self)
    return (text, try Ratings.read([path], options: .withTimes).ratings)
  }

  @Test("the columns are those that are known") func columns() throws {
    let timed = "user,item,rating,timestamp\nb,y,4.50,100\na,y,2,200\n"
    #expect(
      try written(read(timed, .withTimes).ratings).text
        == "user,item,rating,timestamp\nb,y,4.5,100\na,y,2,200\n")
    #expect(try written(read(timed).ratings).text == "user,item,rating\nb,y,4.5\na,y,2\n")
    #expect(try written(read("b y\na y\n").ratings).text == "user,item\nb,y\na,y\n")
  }

  @Test("awkward ids come back as they were") func ids() throws {
    let ids = [
      "plain", "with, comma", "\"quoted\"", "a\"b", "line\nbreak", "carriage\rreturn", "both\r\n",
      " blanks ", "#hash", "%percent", "semi;colon", "tab\tbed", "naïve 日本 👩‍👩‍👧", "'", ",", "\"",
      "\n", "user", "0", "-",
    ]
    let ratings = try Ratings(
      ids.enumerated().map {
        (user: $0.element, item: ids[($0.offset * 7 + 3) % ids.count], rating: 1)
      }
    )
    let again = try written(ratings).again
    #expect(again.users.all == ratings.users.all && again.listing == ratings.listing)
  }

  @Test("ratings in rows of their users come back in the same rows", arguments: 0..<10)
  func roundTrip(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 3)
    var lines = "user,item,rating,timestamp\n"
    for user in 0..<30 {
      for item in 0..<40 where random.below(3) == 0 {
        // Any bits that are a finite number.
        let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
        let rating = value.isFinite ? value : 0.1
        lines += "u\(user),i\(item),\(rating),\(random.below(2_000_000_000))\n"
      }
    }
    let ratings = try read(lines, .withTimes).ratings
    let again = try written(ratings).again
    #expect(again.fingerprint == ratings.fingerprint && again.times == ratings.times)
  }

  @Test(
    "times of any kind come back as they were",
    arguments: [
      ["0", "-5", "99999999999"], ["1425445567123", "1425445567000"], ["0.001", "964982703"],
      ["-0.001", "-1.5", "1425445567.25"], ["9999-12-31T23:59:59.999Z", "0000-01-01", "0.5"],
      ["9999-12-31", "1969-12-31T23:59:59.001Z"], ["99999999999.999", "-99999999999.999"],
      ["-99999999999999", "100000000000"],
    ])
  func times(moments: [String]) throws {
    let lines = moments.enumerated().map { "u,i\($0.offset),1,\($0.element)\n" }.joined()
    let ratings = try read("user,item,rating,timestamp\n" + lines, .withTimes).ratings
    #expect(try written(ratings).again.times == ratings.times)
  }

  @Test("whole seconds are written as seconds, others as milliseconds") func unit() throws {
    func column(_ moments: String...) throws -> [String] {
      let lines = moments.enumerated().map { "u,i\($0.offset),1,\($0.element)\n" }.joined()
      let ratings = try read("user,item,rating,timestamp\n" + lines, .withTimes).ratings
      return try written(ratings).text.split(separator: "\n").dropFirst().map {
        String($0.split(separator: ",")[3])
      }
    }
    #expect(try column("2015-03-04T05:06:07Z", "-3") == ["1425445567", "-3"])
    #expect(try column("1425445567123", "1425445567") == ["1425445567123", "1425445567000"])
    // In milliseconds the second of these would be taken for seconds.
    #expect(try column("1425445567123", "5") == ["1425445567.123", "5.000"])
  }

  @Test("a file that cannot be written leaves the old one") func failing() throws {
    let folder = try ScratchFolder()
    let ratings = try read("a x 1\n").ratings
    #expect(throws: FileError.self) { try ratings.write(to: folder.path("no/such/folder.csv")) }
    #expect(try folder.names.isEmpty)
  }
}
