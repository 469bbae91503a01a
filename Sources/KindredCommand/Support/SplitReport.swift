// The files of a division, and what a person is told of them.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

/// Names the files of a division.
struct SplitFiles {
  private let prefix: String

  /// - Parameters:
  ///   - output: How the names begin; a folder if there is one, or if it ends with a slash.
  ///   - folds: How many folds there are, if any.
  init(_ output: String, folds: Int?) {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: output, isDirectory: &isFolder)
    if output.hasSuffix("/") {
      prefix = output
    } else {
      prefix = output + (exists && isFolder.boolValue ? "/" : ".")
    }
  }

  func path(_ part: String, fold: Int? = nil) -> String {
    "\(prefix)\(fold.map { "fold\($0)." } ?? "")\(part).csv"
  }
}

/// What was written where.
struct SplitReport: Encodable {
  struct Part: Encodable {
    struct Unknown: Encodable {
      let users: Int
      let items: Int
    }
    let name: String
    let fold: Int?
    let ratings: Int
    let users: Int
    let items: Int
    /// Users and items of the part that training does not know; nil for training itself.
    let unknown: Unknown?
    let output: String
  }

  let way: String
  let seed: UInt64
  private(set) var parts: [Part] = []
  private(set) var undividedUsers = 0
  /// When the test part begins, where time divides.
  private(set) var testStart: String?

  init(way: String, seed: UInt64) {
    self.way = way
    self.seed = seed
  }

  private enum CodingKeys: String, CodingKey {
    case way = "by"
    case seed, parts, undividedUsers, testStart
  }

  /// Writes the parts of a division and takes note of them.
  mutating func add(_ split: RatingsSplit, to files: SplitFiles, fold: Int?) throws {
    for part in split.parts {
      let path = files.path(part.name, fold: fold)
      try part.ratings.write(to: path)
      let active = part.ratings.active
      let unknown = split.unknown(of: part.ratings)
      parts.append(
        Part(
          name: part.name, fold: fold, ratings: part.ratings.count, users: active.users,
          items: active.items,
          unknown: part.name == "train" ? nil : .init(users: unknown.users, items: unknown.items),
          output: path))
    }
    undividedUsers = split.undividedUsers
    testStart = split.testStart.map { Timestamp.text($0) }
  }

  var text: String {
    var table = TextTable([
      ("part", .left), ("ratings", .right), ("users", .right), ("unknown", .right),
      ("items", .right), ("unknown", .right), ("file", .whole),
    ])
    for part in parts {
      table.rows.append([
        (part.fold.map { "fold \($0) " } ?? "") + part.name, grouped(part.ratings),
        grouped(part.users), part.unknown.map { grouped($0.users) } ?? "", grouped(part.items),
        part.unknown.map { grouped($0.items) } ?? "", part.output,
      ])
    }
    var notes = ["Unknown: with no rating in train."]
    if let testStart { notes.append("The test begins at \(testStart).") }
    if undividedUsers > 0 {
      let verb = undividedUsers == 1 ? "has too few ratings and stays" : "have too few and stay"
      notes.append("\(counted(undividedUsers, "user")) \(verb) in train.")
    }
    return table.text + "\n\n" + notes.joined(separator: " ")
  }
}
