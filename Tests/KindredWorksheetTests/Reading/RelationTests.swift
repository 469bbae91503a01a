// Dot products in every dress.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredWorksheet
import Testing

@Suite("Relations of a worksheet") struct RelationTests {
  static func part(_ line: String, users: String = "Users", items: String = "Movies") throws -> Part
  {
    try onlyPart(
      "<!-- kindred: construct dimension=1 -->\n\(users)\n\nUser 1\t_\nUser 2\t_\nUser 3\t_\n\n"
        + "\(items)\n\nMovie 1\t_\nThe Long Film\t_\n\n\(line)\n")
  }

  static func listing(_ part: Part) -> [String] {
    part.relations.map { "\($0.user) \($0.item) \($0.target?.description ?? "asked")" }
  }

  @Test(
    "one relation, however it is dressed",
    arguments: [
      "Dot(u2, m1) = 1.5", "dot(u2,m1)=1.5", "DOT( U2 , M1 ) = 1.5", "$Dot(u2, m1) = 1.5$",
      "$$Dot(u2, m1) = 1.5$$", "$$Dot(u2, m1) = 1.5$$.", ", dot(u2, m1) = 1.5 ,",
      "dot(u2, m1) = 3/2",
      "dot(u2, m1) = +1.50", "dot(m1, u2) = 1.5", "dot(u2, i1) = 1.5", "dot(User 2, Movie 1) = 1.5",
      "dot(user  2, MOVIE 1) = 1.5", "dot(User 2, m1) = 1.5.", "- dot(u2, m1) = 1.5",
      "dot (u2, m1) = 1.5",
      "$dot(u_2, m_1) = 1.5$", "$dot(u_{2}, m_{1}) = 1.5$",
    ])
  func dresses(line: String) throws {
    #expect(try Self.listing(Self.part(line)) == ["1 0 3/2"])
  }

  @Test("several to a line, with dollar signs, commas and blanks around them")
  func several() throws {
    let part = try Self.part(
      "$$Dot(u1, m1) = 1.0$$,  $Dot(u1, m2) = \u{2212}1/3 $ ,dot(u2, m1)=-2,dot(u3, The Long Film) = ___ ; dot(u3, m1) = ?"
    )
    #expect(Self.listing(part) == ["0 0 1", "0 1 -1/3", "1 0 -2", "2 1 asked", "2 0 asked"])
    #expect(part.relations.allSatisfy { $0.line == 13 })
  }

  @Test("names by the captions' first letters, where they differ")
  func captionLetters() throws {
    let line = "dot(r1, b2) = 1, dot(u1, m2) = 1, dot(R1, i2) = 1"
    #expect(
      try Self.listing(Self.part(line, users: "Readers", items: "Books"))
        == Array(repeating: "0 1 1", count: 3))
    // Members and Movies both begin with m, so only u, i and names are left... and m for the items.
    #expect(
      try Self.listing(
        Self.part("dot(u1, m2) = 1, dot(u2, i1) = 1", users: "Members", items: "Movies"))
        == ["0 1 1", "1 0 1"])
    // Items first: the letters go with the sides, not with the order.
    let swapped = try onlyPart(
      "<!-- kindred: construct dimension=1 -->\nMovies\nA\t_\nB\t_\n\nPeople\nC\t_\n\ndot(p1, m2) = 3, dot(u1, m1) = 4\n"
    )
    #expect(Self.listing(swapped) == ["0 1 3", "0 0 4"])
  }

  @Test("a row's own name counts before letter and number")
  func ownNames() throws {
    let part = try onlyPart(
      "<!-- kindred: construct dimension=1 -->\nUsers\nu2\t_\nu1\t_\n\nMovies\nm1\t_\n\ndot(u1, m1) = 3\n"
    )
    #expect(Self.listing(part) == ["1 0 3"])
  }

  @Test(
    "a dot product without a value is text",
    arguments: [
      "Compute dot(u1, m1).", "pred = dot(u1, m1)", "dot(u1, m1) = pred", "dot(u1, m1) is 1",
      "dot(u9, m9) =", "dot(product) = 1", "Dot(u1, m1) \u{2248} 2",
      "- 2. Compute dot(u1, m1). Notice = 1",
    ])
  func text(line: String) throws {
    let sheet = try Worksheet("Users\nA\t1\n\nMovies\nB\t2\n\n\(line)\n")
    #expect(sheet.parts.first?.relations.isEmpty == true)
    #expect(sheet.sections.first?.blocks.last == .text([line]))
  }

  @Test("a pair stated twice with one target is fine")
  func repeated() throws {
    let part = try Self.part("dot(u1, m1) = 1/2, dot(User 1, Movie 1) = 0.5, dot(u1, m1) = ___")
    #expect(part.relations.count == 3)
  }

  @Test("relations are read wherever they stand in the part")
  func beforeTables() throws {
    let part = try onlyPart(
      "## Part 1\n\ndot(u1, m1) = 2\n\nUsers\n\nA\t_\n\nMovies\n\nB\t1\n\ndot(A, B) = 2\n")
    #expect(part.relations.map(\.line) == [3, 13])
    #expect(part.kind == .construct)
  }

  // MARK: The kind of part

  @Test(
    "kinds: by directive, by the heading's words, by what is given",
    arguments: [
      ("## Learning", "<!-- kindred: construct -->", "_", Part.Kind.construct),
      ("## Using embeddings", "<!-- Kindred: LEARN rate=0.5 -->", "_", .learn),
      ("## Part 1: Using Embeddings", "", "2", .score), ("## How to use them", "", "2", .score),
      ("## Scores", "", "2", .score), ("## Constructing", "", "2", .construct),
      ("## Let us construct something", "", "_", .construct),
      ("## Part 3: Learning", "", "_", .learn),
      ("Part 3: Learn to walk", "", "_", .learn), ("## Something", "", "2", .score),
      ("## Something", "", "_", .construct), ("## Useful", "", "2", .score),
      ("", "<!--kindred:learn-->", "_", .learn),
      ("## Learn", "<!-- kindred: rate=1 -->", "_", .learn),
    ])
  func kinds(heading: String, directive: String, cell: String, kind: Part.Kind) throws {
    let part = try onlyPart(
      "\(heading)\n\nWords come first here, as they do.\n\n\(directive)\n\nUsers\nA\t1\n\nMovies\nB\t\(cell)\n\ndot(u1, m1) = 2\n"
    )
    #expect(part.kind == kind)
  }

  @Test("directives add up, and say everything they can")
  func settings() throws {
    let part = try onlyPart(
      "<!-- kindred: learn rate=1/4 batch=2 -->\n<!-- kindred: epochs=7 init=random seed=9 train=both dimension=1 -->\nUsers\nA\t_\n\nMovies\nB\t_\n\ndot(u1, m1) = 2\n"
    )
    #expect(part.kind == .learn)
    var expected = PartSettings()
    expected.dimension = 1
    expected.rate = 0.25
    expected.batch = 2
    expected.epochs = 7
    expected.start = .random(seed: 9)
    expected.learned = .both
    #expect(part.settings == expected)
  }
}
