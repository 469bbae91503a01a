// Numbers as they are printed: a real minus sign and powers of ten.
// SPDX-License-Identifier: Apache-2.0

/// Text with the hyphens before numbers made minus signs, and 1.5e+20 made 1.5×10²⁰.
func typeset(_ text: String) -> String {
  guard text.contains(where: { $0 == "-" || $0 == "e" }) else { return text }
  let characters = Array(text)
  var output = ""
  var place = 0
  while place < characters.count {
    let character = characters[place]
    let before = place == 0 ? nil : characters[place - 1]
    let after = place + 1 < characters.count ? characters[place + 1] : nil
    if character == "-", startsNumber(before),
      after.map({ $0.isDigit || "∞.".contains($0) }) ?? false
    {
      output.append("\u{2212}")
    } else if character == "e", before?.isDigit ?? false,
      let power = PowerOfTen(characters[(place + 1)...])
    {
      output += "×10" + superscript(power.exponent)
      place += power.length
    } else {
      output.append(character)
    }
    place += 1
  }
  return output
}

/// Whether a number can begin after this character, so that a hyphen there is its sign.
private func startsNumber(_ before: Character?) -> Bool {
  before.map { $0.isWhitespace || "([=,;:·+−/".contains($0) } ?? true
}

/// The exponent of a number such as 1.5e+20, from after the e.
struct PowerOfTen {
  let exponent: Int
  /// The characters that it takes, its sign included.
  let length: Int

  init?(_ text: ArraySlice<Character>) {
    guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
    let digits = text.dropFirst().prefix { $0.isDigit }
    guard (2...3).contains(digits.count), let size = Int(String(digits)) else { return nil }
    exponent = sign == "-" ? -size : size
    length = 1 + digits.count
  }
}

/// A whole number in raised digits.
func superscript(_ number: Int) -> String {
  let raised: [Character: Character] = [
    "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
    "8": "⁸", "9": "⁹",
  ]
  return String("\(number)".map { raised[$0] ?? $0 })
}

/// A text cut to a number of characters, an ellipsis in place of the rest.
func shortened(_ text: String, to limit: Int) -> String {
  text.count <= limit ? text : text.prefix(max(1, limit - 1)).trimmingTrailingSpaces + "…"
}

extension Character {
  /// Whether this is one of 0 to 9.
  var isDigit: Bool { isASCII && isNumber }
}

extension Substring {
  fileprivate var trimmingTrailingSpaces: String { String(self).trimmingTrailingSpaces }
}
