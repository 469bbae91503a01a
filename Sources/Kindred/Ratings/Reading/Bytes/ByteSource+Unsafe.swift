// Where the bytes of a file come from: read from any place, or in order as they arrive.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// An open file, a stream, or what a decompressing program gives out.
///
/// Files are read, not mapped: a mapped file that somebody cuts short while it is read would end
/// the program.
/// Nothing of it changes but the place in a stream, which is the system's.
@safe package final class ByteSource: Sendable {
  /// The path as it was given, or "standard input".
  package let name: String
  /// The size of a file that can be read from any place; nil for a stream.
  let size: Int?
  private let descriptor: Int32
  private let child: Decompressor?

  private init(name: String, size: Int?, descriptor: Int32, child: Decompressor?) {
    self.name = name
    self.size = size
    self.descriptor = descriptor
    self.child = child
  }

  /// What a program gives out.
  convenience init(output child: Decompressor, of path: String) {
    self.init(name: path, size: nil, descriptor: child.descriptor, child: child)
  }

  deinit {
    if child == nil, descriptor != STDIN_FILENO { _ = close(descriptor) }
  }

  /// Opens a file, standard input for "-", or a member of an archive: `ml-100k.zip/ml-100k/u.data`.
  ///
  /// A compressed file is known by its first bytes, not by its name. An archive without a member
  /// named gives the one that seems to be ratings.
  ///
  /// - Throws: `RatingsError` with code `notFound`, `unreadable` or `compressed`.
  package static func open(_ path: String) throws(RatingsError) -> ByteSource {
    if path == "-" {
      return ByteSource(
        name: "standard input", size: nil, descriptor: STDIN_FILENO, child: nil)
    }
    if let (archive, member) = try archiveMember(path) {
      try ZipListing(archive).require(member)
      return try decompressed(path, by: .member(member, ofZip: archive), size(ofFile: archive))
    }
    let descriptor = unsafe Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let reason = errno
      _ = close(descriptor)
      throw unreadable(path, reason)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      _ = close(descriptor)
      throw RatingsError(
        .unreadable, "\(path) is a directory; name the files in it.", file: path)
    }
    let isFile = status.st_mode & S_IFMT == S_IFREG
    let source = ByteSource(
      name: path, size: isFile ? Int(status.st_size) : nil,
      descriptor: descriptor, child: nil)
    guard isFile, let kind = Compression(firstBytes: try source.firstBytes(4)) else {
      return source
    }
    return try decompressed(path, by: kind.program(path), Int(status.st_size))
  }

  private static func decompressed(
    _ path: String, by program: Decompressor.Program, _ size: Int?
  ) throws(RatingsError) -> ByteSource {
    ByteSource(output: try Decompressor(program, of: path, size: size ?? 0), of: path)
  }

  /// Reads up to `count` bytes to `target`: from `place`, or the next ones of a stream.
  ///
  /// - Returns: How many were read; 0 at the end.
  /// - Throws: `RatingsError` with code `unreadable`, or `compressed` for a damaged archive.
  func read(
    _ count: Int, to target: UnsafeMutablePointer<UInt8>, at place: Int?
  ) throws(RatingsError) -> Int {
    while true {
      let length = min(count, 1 << 30)
      let done =
        if let place, size != nil {
          unsafe pread(descriptor, target, length, off_t(place))
        } else {
          unsafe Foundation.read(descriptor, target, length)
        }
      if done < 0, errno == EINTR { continue }
      guard done >= 0 else { throw Self.unreadable(name, errno) }
      if let child {
        if done == 0 { try child.finish() } else { try child.count(done) }
      }
      return done
    }
  }

  private func firstBytes(_ count: Int) throws(RatingsError) -> [UInt8] {
    let bytes = Buffer<UInt8>(count: count, repeating: 0)
    let done = unsafe try read(count, to: bytes.base, at: 0)
    return Array(bytes.array.prefix(done))
  }

  /// An archive and the rest of the path, where the path goes on inside a file that is one.
  private static func archiveMember(
    _ path: String
  ) throws(RatingsError) -> (archive: String, member: String)? {
    var search = path.startIndex
    while let slash = path[search...].firstIndex(of: "/") {
      let archive = String(path[..<slash])
      let member = String(path[path.index(after: slash)...])
      if !member.isEmpty, !archive.isEmpty, size(ofFile: archive) != nil {
        return try isZip(archive) ? (archive, member) : nil
      }
      search = path.index(after: slash)
    }
    return nil
  }

  private static func isZip(_ path: String) throws(RatingsError) -> Bool {
    let descriptor = unsafe Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    let source = ByteSource(name: path, size: 4, descriptor: descriptor, child: nil)
    return Compression(firstBytes: try source.firstBytes(4)) == .zip
  }

  /// The size of a regular file; nil where there is none.
  private static func size(ofFile path: String) -> Int? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  private static func unreadable(_ path: String, _ number: Int32) -> RatingsError {
    guard number != ENOENT, number != ENOTDIR else {
      return RatingsError(.notFound, "\(path): there is no such file.", file: path)
    }
    let reason = unsafe String(cString: strerror(number)).lowercased()
    return RatingsError(.unreadable, "\(path) cannot be read: \(reason).", file: path)
  }
}
