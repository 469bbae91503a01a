// Making text from a file safe to show.
// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
  /// The text with U+FFFD for every control character but `kept`.
  ///
  /// A terminal would obey a control character, and a line break would break a table.
  package func replacingControls(keeping kept: Unicode.Scalar? = nil) -> String {
    func isControl(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.generalCategory == .control && scalar != kept
    }
    guard unicodeScalars.contains(where: isControl) else { return String(self) }
    var scalars = String.UnicodeScalarView()
    for scalar in unicodeScalars { scalars.append(isControl(scalar) ? "\u{FFFD}" : scalar) }
    return String(scalars)
  }
}
