// Choosing items by files of their ids.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred

struct ItemLists: ParsableArguments {
  @Option(help: ArgumentHelp("Only these items, an id a line.", valueName: "file"))
  var only: String?

  @Option(help: ArgumentHelp("None of these items, an id a line.", valueName: "file"))
  var without: String?

  /// The ids of the only items that may come up; nil for all.
  func only(_ names: ItemNames) throws -> [String]? {
    try only.map { try idLines($0).map { try names.id($0) } }
  }

  /// The ids of items that may not come up.
  func without(_ names: ItemNames) throws -> [String] {
    try without.map { try idLines($0).map { try names.id($0) } } ?? []
  }
}

/// The lines of a file of ids, without blank ones.
func idLines(_ path: String) throws -> [String] {
  let file = try TextFile.load(path)
  guard let text = String(validating: file.bytes[file.start...], as: UTF8.self) else {
    throw Exit.Problem.badData("\(path) is not UTF-8 text.")
  }
  return text.split(whereSeparator: \.isNewline).map { $0.trimmingSpaces }.filter { !$0.isEmpty }
}
