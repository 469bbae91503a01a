// Fetching a known data set: once, checked, whole or not at all.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

/// Brings a data set to a place on this machine.
///
/// The final name appears only when the bytes are those that were expected. Until then they are
/// in a file beside it, ending in `.part`, which a later run goes on with.
package struct Fetch {
  /// What a fetch came to.
  package struct Outcome: Equatable, Sendable {
    package let path: String
    package let bytes: Int
    package let checksum: Checksum
    /// Whether the checksum was compared with one that was known beforehand.
    package let isVerified: Bool
    /// Whether the file was there already.
    package let wasCached: Bool
  }

  let set: KnownDataSet
  /// Where the set is taken from: its own address, or a mirror.
  let address: String
  /// The file that it is to become.
  let path: String
  package var patience = DownloadPatience()
  /// Fetch anew even if the file is there.
  package var isForced = false
  package var shouldStop: () -> Bool = { false }
  package var say: (String) -> Void = { _ in }
  package var progress: (Int) -> Void = { _ in }

  package init(_ set: KnownDataSet, from address: String? = nil, to path: String) {
    self.set = set
    self.address = address ?? set.address
    self.path = path
  }

  /// The file if it is there and, as far as that can be told without a network, as it should be.
  ///
  /// - Throws: `FileError` if the file cannot be read, or something else is in its place.
  package func existing() throws -> Outcome? {
    guard !isForced, let kind = try kindOfFile() else { return nil }
    guard kind == .typeRegular else {
      throw FileError(.cannotWrite, path: path, "something else than a file is there")
    }
    switch set.check {
    case .known(let expected):
      let found = try Checksum.of(path, expected.kind)
      guard found == expected else {
        say("\(path) is there, but it is not the data set as it is known; fetching it anew.")
        return nil
      }
      return outcome(found, isVerified: true, wasCached: true)
    case .beside, .unknown:
      return outcome(try Checksum.of(path, .sha256), isVerified: false, wasCached: true)
    }
  }

  /// Fetches the data set, unless it is there already.
  ///
  /// - Throws: `FetchError`, or `FileError` if something cannot be written.
  package func run() throws -> Outcome {
    if let existing = try existing() { return existing }
    if let kind = try kindOfFile(), kind != .typeRegular {
      throw FileError(.cannotWrite, path: path, "something else than a file is there")
    }
    let curl = try Curl()
    let part = try PartFile(path + ".part")
    do { return try fill(part, with: curl) } catch {
      // Nothing to go on from.
      if part.count == 0 { part.discard() }
      throw error
    }
  }

  private func fill(_ part: PartFile, with curl: Curl) throws -> Outcome {
    // Nothing would tell whether an old beginning belongs to what is there today.
    if isForced, set.check == .unknown { try part.startAnew() }
    if part.count > set.limit {
      say("\(part.path) is longer than the data set; starting anew.")
      try part.startAnew()
    }
    let expected = try expectedChecksum(curl)
    let wasBegun = part.count > 0
    if wasBegun { say("Going on from \(grouped(part.count)) bytes that came before.") }
    try download(curl, into: part)
    var found = try Checksum.of(part.path, expected?.kind ?? .sha256)
    if wasBegun, isWrong(part, found, expected) {
      // The beginning may be of another file: another mirror, or one that has changed since.
      say("Together with what came before it is not the data set; starting anew.")
      try part.startAnew()
      try download(curl, into: part)
      found = try Checksum.of(part.path, expected?.kind ?? .sha256)
    }
    if isWrong(part, found, expected) {
      let bytes = part.count
      part.discard()
      throw FetchError.mismatch(
        address: address, found: "\(grouped(bytes)) bytes and \(found)",
        expected: [
          set.bytes.map { "\(grouped($0)) bytes" }, expected?.description ?? "a zip archive",
        ].compactMap(\.self).joined(separator: " and "))
    }
    try part.finish(as: path)
    return outcome(found, isVerified: expected != nil, wasCached: false)
  }

  private func download(_ curl: Curl, into part: PartFile) throws {
    // A whole file that was not renamed, or was asked for again: a server has nothing to add.
    if let bytes = set.bytes, part.count == bytes { return }
    try Download(
      address: address, expected: set.bytes, limit: set.limit, patience: patience,
      shouldStop: shouldStop, say: say, progress: progress
    ).run(with: curl, into: part)
  }

  /// Whether what came is something else than the data set.
  private func isWrong(_ part: PartFile, _ found: Checksum, _ expected: Checksum?) -> Bool {
    if let bytes = set.bytes, part.count != bytes { return true }
    if let expected { return found != expected }
    // Without a checksum: at least no page of a hotel that wants to be paid for its network.
    return !Self.startsLikeZip(part.path)
  }

  private func expectedChecksum(_ curl: Curl) throws -> Checksum? {
    switch set.check {
    case .known(let checksum): return checksum
    case .unknown: return nil
    case .beside:
      let beside = address + ".md5"
      var text: [UInt8] = []
      let end = try curl.get(
        beside, from: 0, stall: patience.stall, wait: { !shouldStop() },
        receive: { bytes in
          text += bytes
          return text.count < 4096
        })
      switch end {
      case .done: break
      case .stopped where shouldStop():
        throw FetchError.interrupted(part: path + ".part", got: 0)
      case .status(let status): throw FetchError.refused(address: beside, status: status)
      case .unreachable(let reason), .brokenOff(let reason):
        throw FetchError.unreachable(address: beside, reason: reason)
      case .stopped, .cannotResume: throw FetchError.noChecksumBeside(address: beside)
      }
      guard let sum = Checksum(.md5, in: String(decoding: text, as: UTF8.self)) else {
        throw FetchError.noChecksumBeside(address: beside)
      }
      return sum
    }
  }

  private func outcome(_ checksum: Checksum, isVerified: Bool, wasCached: Bool) -> Outcome {
    let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
    return Outcome(
      path: path, bytes: size?.intValue ?? 0, checksum: checksum, isVerified: isVerified,
      wasCached: wasCached)
  }

  /// What is at the final name; nil if nothing is.
  private func kindOfFile() throws -> FileAttributeType? {
    let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard FileManager.default.fileExists(atPath: resolved) else { return nil }
    return try FileManager.default.attributesOfItem(atPath: resolved)[.type] as? FileAttributeType
  }

  /// Whether the first bytes are those of a zip archive.
  private static func startsLikeZip(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    return (try? file.read(upToCount: 2)) == Data("PK".utf8)
  }
}
