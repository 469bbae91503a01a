// From bytes to numbered lines.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

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
  let file = TextFile(name: "worksheet", bytes: bytes)
  if let place = bytes.firstIndex(of: 0) {
    throw WorksheetError(
      "This is not text: there is a zero byte.", line: file.lineNumber(at: place))
  }
  if let place = TextFile.firstInvalidUTF8(file.bytes) {
    throw WorksheetError("This is not UTF-8 text.", line: file.lineNumber(at: place))
  }
  let text = String(decoding: bytes[file.start...], as: UTF8.self)
  // "\r\n" is one Character, so CRLF, LF and lone CR all end a line once.
  let lines = text.split(omittingEmptySubsequences: false) {
    $0 == "\n" || $0 == "\r\n" || $0 == "\r"
  }
  return lines.enumerated().map {
    SourceLine(number: $0.offset + 1, text: $0.element.replacingControls(keeping: "\t"))
  }
}
