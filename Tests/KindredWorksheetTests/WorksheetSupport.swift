// Worksheets for tests: the examples, the founding one, and what goes wrong with a text.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredWorksheet
import Testing

/// The files that tests read.
enum SampleFile {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let examples = [
    "first-steps", "books-in-fractions", "impossible", "two-dimensions",
  ]

  /// The path of an example worksheet.
  static func example(_ name: String) -> String {
    root.appendingPathComponent("Examples/Worksheets/\(name).txt").path
  }

  /// What a rendering should be, outside the target because it is no source.
  static func snapshot(_ name: String) -> URL {
    root.appendingPathComponent("Tests/Snapshots/\(name)")
  }

  /// The worksheet that all of this began with; it lies beside the repository.
  static let founding = root.deletingLastPathComponent()
    .appendingPathComponent("shared/worksheet/embeddings.txt").path

  static var hasFounding: Bool { FileManager.default.fileExists(atPath: founding) }

  static let foundingIsMissing: Comment =
    "../shared/worksheet/embeddings.txt is not beside the repository"

  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// The founding worksheet, where it is there, and all examples.
  static var everyPath: [String] { (hasFounding ? [founding] : []) + examples.map(example) }
}

/// What goes wrong when a text is read and solved; nil if nothing does.
func failure(_ text: String) -> WorksheetError? { failure(Array(text.utf8)) }

func failure(_ bytes: [UInt8]) -> WorksheetError? {
  do throws(WorksheetError) {
    _ = try Worksheet(bytes: bytes).solved()
    return nil
  } catch {
    return error
  }
}

/// Expects a text to be refused on a line, in a sentence with these words.
func expectFailure(
  _ text: String, line: Int?, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
  expectFailure(Array(text.utf8), line: line, words, sourceLocation: sourceLocation)
}

func expectFailure(
  _ bytes: [UInt8], line: Int?, _ words: [String],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let error = failure(bytes) else {
    Issue.record("nothing was refused", sourceLocation: sourceLocation)
    return
  }
  #expect(error.line == line, "\(error)", sourceLocation: sourceLocation)
  for word in words {
    #expect(error.reason.contains(word), "\(error)", sourceLocation: sourceLocation)
  }
}

/// The only part of a text.
func onlyPart(
  _ text: String, sourceLocation: SourceLocation = #_sourceLocation
) throws -> Part {
  let parts = try Worksheet(text).parts
  #expect(parts.count == 1, sourceLocation: sourceLocation)
  return try #require(parts.first, sourceLocation: sourceLocation)
}

/// The answer to the last part of a text.
func lastAnswer(
  _ text: String, _ options: SolvingOptions = SolvingOptions(),
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> Answer {
  try #require(try Worksheet(text).solved(options).answers.last, sourceLocation: sourceLocation)
}

func construction(
  _ text: String, sourceLocation: SourceLocation = #_sourceLocation
) throws -> Construction {
  let answer = try lastAnswer(text, sourceLocation: sourceLocation)
  guard case .construct(let construct) = answer else {
    throw NotThatKind(kind: answer.part.kind)
  }
  return construct.construction
}

func learning(
  _ text: String, _ options: SolvingOptions = SolvingOptions(),
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> LearnAnswer {
  let answer = try lastAnswer(text, options, sourceLocation: sourceLocation)
  guard case .learn(let learn) = answer else { throw NotThatKind(kind: answer.part.kind) }
  return learn
}

/// A part came out as another kind than a test meant it to be.
struct NotThatKind: Error { let kind: Part.Kind }

extension [[Construction.Entry]] {
  /// The exact numbers; rows with an approximate one come out shorter.
  var exact: [[Rational]] { map { $0.compactMap(\.rational) } }
}

/// The parts of the JSON of a solved text.
func jsonParts(_ text: String) throws -> [[String: Any]] {
  try jsonParts(Worksheet(text).solved().json())
}

func jsonParts(_ data: Data) throws -> [[String: Any]] {
  let object = try JSONSerialization.jsonObject(with: data)
  let document = try #require(object as? [String: Any])
  return try #require(document["parts"] as? [[String: Any]])
}
