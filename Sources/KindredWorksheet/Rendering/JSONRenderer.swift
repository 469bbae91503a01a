// A solved worksheet for scripts.
// SPDX-License-Identifier: Apache-2.0

public import Foundation
import Kindred

extension SolvedWorksheet {
  /// The worksheet as one JSON object, in the shape that the command line promises.
  ///
  /// - Throws: `EncodingError` if a number is not finite, which no answer holds.
  public func json() throws -> Data {
    try Self.encoder.encode(JSONDocument(parts: answers.map(JSONPart.init)))
  }

  /// One part alone.
  func partJSON(_ index: Int) throws -> Data {
    try Self.encoder.encode(JSONPart(answers[index]))
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}

private struct JSONDocument: Encodable { let parts: [JSONPart] }

private enum JSONPart: Encodable {
  case score(JSONScorePart)
  case construct(JSONConstructPart)
  case learn(JSONLearnPart)

  init(_ answer: Answer) {
    switch answer {
    case .score(let answer): self = .score(JSONScorePart(answer))
    case .construct(let answer): self = .construct(JSONConstructPart(answer))
    case .learn(let answer): self = .learn(JSONLearnPart(answer))
    }
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .score(let part): try part.encode(to: encoder)
    case .construct(let part): try part.encode(to: encoder)
    case .learn(let part): try part.encode(to: encoder)
    }
  }
}

struct JSONVector: Encodable {
  let name: String
  let vector: [Double]

  /// Names beside vectors; a number is never -0.
  static func all(_ table: VectorTable, _ vectors: [[Double]]) -> [JSONVector] {
    zip(table.names, vectors).map { JSONVector(name: $0, vector: $1.map { $0 + 0 }) }
  }
}

struct JSONLoss: Encodable {
  let sum: Double
  let mean: Double
}

private struct JSONScorePart: Encodable {
  let kind = "score"
  let heading: String
  let users: [JSONVector]
  let items: [JSONVector]
  let scores: [[Double]]

  init(_ answer: ScoreAnswer) {
    let numbers = { (table: VectorTable) in
      JSONVector.all(table, table.cells.map { $0.map { ($0 ?? 0).doubleValue } })
    }
    heading = answer.part.heading
    users = numbers(answer.part.users)
    items = numbers(answer.part.items)
    scores = answer.scores.map { $0.map { $0.doubleValue + 0 } }
  }
}

private struct JSONConstructPart: Encodable {
  struct Relation: Encodable {
    let user: String
    let item: String
    let target: Double
    let achieved: Double
    let holds: Bool
  }

  struct FreeDimensions: Encodable {
    let total: Int
    let users: [String: Int]?
    let items: [String: Int]?
  }

  let kind = "construct"
  let heading: String
  let dimension: Int
  let verdict: String
  let users: [JSONVector]
  let items: [JSONVector]
  let relations: [Relation]
  @Null var minimumDimension: Int?
  @Null var freeDimensions: FreeDimensions?
  let why: String
  let loss: JSONLoss

  init(_ answer: ConstructAnswer) {
    let part = answer.part
    let construction = answer.construction
    heading = part.heading
    dimension = part.dimension
    verdict = construction.verdict.rawValue
    users = JSONVector.all(part.users, construction.users.map { $0.map(\.doubleValue) })
    items = JSONVector.all(part.items, construction.items.map { $0.map(\.doubleValue) })
    relations = construction.outcomes.map {
      Relation(
        user: part.users.names[$0.relation.user], item: part.items.names[$0.relation.item],
        target: $0.relation.target.doubleValue, achieved: $0.achieved.doubleValue, holds: $0.holds)
    }
    minimumDimension = construction.minimumDimension
    freeDimensions = construction.freeDimensions.map { free in
      let named = { (side: VectorSide) in
        free.vectors.map { vectors in
          Dictionary(
            vectors.filter { $0.side == side }.map { ($0.name, $0.count) },
            uniquingKeysWith: { first, _ in first })
        }
      }
      return FreeDimensions(total: free.total, users: named(.user), items: named(.item))
    }
    why = construction.why
    loss = JSONLoss(sum: construction.loss.sum, mean: construction.loss.mean)
  }
}

/// An optional that is written as null where it is nil, so that the key is always there.
@propertyWrapper struct Null<Value: Encodable>: Encodable {
  var wrappedValue: Value?

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}
