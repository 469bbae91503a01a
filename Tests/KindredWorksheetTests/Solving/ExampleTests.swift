// The example worksheets have the answers that their readme gives.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import KindredWorksheet
import Testing

@Suite("Example worksheets") struct ExampleTests {
  static func answers(_ name: String) throws -> [Answer] {
    try Worksheet(contentsOf: SampleFile.example(name)).solved().answers
  }

  static func scores(_ answer: Answer) throws -> [[Rational]] {
    guard case .score(let answer) = answer else { throw NotThatKind(kind: answer.part.kind) }
    return answer.scores
  }

  static func construction(_ answer: Answer) throws -> Construction {
    guard case .construct(let answer) = answer else { throw NotThatKind(kind: answer.part.kind) }
    return answer.construction
  }

  static func learning(_ answer: Answer) throws -> LearnAnswer {
    guard case .learn(let answer) = answer else { throw NotThatKind(kind: answer.part.kind) }
    return answer
  }

  static func fractions(_ rows: [[String]]) -> [[Rational]] {
    rows.map { $0.compactMap { Rational($0) } }
  }

  @Test("first steps") func firstSteps() throws {
    let answers = try Self.answers("first-steps")
    #expect(
      try Self.scores(answers[0])
        == [[0, -2, 0], [1, 1, -1], [-1, -2, 0], [1, 2, -1], [-1, -1, -1]])
    let made = try Self.construction(answers[1])
    #expect(made.verdict == .unique && made.users.exact == [[1, 0, -1], [0, -1, 1]])
    let learned = try Self.learning(answers[2])
    #expect(learned.steps[0].after.item == [-0.2])
    expectClose(learned.steps[0].lossAfter, 0.64, absolute: 1e-15)
    #expect(learned.floor.anyExact == 1)
    expectClose(learned.result.finalLoss, 1, absolute: 1e-6)
  }

  @Test("books in fractions") func books() throws {
    let answers = try Self.answers("books-in-fractions")
    #expect(try Self.scores(answers[0]) == Self.fractions([["1/3", "3/8"], ["2/3", "-1"]]))
    #expect(answers.allSatisfy { $0.part.usesFractions })
    #expect(answers[0].part.users.header == ["Reader", "mystery", "jokes"])
    let unique = try Self.construction(answers[1])
    #expect(unique.verdict == .unique)
    #expect(unique.items.exact == Self.fractions([["1", "3/2"], ["-1/2", "1"]]))
    let family = try Self.construction(answers[2])
    #expect(family.verdict == .family)
    #expect(family.users.exact == Self.fractions([["1/2", "1/2", "1/2"]]))
    let free = try #require(family.freeDimensions?.vectors)
    #expect(free.map(\.name) == ["Ines"] && free.map(\.count) == [1])
  }

  @Test("a puzzle with no answer") func impossible() throws {
    let answers = try Self.answers("impossible")
    #expect(try Self.scores(answers[0]) == [[2, -1], [6, -3]])
    let tight = try Self.construction(answers[1])
    #expect(tight.verdict == .impossible && tight.minimumDimension == 2)
    #expect(tight.loss.exactSum == 1)
    for outcome in tight.outcomes {
      expectClose(outcome.achieved.doubleValue, 1.5, absolute: 1e-12)
    }
    let roomy = try Self.construction(answers[2])
    #expect(roomy.verdict == .unique)
    #expect(roomy.users.exact == Self.fractions([["3/2", "1/2"], ["3/2", "-1/2"]]))
    let torn = try Self.construction(answers[3])
    #expect(torn.verdict == .impossible)
    #expect(torn.users.exact == Self.fractions([["4/3", "4/3"]]))
    let misses = torn.outcomes.compactMap { outcome in
      outcome.achieved.rational.map { ($0 - outcome.relation.target).magnitude }
    }
    #expect(misses == Self.fractions([["1/3", "1/3", "1/3"]])[0])
  }

  @Test("two dimensions") func twoDimensions() throws {
    let answers = try Self.answers("two-dimensions")
    #expect(
      try Self.scores(answers[0])
        == Self.fractions([["1/2", "1/2", "-1"], ["-1/2", "-1/2", "1"]]))
    let learned = try Self.learning(answers[1])
    #expect(learned.start.learned == .both && learned.part.dimension == 2)
    #expect(learned.result.ending == .solved && learned.result.finalLoss < 1e-12)
    let stuck = try Self.learning(answers[2])
    #expect(stuck.relationsAreInherited && stuck.result.ending == .saddle)
  }
}
