// The bytes of a file where they lie.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The bytes of a file, mapped into memory, so that only what is looked at is read from the disk.
///
/// What has no size of its own (a pipe, a device) is read to its end instead.
///
/// A file that Kindred replaces is renamed over, never written into, so a mapping of the old one
/// lives on unharmed. If another program cuts a mapped file short, the system ends a process that
/// looks at what is gone (SIGBUS); if it writes into one, numbers change under the reader's eyes,
/// and since every use of them is checked, none of them leads outside.
package struct MappedFile: Sendable {
  /// All bytes.
  package let bytes: Flat<UInt8>

  /// Opens a file.
  ///
  /// - Throws: `FileError` with code `notFound` or `cannotRead`, or `malformed` for a folder.
  /// - Complexity: O(1) for a file, O(size) for a pipe or a device.
  package init(_ path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      guard errno != ENOENT, errno != ENOTDIR else { throw FileError(.notFound, path: path, "") }
      throw Self.unreadable(path)
    }
    defer { _ = close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw Self.unreadable(path) }
    let kind = status.st_mode & S_IFMT
    guard kind != S_IFDIR else { throw FileError(.malformed, path: path, "it is a folder") }
    // Some of the system's files say that they are empty and are not.
    guard kind == S_IFREG, status.st_size > 0 else {
      bytes = Flat(try Self.all(of: descriptor, path))
      return
    }
    let count = Int(status.st_size)
    let start = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard unsafe start != MAP_FAILED, let start = unsafe start else { throw Self.unreadable(path) }
    let owner = unsafe Mapping(start: start, count: count)
    bytes = unsafe Flat(
      unsafeStart: UnsafePointer(start.bindMemory(to: UInt8.self, capacity: count)), count: count,
      owner: owner)
  }

  private static func all(of descriptor: Int32, _ path: String) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe read(descriptor, &block, block.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(path) }
      guard count > 0 else { return bytes }
      bytes.append(contentsOf: block.prefix(count))
    }
  }

  private static func unreadable(_ path: String) -> FileError {
    FileError(.cannotRead, path: path, unsafe String(cString: strerror(errno)).lowercased())
  }
}

/// Ends a mapping when nobody looks at it any more.
@safe private final class Mapping {
  private let start: UnsafeMutableRawPointer
  private let count: Int

  init(start: UnsafeMutableRawPointer, count: Int) {
    unsafe self.start = start
    self.count = count
  }

  deinit { _ = unsafe munmap(start, count) }
}

extension Flat<UInt8> {
  /// Numbers that lie in these bytes from a place on, little-endian as on every platform that
  /// Kindred runs on: where they are, or copied if they are not aligned there.
  ///
  /// - Precondition: The bytes are there.
  package func numbers<Number: BitwiseCopyable & Sendable>(
    at place: Int, count: Int, as type: Number.Type = Number.self
  ) -> Flat<Number> {
    let bytes = self[place..<place + count * MemoryLayout<Number>.stride]
    guard let start = unsafe bytes.start else { return Flat<Number>([]) }
    if UInt(bitPattern: start) % UInt(MemoryLayout<Number>.alignment) == 0 {
      return unsafe Flat<Number>(
        unsafeStart: UnsafeRawPointer(start).assumingMemoryBound(to: Number.self), count: count,
        owner: bytes.keeper)
    }
    let buffer = Buffer<Number>(uninitialized: count)
    unsafe UnsafeMutableRawPointer(buffer.base).copyMemory(
      from: start, byteCount: bytes.count)
    return Flat<Number>(buffer)
  }
}
