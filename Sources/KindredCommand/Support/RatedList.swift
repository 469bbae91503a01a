// Reading what somebody new has rated: "ITEM=4.5,OTHER=2".
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Ratings given on the command line.
///
/// An item that holds a comma or an equals sign is quoted.
struct RatedList: ExpressibleByArgument {
  let ratings: [(item: String, rating: Float)]

  init?(argument: String) {
    var ratings: [(String, Float)] = []
    for piece in Self.pieces(argument) {
      guard let equals = piece.lastIndex(of: "="),
        let rating = Float(piece[piece.index(after: equals)...].trimmingSpaces), rating.isFinite
      else { return nil }
      var item = piece[..<equals].trimmingSpaces
      if item.count >= 2, item.hasPrefix("\""), item.hasSuffix("\"") {
        item = String(item.dropFirst().dropLast()).replacing("\"\"", with: "\"")
      }
      guard !item.isEmpty else { return nil }
      ratings.append((item, rating))
    }
    guard !ratings.isEmpty else { return nil }
    self.ratings = ratings
  }

  /// The text between commas that are not inside quotes.
  private static func pieces(_ text: String) -> [Substring] {
    var pieces: [Substring] = []
    var start = text.startIndex
    var isQuoted = false
    for index in text.indices {
      if text[index] == "\"" { isQuoted.toggle() }
      if text[index] == ",", !isQuoted {
        pieces.append(text[start..<index])
        start = text.index(after: index)
      }
    }
    pieces.append(text[start...])
    return pieces
  }
}

extension StringProtocol {
  /// Without spaces at both ends.
  var trimmingSpaces: String {
    var text = self[...]
    while text.first == " " { text = text.dropFirst() }
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
