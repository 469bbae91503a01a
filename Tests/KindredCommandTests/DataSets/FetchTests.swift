// Data sets come whole or not at all, whatever the server does.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredCommand
import KindredTestSupport
import Testing

@Suite("Fetching", .enabled(if: MisbehavingServer.isPossible, "python3 or curl is missing"))
struct FetchTests {
  @Test(
    "ends with the right bytes",
    arguments: [
      "good.zip", "breaks-once.zip", "breaks-once-without-ranges.zip", "without-ranges.zip",
      "moved.zip", "busy-once.zip",
    ])
  func comes(name: String) throws {
    let server = try MisbehavingServer()
    let set = try server.set()
    let outcome = try server.fetch(set, from: name).run()
    #expect(try server.folder.bytes("made-up.zip") == server.content)
    #expect(try server.files == ["made-up.zip"])
    #expect(outcome.isVerified && !outcome.wasCached && outcome.bytes == server.content.count)
    if name == "breaks-once.zip" {
      #expect(try server.log == ["/\(name) -", "/\(name) bytes=\(server.content.count / 3)-"])
    }
  }

  @Test("goes on in a later run, and from a beginning that a server without ranges sends again")
  func laterRun() throws {
    for rest in ["good.zip", "without-ranges.zip"] {
      let server = try MisbehavingServer()
      let set = try server.set()
      var hasty = server.fetch(set, from: "breaks-always.zip")
      hasty.patience.retries = 0
      let tenth = server.content.count / 10
      let error = #expect(throws: FetchError.self) { try hasty.run() }
      guard case .brokenOff(_, let got, let expected, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(got == tenth && expected == server.content.count)
      #expect(try server.files == ["made-up.zip.part"])
      _ = try server.fetch(set, from: rest).run()
      #expect(try server.folder.bytes("made-up.zip") == server.content)
      #expect(try server.log[1] == "/\(rest) bytes=\(tenth)-")
    }
  }

  @Test("gives up after a few tries without getting further, and says how far it came")
  func givesUp() throws {
    let server = try MisbehavingServer()
    let set = try server.set()
    var said: [String] = []
    for (name, got) in [
      ("breaks-always.zip", 3 * (server.content.count / 10)),
      ("claims-more.zip", server.content.count),
    ] {
      var fetch = server.fetch(set, from: name)
      fetch.isForced = true
      fetch.say = { said.append($0) }
      let error = #expect(throws: FetchError.self) { try fetch.run() }
      guard case .brokenOff(_, got, server.content.count, _) = error else {
        Issue.record("\(name): \(String(describing: error))")
        continue
      }
    }
    #expect(said.contains { $0.contains("(2 of 2)") })
    #expect(try server.files == ["made-up.zip.part"])
  }

  @Test(
    "refuses other bytes than those that were expected",
    arguments: ["another.zip", "claims-less.zip"])
  func mismatch(name: String) throws {
    let server = try MisbehavingServer()
    let set = try server.set()
    let error = #expect(throws: FetchError.self) { try server.fetch(set, from: name).run() }
    let sums = try (Checksum.of(server.folder.path("content"), .sha256), error?.description ?? "")
    // Both sums are in the sentence: the one that came is the only other one of 64 digits.
    #expect(sums.1.contains(sums.0.digits))
    #expect(sums.1.split(separator: "sha256:").count == 3)
    #expect(try server.files.isEmpty)
  }

  @Test("a beginning of another file is thrown away and the set fetched anew")
  func wrongBeginning() throws {
    let server = try MisbehavingServer()
    let set = try server.set()
    _ = try server.folder.file([UInt8](repeating: 7, count: 1000), "made-up.zip.part")
    _ = try server.fetch(set, from: "good.zip").run()
    #expect(try server.folder.bytes("made-up.zip") == server.content)
    #expect(try server.log == ["/good.zip bytes=1000-", "/good.zip -"])
  }

  @Test("a beginning that is whole or too long needs no more than it needs")
  func wholeBeginning() throws {
    let server = try MisbehavingServer()
    let set = try server.set()
    _ = try server.folder.file(server.content, "made-up.zip.part")
    _ = try server.fetch(set, from: "good.zip").run()
    #expect(try server.log.isEmpty)
    var again = server.fetch(set, from: "good.zip")
    again.isForced = true
    _ = try server.folder.file(server.content + [1, 2, 3], "made-up.zip.part")
    _ = try again.run()
    #expect(try server.log == ["/good.zip -"])
    #expect(try server.folder.bytes("made-up.zip") == server.content)
    // Whole, but nobody knows the size: the server says that it has no more.
    let sizeless = try server.set(isSizeKnown: false)
    try FileManager.default.moveItem(atPath: server.target, toPath: server.target + ".part")
    _ = try server.fetch(sizeless, from: "good.zip").run()
    #expect(try server.folder.bytes("made-up.zip") == server.content)
  }

  @Test("an endless answer is cut off")
  func endless() throws {
    let server = try MisbehavingServer()
    let set = try server.set()
    let address = server.address("endless.zip")
    #expect(throws: FetchError.tooLarge(address: address, limit: server.content.count)) {
      try server.fetch(set, from: "endless.zip").run()
    }
    let sizeless = try server.set(isSizeKnown: false, ceiling: 300_000)
    #expect(throws: FetchError.tooLarge(address: address, limit: 300_000)) {
      try server.fetch(sizeless, from: "endless.zip").run()
    }
    #expect(try server.files.isEmpty)
  }

  @Test("a status is said, and leaves nothing behind", arguments: [403, 404, 500])
  func status(status: Int) throws {
    let server = try MisbehavingServer()
    let set = try server.set()
    let name = "status.\(status).zip"
    #expect(throws: FetchError.refused(address: server.address(name), status: status)) {
      try server.fetch(set, from: name).run()
    }
    #expect(try server.files.isEmpty && server.log.count == 1)
  }

  @Test("a connection that stands still is given up, and what came is kept")
  func stalls() throws {
    let server = try MisbehavingServer()
    let set = try server.set()
    var fetch = server.fetch(set, from: "stalls.zip")
    fetch.patience.retries = 0
    let error = #expect(throws: FetchError.self) { try fetch.run() }
    guard case .brokenOff(_, let got, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(got == server.content.count / 4)
    #expect(try server.folder.bytes("made-up.zip.part").count == got)
  }

  @Test(
    "redirections lead neither in circles nor to files",
    arguments: ["round.zip", "moved-to-file.zip"])
  func redirections(name: String) throws {
    let server = try MisbehavingServer()
    let set = try server.set()
    let error = #expect(throws: FetchError.self) { try server.fetch(set, from: name).run() }
    guard case .unreachable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try server.files.isEmpty)
  }

  @Test("a connection that ends at once leaves nothing behind")
  func endsAtOnce() throws {
    let server = try MisbehavingServer()
    let set = try server.set()
    let error = #expect(throws: FetchError.self) {
      try server.fetch(set, from: "breaks-at-once.zip").run()
    }
    guard case .brokenOff(_, 0, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try server.files.isEmpty && server.log.count == 3)
  }

  @Test("a server that is not there is one sentence, at once")
  func unreachable() throws {
    let server = try MisbehavingServer()
    // Port 1 of this machine: nothing listens there.
    let fetch = Fetch(try server.set(), from: "http://127.0.0.1:1/x.zip", to: server.target)
    let error = #expect(throws: FetchError.self) { try fetch.run() }
    #expect(error?.description.contains("could not be reached: the connection failed") == true)
    #expect(try server.files.isEmpty)
  }

  @Test("what curl says is understood")
  func curl() {
    let meaning = { Curl.meaning(of: $0, $1) }
    #expect(meaning(0, "") == .done)
    #expect(meaning(22, "curl: (22) The requested URL returned error: 404") == .status(404))
    #expect(meaning(22, "curl: (22) The requested URL returned error: 503 Busy") == .status(503))
    #expect(meaning(22, "curl: (22) The requested URL returned error: 416") == .cannotResume)
    #expect(meaning(18, "curl: (18) transfer closed") == .brokenOff("transfer closed"))
    for (code, said, words) in [
      (6, "curl: (6) Could not resolve host: x.invalid", "is this machine online?"),
      (60, "curl: (60) SSL certificate problem: certificate has expired", "could not be trusted"),
      (1, "", "curl said nothing"),
    ] as [(Int32, String, String)] {
      guard case .unreachable(let reason) = meaning(code, said) else {
        Issue.record("\(code)")
        continue
      }
      #expect(reason.contains(words))
    }
  }

  @Test("a set that changes is checked with the sum beside it")
  func beside() throws {
    let server = try MisbehavingServer()
    let set = try server.set(isSizeKnown: false, check: .beside)
    let outcome = try server.fetch(set, from: "good.zip").run()
    #expect(outcome.isVerified && outcome.checksum.kind == .md5)
    #expect(try server.log == ["/good.zip.md5 -", "/good.zip -"])
    var anew = server.fetch(set, from: "unmatched.zip")
    anew.isForced = true
    #expect(throws: FetchError.self) { try anew.run() }
    // What was there before is untouched.
    #expect(try server.folder.bytes("made-up.zip") == server.content)
    var untold = server.fetch(set, from: "untold.zip")
    untold.isForced = true
    #expect(throws: FetchError.noChecksumBeside(address: server.address("untold.zip.md5"))) {
      try untold.run()
    }
  }

  @Test("without a checksum nothing is claimed, but a web page is refused")
  func unknown() throws {
    let server = try MisbehavingServer()
    let set = try server.set(isSizeKnown: false, check: .unknown)
    #expect(throws: FetchError.self) { try server.fetch(set, from: "page.zip").run() }
    #expect(try server.files.isEmpty)
    let outcome = try server.fetch(set, from: "good.zip").run()
    #expect(!outcome.isVerified)
    #expect(try outcome.checksum == Checksum.of(server.folder.path("content"), .sha256))
  }

  @Test("what is there and right is not fetched again; what is damaged is")
  func cached() throws {
    let server = try MisbehavingServer()
    let set = try server.set()
    _ = try server.folder.file(server.content, "made-up.zip")
    let there = try server.fetch(set, from: "good.zip").run()
    #expect(there.wasCached && there.isVerified)
    #expect(try server.log.isEmpty)
    _ = try server.folder.file(server.content.dropLast() + [0], "made-up.zip")
    let fetched = try server.fetch(set, from: "good.zip").run()
    #expect(!fetched.wasCached)
    #expect(try server.folder.bytes("made-up.zip") == server.content)
  }

  @Test("two at once: the second is told so, and the first goes on")
  func twoAtOnce() throws {
    let server = try MisbehavingServer()
    let set = try server.set()
    let part = server.target + ".part"
    let first = try PartFile(part)
    try first.append(server.content[..<10])
    #expect(throws: FetchError.busy(part: part)) { try server.fetch(set, from: "good.zip").run() }
    try first.append(server.content[10...])
    try first.finish(as: server.target)
    #expect(try server.folder.bytes("made-up.zip") == server.content)
    #expect(try server.fetch(set, from: "good.zip").run().wasCached)
  }

  @Test("somebody who asks to stop finds the beginning kept")
  func stopped() throws {
    let server = try MisbehavingServer()
    let set = try server.set()
    let (part, quarter) = (server.target + ".part", server.content.count / 4)
    var fetch = server.fetch(set, from: "stalls.zip")
    fetch.patience.stall = 600
    var came = 0
    fetch.progress = { came = $0 }
    fetch.shouldStop = { came == quarter }
    #expect(throws: FetchError.interrupted(part: part, got: quarter)) { try fetch.run() }
    #expect(try server.folder.bytes("made-up.zip.part").count == quarter)
  }

  @Test("a folder in the file's place is an error that says so")
  func inTheWay() throws {
    let server = try MisbehavingServer()
    let set = try server.set()
    try FileManager.default.createDirectory(
      atPath: server.target, withIntermediateDirectories: true)
    for isForced in [false, true] {
      var fetch = server.fetch(set, from: "good.zip")
      fetch.isForced = isForced
      #expect(throws: FileError.self) { try fetch.run() }
    }
  }
}
