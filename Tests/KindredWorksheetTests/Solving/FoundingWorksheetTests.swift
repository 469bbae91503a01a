// The worksheet that this began with, read and solved as it is.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import KindredWorksheet
import Testing

@Suite("The founding worksheet", .enabled(if: SampleFile.hasFounding, SampleFile.foundingIsMissing))
struct FoundingWorksheetTests {
  let solved: SolvedWorksheet

  init() throws { solved = try Worksheet(contentsOf: SampleFile.founding).solved() }

  @Test("three parts of three kinds, with all text in place") func reading() throws {
    let worksheet = solved.worksheet
    #expect(worksheet.parts.map(\.kind) == [.score, .construct, .learn])
    #expect(worksheet.parts.map(\.dimension) == [3, 3, 1])
    #expect(worksheet.parts.map(\.heading).allSatisfy { $0.hasPrefix("Part ") })
    #expect(worksheet.parts.map { $0.users.rows.count } == [5, 2, 2])
    #expect(worksheet.parts.map { $0.items.rows.count } == [3, 3, 3])
    #expect(worksheet.parts.map { $0.relations.count } == [0, 6, 0])
    #expect(worksheet.parts[1].users.cells == Array(repeating: [nil, nil, nil], count: 2))
    // Every line is a heading, a caption, a row, a relation, ornament, blank, or kept as text.
    let lines = try String(contentsOfFile: SampleFile.founding, encoding: .utf8)
      .split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }
    let texts = worksheet.sections.flatMap(\.blocks).reduce(0) { count, block in
      if case .text(let lines) = block { count + lines.count } else { count }
    }
    let rows = worksheet.parts.reduce(0) { $0 + $1.users.rows.count + $1.items.rows.count }
    let relationLines = Set(worksheet.parts.flatMap { $0.relations.map(\.line) }).count
    let others = 3 /* headings */ + 6 /* captions */ + 1 /* ornament */
    #expect(texts + rows + relationLines + others == lines.count)
  }

  @Test("tabs at line ends trimmed by an editor change nothing") func trimmed() throws {
    let text = try String(contentsOfFile: SampleFile.founding, encoding: .utf8)
    let trimmed = text.replacing(/[ \t]+\n/, with: "\n")
    #expect(trimmed != text)
    let worksheet = try Worksheet(trimmed)
    #expect(worksheet.parts == solved.worksheet.parts)
  }

  @Test("Part 1: fifteen scores") func scores() throws {
    guard case .score(let answer) = solved.answers[0] else { throw NotThatKind(kind: .score) }
    #expect(
      answer.scores == [[0, -2, 0], [1, 1, -1], [-1, -2, 0], [1, 2, -1], [-1, -1, -1]])
  }

  @Test("Part 2: the only solution") func construction() throws {
    guard case .construct(let answer) = solved.answers[1] else {
      throw NotThatKind(kind: .construct)
    }
    #expect(answer.construction.verdict == .unique)
    #expect(answer.construction.users.exact == [[1, 0, -1], [0, -1, 1]])
    #expect(answer.construction.minimumDimension == 2)
  }

  @Test("Part 3: the first step by hand") func firstStep() throws {
    guard case .learn(let answer) = solved.answers[2] else { throw NotThatKind(kind: .learn) }
    #expect(answer.relationsAreInherited)
    #expect(answer.start.rate == 0.1)
    #expect(answer.steps.count == 6)
    let step = try #require(answer.steps.first)
    #expect(step.pred == 0 && step.diff == 1 && step.loss == 1)
    #expect(step.gradients.diff == 2 && step.gradients.pred == -2 && step.gradients.item == [2])
    // A loss of one, wiggled by a thousandth: rounding stays below 2⁻⁵² / 0.001, about 2e-13.
    expectClose(step.wiggles.diff.slope, 2, absolute: 1e-6)
    expectClose(step.wiggles.pred.slope, -2, absolute: 1e-6)
    expectClose(step.wiggles.item[0].slope, 2, absolute: 1e-6)
    #expect(step.after.item == [-0.2])
    expectClose(step.lossAfter, 0.64, absolute: 1e-15)
    #expect(step.wentDown)
    #expect(answer.steps.map(\.wasRight) == [false, true, false, false, false, false])
  }

  @Test("Part 3: carried on, it approaches the floor") func descent() throws {
    guard case .learn(let answer) = solved.answers[2] else { throw NotThatKind(kind: .learn) }
    #expect(answer.result.ending == .settled)
    expectClose(answer.mean(answer.result.finalLoss), 1.0 / 6, absolute: 1e-4)
    for (vector, limit) in zip(answer.result.items, [-0.5, -0.5, 1]) {
      // Settled within 1e-9 of the loss, so within about its root of the vectors.
      expectClose(vector[0], limit, absolute: 1e-4)
    }
    #expect(answer.floor.any == 1 && answer.floor.anyExact == 1)
    #expect(answer.floor.givenUsers == 1 && answer.floor.givenItems == nil)
    var last = answer.result.startLoss
    for loss in answer.result.epochLosses {
      #expect(loss <= last && loss >= 1)
      last = loss
    }
  }

  @Test("JSON: the floor to the last digit") func json() throws {
    let parts = try jsonParts(solved.json())
    let floor = try #require(parts[2]["floor"] as? [String: Double])
    #expect(floor == ["sum": 1, "mean": 1.0 / 6, "givenUsers": 1])
    #expect(parts[1]["minimumDimension"] as? Int == 2)
    #expect(parts[2]["epochs"].flatMap { $0 as? [Any] }?.count ?? 0 > 100)
  }
}
