// Compressed files, read through the system's own programs.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// How a file is compressed.
enum Compression {
  case gzip, zip, emptyZip

  /// The kind that files with these first bytes are of (RFC 1952; PKWARE's APPNOTE, 4.3.7).
  init?(firstBytes: some Collection<UInt8>) {
    if firstBytes.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if firstBytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      self = .zip
    } else if firstBytes.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
      // The end of the directory, and nothing before it.
      self = .emptyZip
    } else {
      return nil
    }
  }

  /// What decompresses such a file.
  func program(_ path: String) throws(RatingsError) -> Decompressor.Program {
    switch self {
    case .gzip: .gzip(path)
    case .zip: .member(try ZipListing(path).ratings(), ofZip: path)
    case .emptyZip:
      throw RatingsError(.compressed, "\(path) is an archive without files.", file: path)
    }
  }
}

/// A running program that gives out the contents of a compressed file.
///
/// What it may give out is bounded: a file that claims to have shrunk to a fiftieth is refused as a
/// bomb.
final class Decompressor: Sendable {
  enum Program {
    case gzip(String)
    case member(String, ofZip: String)
    case listing(ofZip: String)

    var name: String {
      switch self {
      case .gzip: "gzip"
      case .member, .listing: "unzip"
      }
    }

    fileprivate var arguments: [String] {
      switch self {
      case .gzip(let path): ["-dc", "--", path]
      // unzip takes names as patterns, and a name with a hyphen in front as an option.
      case .member(let member, let path):
        ["-p", "-q", Self.asFile(path), Self.escaped(member)]
      case .listing(let path): ["-Z1", Self.asFile(path)]
      }
    }

    private static func asFile(_ path: String) -> String {
      path.hasPrefix("-") ? "./" + path : path
    }

    private static func escaped(_ name: String) -> String {
      var text = ""
      for letter in name {
        if "\\[]*?!^-".contains(letter) { text.append("\\") }
        text.append(letter)
      }
      return text
    }
  }

  private let path: String
  private let program: Program
  private let process = Process()
  private let output = Pipe()
  /// What the program says goes to a file, which never fills up as a pipe does that nobody reads.
  private let errors: FileHandle
  private let limit: Int
  private let given = Mutex(0)

  /// Starts the program.
  ///
  /// - Throws: `RatingsError` with code `unreadable` if it is not installed or cannot be started.
  init(_ program: Program, of path: String, size: Int) throws(RatingsError) {
    self.path = path
    self.program = program
    limit = size > Int.max / 200 ? Int.max : size * Self.mostExpansion + 1 << 20
    guard let executable = SystemTool.path(program.name) else {
      throw RatingsError(
        .unreadable,
        "\(path) is compressed, and the program \(program.name) is not installed; install it, or "
          + "decompress the file by other means.", file: path)
    }
    errors = try Self.scratchFile(path)
    process.executableURL = executable
    process.arguments = program.arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    do { try process.run() } catch {
      throw RatingsError(
        .unreadable, "\(path): \(program.name) could not be started: \(error.localizedDescription)",
        file: path)
    }
    // Only the child writes, so that its end is the end of the stream.
    try? output.fileHandleForWriting.close()
  }

  /// Text of ratings shrinks to a fifth or a tenth.
  private static let mostExpansion = 50

  /// A file without a name, for this process and its child alone.
  private static func scratchFile(_ path: String) throws(RatingsError) -> FileHandle {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("kindred-\(UUID().uuidString)")
    do {
      try Data().write(to: file)
      let handle = try FileHandle(forUpdating: file)
      try FileManager.default.removeItem(at: file)
      return handle
    } catch {
      throw RatingsError(
        .unreadable,
        "\(path) could not be decompressed: there is no room for a temporary file: "
          + "\(error.localizedDescription)", file: path)
    }
  }

  deinit {
    if process.isRunning {
      // Whoever stopped reading wants no more of it.
      process.terminate()
      try? output.fileHandleForReading.close()
      process.waitUntilExit()
    }
  }

  var descriptor: Int32 { output.fileHandleForReading.fileDescriptor }

  /// Counts what was given out.
  ///
  /// - Throws: `RatingsError` with code `compressed` beyond all measure.
  func count(_ bytes: Int) throws(RatingsError) {
    let total = given.withLock {
      $0 += bytes
      return $0
    }
    guard total > limit else { return }
    throw RatingsError(
      .compressed,
      "\(path): it expands to more than \(Self.mostExpansion) times its size, which ratings do not; it "
        + "may be a bomb. If it is right, decompress it by other means.", file: path)
  }

  /// Waits for the end of the program.
  ///
  /// - Throws: `RatingsError` with code `compressed` if the program found the file damaged.
  func finish() throws(RatingsError) {
    process.waitUntilExit()
    let status = process.terminationStatus
    // unzip ends with 1 where it only had something to remark, as on an archive without files.
    if status == 0 || (status == 1 && program.name == "unzip") { return }
    // What cannot be read says no reason, and the status is one.
    try? errors.seek(toOffset: 0)
    let told = (try? errors.readToEnd()) ?? nil
    let words = Self.reason(String(decoding: (told ?? Data()).prefix(4096), as: UTF8.self))
    throw RatingsError(
      .compressed,
      "\(path) could not be decompressed by \(program.name): "
        + (words.isEmpty ? "status \(status)" : words) + ".", file: path)
  }

  /// The first sentences of what a program said, without its headings.
  private static func reason(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline)
      .map { String($0).replacingControls().trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty && !$0.hasPrefix("[") }
      .prefix(2).joined(separator: " ")
  }
}

/// The names of the files in a zip archive.
struct ZipListing {
  private let path: String
  private let members: [String]

  /// - Throws: `RatingsError` with code `compressed` for a damaged archive.
  init(_ path: String) throws(RatingsError) {
    self.path = path
    let listing = try TextFile.load(ofProgram: .listing(ofZip: path), path)
    members = String(decoding: listing.bytes, as: UTF8.self)
      .split(whereSeparator: \.isNewline).map(String.init)
      .filter { !$0.hasSuffix("/") && !$0.hasPrefix("__MACOSX/") }
  }

  /// Refuses a member that is not there.
  ///
  /// - Throws: `RatingsError` with code `notFound`, naming what is there.
  func require(_ member: String) throws(RatingsError) {
    guard !members.contains(member) else { return }
    throw RatingsError(
      .notFound, "\(path)/\(member): the archive has no such file; it has: \(shown)",
      file: "\(path)/\(member)")
  }

  private var shown: String {
    members.prefix(8).map { "\(path)/\($0)" }.joined(separator: ", ").replacingControls()
      + (members.count > 8 ? ", …" : ".")
  }

  /// The member that holds ratings: by a usual name, or because there is no other.
  ///
  /// - Throws: `RatingsError` with code `compressed` where that cannot be said.
  func ratings() throws(RatingsError) -> String {
    let usual = ["ratings.csv", "ratings.dat", "u.data", "ratings.tsv", "ratings.txt"]
    for name in usual {
      let found = members.filter { FilePath.name(of: $0).lowercased() == name }
      if found.count == 1 { return found[0] }
    }
    if members.count == 1 { return members[0] }
    throw RatingsError(
      .compressed,
      members.isEmpty
        ? "\(path) is an archive without files."
        : "\(path) holds \(members.count) files; name one: \(shown)",
      file: path)
  }
}
