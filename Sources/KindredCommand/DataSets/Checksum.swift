// Checksums, worked out by the system's own tools.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

/// A checksum of a file's bytes.
package struct Checksum: Codable, Equatable, Sendable, CustomStringConvertible {
  package enum Kind: String, Codable, Sendable {
    case md5, sha256

    /// How many hexadecimal digits it has.
    var digits: Int { self == .md5 ? 32 : 64 }

    /// The programs that work it out from standard input: on Linux, then on macOS.
    var tools: [(name: String, arguments: [String])] {
      switch self {
      case .md5: [("md5sum", []), ("md5", [])]
      case .sha256: [("sha256sum", []), ("shasum", ["-a", "256"])]
      }
    }
  }

  package let kind: Kind
  /// In lower case.
  package let digits: String

  package init(_ kind: Kind, _ digits: String) {
    self.kind = kind
    self.digits = digits.lowercased()
  }

  /// As scripts see it: `sha256:50d2…`.
  package var description: String { "\(kind.rawValue):\(digits)" }

  /// The first word of a text that looks like a checksum: the tools and the files beside archives
  /// write `50d2…  name` or `MD5 (name) = 50d2…`.
  package init?(_ kind: Kind, in text: String) {
    let words = text.split { !$0.isLetter && !$0.isNumber }
    guard
      let found = words.first(where: { word in
        word.count == kind.digits
          && word.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
      })
    else { return nil }
    self.init(kind, String(found))
  }

  /// The checksum of a file.
  ///
  /// - Throws: `FetchError.toolMissing`, or `FileError` if the file cannot be read.
  /// - Complexity: O(size) time in another process; constant memory.
  package static func of(_ path: String, _ kind: Kind) throws -> Checksum {
    let found = kind.tools.lazy.compactMap { tool in
      SystemTool.path(tool.name).map { ($0.path, tool.arguments) }
    }.first
    guard let (program, arguments) = found else {
      throw FetchError.toolMissing(kind.tools[0].name)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      process.standardInput = file
      try process.run()
      process.waitUntilExit()
      let text = readRest(of: output.fileHandleForReading.fileDescriptor)
      if process.terminationStatus == 0, let sum = Checksum(kind, in: text) { return sum }
    } catch {
      throw FileError(.cannotRead, path: path, error.localizedDescription)
    }
    throw FileError(.cannotRead, path: path, "\(program) could not work out its checksum")
  }
}
