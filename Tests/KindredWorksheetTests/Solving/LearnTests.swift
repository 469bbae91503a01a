// Learn parts: the steps, the epochs, how they end, and the floor.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import KindredWorksheet
import Testing

@Suite("Learn parts") struct LearnTests {
  static func text(_ settings: String, user: String = "1", item: String = "_") -> String {
    "<!-- kindred: learn \(settings) -->\nUsers\nA\t\(user)\n\nMovies\nB\t\(item)\nC\t\(item)\n\n"
      + "dot(A, B) = 1, dot(A, C) = 2\n"
  }

  static let both = "init=random seed=7 train=both dimension=2"
  static func bothSides(_ settings: String) -> String {
    "<!-- kindred: learn \(settings) -->\nUsers\nUser 1\nUser 2\n\nMovies\nMovie 1\nMovie 2\nMovie 3\n\n"
      + ConstructTests.targets
  }

  // MARK: Where the relations come from

  /// A construct part with relations, then a learn part without.
  static func inheriting(users: String, items: String) -> String {
    "# Construct\n\nFirst this.\n\nUsers\nA\t1\nB\t2\n\nMovies\nC\t_\nD\t_\n\n"
      + "dot(A, C) = 3, dot(B, D) = 4, dot(A, D) = ___\n\n# Some words\n\nAnd only words.\n\n"
      + "# Learn\n\nThen that.\n\nUsers\n\(users)\n\nMovies\n\(items)\n"
  }

  @Test("relations of the part before: by name, else by place")
  func inherited() throws {
    let byName = try learning(Self.inheriting(users: "B\t1\nA\t2", items: "D\t_\nC\t_"))
    #expect(byName.relationsAreInherited)
    #expect(byName.relations.map { [$0.user, $0.item] } == [[1, 1], [0, 0]])
    #expect(byName.relations.map(\.target) == [3, 4])
    let byPlace = try learning(Self.inheriting(users: "X\t1\nY\t2", items: "V\t_\nW\t_\nZ\t_"))
    #expect(byPlace.relations.map { [$0.user, $0.item] } == [[0, 0], [1, 1]])
    #expect(byPlace.floor.any == nil)
  }

  @Test("its own relations come first") func ownRelations() throws {
    let answer = try learning(
      Self.inheriting(users: "A\t1\nB\t2", items: "C\t_\nD\t_") + "\ndot(B, C) = 9\n")
    #expect(!answer.relationsAreInherited)
    #expect(answer.relations.map(\.target) == [9])
  }

  // MARK: The start and what moves

  @Test("blanks start at zero, at the rate 0.1, and only the side with blanks moves")
  func defaults() throws {
    let answer = try learning(Self.text(""))
    #expect(answer.start.users == [[1]] && answer.start.items == [[0], [0]])
    #expect(answer.start.rate == 0.1)
    #expect(answer.start.learned == .items)
    #expect(answer.result.users == [[1]])
    #expect(answer.result.ending == .solved || answer.result.ending == .settled)
    expectClose(answer.result.items[0][0], 1, absolute: 1e-4)
    expectClose(answer.result.items[1][0], 2, absolute: 1e-4)
    let users = try learning(Self.text("", user: "_", item: "1"))
    #expect(users.start.learned == .users)
    // The best that one number can do for 1 and 2, with a half left over on each.
    expectClose(users.result.users[0][0], 1.5, absolute: 1e-4)
    #expect(users.floor.givenItems == Rational("1/2"))
    #expect(users.floor.givenUsers == nil)
    expectClose(users.result.finalLoss, 0.5, absolute: 1e-6)
  }

  @Test("train=both moves what is given too") func trainBoth() throws {
    let answer = try learning(Self.text("train=both", user: "1", item: "0.5"))
    #expect(answer.start.items == [[0.5], [0.5]])
    #expect(answer.steps[0].after.user != [1] && answer.steps[0].after.item != [0.5])
    #expect(answer.floor.givenUsers == nil && answer.floor.givenItems == nil)
    #expect(answer.floor.any == 0)
    expectClose(answer.result.finalLoss, 0, absolute: 1e-8)
  }

