// data list and data fetch, run as a script would run them.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredTestSupport
import Testing

@Suite("data list and data fetch") struct DataFetchTests {
  @Test("the list is as in its snapshot, and whole as JSON")
  func list() throws {
    let folder = try ScratchFolder()
    let run = try Program.shell("KINDRED_CACHE=/nowhere/kindred \"$KINDRED\" data list")
    #expect(run.status == 0 && run.errors.isEmpty)
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Snapshots/data-list.txt")
    if ProcessInfo.processInfo.environment["KINDRED_WRITE_SNAPSHOTS"] != nil {
      try Data(run.output.utf8).write(to: file)
    }
    #expect(run.output == String(decoding: try Data(contentsOf: file), as: UTF8.self))
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 })

    _ = try folder.file("", "ml-1m.zip")
    let json = try Program.shell(
      "KINDRED_CACHE='\(folder.path)' \"$KINDRED\" data list --format json"
    ).json()
    let sets = try #require(json["sets"] as? [[String: Any]])
    #expect(sets.count == 10)
    let needed: Set = [
      "name", "title", "about", "year", "users", "items", "ratings", "scale", "address", "check",
      "licence",
      "citation", "members", "path", "cached",
    ]
    #expect(sets.allSatisfy { needed.isSubset(of: $0.keys) })
    let cached = sets.filter { $0["cached"] as? Bool == true }.compactMap { $0["name"] as? String }
    #expect(cached == ["ml-1m"])
  }

  @Test("nothing is fetched before the terms are accepted")
  func licence() throws {
    let folder = try ScratchFolder()
    let run = try Program.shell("KINDRED_CACHE='\(folder.path)' \"$KINDRED\" data fetch ml-100k")
    #expect(run.status == 64 && run.output.isEmpty)
    for words in ["research", "https://files.grouplens.org", "Harper", "--accept-licence"] {
      #expect(run.errors.contains(words))
    }
    #expect(try folder.names.isEmpty)
  }

  @Test("unknown names and mirrors that are no addresses are refused")
  func usage() throws {
    let unknown = try Program.run("data", "fetch", "ml-100")
    #expect(unknown.status == 65 && unknown.errors.contains("ml-100k"))
    let mirror = try Program.run("data", "fetch", "ml-100k", "--from", "file:///etc/hosts")
    #expect(mirror.status == 64)
  }

  @Test("a missing curl is said, and how to get it")
  func noCurl() throws {
    let folder = try ScratchFolder()
    let run = try Program.shell(
      "PATH=/nowhere KINDRED_CACHE='\(folder.path)' \"$KINDRED\" data fetch ml-100k --accept-licence"
    )
    #expect(run.status == 74 && run.errors.contains("install curl"))
  }

  @Test(
    "ends with the code that the trouble deserves",
    .enabled(if: MisbehavingServer.isPossible, "python3 or curl is missing"),
    arguments: [
      (
        "another.zip", 65, "sha256:50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229"
      ),
      ("status.404.zip", 74, "status 404"),
    ] as [(String, Int32, String)])
  func codes(name: String, code: Int32, words: String) throws {
    let server = try MisbehavingServer()
    let run = try Program.shell(
      "KINDRED_CACHE='\(server.folder.path)/deep/cache' \"$KINDRED\" data fetch ml-100k "
        + "--accept-licence --from \(server.address(name))")
    #expect(run.status == code)
    #expect(run.errors.contains(words) && !run.errors.contains("\u{1B}"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: server.folder.path("deep/cache")).isEmpty)
  }

  @Test(
    "prints the line to type next, and has its JSON keys",
    .enabled(if: MisbehavingServer.isPossible, "python3 or curl is missing"))
  func results() throws {
    let server = try MisbehavingServer()
    let fetch =
      "\"$KINDRED\" data fetch goodbooks-10k --accept-licence -o '\(server.folder.path)' --from "
      + server.address("good.zip")
    let text = try Program.shell(fetch)
    let path = server.folder.path("goodbooks-10k.zip")
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.output.contains("not known"))
    #expect(text.output.contains("Next: kindred learn \(path)/ratings.csv -o model.safetensors"))
    let json = try Program.shell(fetch + " --format json").json()
    #expect(Set(json.keys) == ["name", "path", "bytes", "checksum", "verified", "cached"])
    #expect(json["path"] as? String == path && json["bytes"] as? Int == server.content.count)
    #expect(json["cached"] as? Bool == true && json["verified"] as? Bool == false)
  }

  @Test(
    "a name of one character is a file in the folder at hand, and - is refused",
    .enabled(if: MisbehavingServer.isPossible, "python3 or curl is missing"))
  func shortName() throws {
    let server = try MisbehavingServer()
    let fetch =
      "cd '\(server.folder.path)' && \"$KINDRED\" data fetch goodbooks-10k --accept-licence --from "
      + server.address("good.zip")
    let run = try Program.shell(fetch + " -o x")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try server.folder.bytes("x") == server.content)
    #expect(try Program.shell(fetch + " -o -").status == 64)
    #expect(try !server.folder.names.contains { $0.hasPrefix("-") || $0.hasSuffix(".part") })
  }

  @Test(
    "Ctrl-C keeps what came",
    .enabled(if: MisbehavingServer.isPossible, "python3 or curl is missing"))
  func interrupted() throws {
    let server = try MisbehavingServer()
    let part = server.folder.path("ml-100k.zip.part")
    // The shell waits for the first bytes, however long they take, then interrupts.
    let run = try Program.shell(
      """
      "$KINDRED" data fetch ml-100k --accept-licence -o '\(server.folder.path)/' \
        --from \(server.address("stalls.zip")) > '\(server.folder.path)/out' 2>&1 &
      while ! grep -q . '\(part)' 2> /dev/null; do kill -0 $! || exit 99; done
      kill -INT $!
      wait $!
      """)
    #expect(run.status == 130)
    #expect(FileManager.default.fileExists(atPath: part))
    #expect(
      String(decoding: try server.folder.bytes("out"), as: UTF8.self).contains("Interrupted"))
  }

  @Test(
    "a full disk and a cache that cannot be made are errors that say so",
    .enabled(if: MisbehavingServer.isPossible, "python3 or curl is missing"))
  func cannotWrite() throws {
    let server = try MisbehavingServer()
    let from = "data fetch ml-100k --accept-licence --from \(server.address("good.zip"))"
    // A limit on the size of files, in units of 512 or 1024 bytes, stands for the disk.
    let full = try Program.shell(
      "ulimit -f 64; \"$KINDRED\" \(from) -o '\(server.folder.path)/full.zip'")
    #expect(full.status == 73 && full.errors.contains("could not be written"))
    #expect(try server.folder.bytes("full.zip.part").count <= 64 * 1024)
    // A folder below a file.
    let below = try Program.shell(
      "KINDRED_CACHE='\(server.folder.path)/content/cache' \"$KINDRED\" \(from)")
    #expect(below.status == 73 && below.errors.contains("KINDRED_CACHE"))
    let absent = try Program.shell("\"$KINDRED\" \(from) -o '\(server.folder.path)/no/x.zip'")
    #expect(absent.status == 73 && absent.errors.contains("does not exist"))
  }
}
