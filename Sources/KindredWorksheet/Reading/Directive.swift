// Reading `<!-- kindred: learn dimension=1 rate=0.1 -->`.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

/// What a directive line says.
struct Directive: Equatable {
  var kind: Part.Kind?
  var settings = PartSettings()

  /// Whether a line is a directive, right or wrong.
  static func isDirective(_ line: SourceLine) -> Bool { body(of: line) != nil }

  private static func body(of line: SourceLine) -> Substring? {
    guard line.trimmed.hasPrefix("<!--"),
      let match = line.trimmed.wholeMatch(of: /<!--\s*kindred:(.*?)-->/.ignoresCase())
    else {
      return nil
    }
    return match.1
  }

  /// Adds what a line says to what earlier directives of the part said.
  ///
  /// - Throws: `WorksheetError` for a word, key or value that means nothing here.
  mutating func read(_ line: SourceLine) throws(WorksheetError) {
    var seed: UInt64?
    for word in (Self.body(of: line) ?? "").split(whereSeparator: { $0.isWhitespace || $0 == "," })
    {
      guard let equals = word.firstIndex(of: "=") else {
        guard let kind = Part.Kind(rawValue: word.lowercased()) else {
          throw line.error("\"\(word)\" is not a kind of part: score, construct or learn.")
        }
        self.kind = kind
        continue
      }
      let key = word[..<equals].lowercased()
      let value = String(word[word.index(after: equals)...])
      if key == "seed" {
        guard let number = UInt64(value) else {
          throw line.error("The seed is \"\(value)\"; a whole number was expected.")
        }
        seed = number
      } else {
        try set(key, to: value, at: line)
      }
    }
    if let seed {
      guard case .random = settings.start else {
        throw line.error("A seed needs init=random beside it.")
      }
      settings.start = .random(seed: seed)
    }
  }

  private mutating func set(
    _ key: String, to value: String, at line: SourceLine
  ) throws(WorksheetError) {
    func positive(_ name: String, atMost limit: Int) throws(WorksheetError) -> Int {
      guard let number = Int(value), number >= 1, number <= limit else {
        throw line.error(
          "The \(name) is \"\(value)\"; a whole number from 1 to \(limit) was expected.")
      }
      return number
    }
    switch key {
    case "dimension": settings.dimension = try positive("dimension", atMost: 1000)
    case "batch": settings.batch = try positive("batch", atMost: 1_000_000)
    case "epochs": settings.epochs = try positive("number of epochs", atMost: 1_000_000)
    case "rate":
      guard let rate = Rational(value)?.doubleValue, rate > 0, rate.isFinite else {
        throw line.error("The rate is \"\(value)\"; a number above 0 was expected.")
      }
      settings.rate = rate
    case "init":
      switch value.lowercased() {
      case "zeros", "zero": settings.start = .zeros
      case "random": settings.start = .random(seed: 1)
      default: throw line.error("init is \"\(value)\"; zeros or random was expected.")
      }
    case "train":
      switch value.lowercased() {
      case "users": settings.learned = .users
      case "items": settings.learned = .items
      case "both": settings.learned = .both
      default: throw line.error("train is \"\(value)\"; users, items or both was expected.")
      }
    default:
      throw line.error(
        "\"\(key)\" is not a setting: dimension, rate, init, seed, train, batch or epochs.")
    }
  }
}
