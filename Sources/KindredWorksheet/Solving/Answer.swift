// What solving a part comes to.
// SPDX-License-Identifier: Apache-2.0

public import Kindred

/// A worksheet with every part solved.
public struct SolvedWorksheet: Sendable {
  /// The worksheet as it was written.
  public let worksheet: Worksheet
  /// One answer per part, in order.
  public let answers: [Answer]
}

/// The answer to one part.
public enum Answer: Sendable {
  /// The table of dot products.
  case score(ScoreAnswer)
  /// The vectors filled in, with the verdict.
  case construct(ConstructAnswer)
  /// The steps by hand and the descent.
  case learn(LearnAnswer)

  /// The part that this answers.
  public var part: Part {
    switch self {
    case .score(let answer): answer.part
    case .construct(let answer): answer.part
    case .learn(let answer): answer.part
    }
  }
}

/// Part 1: every dot product, exactly.
public struct ScoreAnswer: Sendable {
  /// The part.
  public let part: Part
  /// The dot products. [users][items]
  public let scores: [[Rational]]
}

/// Part 2: vectors that have the stated dot products, or why there are none.
public struct ConstructAnswer: Sendable {
  /// The part.
  public let part: Part
  /// The verdict, the vectors and the proof.
  public let construction: Construction
}

/// Part 3: gradient descent by hand and then until it stops improving.
public struct LearnAnswer: Sendable {
  /// The part.
  public let part: Part
  /// What is wanted: the part's own relations or those of the part before it.
  public let relations: [RelationStatement]
  /// Whether the relations are those of an earlier part.
  public let relationsAreInherited: Bool
  /// The vectors at the start, what is learned, and the rate.
  public let start: Descent
  /// One relation each, in the order written.
  public let steps: [HandWorkedStep]
  /// All relations at once, from the start again, until nothing improves.
  public let result: DescentResult
  /// What no vectors can do better than.
  public let floor: LearnFloor
  /// The lowest point itself where one side is fixed: the least-squares vectors of the side that is
  /// learned, exactly; nil where both sides are learned.
  public let lowest: [[Rational]]?

  /// A summed loss as the mean over the relations.
  public func mean(_ sum: Double) -> Double { sum / Double(relations.count) }
}

/// The least loss that is possible, where it can be proven; sums of squared differences.
public struct LearnFloor: Equatable, Sendable {
  /// The least of any vectors of this dimension; nil where a pair has no target.
  public let any: Double?
  /// The same as a fraction, where it is one.
  public let anyExact: Rational?
  /// The least with the users' vectors as given; nil where they have blanks or are learned.
  public let givenUsers: Rational?
  /// The least with the items' vectors as given; nil where they have blanks or are learned.
  public let givenItems: Rational?
}
