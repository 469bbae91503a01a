// Titles of items, in the forms in which they come.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Titles") struct TitlesTests {
  private func titles(_ bytes: [UInt8]) throws -> Titles {
    let folder = try ScratchFolder()
    return try Titles.read(folder.file(bytes))
  }

  private func titles(_ text: String) throws -> Titles { try titles(Array(text.utf8)) }

  @Test(
    "Every form gives the same titles",
    arguments: [
      "1|Toy Story, the (1995)|01-Jan-1995||http\n2|\"Crocodile\" Dundee|x||\n",
      "1::Toy Story, the (1995)::Animation|Children's\n2::\"Crocodile\" Dundee::Comedy\n",
      "movieId,title,genres\r\n1,\"Toy Story, the (1995)\",A|B\r\n2,\"\"\"Crocodile\"\" Dundee\",A\r\n",
      "genres,Movie Title,id\nA|B,\"Toy Story, the (1995)\",1\nA,\"\"\"Crocodile\"\" Dundee\",2\n",
      "1\tToy Story, the (1995)\tA|B\n2\t\"Crocodile\" Dundee\n",
      "item_id\ttitle\n1\tToy Story, the (1995)\n2\t\"\"\"Crocodile\"\" Dundee\"\n",
      "1,\"Toy Story, the (1995)\",A|B\n2,\"\"\"Crocodile\"\" Dundee\",A|B\n",
    ])
  func forms(text: String) throws {
    let titles = try titles(text)
    #expect(titles.count == 2)
    #expect(titles.title(of: "1") == "Toy Story, the (1995)")
    #expect(titles.title(of: "2") == "\"Crocodile\" Dundee")
    #expect(titles.title(of: "3") == nil)
    #expect(!titles.wasWindows1252)
  }

  @Test("A file that is not UTF-8 is read as Windows-1252") func windows1252() throws {
    let read = try titles(
      Array("1|Caf".utf8) + [0xE9, 0x20, 0x80, 0x31, 0x20, 0x93, 0x78, 0x94, 0x20, 0x81, 0x0A])
    #expect(read.wasWindows1252)
    #expect(read.title(of: "1") == "Café €1 “x” \u{FFFD}")
    let utf8 = try titles("\u{FEFF}1|Café\n")
    #expect(!utf8.wasWindows1252)
    #expect(utf8.title(of: "1") == "Café")
    let every = TextFile(name: "", bytes: Array(0...255)).fromWindows1252()
    let scalars = Array(String(decoding: every.bytes, as: UTF8.self).unicodeScalars)
    #expect(scalars.count == 256)
    #expect(scalars[0x9F] == "Ÿ" && scalars[0x8A] == "Š" && scalars[0xFF] == "ÿ")
    #expect(scalars.indices.filter { scalars[$0] == "\u{FFFD}" } == [0x81, 0x8D, 0x8F, 0x90, 0x9D])
  }

  @Test("Titles in memory") func pairs() {
    let titles = Titles([(id: "a", title: "A"), (id: "b", title: ""), (id: "a", title: "B")])
    #expect(titles.count == 1)
    #expect(titles.title(of: "a") == "B")
    #expect(titles.title(of: "b") == nil)
  }

  @Test(
    "What holds no titles is an error with its place",
    arguments: [
      ("", RatingsError.Code.empty, nil), ("movieId,title\n", .empty, nil),
      ("one\ntwo\n", .unknownFormat, nil), ("item_id,imdbId,tmdbId\n1,2,3\n", .missingColumn, nil),
      ("1|a\n2|b\nthree\n", .badLine, 3), ("1|a\n|b\n", .emptyID, 2),
      ("movieId,title\n1,\"a\n", .badLine, 2), ("1|a\n\0", .notText, 2),
    ] as [(String, RatingsError.Code, Int?)])
  func errors(text: String, code: RatingsError.Code, line: Int?) throws {
    let error = #expect(throws: RatingsError.self) { try titles(text) }
    #expect(error?.code == code)
    #expect(error?.line == line)
  }
}
