// The JSON of solved worksheets has the promised shape, key by key.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredWorksheet
import Testing

/// What stands at a key.
indirect enum Shape: Sendable {
  case text
  case number
  case flag
  case wholeOrNull
  case numberOrNull
  case list(Shape)
  case object([String: Shape], optional: [String: Shape] = [:])
  case anything

  static let vectors = Shape.list(.object(["name": .text, "vector": .list(.number)]))
  static let loss = Shape.object(["sum": .number, "mean": .number])

  static let score = Shape.object([
    "kind": .text, "heading": .text, "users": vectors, "items": vectors,
    "scores": .list(.list(.number)),
  ])

  static let construct = Shape.object(
    [
      "kind": .text, "heading": .text, "dimension": .number, "verdict": .text, "users": vectors,
      "items": vectors, "minimumDimension": .wholeOrNull, "why": .text, "loss": loss,
      "relations": .list(
        .object([
          "user": .text, "item": .text, "target": .number, "achieved": .number, "holds": .flag,
        ])),
    ], optional: ["freeDimensions": .anything])

  static let gradients = Shape.object(
    ["diff": .number, "pred": .number],
    optional: ["user": .list(.number), "item": .list(.number)])

  static let learn = Shape.object(
    [
      "kind": .text, "heading": .text, "dimension": .number, "rate": .number,
      "initial": .object(["users": vectors, "items": vectors]),
      "steps": .list(
        .object(
          [
            "user": .text, "item": .text, "target": .number, "pred": .number, "diff": .number,
            "loss": .number, "gradients": gradients, "wiggles": gradients,
            "lossAfter": .number, "wentDown": .flag,
          ], optional: ["userAfter": .list(.number), "itemAfter": .list(.number)])),
      "epochs": .list(.object(["epoch": .number, "loss": loss])), "diverged": .wholeOrNull,
      "final": .object(["users": vectors, "items": vectors, "loss": loss]),
      "floor": .object(
        ["sum": .numberOrNull, "mean": .numberOrNull],
        optional: ["givenUsers": .number, "givenItems": .number]),
    ], optional: ["ending": .text])

  /// What is wrong with a value, each with its path.
  func problems(_ value: Any?, at path: String) -> [String] {
    switch self {
    case .anything: return value == nil ? ["\(path) is missing"] : []
    case .text: return value is String ? [] : ["\(path) is no text"]
    case .flag: return value is Bool ? [] : ["\(path) is neither true nor false"]
    case .number: return value is Double || value is Int ? [] : ["\(path) is no number"]
    case .wholeOrNull: return value is Int || value is NSNull ? [] : ["\(path) is no whole number"]
    case .numberOrNull: return value is Double || value is NSNull ? [] : ["\(path) is no number"]
    case .list(let shape):
      guard let list = value as? [Any] else { return ["\(path) is no list"] }
      return list.enumerated().flatMap { shape.problems($1, at: "\(path)[\($0)]") }
    case .object(let keys, let optional):
      guard let object = value as? [String: Any] else { return ["\(path) is no object"] }
      let missing = keys.keys.filter { object[$0] == nil }.map { "\(path).\($0) is missing" }
      let extra = object.keys.filter { keys[$0] == nil && optional[$0] == nil }
        .map { "\(path).\($0) is not promised" }
      return missing + extra
        + object.flatMap { key, value in
          (keys[key] ?? optional[key])?.problems(value, at: "\(path).\(key)") ?? []
        }
    }
  }
}

@Suite("Worksheets as JSON") struct JSONTests {
  @Test("every key with its type", arguments: SampleFile.everyPath)
  func shapes(path: String) throws {
    let solved = try Worksheet(contentsOf: path).solved()
    let parts = try jsonParts(solved.json())
    #expect(parts.count == solved.answers.count)
    for (index, (part, answer)) in zip(parts, solved.answers).enumerated() {
      #expect(part["kind"] as? String == answer.part.kind.rawValue)
      #expect(part["heading"] as? String == answer.part.heading)
      let shape: Shape =
        switch answer.part.kind {
        case .score: .score
        case .construct: .construct
        case .learn: .learn
        }
      #expect(shape.problems(part, at: "parts[\(index)]") == [])
      if case .learn(let learn) = answer {
        for step in try #require(part["steps"] as? [[String: Any]]) {
          for key in ["gradients", "wiggles"] {
            let gradients = try #require(step[key] as? [String: Any])
            #expect((gradients["user"] != nil) == learn.start.learned.contains(.users))
            #expect((gradients["item"] != nil) == learn.start.learned.contains(.items))
          }
          #expect((step["userAfter"] != nil) == learn.start.learned.contains(.users))
          #expect((step["itemAfter"] != nil) == learn.start.learned.contains(.items))
        }
        #expect(part["steps"].flatMap { $0 as? [Any] }?.count == learn.relations.count)
      }
    }
  }

  @Test("numbers are plain, and none is -0", arguments: SampleFile.everyPath)
  func plainNumbers(path: String) throws {
    let text = String(decoding: try Worksheet(contentsOf: path).solved().json(), as: UTF8.self)
    #expect(text.firstMatch(of: /-0(?![.0-9])/) == nil)
    #expect(text.firstMatch(of: /-0\.0+(?![0-9])/) == nil)
    #expect(text.firstMatch(of: /(?i)\b(nan|inf|infinity)\b/) == nil)
  }

  @Test("numbers too large for JSON are refused when the worksheet is solved")
  func tooLarge() throws {
    let tables = "Users\nA\t1e200\n\nMovies\nB\t1e200\n\n"
    for text in [
      tables, "<!-- kindred: construct -->\n\(tables)dot(A, B) = 1\n",
      "<!-- kindred: learn train=items -->\n\(tables)dot(A, B) = 1\n",
    ] {
      expectFailure(text, line: text.hasPrefix("U") ? 1 : 2, "too large", "1e308")
    }
  }

  @Test("free dimensions of a family, by name") func freeDimensions() throws {
    let parts = try jsonParts(
      Worksheet(contentsOf: SampleFile.example("books-in-fractions")).solved().json())
    let free = try #require(parts[2]["freeDimensions"] as? [String: Any])
    #expect(free["total"] as? Int == 1)
    #expect(free["users"] as? [String: Int] == ["Ines": 1])
  }
}
