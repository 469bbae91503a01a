// Files large enough to be read in parts, against the plainest reader there is.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Large ratings files") struct LargeReadingTests {
  /// What a file of one form looks like.
  struct Form: CustomTestStringConvertible, Sendable {
    let name: String
    let header: String
    let separator: String
    let lineEnd: String
    var quoted = false
    var longIDs = false
    var hasTimes = false

    var testDescription: String { name }
  }

  static let forms = [
    Form(name: "triples", header: "", separator: " ", lineEnd: "\n"),
    Form(name: "triples with long ids", header: "", separator: " ", lineEnd: "\n", longIDs: true),
    Form(name: "u.data", header: "", separator: "\t", lineEnd: "\n", hasTimes: true),
    Form(name: "ratings.dat", header: "", separator: "::", lineEnd: "\r\n", hasTimes: true),
    Form(
      name: "CSV", header: "user,item,rating,timestamp\n", separator: ",", lineEnd: "\n",
      hasTimes: true),
    Form(
      name: "CSV with quotes", header: "user,item,rating\n", separator: ",", lineEnd: "\r\n",
      quoted: true, longIDs: true),
    Form(name: "lone carriage returns", header: "", separator: " ", lineEnd: "\r"),
  ]

  private struct Line {
    let user: String
    let item: String
    let value: Float
    let time: Int64
  }

  /// Some 30,000 lines, a few hundred kilobytes or more, with blank lines and repeated pairs.
  private static func make(_ form: Form, seed: UInt64) -> (text: String, lines: [Line]) {
    var random = KeyedRandom(seed: seed, key: 4)
    var text = form.header
    var lines: [Line] = []
    for _ in 0..<30_000 {
      let (u, i) = (random.below(3000), random.below(random.below(2000) + 1))
      var user = form.longIDs ? "customer-\(100_000 + u)" : "\(u)"
      var item = form.longIDs ? "B00PROD\(i)" : "\(i)"
      if form.quoted, u % 7 == 0 { user += ", \"the \(u)th\"" }
      if form.quoted, i % 11 == 0 { item += "\nover two lines, é" }
      let value = Float(random.below(10) + 1) / 2
      let time = Int64(800_000_000 + random.below(100_000_000))
      lines.append(Line(user: user, item: item, value: value, time: time * 1000))
      func field(_ text: String) -> String {
        form.quoted ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
      }
      var fields = [field(user), field(item), "\(value)"]
      if form.hasTimes { fields.append("\(time)") }
      text += fields.joined(separator: form.separator) + form.lineEnd
      if random.below(500) == 0 { text += form.lineEnd }
    }
    return (text, lines)
  }

  @Test("are read as the lines say, on any number of threads", arguments: forms)
  func sameAsPlain(form: Form) throws {
    let (text, lines) = Self.make(form, seed: 1)
    let folder = try ScratchFolder()
    let path = try folder.file(text)
    // The plain way: a dictionary of pairs, the last rating winning.
    var users: [String] = []
    var items: [String] = []
    var userRows: [String: Int] = [:]
    var itemRows: [String: Int] = [:]
    var pairs: [Int: [Int: (value: Float, time: Int64)]] = [:]
    for line in lines {
      if userRows[line.user] == nil {
        userRows[line.user] = users.count
        users.append(line.user)
      }
      if itemRows[line.item] == nil {
        itemRows[line.item] = items.count
        items.append(line.item)
      }
      let (u, i) = (userRows[line.user] ?? 0, itemRows[line.item] ?? 0)
      pairs[u, default: [:]][i] = (line.value, line.time)
    }
    let count = pairs.values.reduce(0) { $0 + $1.count }
    for threads in [1, 2, 3, 7] {
      let options = ReadingOptions(keepsTimes: true, threads: threads)
      let (ratings, report) = try Ratings.read([path], options: options)
      #expect(report.lines == lines.count)
      #expect(report.duplicates == lines.count - count)
      #expect(ratings.users.all == users)
      #expect(ratings.items.all == items)
      #expect(ratings.count == count)
      #expect(ratings.hasTimes == form.hasTimes)
      var right = true
      for user in ratings.users.rows {
        let row = pairs[Int(user.index)] ?? [:]
        let columns = row.keys.sorted().map { Int32($0) }
        right = right && ratings.byUser.columns(user).elementsEqual(columns)
        for entry in ratings.byUser.range(user) {
          let known = row[Int(ratings.byUser.columns[entry])]
          right = right && known?.value == ratings.byUser.values[entry]
          if let times = ratings.times { right = right && known?.time == times[entry] }
        }
      }
      #expect(right, "\(threads) threads")
      #expect(ratings.byUser.isStrictlyAscending && ratings.byItem.isStrictlyAscending)
      #expect(ratings.byItem.count == count)
    }
  }

  @Test("name the line of the first mistake, on any number of threads", arguments: 0..<12)
  func firstMistake(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 5)
    var lines = (0..<40_000).map { "user\($0 % 977) item\($0 % 1013) \($0 % 5 + 1)" }
    let mistakes = (0..<3).map { _ in random.below(lines.count) }.sorted()
    for mistake in mistakes { lines[mistake] = "user1 item1 five" }
    let folder = try ScratchFolder()
    let path = try folder.file(lines.joined(separator: "\n"))
    for threads in [1, 2, 5] {
      do throws(RatingsError) {
        _ = try Ratings.read([path], options: ReadingOptions(threads: threads))
        Issue.record("nothing was wrong")
      } catch {
        #expect(error.code == .badNumber)
        #expect(error.line == mistakes[0] + 1, "\(threads) threads")
      }
      let options = ReadingOptions(skipBadLines: true, threads: threads)
      let (_, report) = try Ratings.read([path], options: options)
      #expect(report.skippedLines == Set(mistakes).count)
      #expect(report.firstSkipped.map(\.line) == Set(mistakes).sorted().map { $0 + 1 })
    }
  }

  @Test("name the line of bytes that are no text", arguments: [1, 2, 5])
  func notText(threads: Int) throws {
    var bytes = Array(String(repeating: "u1 i1 3\n", count: 60_000).utf8)
    bytes[8 * 41_234 + 1] = 0
    bytes[8 * 51_234 + 1] = 0xFF
    let folder = try ScratchFolder()
    let path = try folder.file(bytes)
    do throws(RatingsError) {
      _ = try Ratings.read([path], options: ReadingOptions(threads: threads))
      Issue.record("it was read")
    } catch {
      #expect(error.code == .notText && error.line == 41_235)
    }
  }

  @Test("of several megabytes are recognised by a sample, and read whole")
  func sampled() throws {
    // More than eight megabytes, all of one user's lines together; most users come late.
    let lines = (0..<420_000).map {
      "customer-\(100_000 + $0 / 70)\tproduct\($0 % 7001)\t\($0 % 5)"
    }
    let folder = try ScratchFolder()
    let (ratings, report) = try Ratings.read([folder.file(lines.joined(separator: "\n"))])
    #expect(report.formats == [.tabs])
    #expect(ratings.count == 420_000 && ratings.users.count == 6000)
    #expect(ratings.items.count == 7001)
  }

  @Test("with a quote only far into the file are read as quoted")
  func lateQuote() throws {
    var lines = (0..<50_000).map { "u\($0 % 911),i\($0),\($0 % 5)" }
    lines[45_000] = "\"u, 1\",\"i\n1\",5"
    let folder = try ScratchFolder()
    let path = try folder.file("user,item,rating\n" + lines.joined(separator: "\n"))
    for threads in [1, 3] {
      let ratings = try Ratings.read([path], options: ReadingOptions(threads: threads)).ratings
      #expect(ratings.users.contains("u, 1") && ratings.items.contains("i\n1"))
      #expect(ratings.count == 50_000)
    }
  }

  @Test("may have a line longer than any block")
  func longLine() throws {
    let items = (0..<300_000).map { "i\($0)" }
    let folder = try ScratchFolder()
    let path = try folder.file("a " + items.joined(separator: " ") + "\nb i5\nc i6 i7")
    for threads in [1, 4] {
      let ratings = try Ratings.read([path], options: ReadingOptions(threads: threads)).ratings
      #expect(ratings.count == 300_003 && ratings.users.all == ["a", "b", "c"])
    }
  }

  @Test("whose quotes never close are refused at once")
  func unclosed() throws {
    let text = "user,item,rating\n\"u,i,3\n" + String(repeating: "u,i,3\n", count: 500_000)
    let error = try readingError(text)
    #expect(error?.code == .badLine && error?.line == 2)
    #expect(error?.description.contains("never closed") == true)
  }

  @Test("with a repeated pair name both lines where that is an error")
  func duplicateLines() throws {
    let lines = (0..<30_000).map { "u\($0 % 300),i\($0),3" } + ["u7,i7,4"]
    let error = try readingError(
      lines.joined(separator: "\n"), ReadingOptions(duplicates: .error))
    #expect(error?.code == .duplicate && error?.line == 30_001)
    #expect(error?.description.contains("lines 8 and 30001") == true)
  }
}
