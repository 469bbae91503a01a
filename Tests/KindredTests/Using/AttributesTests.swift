// What is known of items, and choosing by it.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Attributes") struct AttributesTests {
  private func titles(_ text: String) throws -> Titles {
    let folder = try ScratchFolder()
    return try Titles.read(folder.file(text))
  }

  @Test("come from every column of a file with a header")
  func header() throws {
    let read = try titles(
      """
      movieId,title,genres,Country,
      1,Toy Story (1995),Adventure|Animation| Adventure ,US,x
      2,"Heat, the",(no genres listed),,y
      3,Alien (1979)  ,Horror,"A|B ",z

      """)
    #expect(
      read.attributes(of: "1") == [
        "genres": ["Adventure", "Animation"], "Country": ["US"], "year": ["1995"],
      ])
    #expect(read.attributes(of: "2") == [:])
    #expect(read.attributes(of: "3")["Country"] == ["A", "B"])
    #expect(read.attributes(of: "3")["year"] == ["1979"])
    #expect(read.attributes(of: "4") == [:])
  }

  @Test("take a year from a title only where no column has one")
  func year() throws {
    let read = try titles("item\ttitle\tYear\n1\tA (1990)\t1991\n2\tB (1992)\t\n3\tC (19x2)\t\n")
    #expect(read.attributes(of: "1") == ["Year": ["1991"]])
    #expect(read.attributes(of: "2") == ["year": ["1992"]])
    #expect(read.attributes(of: "3") == [:])
  }

  @Test("of MovieLens come from u.item and movies.dat")
  func movieLens() throws {
    let flags = (0..<19).map { [5, 14].contains($0) ? "1" : "0" }.joined(separator: "|")
    let read = try titles(
      "1|Sabrina (1994)|01-Jan-1995||http://x|\(flags)\n2|unknown||||1\(String(repeating: "|0", count: 18))\n"
    )
    #expect(
      read.attributes(of: "1") == [
        "release_date": ["01-Jan-1995"], "year": ["1995"], "imdb_url": ["http://x"],
        "genres": ["Comedy", "Romance"],
      ])
    #expect(read.attributes(of: "2") == ["genres": ["unknown"]])
    let dat = try titles("1::Jumanji (1995)::Adventure|Children's\n2::Odd::A::B\n")
    #expect(
      dat.attributes(of: "1") == ["genres": ["Adventure", "Children's"], "year": ["1995"]])
    #expect(dat.attributes(of: "2") == [:])
    // Other columns without names say nothing.
    #expect(try titles("1|A|B|C\n2|D|E|F\n").attributes(of: "1") == [:])
  }

  @Test(
    "of the shared MovieLens files are all there",
    .enabled(if: SharedData.isPresent, "../shared/data is not there"))
  func shared() throws {
    let hundred = try Titles.read(SharedData.path("ml-100k/u.item"))
    // As u.item has it: Star Wars, with the flags Action, Adventure, Romance, Sci-Fi and War.
    #expect(
      hundred.attributes(of: "50")["genres"] == [
        "Action", "Adventure", "Romance", "Sci-Fi", "War",
      ])
    #expect(hundred.attributes(of: "50")["year"] == ["1977"])
    let small = try Titles.read(SharedData.path("ml-latest-small/movies.csv"))
    #expect(small.attributes(of: "1")["year"] == ["1995"])
    #expect(small.attributes(of: "1")["genres"]?.count == 5)
  }

  @Test(
    "are met by conditions",
    arguments: [
      ("genres=Comedy", ["b", "c"]), ("genres=comedy|Horror", ["a", "b", "c"]),
      ("genres!=Comedy", ["a", "d"]), ("Genres = Drama ", ["c"]), ("year>=1990", ["b"]),
      ("year<1990", ["a", "c"]), ("year=1979.0", ["a"]), ("year!=1979|1995", ["c", "d"]),
      ("year>1979", ["b", "c"]), ("year<=1979", ["a"]), ("note==x", ["d"]),
    ])
  func conditions(text: String, expected: [String]) throws {
    let model = try films
    let condition = try #require(AttributeCondition(text))
    let found = try model.items(where: [condition])
    #expect(found.count == expected.count)
    var options = RecommendationOptions()
    (options.includeSeen, options.among) = (true, found)
    #expect(Set(try model.recommend(for: "u1", options: options).map(\.item)) == Set(expected))
    let similar = try model.items(similarTo: "a", among: found).map(\.id)
    #expect(Set(similar) == Set(expected).subtracting(["a"]))
    #expect(AttributeCondition(condition.description) == condition)
  }

  private var films: Model {
    get throws {
      var shape = ModelShape()
      shape.items = 4
      let plain = randomModel(seed: 5, shape)
      let model = Model(
        userEmbeddings: plain.userEmbeddings, itemEmbeddings: plain.itemEmbeddings, biases: nil,
        mean: 0, users: plain.users, items: IDs(["a", "b", "c", "d"]), history: plain.history,
        record: plain.record)
      return model.withTitles(
        try titles(
          "id,title,genres,note\na,A (1979),Horror,\nb,B (1995),Comedy,\nc,C (1984),Comedy|Drama,\n"
            + "d,D,,=x\n"))
    }
  }

  @Test("met together must all be met")
  func several() throws {
    let conditions = ["genres=Comedy", "year<1990"].compactMap { AttributeCondition($0) }
    #expect(try films.items(where: conditions).count == 1)
    #expect(try films.items(where: []).count == 4)
  }

  @Test("that nobody has, or that nobody meets, are errors that help")
  func errors() throws {
    let films = try films
    func error(_ texts: String...) -> ModelError? {
      do throws(ModelError) {
        _ = try films.items(where: texts.compactMap { AttributeCondition($0) })
        return nil
      } catch { return error }
    }
    #expect(
      error("director=X") == .unknownAttribute("director", known: ["genres", "note", "year"]))
    #expect(error("genres=Comdy") == .noSuchItem(conditions: "genres=Comdy", nearest: ["Comedy"]))
    #expect(
      error("genres=Drama", "year>2000")
        == .noSuchItem(conditions: "genres=Drama and year>2000", nearest: []))
    let bare = #expect(throws: ModelError.self) {
      try randomModel(seed: 1).items(where: [try #require(AttributeCondition("year>1"))])
    }
    #expect(bare?.description.contains("--titles") ?? false)
  }

  @Test(
    "conditions that are none",
    arguments: [
      "", "genres", "=x", " =x", "genres=", "genres=|", "year>", "year>old", "year<1|2",
      "year>nan", "year>0x10", "!", "year!1990",
    ])
  func noConditions(text: String) { #expect(AttributeCondition(text) == nil) }

  @Test("are the same after saving, whatever is in them")
  func saved() throws {
    let folder = try ScratchFolder()
    let model = try films.withTitles(
      try titles("id,title,\"a \"\"b\"\" \\é\u{1}\",c\na,A,\"1\\2 \"\"3\"\"\u{7} 🎬\nx\",\n"))
    try model.save(to: folder.path("m"))
    let loaded = try Model(contentsOf: folder.path("m"))
    #expect(
      loaded.attributes(of: "a") == ["a \"b\" \\é\u{1}": ["1\\2 \"3\"\u{7} 🎬\nx"]])
    #expect(loaded.attributeNames.count == 1)
  }
}
