// Numbers in one flat allocation that starts on a cache line.
// SPDX-License-Identifier: Apache-2.0

/// A fixed number of `Float`s, aligned to 64 bytes, so that vector loads never straddle a line.
///
/// It is written only while it has one owner (in `init`, or by the trainer that made it, whose
/// threads touch different rows) and is read-only from the moment it is shared.
// Unchecked because the compiler cannot see that rule; nothing else is needed for sharing it.
@safe package final class FloatBuffer: @unchecked Sendable {
  package let count: Int
  package let base: UnsafeMutablePointer<Float>

  /// A buffer of zeros.
  package init(count: Int) {
    precondition(count >= 0, "a buffer of \(count) numbers")
    self.count = count
    let bytes = count * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, 64), alignment: 64)
    unsafe base = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    unsafe base.initialize(repeating: 0, count: count)
  }

  deinit { unsafe base.deallocate() }

  package var span: Span<Float> {
    @_lifetime(borrow self)
    get {
      let span = unsafe Span(_unsafeStart: UnsafePointer(base), count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Calls `body` with the numbers, to be written; only while the buffer has one owner.
  package func write<Failure: Error>(
    _ body: (inout MutableSpan<Float>) throws(Failure) -> Void
  ) throws(Failure) {
    var span = unsafe MutableSpan(_unsafeStart: base, count: count)
    try body(&span)
  }
}

extension FloatBuffer {
  /// A buffer of the same numbers.
  package convenience init(copying other: FloatBuffer) {
    self.init(count: other.count)
    unsafe base.update(from: other.base, count: count)
  }

  /// The numbers as an array.
  package var array: [Float] { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }
}
