// Elements in one flat piece of memory that never changes: made here, or mapped from a file.
// SPDX-License-Identifier: Apache-2.0

/// An immutable collection of numbers or bytes that lie end to end.
///
/// Unlike an array it may be a part of a mapped file, so that a large model is opened without being
/// copied. A slice shares the memory and keeps its indices. Every access is checked against the
/// bounds.
@safe
// Unchecked: the memory is read-only from the moment that it is shared, and `owner` keeps it.
package struct Flat<Element: BitwiseCopyable & Sendable>:
  RandomAccessCollection, @unchecked Sendable
{
  package let startIndex: Int
  package let endIndex: Int
  /// Where the element with index 0 lies, or would lie.
  private let origin: UnsafePointer<Element>
  /// What frees the memory when nobody holds it any more.
  private let owner: AnyObject

  private init(origin: UnsafePointer<Element>, bounds: Range<Int>, owner: AnyObject) {
    unsafe self.origin = origin
    startIndex = bounds.lowerBound
    endIndex = bounds.upperBound
    self.owner = owner
  }

  /// The elements of a buffer, which must not be written from now on.
  package init(_ buffer: Buffer<Element>) {
    unsafe self.init(
      origin: UnsafePointer(buffer.base), bounds: 0..<buffer.count, owner: buffer)
  }

  /// A copy of other elements.
  package init(_ elements: some Collection<Element>) {
    let buffer = Buffer<Element>(uninitialized: elements.count)
    var place = 0
    let isDone: Void? = elements.withContiguousStorageIfAvailable { source in
      if let start = source.baseAddress {
        unsafe buffer.base.initialize(from: start, count: source.count)
      }
    }
    if isDone == nil {
      for element in elements {
        precondition(place < buffer.count, "a collection that miscounts itself")
        unsafe (buffer.base + place).initialize(to: element)
        place += 1
      }
    }
    self.init(buffer)
  }

  /// Elements in memory that `owner` keeps for as long as it lives.
  ///
  /// - Precondition: `start` is aligned for `Element`, and nothing writes to the memory.
  package init(unsafeStart start: UnsafePointer<Element>, count: Int, owner: AnyObject) {
    unsafe self.init(origin: start, bounds: 0..<count, owner: owner)
  }

  /// Where the first element lies; nil if there is none.
  package var start: UnsafePointer<Element>? { isEmpty ? nil : unsafe origin + startIndex }

  /// What keeps the memory, for elements of another type in the same place.
  package var keeper: AnyObject { owner }

  package subscript(position: Int) -> Element {
    precondition(
      position >= startIndex && position < endIndex,
      "element \(position) of \(startIndex)..<\(endIndex)")
    return unsafe origin[position]
  }

  package subscript(bounds: Range<Int>) -> Flat {
    precondition(
      bounds.lowerBound >= startIndex && bounds.upperBound <= endIndex,
      "elements \(bounds) of \(startIndex)..<\(endIndex)")
    return unsafe Flat(origin: origin, bounds: bounds, owner: owner)
  }

  /// The elements, the first one at 0 whatever the indices are.
  package var span: Span<Element> {
    @_lifetime(borrow self)
    get {
      let span = unsafe Span(_unsafeStart: origin + startIndex, count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  package func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result? {
    unsafe try body(UnsafeBufferPointer(start: origin + startIndex, count: count))
  }
}

extension Flat: Equatable where Element: Equatable {
  package static func == (a: Flat, b: Flat) -> Bool { a.elementsEqual(b) }
}

extension Flat: Hashable where Element: Hashable {
  package func hash(into hasher: inout Hasher) {
    for element in self { hasher.combine(element) }
  }
}

extension Flat: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: Element...) { self.init(elements) }
}
