// Reading what somebody new has rated: "ITEM=4.5,OTHER=2".
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Ratings given on the command line, item by item.
///
/// Items end at `=number,`, so that a title may hold commas; one that holds an equals sign and a
/// number is put in quotes.
struct RatedList {
  let ratings: [(item: String, rating: Float)]

  /// - Throws: `ValidationError` that names the piece that cannot be read.
  init(_ text: String) throws {
    var ratings: [(String, Float)] = []
    var rest = text[...]
    while !rest.isEmpty {
      let quoted = /\s*"((?:[^"]|"")*)"\s*=\s*([^,=]+?)\s*(?:,|$)/
      let plain = /\s*(.+?)\s*=\s*([-+0-9.eE]+)\s*(?:,|$)/
      guard let match = rest.prefixMatch(of: quoted) ?? rest.prefixMatch(of: plain),
        let rating = Float(match.2), rating.isFinite
      else {
        throw ValidationError("--rated: \"\(rest)\" is not of the form ITEM=4.5.")
      }
      let isQuoted = match.0.trimmingSpaces.hasPrefix("\"")
      ratings.append(
        (isQuoted ? String(match.1).replacing("\"\"", with: "\"") : String(match.1), rating))
      rest = rest[match.0.endIndex...]
    }
    guard !ratings.isEmpty else { throw ValidationError("--rated names no item.") }
    self.ratings = ratings
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
