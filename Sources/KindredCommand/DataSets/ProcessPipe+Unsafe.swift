// Reading from the pipes of other processes without waiting for ever.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a pipe gave within some time.
enum PipeBlock {
  case bytes(Int)
  case nothingYet
  case end
}

/// Reads what a pipe holds into the start of `block`, and waits for it no longer than this.
func readBlock(of pipe: Int32, into block: inout [UInt8], milliseconds: Int32) -> PipeBlock {
  var waiting = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
  let ready = unsafe poll(&waiting, 1, milliseconds)
  if ready == 0 || (ready < 0 && errno == EINTR) { return .nothingYet }
  let count = unsafe block.withUnsafeMutableBytes { bytes in
    unsafe Foundation.read(pipe, bytes.baseAddress, bytes.count)
  }
  if count < 0, errno == EINTR { return .nothingYet }
  return count > 0 ? .bytes(count) : .end
}

/// The short text that a process which has ended left in a pipe.
///
/// Only what is there is read: a process started meanwhile may have inherited the pipe, which then
/// has no end.
func readRest(of pipe: Int32) -> String {
  var text: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 4096)
  while case .bytes(let count) = readBlock(of: pipe, into: &block, milliseconds: 0) {
    text += block[..<count]
  }
  return String(decoding: text, as: UTF8.self)
}
