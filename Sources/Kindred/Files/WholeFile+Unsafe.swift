// Writing a file whole or not at all.
// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Synchronization

/// A file that appears under its name only when all of it is on the disk.
///
/// Bytes go to a temporary file in the same folder, which is then synced and renamed over the name;
/// a reader sees the old file or the new one and nothing between. If anything fails, the temporary
/// file is removed and the old file is untouched; one that a killed process left behind is removed by
/// the next write of the same name. A replaced file keeps its permissions, and a
/// symbolic link stays one: what it points at is replaced.
package struct WholeFile {
  private let path: String
  /// What is written to until it is renamed; nil where the name is a device or a pipe, which is
  /// written to as it is.
  private let temporary: String?
  private var descriptor: Int32
  private var pending: [UInt8] = []
  private static let chunk = 1 << 20

  /// The calls to the system that writing a file is made of, in the order in which they come.
  package enum Step: Sendable { case create, lock, write, sync, close, rename, syncFolder }

  /// Called before each step; for tests that break a write off in every place.
  package static let beforeStep = Mutex<(@Sendable (Step) -> Void)?>(nil)

  private static func reach(_ step: Step) {
    // Called outside of the lock: it may never come back.
    let observer = beforeStep.withLock { $0 }
    observer?(step)
  }

  /// Writes a file by calling `body` with it.
  ///
  /// - Throws: `FileError` with the system's reason, or what `body` throws.
  package static func write(
    to path: String, _ body: (inout WholeFile) throws(FileError) -> Void
  ) throws(FileError) {
    let file = try finished(path, body)
    do { try file.publish() } catch {
      file.removeTemporary()
      throw error
    }
  }

  /// A path and what writes the file there.
  package typealias Part = (path: String, body: (inout WholeFile) throws(FileError) -> Void)

  /// Writes several files that belong together: none gets its name before all are on the disk.
  ///
  /// - Throws: `FileError` with the system's reason, or what a body throws. Nothing of the files is
  ///   then left, unless it was the renaming of a later one that failed.
  package static func write(_ parts: [Part]) throws(FileError) {
    var files: [WholeFile] = []
    do throws(FileError) {
      for part in parts { files.append(try finished(part.path, part.body)) }
      for file in files { try file.publish() }
    } catch {
      for file in files { file.removeTemporary() }
      throw error
    }
  }

  /// Makes a folder, and those that it is in, where there is none yet.
  package static func makeFolder(_ path: String) throws(FileError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileError(.cannotWrite, path: path, "the folder cannot be made")
    }
  }

  /// Removes a file, if it is there.
  package static func remove(_ path: String) throws(FileError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
      throw FileError(.cannotWrite, path: path, "it cannot be removed: \(reason(errno))")
    }
  }

  /// A file that is whole under its temporary name.
  private static func finished(
    _ path: String, _ body: (inout WholeFile) throws(FileError) -> Void
  ) throws(FileError) -> WholeFile {
    var file = try WholeFile(path)
    do throws(FileError) {
      try body(&file)
      try file.finish()
      return file
    } catch {
      file.abandon()
      throw error
    }
  }

  private init(_ path: String) throws(FileError) {
    let path = Self.resolved(path)
    self.path = path
    if try Self.isDevice(path) {
      temporary = nil
      descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw FileError(.cannotWrite, path: path, Self.reason(errno))
      }
      return
    }
    let folder = FilePath.folder(of: path)
    let name = FilePath.name(of: path)
    guard !name.isEmpty, name != "/" else {
      throw FileError(.cannotWrite, path: path, "it is not the name of a file")
    }
    // Long names would leave no room for the suffix.
    let short = String(decoding: name.utf8.prefix(100), as: UTF8.self)
    let tag = "\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0 ... .max))"
    Self.removeLeftovers(of: short, in: folder.isEmpty ? "." : folder)
    let temporary = (folder.isEmpty ? "." : folder) + "/.\(short).\(tag).tmp"
    self.temporary = temporary
    Self.reach(.create)
    descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      let reason =
        errno == ENOENT && !FileManager.default.fileExists(atPath: folder.isEmpty ? "." : folder)
        ? "the folder \(folder.isEmpty ? "." : folder) does not exist" : Self.reason(errno)
      throw FileError(.cannotWrite, path: path, reason)
    }
    Self.reach(.lock)
    // The lock goes when the process does, however it ends: see `removeLeftovers`.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
    var old = stat()
    if unsafe stat(path, &old) == 0 { _ = fchmod(descriptor, old.st_mode & 0o7777) }
  }

  /// Removes the temporary files of writers that were killed before they could do so.
  ///
  /// A writer is dead if no process has the number in the file's name and nobody holds the file's
  /// lock; either alone could be wrong where containers share a folder.
  private static func removeLeftovers(of name: String, in folder: String) {
    // A folder that cannot be listed can perhaps still be written to.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for leftover in names where leftover.hasPrefix(".\(name).") && leftover.hasSuffix(".tmp") {
      let tag = leftover.dropFirst(name.count + 2).dropLast(4).split(separator: "-")
      guard tag.count == 2, let process = Int32(tag[0]), process > 0, UInt32(tag[1]) != nil,
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      let path = folder + "/" + leftover
      let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { _ = unsafe unlink(path) }
      _ = Foundation.close(descriptor)
    }
  }

  /// Appends bytes.
  package mutating func append(_ bytes: some Sequence<UInt8>) throws(FileError) {
    pending.append(contentsOf: bytes)
    if pending.count >= Self.chunk { try flush() }
  }

  /// Appends numbers as they lie in memory, little-endian on every platform that Kindred runs on.
  package mutating func append<Number: BitwiseCopyable>(
    _ numbers: Span<Number>
  ) throws(FileError) {
    try flush()
    var failure: FileError?
    unsafe numbers.withUnsafeBytes { bytes in
      do throws(FileError) { unsafe try writeAll(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Appends numbers as they lie in memory.
  package mutating func append<Number: BitwiseCopyable>(
    numbers: [Number]
  ) throws(FileError) {
    try append(numbers.span)
  }

  /// Appends numbers as they lie in memory.
  package mutating func append<Number: BitwiseCopyable & Sendable>(
    numbers: Flat<Number>
  ) throws(FileError) {
    try append(numbers.span)
  }

  private mutating func flush() throws(FileError) {
    guard !pending.isEmpty else { return }
    let bytes = pending
    pending.removeAll(keepingCapacity: true)
    var failure: FileError?
    unsafe bytes.withUnsafeBytes { bytes in
      do throws(FileError) { unsafe try writeAll(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let length = min(bytes.count - done, 1 << 30)
      Self.reach(.write)
      let written = unsafe Foundation.write(descriptor, base + done, length)
      if written < 0 {
        if errno == EINTR { continue }
        throw FileError(.cannotWrite, path: path, Self.reason(errno))
      }
      done += written
    }
  }

  private mutating func finish() throws(FileError) {
    try flush()
    Self.reach(.sync)
    // A device or a pipe has nothing to sync.
    guard temporary == nil || fsync(descriptor) == 0 else {
      throw FileError(.cannotWrite, path: path, Self.reason(errno))
    }
    Self.reach(.close)
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0 else { throw FileError(.cannotWrite, path: path, Self.reason(errno)) }
  }

  private func publish() throws(FileError) {
    guard let temporary else { return }
    Self.reach(.rename)
    guard unsafe rename(temporary, path) == 0 else {
      throw FileError(.cannotWrite, path: path, Self.reason(errno))
    }
    syncFolder(of: temporary)
  }

  /// Makes the new name itself durable; a file system that cannot do this has done what it can.
  private func syncFolder(of file: String) {
    let folder = FilePath.folder(of: file)
    let handle = unsafe open(folder, O_RDONLY | O_CLOEXEC)
    guard handle >= 0 else { return }
    Self.reach(.syncFolder)
    _ = fsync(handle)
    _ = close(handle)
  }

  private mutating func abandon() {
    if descriptor >= 0 { _ = close(descriptor) }
    descriptor = -1
    removeTemporary()
  }

  private func removeTemporary() {
    if let temporary { _ = unsafe unlink(temporary) }
  }

  /// What a path leads to through symbolic links, also where nothing is there yet.
  ///
  /// What is no file is left as it is: the system shows an open pipe as a link to no path.
  private static func resolved(_ path: String) -> String {
    var path = path
    // As many links as the system itself follows.
    for _ in 0..<40 {
      var there = stat()
      if unsafe stat(path, &there) == 0, there.st_mode & S_IFMT != S_IFREG { break }
      guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
        break
      }
      let folder = FilePath.folder(of: path)
      path = target.hasPrefix("/") || folder.isEmpty ? target : folder + "/" + target
    }
    return path
  }

  /// Whether something other than a file is there, that can be written to but not replaced.
  ///
  /// - Throws: `FileError` if a folder is there.
  private static func isDevice(_ path: String) throws(FileError) -> Bool {
    var old = stat()
    guard unsafe stat(path, &old) == 0 else { return false }
    let kind = old.st_mode & S_IFMT
    guard kind != S_IFDIR else {
      throw FileError(.cannotWrite, path: path, "it is a folder")
    }
    return kind != S_IFREG
  }

  private static func reason(_ number: Int32) -> String {
    unsafe String(cString: strerror(number)).lowercased()
  }
}
