// Many users' recommendations, written to a file by several threads.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredTestSupport
import Testing

@Suite("Recommending to many") struct RecommendManyTests {
  private func objects(_ path: String) throws -> [NSDictionary] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return try #require(object as? NSDictionary)
    }
  }

  @Test(
    "gives each user what asking for that one gives",
    arguments: [[], ["--diversify", "0.4"], ["--damping", "0.5", "--include-seen"]])
  func sameAsOne(options: [String]) throws {
    let folder = try ScratchFolder()
    let (model, file) = (try folder.model(), folder.path + "/all.jsonl")
    let asked = [["recommend", model, "-k", "5"], options].flatMap { $0 }
    #expect(try Program.run(asked + ["--all", "-o", file]).status == 0)
    let lines = try objects(file)
    #expect(lines.count == 400)
    for user in [0, 1, 95, 96, 399] {
      let id = try #require(lines[user]["user"] as? String)
      let alone = try Program.run(asked + ["--user", id, "--format", "json"]).json()
      #expect(lines[user] == alone as NSDictionary)
      #expect((lines[user]["items"] as? [Any])?.count == 5)
    }
  }

  @Test("says why nothing is left, in text, in JSON and in files")
  func nothing() throws {
    let folder = try ScratchFolder()
    let model = try folder.model()
    let list = try folder.file("casablanca-1942\n", "list.txt")
    let asked = ["recommend", model, "--only", list, "--without", list]
    let why = "items may be recommended"
    let text = try Program.run(asked + ["--user", "viewer-001"])
    #expect(text.status == 0 && text.output.contains("nothing: 0 of") && text.output.contains(why))
    let json = try Program.run(asked + ["--user", "viewer-001", "--format", "json"]).json()
    #expect((json["note"] as? String)?.contains("1 left out by name") == true)
    #expect((json["items"] as? [Any])?.isEmpty == true)
    let rated = try Program.run(
      asked + ["--rated", "casablanca-1942=5", "--format", "json"]
    ).json()
    #expect((rated["note"] as? String)?.contains(why) == true)
    let file = folder.path + "/all.jsonl"
    #expect(try Program.run(asked + ["--all", "-o", file]).status == 0)
    #expect(try objects(file).allSatisfy { ($0["note"] as? String)?.contains(why) == true })
  }

  @Test("writes what --rated asks for")
  func ratedToFile() throws {
    let folder = try ScratchFolder()
    let (model, file) = (try folder.model(), folder.path + "/one.jsonl")
    let asked = ["recommend", model, "--rated", "casablanca-1942=5", "-k", "4"]
    let run = try Program.run(asked + ["-o", file])
    #expect(run.status == 0 && run.output.contains("1 user to \(file)"))
    let printed = try Program.run(asked + ["--format", "json"]).json()
    #expect(try objects(file) == [printed as NSDictionary])
  }

  @Test("writes over no file that it reads")
  func keepsInputs() throws {
    let folder = try ScratchFolder()
    let model = try folder.model()
    let users = try folder.file("viewer-001\n", "users.txt")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: model))
    let over = try Program.run("recommend", model, "--all", "-o", model)
    #expect(over.status == 64 && over.errors.contains("write over"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: model)) == bytes)
    #expect(try Program.run("recommend", model, "--users", users, "-o", users).status == 64)
    #expect(try String(contentsOfFile: users, encoding: .utf8) == "viewer-001\n")
  }

  @Test("refuses what is no share, no number or nobody, before anything is written")
  func refused() throws {
    let folder = try ScratchFolder()
    let model = try folder.model()
    let asked = ["recommend", model, "--user", "viewer-001"]
    #expect(try Program.run(asked + ["--diversify", "1.5"]).status == 64)
    #expect(try Program.run(asked + ["--diversify", "-0.1"]).status == 64)
    #expect(try Program.run(asked + ["--damping", "nan"]).status == 64)
    let users = try folder.file("viewer-001\nviewer-0x\n", "users.txt")
    let file = folder.path + "/some.jsonl"
    let unknown = try Program.run("recommend", model, "--users", users, "-o", file)
    #expect(unknown.status == 65 && unknown.errors.contains("viewer-0x"))
    #expect(!FileManager.default.fileExists(atPath: file))
    let filter = try folder.file("casablanca\n", "filter.txt")
    let item = try Program.run(asked + ["--without", filter])
    #expect(item.status == 65 && item.errors.contains("casablanca"))
  }

  @Test("similar takes the same lists")
  func similar() throws {
    let folder = try ScratchFolder()
    let model = try folder.model()
    let only = try folder.file("vertigo-1958\npsycho-1960\n", "only.txt")
    let without = try folder.file("psycho-1960\n", "without.txt")
    let asked = ["similar", model, "--item", "casablanca-1942", "--format", "json"]
    func found(_ options: [String]) throws -> Set<String> {
      let items = try Program.run(asked + options).json()["items"] as? [[String: Any]]
      return Set((items ?? []).compactMap { $0["item"] as? String })
    }
    #expect(try found(["--only", only]) == ["vertigo-1958", "psycho-1960"])
    #expect(try found(["--only", only, "--without", without]) == ["vertigo-1958"])
    #expect(try !found(["--without", without, "-k", "500"]).contains("psycho-1960"))
    let user = try Program.run("similar", model, "--user", "viewer-001", "--only", only)
    #expect(user.status == 64)
  }
}
