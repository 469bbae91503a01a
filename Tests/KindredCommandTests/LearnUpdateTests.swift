// kindred learn --update: what is new joins a model file.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("kindred learn --update") struct LearnUpdateTests {
  private let folder: ScratchFolder
  private let ratings: String

  init() throws {
    folder = try ScratchFolder()
    ratings = try folder.sample().ratings
  }

  /// A model of the sample data with this method.
  private func model(_ method: String, _ options: [String] = []) throws -> String {
    let path = folder.path(method)
    let run = try Program.run(
      ["learn", ratings, "--method", method, "-o", path, "--quiet"] + options)
    try #require(run.status == 0, "\(run.errors)")
    return path
  }

  private static let small = ["--dimension", "4", "--epochs", "3"]

  private static let methods: [(method: String, options: [String])] = [
    ("sgd", small), ("als", small), ("ials", small), ("bpr", small), ("softmax", small),
    ("bayes", ["--dimension", "3", "--burn-in", "2", "--samples", "3"]), ("popular", []),
    ("mean", ["--by", "item"]), ("random", []),
  ]

  @Test(
    "writes what the library makes of the same files, and says how much was solved for",
    arguments: methods)
  func updates(method: String, options: [String]) throws {
    let old = try model(method, options)
    let text = """
      user,item,rating
      viewer-001,casablanca-1942,5
      viewer-002,vertigo-1958,4
      anna,casablanca-1942,4
      anna,psycho-1960,2
      """
    let new = try folder.file(text, "new.csv")
    let output = folder.path("updated")
    let run = try Program.run(
      "learn", new, "--update", old, "-o", output, "--quiet", "--format", "json")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let found = try run.json()
    #expect(found["updated"] as? [String: Int] == ["users": 3, "newUsers": 1, "newItems": 0])
    #expect(found["ratings"] as? Int == 4 && found["users"] as? Int == 401)
    #expect(found["method"] as? String == method && found["model"] as? String == output)

    let before = try Model(contentsOf: old)
    let triples: [(user: String, item: String, rating: Float)] = [
      ("viewer-001", "casablanca-1942", 5), ("viewer-002", "vertigo-1958", 4),
      ("anna", "casablanca-1942", 4), ("anna", "psycho-1960", 2),
    ]
    try before.updated(with: Ratings(triples)).model.save(to: folder.path("expected"))
    #expect(try folder.bytes("updated") == folder.bytes("expected"))
    // Somebody new can be asked about, and somebody known keeps their answer but for counts taken anew.
    let asked = ["--user", "anna", "-k", "3", "--format", "json"]
    let picks = try Program.run(["recommend", output] + asked).json()
    #expect((picks["items"] as? [Any])?.count == 3)
    guard !["popular", "mean"].contains(method) else { return }
    let same = ["--user", "viewer-009", "--format", "json"]
    #expect(
      try Program.run(["recommend", output] + same).output
        == Program.run(["recommend", old] + same).output)
  }

  @Test("in place, with a new item, its title, and nobody's history")
  func inPlace() throws {
    let path = try model("als", Self.small)
    let new = try folder.file(
      "user,item,rating\nviewer-001,the-new-one,5\nviewer-002,the-new-one,4\n", "new.csv")
    let titles = try folder.file("item,title\nthe-new-one,The New One\n", "titles.csv")
    let run = try Program.run("learn", new, "--update", path, "-o", path, "--titles", titles)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("Solved for 2 users, 0 of them new, and 1 new item."))
    let after = try Model(contentsOf: path)
    #expect(after.title(of: "the-new-one") == "The New One" && after.items.count == 123)
    #expect(after.record.options["updates"] == "1")
    let bare = folder.path("bare")
    let again = try Program.run("learn", new, "--update", path, "-o", bare, "--no-history")
    #expect(again.status == 0, "\(again.errors)")
    #expect(try Model(contentsOf: bare).history == nil)
  }

  @Test("what cannot be taken in is refused with the reason, and nothing is written")
  func refused() throws {
    let path = try model("ials", Self.small)
    let bare = folder.path("bare")
    #expect(
      try Program.run(
        "learn", ratings, "-o", bare, "--method", "als", "--dimension", "2", "--no-history",
        "--quiet"
      ).status == 0)
    let new = try folder.file("user,item,rating\nviewer-001,casablanca-1942,5\n", "new.csv")
    let zero = try folder.file("user,item,rating\nviewer-001,casablanca-1942,0\n", "zero.csv")
    let output = folder.path("none")
    for (arguments, status, words) in [
      ([new, "--update", path, "--method", "als"], 64, "--method"),
      ([new, "--update", path, "--dimension", "8"], 64, "--dimension"),
      ([new, "--update", path, "--validation", "0.1"], 64, "--validation"),
      ([new, "--update", path, "--checkpoint", folder.path("c")], 64, "--checkpoint"),
      ([new, "--update", folder.path("no-model")], 66, "no-model"),
      ([new, "--update", ratings], 65, "sample-ratings"),
      ([folder.path("no-ratings"), "--update", path], 66, "no-ratings"),
      ([new, "--update", bare], 65, "Adding to a user's interactions"),
      ([zero, "--update", path], 65, "casablanca-1942"),
    ] {
      let run = try Program.run(["learn", "--quiet", "-o", output] + arguments)
      #expect(run.status == status && run.errors.contains(words), "\(arguments): \(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: output), "\(arguments)")
    }
    let over = try Program.run("learn", new, "--update", path, "-o", new)
    #expect(over.status == 64 && over.errors.contains("write over"))
  }
}
