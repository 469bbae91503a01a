// Telling UTF-8 from what is not, and reading Windows-1252.
// SPDX-License-Identifier: Apache-2.0

extension TextFile {
  /// Refuses what cannot be text in an encoding whose line ends are single bytes.
  ///
  /// - Throws: `RatingsError` with code `empty` or `notText`.
  package func checkText() throws(RatingsError) {
    try checkHead()
    guard let place = bytes.firstIndex(of: 0) else { return }
    let line = lineNumber(at: place)
    throw RatingsError(
      .notText,
      "\(name), line \(line): the file is not text: byte \(place + 1) is NUL.",
      file: name, line: line)
  }

  /// Refuses what cannot be text by its first bytes.
  ///
  /// - Throws: `RatingsError` with code `empty`, `notText` or `compressed`.
  func checkHead() throws(RatingsError) {
    guard !bytes.isEmpty else { throw RatingsError(.empty, "\(name) is empty.", file: name) }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw RatingsError(
        .notText,
        "\(name) is UTF-16 text, and Kindred reads UTF-8; convert it: iconv -f UTF-16 -t UTF-8.",
        file: name)
    }
    // A compressed file is decompressed as it is opened; a compressed stream cannot be.
    guard Compression(firstBytes: bytes.prefix(4)) == nil else {
      throw RatingsError(
        .compressed, "\(name) is compressed; decompress it on the way here: gzip -dc FILE | …",
        file: name)
    }
  }

  /// Refuses text that is not UTF-8, naming the line of the first bad bytes.
  ///
  /// - Throws: `RatingsError` with code `notText`.
  /// - Complexity: O(size).
  package func checkUTF8() throws(RatingsError) {
    guard let place = Self.firstInvalidUTF8(bytes) else { return }
    let line = lineNumber(at: place)
    throw RatingsError(
      .notText, "\(name), line \(line): \(Self.notUTF8(bytes, at: place))", file: name,
      line: line)
  }

  /// What is wrong with the bytes at `place`, in a sentence.
  static func notUTF8(_ bytes: Flat<UInt8>, at place: Int) -> String {
    let digits = "0123456789ABCDEF".map(String.init)
    let shown = bytes[place...].prefix { $0 >= 0x80 }.prefix(4)
      .map { digits[Int($0 >> 4)] + digits[Int($0 & 15)] }
    return "the bytes \(shown.joined(separator: " ")) are not UTF-8; "
      + "if the file is in an older encoding, convert it: iconv -f WINDOWS-1252 -t UTF-8."
  }

  /// Where the first ill-formed sequence starts (The Unicode Standard, table 3-7).
  package static func firstInvalidUTF8(_ bytes: Flat<UInt8>) -> Int? {
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let lead = bytes[index]
      if lead < 0x80 {
        index += 1
        continue
      }
      let length: Int
      var second: ClosedRange<UInt8> = 0x80...0xBF
      switch lead {
      case 0xC2...0xDF: length = 2
      case 0xE0: (length, second) = (3, 0xA0...0xBF)
      case 0xED: (length, second) = (3, 0x80...0x9F)
      case 0xE1...0xEF: length = 3
      case 0xF0: (length, second) = (4, 0x90...0xBF)
      case 0xF4: (length, second) = (4, 0x80...0x8F)
      case 0xF1...0xF3: length = 4
      default: return index
      }
      guard index + length <= bytes.endIndex, second.contains(bytes[index + 1]) else {
        return index
      }
      for later in 2..<max(length, 2) where bytes[index + later] & 0xC0 != 0x80 { return index }
      index += length
    }
    return nil
  }

  /// The same file with its bytes taken as Windows-1252; undefined ones become U+FFFD.
  package func fromWindows1252() -> TextFile {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count + bytes.count / 8)
    for byte in bytes {
      if byte < 0x80 {
        decoded.append(byte)
      } else {
        let scalar =
          byte < 0xA0 ? Self.windows1252[Int(byte) - 0x80] : Unicode.Scalar(byte)
        decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    return TextFile(name: name, bytes: decoded)
  }

  /// The 1-based line that the byte at `place` is on.
  ///
  /// - Precondition: `place` is that of a byte.
  package func lineNumber(at place: Int) -> Int {
    var line = 1
    for index in 0..<place {
      // A line feed after a carriage return ends the same line.
      let ends = bytes[index] == 0x0A || (bytes[index] == 0x0D && bytes[index + 1] != 0x0A)
      if ends { line += 1 }
    }
    return line
  }

  /// What Windows-1252 has at 0x80 to 0x9F, where Latin-1 has control characters.
  private static let windows1252 = Array(
    "€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ".unicodeScalars)
}
