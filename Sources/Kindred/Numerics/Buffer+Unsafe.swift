// Numbers in one flat allocation that starts on a cache line.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A fixed number of elements, aligned to 64 bytes, so that vector loads never straddle a line.
///
/// It is written only while it has one owner (in `init`, or by the code that made it, whose threads
/// touch different elements) and is read-only from the moment it is shared, usually as a ``Flat``.
// Unchecked because the compiler cannot see that rule; nothing else is needed for sharing it.
@safe package final class Buffer<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  package let count: Int
  package let base: UnsafeMutablePointer<Element>

  /// A buffer whose elements are all `value`.
  package convenience init(count: Int, repeating value: Element) {
    self.init(uninitialized: count)
    unsafe base.initialize(repeating: value, count: count)
  }

  /// A buffer whose elements are not set: each must be written before it is read.
  package init(uninitialized count: Int) {
    precondition(count >= 0, "a buffer of \(count) elements")
    self.count = count
    let bytes = max(count * MemoryLayout<Element>.stride, 64)
    // The first touch of a page is dear; large pages are touched once where small ones are 512 times.
    let isLarge = bytes >= Self.largePage * 2
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: isLarge ? Self.largePage : 64)
    #if os(Linux)
      if isLarge { _ = unsafe madvise(raw, bytes, Int32(MADV_HUGEPAGE)) }
    #endif
    unsafe base = raw.bindMemory(to: Element.self, capacity: max(count, 1))
  }

  deinit { unsafe base.deallocate() }

  package var span: Span<Element> {
    @_lifetime(borrow self)
    get {
      let span = unsafe Span(_unsafeStart: UnsafePointer(base), count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Calls `body` with the elements, to be written; only while the buffer has one owner.
  package func write<Failure: Error>(
    _ body: (inout MutableSpan<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    var span = unsafe MutableSpan(_unsafeStart: base, count: count)
    try body(&span)
  }

  /// A buffer of the same elements.
  package convenience init(copying other: Buffer) {
    self.init(uninitialized: other.count)
    unsafe base.initialize(from: other.base, count: count)
  }

  /// The elements as an array.
  package var array: [Element] { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }

  private static var largePage: Int { 1 << 21 }
}
