// The header of a NumPy array file.
// SPDX-License-Identifier: Apache-2.0

// Layout (NumPy Enhancement Proposal 1 and numpy.lib.format): the bytes 0x93 "NUMPY", a major and a
// minor version, the header's length (two little-endian bytes in version 1, four in 2 and 3), the
// header, then the numbers. The header is a Python dictionary of three entries, written as
// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, blanks and a line feed.

/// What the header of an `.npy` file says.
package struct NumPyHeader: Equatable, Sendable {
  /// The type of the numbers: a byte order (`<`, `>`), a kind (`f`) and a size in bytes.
  package var description = "<f4"
  /// Whether the first index runs fastest.
  package var isFortranOrder = false
  /// The extents, none for a single number.
  package var shape: [Int]

  /// More than any header needs; NumPy's own limit is 10,000.
  private static let lengthLimit = 10_000
  /// As many as NumPy allows.
  private static let rankLimit = 64
  private static let magic = [0x93] + Array("NUMPY".utf8)

  package init(description: String = "<f4", shape: [Int]) {
    self.description = description
    self.shape = shape
  }

  /// The header's bytes, in version 1.0, padded so that the numbers start on a cache line.
  package var bytes: [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let order = isFortranOrder ? "True" : "False"
    var text = "{'descr': '\(description)', 'fortran_order': \(order), 'shape': (\(extents)), }"
    while (10 + text.utf8.count + 1) % 64 != 0 { text += " " }
    text += "\n"
    let length = text.utf8.count
    return Self.magic + [1, 0, UInt8(length % 256), UInt8(length / 256)] + Array(text.utf8)
  }

  /// Reads a header; nothing in it is evaluated.
  ///
  /// - Returns: nil if it is none. The length counts everything before the numbers.
  package static func read(_ file: Flat<UInt8>) -> (header: NumPyHeader, length: Int)? {
    guard file.count >= 12, file.prefix(6).elementsEqual(magic), (1...3).contains(file[6]),
      file[7] == 0
    else { return nil }
    let prefix = file[6] == 1 ? 10 : 12
    var length = 0
    for byte in file[8..<prefix].reversed() { length = length << 8 | Int(byte) }
    guard length <= lengthLimit, prefix + length <= file.count,
      let header = NumPyHeader(dictionary: file[prefix..<prefix + length])
    else { return nil }
    return (header, prefix + length)
  }

  private init?(dictionary: Flat<UInt8>) {
    var scanner = PythonScanner(rest: dictionary)
    var (description, order, shape) = (String?.none, Bool?.none, [Int]?.none)
    guard scanner.take("{") else { return nil }
    while !scanner.take("}") {
      guard let name = scanner.string(), scanner.take(":") else { return nil }
      switch name {
      case "descr" where description == nil: description = scanner.string()
      case "fortran_order" where order == nil: order = scanner.boolean()
      case "shape" where shape == nil: shape = scanner.tuple(atMost: Self.rankLimit)
      default: return nil
      }
      if scanner.take(",") { continue }
      guard scanner.take("}") else { return nil }
      break
    }
    guard scanner.isAtEnd, let description, let order, let shape else { return nil }
    self.description = description
    isFortranOrder = order
    self.shape = shape
  }
}

/// Takes the few kinds of Python literals that a header is made of.
private struct PythonScanner {
  var rest: Flat<UInt8>

  var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return rest.isEmpty
    }
  }

  mutating func take(_ text: String) -> Bool {
    skipBlanks()
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  /// Plain letters between quotes of either kind.
  mutating func string() -> String? {
    skipBlanks()
    guard let quote = rest.popFirst(), quote == 0x22 || quote == 0x27,
      let end = rest.firstIndex(of: quote)
    else { return nil }
    let content = rest[rest.startIndex..<end]
    guard content.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != 0x5C }) else { return nil }
    rest = rest[(end + 1)...]
    return String(decoding: content, as: UTF8.self)
  }

  mutating func boolean() -> Bool? { take("True") ? true : take("False") ? false : nil }

  mutating func tuple(atMost limit: Int) -> [Int]? {
    guard take("(") else { return nil }
    var numbers: [Int] = []
    var endsWithComma = true
    while !take(")") {
      skipBlanks()
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard endsWithComma, numbers.count < limit, digits.count <= 19,
        let number = Int(String(decoding: digits, as: UTF8.self))
      else { return nil }
      rest = rest.dropFirst(digits.count)
      numbers.append(number)
      endsWithComma = take(",")
    }
    // (3) is a number in brackets, and (3,) a tuple.
    return numbers.count == 1 && !endsWithComma ? nil : numbers
  }

  private mutating func skipBlanks() {
    rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
  }
}
