// Verdicts of construct parts, in every form that a worksheet can take.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import KindredWorksheet
import Testing

@Suite("Construct parts") struct ConstructTests {
  static let units = "Movies\n\nMovie 1\t1\t0\t0\nMovie 2\t0\t1\t0\nMovie 3\t0\t0\t1\n"
  static let targets =
    "dot(u1, m1) = 1, dot(u1, m2) = 0, dot(u1, m3) = -1\n"
    + "dot(u2, m1) = 0, dot(u2, m2) = -1, dot(u2, m3) = 1\n"

  /// The same task in other clothes: each must come out as (1, 0, -1) and (0, -1, 1) times a
  /// half.
  static let dresses = [
    """
    ## Part 2: Construct
    dot(u1, m1) = 0.5, dot(u1, m2) = 0, dot(u1, m3) = -0.5, dot(u2, m1) = 0
    dot(u2, m2) = -.5, dot(u2, m3) = 0.5
    Users

    | User 1 | | | |
    | User 2 | | | |

    Movies

    | Movie 1 | 1 | 0 | 0 |
    | Movie 2 | 0 | 1 | 0 |
    | Movie 3 | 0 | 0 | 1 |
    """,
    """
    # Construct

    ### Readers

    | who | a | b | c |
    |-----|---|---|---|
    | Kim | ? | ? | ? |
    | Lee | ? | ? | ? |

    ### Books

    title | a | b | c
    ----- | - | - | -
    X     | 1 | 0 | 0
    Y     | 0 | 1 | 0
    Z     | 0 | 0 | 1

    $$dot(r1, b1) = 1/2$$ , $$dot(r1, b2) = 0$$ , $dot(r1, b3) = \u{2212}1/2$
    dot(Lee, X) = 0/7 dot(lee, y) = -2/4 dot(Z, LEE) = 3/6
    """,
    """
    Items:
    A  2  0  0
    B  0  1/2  0
    C  0  0  -1

    People
    P  _  _  _
    Q  ___  ___  ___

    dot(p1, i1) = 1; dot(p1, i2) = 0; dot(p1, i3) = 1/2
    dot(p2, i1) = 0; dot(p2, i2) = -1/4; dot(p2, i3) = -0.5
    """,
  ]

  @Test("one solution, whatever the worksheet looks like", arguments: dresses)
  func unique(text: String) throws {
    let half = Rational("1/2") ?? 0
    let answer = try construction(text)
    #expect(answer.verdict == .unique)
    #expect(answer.users.exact == [[half, 0, -half], [0, -half, half]])
    #expect(answer.loss.exactSum == 0)
    #expect(answer.minimumDimension == 2)
    #expect(answer.freeDimensions == nil)
    #expect(answer.outcomes.count == 6 && answer.outcomes.allSatisfy(\.holds))
  }

  @Test("every number given: what the relations hold is checked")
  func nothingMissing() throws {
    let text = "<!-- kindred: construct -->\nUsers\nA\t2\n\nMovies\nB\t3\n\ndot(A, B) = "
    #expect(try construction(text + "6").verdict == .unique)
    let wrong = try construction(text + "5")
    #expect(wrong.verdict == .impossible)
    #expect(wrong.loss.exactSum == 1)
    #expect(wrong.outcomes.map(\.holds) == [false])
  }

  @Test("a contradiction is impossible, with the closest vectors")
  func impossible() throws {
    let answer = try construction(
      "Users\nUser 1\t\t\n\nMovies\nMovie 1\t1\t0\nMovie 2\t0\t1\nMovie 3\t1\t1\n\n"
        + "dot(u1, m1) = 1, dot(u1, m2) = 1, dot(u1, m3) = 5\n")
    #expect(answer.verdict == .impossible)
    #expect(answer.users.exact == [[2, 2]])
    #expect(answer.loss.exactSum == 3 && answer.loss.exactMean == 1)
    #expect(answer.why.contains("must be 0") && answer.why.contains("−3"))
  }

  @Test("too few dimensions for the rank of the targets")
  func tooFewDimensions() throws {
    let answer = try construction(
      "<!-- kindred: construct dimension=1 -->\nUsers\nUser 1\nUser 2\n\nMovies\nMovie 1\nMovie 2\nMovie 3\n\n"
        + Self.targets)
    #expect(answer.verdict == .impossible)
    #expect(answer.minimumDimension == 2)
    // The singular values are √3 and 1.
    #expect(answer.loss.exactSum == 1)
    expectClose(answer.loss.mean, 1.0 / 6, absolute: 1e-15)
  }

  @Test("nothing given and room enough: a family by rank")
  func familyByRank() throws {
    let answer = try construction(
      "<!-- kindred: construct dimension=2 -->\nUsers\nUser 1\nUser 2\n\nMovies\nMovie 1\nMovie 2\nMovie 3\n\n"
        + Self.targets)
    #expect(answer.verdict == .family)
    #expect(answer.outcomes.allSatisfy { $0.holds })
    // Any invertible 2 × 2 matrix between the sides.
    let free = try #require(answer.freeDimensions)
    #expect(free.total == 4 && free.vectors == nil)
  }

  @Test("a family: free dimensions per vector and the smallest member")
  func family() throws {
    let text =
      "Users\nUser 1\t\t\t\nUser 2\t\t\t\n\n"
      + Self.units.replacing("Movie 2\t0\t1\t0", with: "Movie 2\t0\t1\t1")
    let answer = try construction(text + "\ndot(u1, m1) = 2, dot(u1, m2) = 3, dot(u2, m3) = 5\n")
    #expect(answer.verdict == .family)
    // User 1 has 2 equations in 3 numbers, User 2 one.
    let free = try #require(answer.freeDimensions)
    #expect(free.total == 3)
    #expect(free.vectors?.map(\.name) == ["User 1", "User 2"])
    #expect(free.vectors?.map(\.count) == [1, 2])
    let half = Rational("3/2") ?? 0
    #expect(answer.users.exact == [[2, half, half], [0, 0, 5]])
    #expect(answer.minimumDimension == nil)
  }

  @Test("numbers missing on both sides of a relation: undecided, and it says why")
  func undecided() throws {
    let answer = try construction(
      "Users\nA\t_\t1\n\nMovies\nB\t_\t1\nC\t2\t_\n\ndot(A, B) = 3, dot(A, C) = 4\n")
    #expect(answer.verdict == .undecided)
    #expect(answer.why.contains("missing on both sides"))
    expectClose(answer.loss.sum, 0, absolute: 1e-12)
  }

  @Test("what is asked for with = ___ is no equation")
  func asked() throws {
    let answer = try construction(
      "<!-- kindred: construct -->\nUsers\nA\t_\n\nMovies\nB\t2\nC\t5\n\ndot(A, B) = 3, dot(A, C) = ___\n"
    )
    #expect(answer.verdict == .unique)
    #expect(answer.outcomes.count == 1)
    let solved = try Worksheet(
      "<!-- kindred: construct -->\nUsers\nA\t_\n\nMovies\nB\t2\nC\t5\n\ndot(A, B) = 3, dot(A, C) = ___\n"
    ).solved()
    #expect(solved.text(.key).contains("dot(A, C) = 7.5"))
    #expect(solved.text(.blank).contains("dot(A, C) = _____"))
  }

  @Test("no relations at all: any numbers will do")
  func noRelations() throws {
    let answer = try construction("<!-- kindred: construct -->\nUsers\nA\t_\n\nMovies\nB\t2\n\n")
    #expect(answer.verdict == .family)
    #expect(answer.users.exact == [[0]])
  }
}
