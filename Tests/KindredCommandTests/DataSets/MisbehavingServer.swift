// A server on this machine that breaks off, lies and stalls.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredCommand
import KindredTestSupport
import Testing

/// Runs server.py for as long as the value lives.
final class MisbehavingServer {
  /// What it serves: something like an archive, of a size that is no multiple of anything.
  let content: [UInt8]
  let folder: ScratchFolder
  private let process = Process()
  private let input = Pipe()
  private let port: Int

  /// Whether this machine has what the tests need.
  static let isPossible = ["python3", "curl"].allSatisfy { tool in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)")
    }
  }

  init(size: Int = 200_003) throws {
    folder = try ScratchFolder()
    content = Array("PK".utf8) + (2..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("server.py")
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", script.path, try folder.file(content, "content"), folder.path("log"),
    ]
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let more = output.fileHandleForReading.availableData
      try #require(!more.isEmpty, "the server did not start")
      line += more
    }
    port = try #require(Int(String(decoding: line, as: UTF8.self).split(separator: "\n")[0]))
  }

  deinit {
    // The server also ends with its input, if this process should be killed. Here that is not
    // enough: processes started meanwhile may have inherited the pipe.
    _ = kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  func address(_ name: String) -> String { "http://127.0.0.1:\(port)/\(name)" }

  /// A line for each request so far: its path and the range that it asked for.
  var log: [String] {
    get throws {
      guard FileManager.default.fileExists(atPath: folder.path("log")) else { return [] }
      return String(decoding: try folder.bytes("log"), as: UTF8.self).split(separator: "\n")
        .map(String.init)
    }
  }

  /// What a catalogue would say of the content.
  func set(
    isSizeKnown: Bool = true, ceiling: Int = 1_000_000, check: KnownDataSet.Check? = nil
  ) throws -> KnownDataSet {
    let right = try Checksum.of(folder.path("content"), .sha256)
    var set = try KnownDataSet.named("ml-100k")
    set.address = address("good.zip")
    set.bytes = isSizeKnown ? content.count : nil
    set.ceiling = ceiling
    set.check = check ?? .known(right)
    return set
  }

  /// A fetch to the scratch folder that does not wait between tries.
  func fetch(_ set: KnownDataSet, from name: String) -> Fetch {
    var fetch = Fetch(set, from: address(name), to: target)
    fetch.patience.pause = 0
    fetch.patience.retries = 2
    fetch.patience.stall = 1
    return fetch
  }

  var target: String { folder.path("made-up.zip") }

  /// What of the target and its beginning lies in the folder.
  var files: [String] {
    get throws { try folder.names.filter { $0.hasPrefix("made-up") } }
  }
}
