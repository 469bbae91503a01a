// Fields of comma-separated text.
// SPDX-License-Identifier: Apache-2.0

/// Writes fields as RFC 4180 has them.
enum CSVField {
  /// Appends a field, in quotes if it holds a comma, a quotation mark or a line end.
  ///
  /// - Complexity: O(length).
  static func append(_ field: some Collection<UInt8>, to bytes: inout [UInt8]) {
    guard field.contains(where: isSpecial) else { return bytes.append(contentsOf: field) }
    bytes.append(quote)
    for byte in field {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }

  private static let quote = UInt8(ascii: "\"")

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == 0x2C || byte == quote || byte == 0x0A || byte == 0x0D
  }
}
