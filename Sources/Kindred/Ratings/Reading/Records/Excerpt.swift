// Showing a piece of a file in a message.
// SPDX-License-Identifier: Apache-2.0

extension Flat<UInt8> {
  /// The text of `range` for a message: at most 80 characters, control characters escaped.
  package func excerpt(_ range: Range<Int>) -> String {
    // 80 scalars take 320 bytes at most; what is decoded beyond them may end in half a scalar.
    let scalars = String(decoding: self[range].prefix(400), as: UTF8.self).unicodeScalars
    var shown = ""
    for scalar in scalars.prefix(80) {
      switch scalar.properties.generalCategory {
      case _ where scalar == "\t": shown += "\\t"
      case _ where scalar == "\n": shown += "\\n"
      case _ where scalar == "\r": shown += "\\r"
      case .control, .format, .lineSeparator, .paragraphSeparator:
        // A zero-width joiner holds an emoji together and hides nothing.
        if scalar.value == 0x200D {
          shown.unicodeScalars.append(scalar)
        } else {
          shown += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        }
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return scalars.count > 80 ? shown + "…" : shown
  }
}

extension TextFile {
  /// The text of `range` for a message.
  package func excerpt(_ range: Range<Int>) -> String { bytes.excerpt(range) }
}