  @Test("a random start is a function of the seed, in two decimals") func randomStart() throws {
    let answer = try learning(Self.bothSides(Self.both))
    let again = try learning(Self.bothSides(Self.both))
    #expect(answer.start == again.start && answer.result == again.result)
    let other = try learning(Self.bothSides(Self.both.replacing("7", with: "8")))
    #expect(
      other.start.users == [[-0.54, 0.11], [-0.21, 0.42]], "the numbers of this seed changed")
    for number in (answer.start.users + answer.start.items).flatMap({ $0 }) {
      #expect((number * 100).rounded() / 100 == number)
      #expect(number != 0 || number.sign == .plus)
    }
    // What is given stays given.
    let mixed = try learning(Self.text("init=random seed=7"))
    #expect(mixed.start.users == [[1]])
  }

  @Test("two dimensions reach the targets") func twoDimensions() throws {
    let answer = try learning(Self.bothSides(Self.both))
    #expect(answer.result.ending == .solved)
    #expect(answer.result.finalLoss < 1e-15)
    #expect(answer.floor.any == 0)
    for (relation, target) in zip(answer.relations, [1.0, 0, -1, 0, -1, 1]) {
      let pairs = zip(answer.result.users[relation.user], answer.result.items[relation.item])
      expectClose(pairs.reduce(0) { $0 + $1.0 * $1.1 }, target, absolute: 1e-7)
    }
  }

  // MARK: Steps

  @Test("each step starts where the last one ended") func steps() throws {
    let answer = try learning(
      "<!-- kindred: learn rate=0.25 -->\nUsers\nA\t1\n\nMovies\nB\t_\n\ndot(A, B) = 1, dot(A, B) = 1\n"
    )
    // A pair stated twice counts once.
    #expect(answer.steps.count == 1)
    let two = try learning(
      "<!-- kindred: learn rate=0.25 -->\nUsers\nA\t1\nC\t1\n\nMovies\nB\t_\n\ndot(A, B) = 1, dot(C, B) = 2\n"
    )
    // 0 + 0.25·2·1 = 0.5, then 0.5 + 0.25·2·1.5 = 1.25: no rounding in any of these.
    #expect(two.steps.map(\.after.item) == [[0.5], [1.25]])
    #expect(two.steps.map(\.pred) == [0, 0.5])
    #expect(two.steps.allSatisfy { $0.wentDown && $0.wigglesAgree })
  }

  @Test("a step that is right already has nothing to move") func alreadyRight() throws {
    let text = Self.text("train=items", user: "1", item: "1")
    let answer = try learning(text)
    #expect(answer.steps.map(\.wasRight) == [true, false])
    let rendered = try Worksheet(text).solved().text()
    #expect(rendered.lowercased().contains("already right, nothing to move"))
    let solved = try learning(text.replacing("= 2", with: "= 1"))
    #expect(solved.result.ending == .alreadySolved)
    #expect(solved.result.epochLosses.isEmpty)
  }

  @Test("a step too large says that the loss went up, and why") func wentUp() throws {
    let text = Self.text("rate=1.5")
    let answer = try learning(text)
    #expect(answer.steps.map(\.wentDown) == [false, false])
    let rendered = try Worksheet(text).solved().text()
    #expect(rendered.contains("went up") && rendered.contains("rate"))
  }

  // MARK: Endings

  @Test("a rate too large diverges, which is an answer") func diverged() throws {
    let text = Self.text("rate=50")
    let answer = try learning(text)
    let epoch = try #require(answer.result.divergedEpoch)
    #expect(epoch == answer.result.epochLosses.count + 1)
    #expect((answer.result.users + answer.result.items).allSatisfy { $0.allSatisfy(\.isFinite) })
    #expect(answer.result.epochLosses.allSatisfy { $0.isFinite })
    let part = try jsonParts(text)[0]
    #expect(part["diverged"] as? Int == epoch)
    let rendered = try Worksheet(text).solved().text()
    #expect(rendered.contains("epoch \(epoch)") && rendered.contains("smaller"))
  }

  @Test("zeros on both sides are a saddle") func saddle() throws {
    let text = Self.bothSides("dimension=2")
    let answer = try learning(text)
    #expect(answer.result.ending == .saddle)
    #expect(answer.result.finalLoss == 4)
    #expect(answer.result.epochLosses.isEmpty)
    let rendered = try Worksheet(text).solved().text()
    #expect(rendered.contains("saddle") && rendered.contains("init=random"))
  }

  @Test("as many epochs as allowed") func limit() throws {
    let result = try learning(Self.text("epochs=7")).result
    #expect(result.epochLosses.count == 7)
    #expect(result.ending == .limit)
  }

  @Test("options count before the worksheet") func options() throws {
    var options = SolvingOptions()
    options.rate = 0.25
    options.epochs = 3
    let answer = try learning(Self.text("rate=0.5 epochs=9"), options)
    #expect(answer.start.rate == 0.25)
    #expect(answer.result.epochLosses.count == 3)
    #expect(answer.steps.allSatisfy { $0.rates.user == 0.25 })
  }

  @Test("the loss of a minibatch is a mean; batch=1 takes one at a time") func batches() throws {
    let all = try learning(Self.text("rate=0.25 epochs=1"))
    // The mean over two relations halves each one's step: 0.25·2·diff/2.
    #expect(all.result.items == [[0.25], [0.5]])
    let one = try learning(Self.text("rate=0.25 epochs=1 batch=1"))
    #expect(one.result.items == [[0.5], [1]])
    let more = try learning(Self.text("rate=0.25 epochs=1 batch=9"))
    #expect(more.result.items == all.result.items)
  }

  // MARK: The floor

  @Test("the floor is proven or not given") func floors() throws {
    let complete = try learning(Self.bothSides("dimension=1 init=random seed=3 train=both"))
    #expect(complete.floor.anyExact == 1)
    #expect(complete.result.finalLoss > 1 - 1e-9)
    let part = try jsonParts(
      Self.bothSides("dimension=1 init=random").replacing(", dot(u2, m3) = 1", with: ""))[0]
    let floor = try #require(part["floor"] as? [String: Any])
    #expect(floor["sum"] is NSNull && floor["mean"] is NSNull)
    #expect(floor["givenUsers"] == nil && floor["givenItems"] == nil)
  }
}
