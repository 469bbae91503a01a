// Reading JSON of a known shape straight from bytes.
// SPDX-License-Identifier: Apache-2.0

/// Takes one piece of JSON (RFC 8259) after the other from bytes.
///
/// The caller says what comes next, and nothing else is accepted: so nothing nests deeper than the
/// caller does, and memory goes only to what is asked for, however hostile the bytes are. Each
/// method gives nil or false for anything else than what it is called after. Foundation's decoder is
/// not used for what comes from files because it builds the whole document before anybody is asked,
/// and a hostile one of megabytes becomes many times its size.
struct JSONScanner {
  private let bytes: Flat<UInt8>
  private var place: Int

  init(_ bytes: Flat<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// Whether nothing but blanks is left.
  var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return place == bytes.endIndex
    }
  }

  /// What comes next, after blanks.
  var next: UInt8? {
    mutating get {
      skipBlanks()
      return place < bytes.endIndex ? bytes[place] : nil
    }
  }

  /// Takes this byte if it comes next.
  mutating func take(_ letter: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: letter) else { return false }
    place += 1
    return true
  }

  /// Takes an object; `member` is called after each name and takes the value, or gives false.
  mutating func object(
    _ member: (_ name: String, inout JSONScanner) -> Bool
  ) -> Bool {
    guard take("{") else { return false }
    if take("}") { return true }
    repeat {
      guard let name = string(), take(":"), member(name, &self) else { return false }
    } while take(",")
    return take("}")
  }

  /// Takes an array; `element` takes each value, or gives false.
  mutating func array(_ element: (inout JSONScanner) -> Bool) -> Bool {
    guard take("[") else { return false }
    if take("]") { return true }
    repeat {
      guard element(&self) else { return false }
    } while take(",")
    return take("]")
  }

  /// Takes an integer that an `Int` can hold, written without a point or an exponent.
  mutating func integer() -> Int? {
    guard let text = number() else { return nil }
    return Int(text)
  }

  /// Takes a number and gives it as it is written.
  mutating func number() -> String? {
    skipBlanks()
    let start = place
    func digits() -> Int {
      let first = place
      while place < bytes.endIndex, (0x30...0x39).contains(bytes[place]) { place += 1 }
      return place - first
    }
    func skip(_ letters: ClosedRange<UInt8>...) -> Bool {
      guard place < bytes.endIndex, letters.contains(where: { $0.contains(bytes[place]) }) else {
        return false
      }
      place += 1
      return true
    }
    _ = skip(0x2D...0x2D)
    let startsWithZero = place < bytes.endIndex && bytes[place] == 0x30
    let whole = digits()
    guard whole == 1 || (whole > 1 && !startsWithZero) else { return nil }
    if skip(0x2E...0x2E), digits() == 0 { return nil }
    if skip(0x45...0x45, 0x65...0x65) {
      _ = skip(0x2B...0x2B, 0x2D...0x2D)
      if digits() == 0 { return nil }
    }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  /// Takes a string and gives what it stands for.
  mutating func string() -> String? {
    guard take("\"") else { return nil }
    let start = place
    var hasEscapes = false
    while place < bytes.endIndex, bytes[place] != 0x22 {
      guard bytes[place] >= 0x20 else { return nil }
      if bytes[place] == 0x5C {
        hasEscapes = true
        place += 1
      }
      place += 1
    }
    guard place < bytes.endIndex else { return nil }
    let content = bytes[start..<place]
    place += 1
    return hasEscapes ? Self.unescaped(content) : String(validating: content, as: UTF8.self)
  }

  private mutating func skipBlanks() {
    while place < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
  }

  private static func unescaped(_ content: Flat<UInt8>) -> String? {
    var plain: [UInt8] = []
    plain.reserveCapacity(content.count)
    var rest = content[...]
    while let byte = rest.popFirst() {
      guard byte == 0x5C else {
        plain.append(byte)
        continue
      }
      guard let letter = rest.popFirst() else { return nil }
      switch letter {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain.append(letter)
      case UInt8(ascii: "b"): plain.append(0x08)
      case UInt8(ascii: "f"): plain.append(0x0C)
      case UInt8(ascii: "n"): plain.append(0x0A)
      case UInt8(ascii: "r"): plain.append(0x0D)
      case UInt8(ascii: "t"): plain.append(0x09)
      case UInt8(ascii: "u"):
        guard let scalar = scalar(&rest), let encoded = UTF8.encode(scalar) else { return nil }
        plain.append(contentsOf: encoded)
      default: return nil
      }
    }
    return String(validating: plain, as: UTF8.self)
  }

  /// The letter that four digits stand for, or twice four for one beyond 0xFFFF (RFC 8259, 7).
  private static func scalar(_ rest: inout Flat<UInt8>) -> Unicode.Scalar? {
    guard let first = hexadecimal(&rest) else { return nil }
    guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
    guard rest.popFirst() == 0x5C, rest.popFirst() == UInt8(ascii: "u"),
      let second = hexadecimal(&rest), (0xDC00..<0xE000).contains(second)
    else { return nil }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
  }

  private static func hexadecimal(_ rest: inout Flat<UInt8>) -> UInt32? {
    let digits = rest.prefix(4)
    guard digits.count == 4, !digits.contains(0x2B), !digits.contains(0x2D) else { return nil }
    rest = rest.dropFirst(4)
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
