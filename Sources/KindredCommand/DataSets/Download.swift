// One file over a connection that may break.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How patient a download is.
package struct DownloadPatience: Sendable {
  /// How often it tries again, without getting further, before it gives up.
  package var retries = 4
  /// Seconds before the first retry; each further pause is twice as long.
  package var pause = 1.0
  /// A connection that brings nothing for this many seconds is given up.
  package var stall = 30

  package init() {}
}

/// Fetches an address into a file that may hold the first part of it already.
struct Download {
  let address: String
  /// The exact size, if it is known.
  let expected: Int?
  /// More bytes than these are not what was asked for.
  let limit: Int
  let patience: DownloadPatience
  let shouldStop: () -> Bool
  /// A sentence for the person.
  let say: (String) -> Void
  /// How many bytes there are.
  let progress: (Int) -> Void

  /// Appends to `part` until the server says that this was all.
  ///
  /// Getting further by a megabyte counts as a new start, so that a long download over a poor
  /// connection ends well; what a server without ranges sends again is not getting further.
  ///
  /// - Throws: `FetchError`; `FileError` if the disk is full. Only after `tooLarge` is `part` gone.
  func run(with curl: Curl, into part: PartFile) throws {
    var failures = 0
    var farthest = part.count
    var hasConnected = false
    while true {
      let offset = part.count
      let end = try curl.get(
        address, from: offset, stall: patience.stall,
        wait: {
          progress(part.count)
          return !shouldStop()
        },
        receive: { bytes in
          try part.append(bytes)
          return part.count <= limit
        })
      if part.count > limit {
        part.discard()
        throw FetchError.tooLarge(address: address, limit: limit)
      }
      if part.count >= farthest + 1_000_000 { failures = 0 }
      hasConnected = hasConnected || part.count > offset
      farthest = max(farthest, part.count)
      switch end {
      case .done: return
      case .stopped: throw FetchError.interrupted(part: part.path, got: part.count)
      case .cannotResume where offset > 0:
        say("The server cannot go on from \(grouped(offset)) bytes; starting anew.")
        try part.startAnew()
      case .cannotResume: try again(&failures, part, "the server sent no more")
      case .status(let status)
      where [429, 502, 503, 504].contains(status) && failures < patience.retries:
        try again(&failures, part, "the server answered with status \(status)")
      case .status(let status): throw FetchError.refused(address: address, status: status)
      // A network that is away for a moment, in the middle of a download, comes back.
      case .unreachable(let reason) where hasConnected && failures < patience.retries:
        try again(&failures, part, reason)
      case .unreachable(let reason):
        throw FetchError.unreachable(address: address, reason: reason)
      case .brokenOff(let reason): try again(&failures, part, reason)
      }
    }
  }

  /// Says what happened and waits, or gives up.
  private func again(_ failures: inout Int, _ part: PartFile, _ reason: String) throws {
    guard failures < patience.retries else {
      throw FetchError.brokenOff(
        address: address, got: part.count, expected: expected, reason: reason)
    }
    let pause = patience.pause * Double(1 << failures)
    failures += 1
    say(
      "Broke off at \(grouped(part.count)) bytes: \(reason). Trying again in \(digits(pause)) s "
        + "(\(failures) of \(patience.retries)).")
    let clock = ContinuousClock()
    let until = clock.now + .seconds(pause)
    while clock.now < until {
      if shouldStop() { throw FetchError.interrupted(part: part.path, got: part.count) }
      Thread.sleep(forTimeInterval: 0.05)
    }
  }
}
