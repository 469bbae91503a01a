// Lines, fields and quoting: the one place that knows them.
// SPDX-License-Identifier: Apache-2.0

/// What stands between two fields.
package enum Separator: Hashable, Sendable {
  /// One byte, each time; quoting as in RFC 4180 is possible.
  case byte(UInt8)
  /// `::`.
  case doubleColon
  /// A run of spaces and tabs; there is nothing before the first field or after the last.
  case whitespace

  package static let tab = Separator.byte(0x09)
  package static let comma = Separator.byte(0x2C)
  package static let semicolon = Separator.byte(0x3B)
  package static let bar = Separator.byte(0x7C)

  /// The separator for messages: "commas".
  package var plural: String {
    switch self {
    case .tab: "tabs"
    case .comma: "commas"
    case .semicolon: "semicolons"
    case .bar: "vertical bars"
    case .byte(let byte): "\"\(Character(Unicode.Scalar(byte)))\""
    case .doubleColon: "\"::\""
    case .whitespace: "spaces"
    }
  }
}

/// One field: its bytes, without the quotes around it.
package struct Field: Sendable {
  package var range: Range<Int>
  /// Whether two quotes in it stand for one.
  package var hasDoubledQuotes = false
}

/// What is wrong with the quotes of a record.
package enum QuoteFault: Sendable {
  case unclosed, textAfterQuote
}

/// Walks over the records of a text and splits them into fields.
///
/// A record is a line, or several when quoted fields hold line breaks. Lines end with LF, CRLF or a
/// lone CR, the last one also with the text. Blank lines are passed over but counted. After a
/// record with a fault the walk goes on with the next line, so that a stray quote costs one line.
package struct Records: Sendable {
  /// What a step came to.
  package enum Step: Sendable {
    case record
    case fault(QuoteFault)
    case end
  }

  package let bytes: Flat<UInt8>
  package let separator: Separator
  /// Whether a field that starts with `"` is quoted.
  package let quoting: Bool
  /// The fields of the current record.
  package private(set) var fields: [Field] = []
  /// The 1-based line on which the current record starts.
  package private(set) var line = 0
  /// The bytes of the current record, without its line end.
  package private(set) var extent = 0..<0
  /// Where the next record starts.
  package private(set) var position: Int
  /// The number of the line on which the next record starts.
  package private(set) var nextLine = 1

  /// A quoted record longer than this is taken as one that is never closed.
  package static let longestQuotedRecord = 1 << 20

  package init(
    _ bytes: Flat<UInt8>, from start: Int = 0, separator: Separator, quoting: Bool = false
  ) {
    self.bytes = bytes
    self.separator = separator
    self.quoting = quoting
    position = start
  }

  /// Goes on elsewhere: at the start of a line, and with that line's number.
  package mutating func move(to position: Int, line: Int) {
    self.position = position
    nextLine = line
  }

  /// Moves to the next record that is not blank.
  ///
  /// - Complexity: O(length of the record).
  package mutating func next() -> Step {
    while position < bytes.count {
      let start = position
      line = nextLine
      var index = start
      var sawQuote = false
      while index < bytes.count {
        let byte = bytes[index]
        // All that matters here is small; most bytes of most files are not.
        if byte <= 0x22 {
          if byte == 0x0A || byte == 0x0D { break }
          if byte == 0x22 { sawQuote = true }
        }
        index += 1
      }
      extent = start..<index
      endLine(at: index)
      if isBlank(extent) { continue }
      fields.removeAll(keepingCapacity: true)
      switch separator {
      case .byte(let byte) where quoting && sawQuote: return splitQuoted(byte)
      case .byte(let byte): split(byte)
      case .doubleColon: splitDoubleColon()
      case .whitespace: splitWhitespace()
      }
      return .record
    }
    return .end
  }

  /// The bytes of a field as they are meant.
  package func value(_ field: Field) -> Flat<UInt8> {
    guard field.hasDoubledQuotes else { return bytes[field.range] }
    var plain: [UInt8] = []
    var index = field.range.lowerBound
    while index < field.range.upperBound {
      plain.append(bytes[index])
      index += bytes[index] == 0x22 ? 2 : 1
    }
    return Flat(plain)
  }

  /// The text of a field.
  package func text(_ field: Field) -> String { String(decoding: value(field), as: UTF8.self) }

  private mutating func endLine(at index: Int) {
    position = index
    if position < bytes.count {
      let isPair =
        bytes[position] == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A
      position += isPair ? 2 : 1
    }
    nextLine += 1
  }

  private func isBlank(_ range: Range<Int>) -> Bool {
    for index in range {
      let byte = bytes[index]
      if byte == 0x20 || (byte == 0x09 && separator == .whitespace) { continue }
      return false
    }
    return true
  }

  private mutating func split(_ separator: UInt8) {
    var start = extent.lowerBound
    for index in extent where bytes[index] == separator {
      fields.append(Field(range: start..<index))
      start = index + 1
    }
    fields.append(Field(range: start..<extent.upperBound))
  }

  private mutating func splitDoubleColon() {
    var start = extent.lowerBound
    var index = start
    while index + 1 < extent.upperBound {
      if bytes[index] == 0x3A, bytes[index + 1] == 0x3A {
        fields.append(Field(range: start..<index))
        index += 2
        start = index
      } else {
        index += 1
      }
    }
    fields.append(Field(range: start..<extent.upperBound))
  }

  private mutating func splitWhitespace() {
    var index = extent.lowerBound
    let end = extent.upperBound
    while true {
      while index < end, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
      guard index < end else { return }
      let start = index
      while index < end, bytes[index] != 0x20, bytes[index] != 0x09 { index += 1 }
      fields.append(Field(range: start..<index))
    }
  }

  /// Splits a record that has quotes; it may go on past the line on which it starts.
  private mutating func splitQuoted(_ separator: UInt8) -> Step {
    let start = extent.lowerBound
    let limit = min(bytes.count, start + Self.longestQuotedRecord)
    var index = start
    var breaks = 0
    while true {
      if index < bytes.count, bytes[index] == 0x22 {
        index += 1
        var field = Field(range: index..<index)
        while true {
          guard index < limit else { return .fault(.unclosed) }
          if bytes[index] == 0x22 {
            guard index + 1 < bytes.count, bytes[index + 1] == 0x22 else { break }
            field.hasDoubledQuotes = true
            index += 1
          } else if isLineEnd(index) {
            breaks += 1
          }
          index += 1
        }
        field.range = field.range.lowerBound..<index
        fields.append(field)
        index += 1
        let isOver =
          index == bytes.count || bytes[index] == separator || bytes[index] == 0x0A
          || bytes[index] == 0x0D
        guard isOver else { return .fault(.textAfterQuote) }
      } else {
        let first = index
        while index < bytes.count, bytes[index] != separator, bytes[index] != 0x0A,
          bytes[index] != 0x0D
        { index += 1 }
        fields.append(Field(range: first..<index))
      }
      guard index < bytes.count, bytes[index] == separator else { break }
      index += 1
    }
    extent = start..<index
    nextLine = line + breaks
    endLine(at: index)
    return .record
  }

  /// Whether a line ends with this byte; the CR of a CRLF does not count, its LF does.
  private func isLineEnd(_ index: Int) -> Bool {
    bytes[index] == 0x0A
      || (bytes[index] == 0x0D && (index + 1 == bytes.count || bytes[index + 1] != 0x0A))
  }
}
