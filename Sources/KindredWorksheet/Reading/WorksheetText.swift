// From bytes to numbered lines.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A line with its place.
struct SourceLine: Equatable {
  let number: Int
  let text: String
  /// The text without blanks at its ends, which most questions are about.
  let trimmed: String

  init(number: Int, text: String) {
    self.number = number
    self.text = text
    trimmed = text.trimmingCharacters(in: .whitespaces)
  }

  var isBlank: Bool { trimmed.isEmpty }

  func error(_ reason: String) -> WorksheetError {
    WorksheetError(reason, line: number, excerpt: trimmed)
  }
}

/// The lines of a worksheet's bytes.
///
/// - Throws: `WorksheetError` if the bytes are empty, binary or not UTF-8.
func sourceLines(_ bytes: [UInt8]) throws(WorksheetError) -> [SourceLine] {
  guard !bytes.isEmpty else { throw WorksheetError("The worksheet is empty.") }
  if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
    throw WorksheetError("The worksheet is UTF-16 text; save it as UTF-8.")
  }
  if let place = bytes.firstIndex(of: 0) {
    throw WorksheetError(
      "This is not text: there is a zero byte.", line: lineNumber(of: place, in: bytes))
  }
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw WorksheetError(
      "This is not UTF-8 text.", line: lineNumber(of: firstInvalidByte(bytes), in: bytes))
  }
  let whole = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
  // "\r\n" is one Character, so CRLF, LF and lone CR all end a line once.
  let lines = whole.split(omittingEmptySubsequences: false) {
    $0 == "\n" || $0 == "\r\n" || $0 == "\r"
  }
  return lines.enumerated().map {
    SourceLine(number: $0.offset + 1, text: withoutControls($0.element))
  }
}

/// A line that is safe to show: control characters other than the tab would be obeyed by a terminal.
private func withoutControls(_ line: Substring) -> String {
  guard line.utf8.contains(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F || $0 == 0xC2 }) else {
    return String(line)
  }
  var scalars = String.UnicodeScalarView()
  for scalar in line.unicodeScalars {
    let isControl = scalar.properties.generalCategory == .control && scalar != "\t"
    scalars.append(isControl ? "\u{FFFD}" : scalar)
  }
  return String(scalars)
}

private func lineNumber(of place: Int, in bytes: [UInt8]) -> Int {
  // A carriage return ends a line too, unless a line feed follows, which then does.
  1
    + bytes[..<place].indices.count { index in
      bytes[index] == UInt8(ascii: "\n")
        || (bytes[index] == UInt8(ascii: "\r")
          && bytes.dropFirst(index + 1).first != UInt8(ascii: "\n"))
    }
}

/// Where decoding first has to put in a replacement character.
private func firstInvalidByte(_ bytes: [UInt8]) -> Int {
  var decoder = UTF8()
  var iterator = bytes.makeIterator()
  var place = 0
  while true {
    switch decoder.decode(&iterator) {
    case .scalarValue(let scalar): place += UTF8.width(scalar)
    case .emptyInput, .error: return min(place, bytes.count)
    }
  }
}
