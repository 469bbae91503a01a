// A text file as bytes in memory.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The bytes of a text file and what to call it in messages.
package struct TextFile: Sendable {
  /// The path as it was given, or "standard input".
  package let name: String
  package let bytes: [UInt8]
  /// Where the text starts, after a byte order mark.
  package let start: Int

  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// Reads a file, or standard input for "-".
  ///
  /// - Throws: `RatingsError` with code `notFound` or `unreadable`.
  /// - Complexity: O(size), in one array.
  package static func load(_ path: String) throws(RatingsError) -> TextFile {
    guard path != "-" else { return try load(.standardInput, name: "standard input", size: nil) }
    guard FileManager.default.fileExists(atPath: path) else {
      throw RatingsError(.notFound, "\(path): there is no such file.", file: path)
    }
    let attributes = attributes(of: path)
    guard attributes?[.type] as? FileAttributeType != .typeDirectory else {
      throw RatingsError(
        .unreadable, "\(path) is a directory; name the files in it.", file: path)
    }
    let handle: FileHandle
    do {
      handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    } catch {
      throw unreadable(path, error)
    }
    let size = (attributes?[.size] as? NSNumber)?.intValue
    let text = try load(handle, name: path, size: size)
    do { try handle.close() } catch { throw unreadable(path, error) }
    return text
  }

  /// The size of a file in bytes where that is known beforehand.
  package static func size(of path: String) -> Int? {
    path == "-" ? nil : (attributes(of: path)?[.size] as? NSNumber)?.intValue
  }

  private static func load(
    _ handle: FileHandle, name: String, size: Int?
  ) throws(RatingsError) -> TextFile {
    var bytes: [UInt8] = []
    // A little more than the size, so that the array does not grow for the last, empty, block.
    bytes.reserveCapacity((size ?? 0) + 1)
    do {
      while let block = try handle.read(upToCount: 1 << 22), !block.isEmpty {
        bytes.append(contentsOf: block)
      }
    } catch {
      throw unreadable(name, error)
    }
    return TextFile(name: name, bytes: bytes)
  }

  /// The attributes of what `path` leads to, through symbolic links.
  private static func attributes(of path: String) -> [FileAttributeKey: Any]? {
    // A file whose attributes cannot be had may still be read; nil says only that they are unknown.
    try? FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
  }

  private static func unreadable(_ name: String, _ error: any Error) -> RatingsError {
    let error = error as NSError
    let cause = (error.userInfo[NSUnderlyingErrorKey] as? NSError) ?? error
    let reason =
      cause.domain == NSPOSIXErrorDomain
      ? POSIXErrorCode(rawValue: Int32(cause.code)).map { POSIXError($0).localizedDescription }
      : nil
    return RatingsError(
      .unreadable, "\(name) cannot be read: \(reason ?? cause.localizedDescription)", file: name)
  }
}
