// Fetching bytes over HTTP, by the system's curl.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

/// The system's curl: it knows proxies, certificates and every version of HTTP, and is nearly
/// everywhere, so that Kindred needs no network library.
package struct Curl {
  /// How a run of curl ended.
  package enum End: Equatable {
    case done
    /// The receiver wanted no more.
    case stopped
    /// The server cannot go on from where we were.
    case cannotResume
    case status(Int)
    /// The connection did not come about: retrying at once is of no use.
    case unreachable(String)
    /// The connection broke off or stood still.
    case brokenOff(String)
  }

  private let program: String

  /// - Throws: `FetchError.toolMissing`.
  init() throws(FetchError) {
    guard let program = SystemTool.path("curl")?.path else { throw FetchError.toolMissing("curl") }
    self.program = program
  }

  /// Fetches what lies at `address` from byte `offset` on, and hands it on as it comes.
  ///
  /// - Parameters:
  ///   - address: Where the bytes lie.
  ///   - offset: How many of them are here already.
  ///   - stall: A connection that brings nothing for this many seconds is given up.
  ///   - wait: Called several times a second, whether bytes come or not; false ends the transfer.
  ///   - receive: Takes the next bytes; false ends the transfer.
  /// - Returns: How the transfer ended.
  /// - Throws: What `receive` throws, after curl has been ended.
  func get(
    _ address: String, from offset: Int, stall: Int, wait: () -> Bool,
    receive: (ArraySlice<UInt8>) throws -> Bool
  ) throws -> End {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    // A redirection may not lead to a local file or to another protocol.
    process.arguments = [
      "--silent", "--show-error", "--fail", "--location", "--max-redirs", "10",
      "--proto", "=http,https", "--proto-redir", "=http,https", "--globoff",
      "--connect-timeout", "\(max(stall, 1))", "--speed-limit", "1", "--speed-time", "\(stall)",
      "--no-buffer", "--output", "-",
    ]
    if offset > 0 { process.arguments?.append(contentsOf: ["--continue-at", "\(offset)"]) }
    // A mirror on this very machine is not behind anybody's proxy.
    if address.hasPrefix("http://127.0.0.1:") {
      process.arguments?.append(contentsOf: ["--noproxy", "*"])
    }
    process.arguments?.append(contentsOf: ["--url", address])
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    do { try process.run() } catch { throw FetchError.toolMissing("curl") }
    var wantsMore = true
    do {
      var block = [UInt8](repeating: 0, count: 1 << 16)
      let pipe = output.fileHandleForReading.fileDescriptor
      reading: while wantsMore {
        // Asked for before reading: what a process that has ended wrote is all there.
        let isRunning = process.isRunning
        switch readBlock(of: pipe, into: &block, milliseconds: isRunning ? 100 : 0) {
        case .bytes(let count): wantsMore = try receive(block[..<count]) && wait()
        case .nothingYet:
          wantsMore = wait()
          // A process started meanwhile may have inherited the pipe, which then has no end.
          if !isRunning { break reading }
        case .end: break reading
        }
      }
    } catch {
      Self.end(process)
      throw error
    }
    guard wantsMore else {
      Self.end(process)
      return .stopped
    }
    process.waitUntilExit()
    let said = readRest(of: errors.fileHandleForReading.fileDescriptor)
    return Self.meaning(of: process.terminationStatus, said)
  }

  /// Ends curl for certain: it has nothing to tidy up, and may have inherited that it ignores
  /// milder signals.
  private static func end(_ process: Process) {
    _ = kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// What an exit code of curl means, with what it said.
  ///
  /// Source: the section "exit codes" of curl's manual.
  package static func meaning(of code: Int32, _ said: String) -> End {
    let reason = reason(said)
    switch code {
    case 0: return .done
    case 22:
      // "The requested URL returned error: 404", also with words behind the number.
      let status = said.firstMatch(of: /error: (\d{3})/).flatMap { Int($0.1) } ?? 0
      return status == 416 ? .cannotResume : .status(status)
    case 33, 36: return .cannotResume
    case 5, 6:
      return .unreachable("its name could not be resolved; is this machine online? (\(reason))")
    case 7: return .unreachable("the connection failed (\(reason))")
    case 35, 51, 58, 60, 77, 90, 91:
      return .unreachable(
        "its certificate or encryption could not be trusted (\(reason)); where the checksum is "
          + "known, --from may name a mirror, or the address with http:")
    case 16, 18, 28, 52, 55, 56, 92, 95: return .brokenOff(reason)
    default: return .unreachable(reason)
    }
  }

  /// What curl said last, without "curl: (7)".
  private static func reason(_ said: String) -> String {
    let line = said.split(whereSeparator: \.isNewline).last.map(String.init) ?? "curl said nothing"
    return line.replacing(#/^curl: \(\d+\) /#, with: "").replacing(#/\.$/#, with: "")
  }
}
