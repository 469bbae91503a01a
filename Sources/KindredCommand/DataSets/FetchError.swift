// Why a data set did not come.
// SPDX-License-Identifier: Apache-2.0

/// What stood in the way of a data set, with what to try.
package enum FetchError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No data set of this name is known.
  case unknownSet(String, known: [String])
  /// A program that the system usually has is not there.
  case toolMissing(String)
  /// The server could not be reached at all.
  case unreachable(address: String, reason: String)
  /// The server answered with a status other than success.
  case refused(address: String, status: Int)
  /// The connection broke off time and again; what came is kept.
  case brokenOff(address: String, got: Int, expected: Int?, reason: String)
  /// More came than the data set can have.
  case tooLarge(address: String, limit: Int)
  /// Something else came than the data set.
  case mismatch(address: String, found: String, expected: String)
  /// Beside the data set lies no checksum that can be read.
  case noChecksumBeside(address: String)
  /// Another process is fetching to the same place.
  case busy(part: String)
  /// Somebody asked to stop; what came is kept.
  case interrupted(part: String, got: Int)

  package var description: String {
    switch self {
    case .unknownSet(let name, let known):
      "No data set is called \(name). Known are \(known.joined(separator: ", "))."
    case .toolMissing(let tool):
      "\(tool) is needed to fetch data and is not installed (on Debian and Ubuntu: apt-get install "
        + "\(tool == "curl" ? "curl" : "coreutils"))."
    case .unreachable(let address, let reason):
      "\(address) could not be reached: \(reason)."
    case .refused(let address, let status):
      "\(address) could not be fetched: the server answered with status \(status)\(Self.meaning(status))."
    case .brokenOff(let address, let got, let expected, let reason):
      "\(address) broke off after \(grouped(got)) bytes"
        + (expected.map { " of \(grouped($0))" } ?? "")
        + ": \(reason)."
        + (got > 0 ? " What came is kept; run the same command again to go on." : "")
    case .tooLarge(let address, let limit):
      "\(address) is not the data set: more than \(grouped(limit)) bytes came. Nothing was kept."
    case .mismatch(let address, let found, let expected):
      "\(address) is not the data set as it is known: it has \(found), not \(expected). Nothing was "
        + "kept."
    case .noChecksumBeside(let address):
      "\(address) holds no MD5 sum to check the data set with."
    case .busy(let part):
      "Another process is fetching to \(part); wait for it, or stop it."
    case .interrupted(let part, let got):
      "Interrupted; \(grouped(got)) bytes are kept in \(part). Run the same command again to go on."
    }
  }

  private static func meaning(_ status: Int) -> String {
    switch status {
    case 401, 403: " (it refuses access)"
    case 404, 410: " (it is not there; --from ADDRESS takes it from elsewhere)"
    case 429: " (too many requests; try again later)"
    case 500...: " (its own fault; try again later)"
    default: ""
    }
  }
}
