// The file that a download grows in until it is whole.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

/// What has come of a file so far, kept across runs, and written by one process at a time.
///
/// The lock is on the open file itself, so that it ends with the process however that ends, and no
/// file of its own is left behind. Between opening and locking, the process that held the lock may
/// have renamed or removed the file; then the name leads elsewhere, and opening starts anew.
package final class PartFile {
  package let path: String
  /// How many bytes it holds.
  package private(set) var count: Int
  private var descriptor: Int32

  /// Opens the file, or makes it.
  ///
  /// - Throws: `FetchError.busy` if another process writes it; `FileError` if it cannot be written.
  package init(_ path: String) throws {
    self.path = path
    // Each round means that another process finished or gave up just now.
    for _ in 0..<100 {
      let descriptor = unsafe open(
        path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { throw Self.failure(path) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let reason = errno
        _ = close(descriptor)
        if reason == EWOULDBLOCK { throw FetchError.busy(part: path) }
        throw FileError(.cannotWrite, path: path, Self.text(reason))
      }
      var opened = stat()
      var named = stat()
      if unsafe fstat(descriptor, &opened) == 0, unsafe stat(path, &named) == 0,
        opened.st_ino == named.st_ino, opened.st_dev == named.st_dev
      {
        self.descriptor = descriptor
        count = Int(opened.st_size)
        _ = lseek(descriptor, 0, SEEK_END)
        return
      }
      _ = close(descriptor)
    }
    throw FetchError.busy(part: path)
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Appends bytes.
  ///
  /// - Throws: `FileError` with the system's reason; what was written until then stays.
  package func append(_ bytes: ArraySlice<UInt8>) throws {
    var failed = false
    unsafe bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count, let base = bytes.baseAddress {
        let written = unsafe Foundation.write(descriptor, base + done, bytes.count - done)
        if written < 0 {
          if errno == EINTR { continue }
          failed = true
          return
        }
        done += written
        count += written
      }
    }
    if failed { throw Self.failure(path) }
  }

  /// Empties the file.
  package func startAnew() throws {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw Self.failure(path)
    }
    count = 0
  }

  /// Gives the file its final name, once all of it is on the disk.
  package func finish(as name: String) throws {
    guard fsync(descriptor) == 0, unsafe rename(path, name) == 0 else { throw Self.failure(name) }
    let parent = FilePath.folder(of: name)
    let folder = unsafe open(parent.isEmpty ? "." : parent, O_RDONLY | O_CLOEXEC)
    // A file system that cannot make the name itself durable has done what it can.
    if folder >= 0 {
      _ = fsync(folder)
      _ = close(folder)
    }
    _ = close(descriptor)
    descriptor = -1
  }

  /// Removes the file; only once, since the name may be another process's by then.
  package func discard() {
    guard descriptor >= 0 else { return }
    _ = unsafe unlink(path)
    _ = close(descriptor)
    descriptor = -1
    count = 0
  }

  private static func failure(_ path: String) -> FileError {
    FileError(.cannotWrite, path: path, text(errno))
  }

  private static func text(_ number: Int32) -> String {
    unsafe String(cString: strerror(number)).lowercased()
  }
}
