// Solving a worksheet, part by part.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// What a caller may set for all learn parts, instead of what the worksheet says.
public struct SolvingOptions: Equatable, Sendable {
  /// What multiplies the gradient.
  public var rate: Double?
  /// The most epochs.
  public var epochs: Int?

  /// Nothing set.
  public init() {}
}

extension Worksheet {
  /// Solves every part.
  ///
  /// - Throws: `WorksheetError` for a part that asks for something that makes no sense: scores of
  ///   blanks, learning without targets, a problem too large to solve exactly.
  /// - Complexity: Exact elimination for the construct parts, up to 100,000 epochs for the learn
  ///   parts.
  public func solved(_ options: SolvingOptions = .init()) throws(WorksheetError) -> SolvedWorksheet
  {
    var answers: [Answer] = []
    for (index, part) in parts.enumerated() {
      switch part.kind {
      case .score: answers.append(.score(try ScoreAnswer(part)))
      case .construct: answers.append(.construct(try ConstructAnswer(part)))
      case .learn:
        answers.append(.learn(try LearnAnswer(part, after: parts[..<index], options)))
      }
      guard answers[index].isFinite else {
        throw WorksheetError(
          "The numbers of this part are too large: what they come to is beyond 1e308.",
          line: part.line)
      }
    }
    return SolvedWorksheet(worksheet: self, answers: answers)
  }
}

extension Answer {
  /// Whether every number fits a `Double`; a descent that diverges keeps to its last finite ones.
  fileprivate var isFinite: Bool {
    switch self {
    case .score(let answer): answer.scores.allSatisfy { $0.allSatisfy(\.doubleValue.isFinite) }
    case .construct(let answer):
      answer.construction.loss.sum.isFinite
        && (answer.construction.users + answer.construction.items)
          .allSatisfy { $0.allSatisfy(\.doubleValue.isFinite) }
        && answer.construction.outcomes.allSatisfy(\.achieved.doubleValue.isFinite)
    case .learn(let answer):
      answer.result.startLoss.isFinite && answer.floor.any?.isFinite ?? true
        && [answer.floor.givenUsers, answer.floor.givenItems]
          .allSatisfy { $0?.doubleValue.isFinite ?? true }
    }
  }
}

extension ScoreAnswer {
  init(_ part: Part) throws(WorksheetError) {
    for row in part.users.rows + part.items.rows where row.cells.contains(nil) {
      throw WorksheetError(
        "\"\(row.name)\" has a blank, and a part that computes scores needs every number. If the "
          + "numbers are to be found, say so: <!-- kindred: construct -->.",
        line: row.line)
    }
    self.part = part
    let users = part.users.cells.map { $0.compactMap { $0 } }
    let items = part.items.cells.map { $0.compactMap { $0 } }
    scores = users.map { user in
      items.map { item in zip(user, item).reduce(Rational.zero) { $0 + $1.0 * $1.1 } }
    }
  }
}

extension ConstructAnswer {
  init(_ part: Part) throws(WorksheetError) {
    self.part = part
    let stated = try distinct(part.relations)
    let problem = ConstructionProblem(
      dimension: part.dimension, userNames: part.users.names, itemNames: part.items.names,
      users: part.users.cells, items: part.items.cells, relations: stated.wanted)
    do {
      construction = try construct(problem)
    } catch {
      throw WorksheetError(error.description.capitalizedSentence, line: part.line)
    }
  }
}

extension [RelationStatement] {
  /// The relations with a target.
  var wanted: [Relation] {
    compactMap { statement in
      statement.target.map { Relation(user: statement.user, item: statement.item, target: $0) }
    }
  }
}

extension String {
  /// A sentence: with a capital at its start and a full stop at its end.
  var capitalizedSentence: String {
    guard let first else { return self }
    return first.uppercased() + dropFirst() + (hasSuffix(".") ? "" : ".")
  }
}
