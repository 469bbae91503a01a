// Many texts in one piece of memory.
// SPDX-License-Identifier: Apache-2.0

/// Texts as UTF-8 end to end, with where each starts; each is decoded only when it is asked for.
///
/// The bytes may come from a file that nobody has checked and be no UTF-8, or be cut inside a letter:
/// such a text has U+FFFD in that place.
package struct Texts: Equatable, Sendable {
  /// The UTF-8 bytes of all texts, end to end.
  package let bytes: Flat<UInt8>
  /// Where each text starts in `bytes`; one more at the end. [count + 1]
  package let offsets: Flat<Int64>

  /// - Precondition: There is at least one offset; the first is 0, none is below the one before it, and
  ///   the last is the number of bytes.
  package init(bytes: Flat<UInt8>, offsets: Flat<Int64>) {
    precondition(!offsets.isEmpty, "texts without an end")
    self.bytes = bytes
    self.offsets = offsets
  }

  package init(_ texts: some Sequence<String>) {
    var bytes: [UInt8] = []
    var offsets: [Int64] = [0]
    for text in texts {
      bytes.append(contentsOf: text.utf8)
      offsets.append(Int64(bytes.count))
    }
    self.init(bytes: Flat(bytes), offsets: Flat(offsets))
  }

  package var count: Int { offsets.count - 1 }

  package subscript(place: Int) -> String { String(decoding: utf8(place), as: UTF8.self) }

  /// The bytes of one text.
  package func utf8(_ place: Int) -> Flat<UInt8> { bytes[range(place)] }

  /// Where the bytes of one text lie.
  package func range(_ place: Int) -> Range<Int> {
    Int(offsets[place])..<Int(offsets[place + 1])
  }

  /// Whether all is UTF-8, and it is cut only between letters.
  ///
  /// - Complexity: O(bytes + *count*).
  package var isWellFormed: Bool {
    guard String(validating: bytes, as: UTF8.self) != nil else { return false }
    // A byte 10xxxxxx continues a letter instead of starting one.
    return offsets.allSatisfy { $0 == bytes.count || bytes[Int($0)] & 0xC0 != 0x80 }
  }
}

extension Texts {
  /// Texts one after the other, as many as were promised.
  package struct Builder {
    private var bytes: [UInt8] = []
    private let offsets: Buffer<Int64>
    private var count = 0

    package init(count: Int) { offsets = Buffer(count: count + 1, repeating: 0) }

    /// - Precondition: There is room for one more.
    package mutating func append(_ utf8: some Collection<UInt8>) {
      bytes.append(contentsOf: utf8)
      count += 1
      let (count, end) = (count, Int64(bytes.count))
      offsets.write { $0[count] = end }
    }

    /// - Precondition: All have been appended.
    package consuming func finish() -> Texts {
      precondition(count == offsets.count - 1, "\(count) texts of \(offsets.count - 1)")
      return Texts(bytes: Flat(bytes), offsets: Flat(offsets))
    }
  }
}
