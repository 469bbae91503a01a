// Lines of text that hold vectors.
// SPDX-License-Identifier: Apache-2.0

/// Walks over the lines of a text; each ends with LF or CRLF, the last one also with the text.
struct TextLines: Sequence, IteratorProtocol {
  private var rest: Flat<UInt8>

  init(_ text: Flat<UInt8>) {
    let isMarked = text.starts(with: [0xEF, 0xBB, 0xBF])
    rest = isMarked ? text.dropFirst(3) : text
  }

  mutating func next() -> Flat<UInt8>? {
    guard !rest.isEmpty else { return nil }
    let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
    var line = rest[rest.startIndex..<end]
    rest = rest[Swift.min(end + 1, rest.endIndex)...]
    if line.last == 0x0D { line = line.dropLast() }
    return line
  }

  /// How many lines a text has.
  static func count(_ text: Flat<UInt8>) -> Int {
    TextLines(text).reduce(0) { count, _ in count + 1 }
  }
}

extension Flat<UInt8> {
  /// The bytes without spaces and tabs at the end.
  var withoutTrailingBlanks: Flat<UInt8> {
    var end = endIndex
    while end > startIndex, [0x20, 0x09].contains(self[end - 1]) { end -= 1 }
    return self[startIndex..<end]
  }

  /// A decimal number that a `Float` can hold; `Float` alone would also take "nan" and "0x1p3".
  var decimal: Float? {
    guard count <= 100,
      allSatisfy({ (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }),
      let number = Float(String(decoding: self, as: UTF8.self)), number.isFinite
    else { return nil }
    return number
  }

  /// Takes the number at the end of a line, and the blank in front of it.
  ///
  /// Lines are read from their end, so that a name in front of the numbers may hold spaces.
  mutating func popNumber() -> Float? {
    var start = endIndex
    while start > startIndex, ![0x20, 0x09].contains(self[start - 1]) { start -= 1 }
    let number = self[start..<endIndex].decimal
    self = self[startIndex..<Swift.max(startIndex, start - 1)]
    return number
  }
}

/// Vectors with a name each, as text files hold them.
package struct NamedVectors: Sendable {
  package let names: Texts
  package let table: EmbeddingTable<ItemSide>
  /// What else is said about what is named; nil if nothing is.
  package var titles: Titles?
}

extension EmbeddingTable {
  /// Shortest decimals that read back as the same numbers.
  func decimals(_ row: Row<S>, separator: String) -> String {
    let vector = vector(row)
    var text = ""
    for k in 0..<vector.count { text += (k == 0 ? "" : separator) + "\(vector[k])" }
    return text
  }
}
