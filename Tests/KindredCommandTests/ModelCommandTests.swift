// Commands around the model file: export, import, forget, --where, --verify.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredTestSupport
import Testing

@Suite("Commands on models") struct ModelCommandTests {
  private let folder: ScratchFolder
  private let model: String

  init() throws {
    folder = try ScratchFolder()
    model = try folder.model()
  }

  private func items(_ run: Run) throws -> [String] {
    try #require(run.status == 0, "\(run.errors)")
    return try #require(try run.json()["items"] as? [[String: Any]])
      .compactMap { $0["item"] as? String }
  }

  @Test("--where chooses items by genre and year, for recommend and similar")
  func conditions() throws {
    let westerns = try items(
      Program.run(
        "recommend", model, "--user", "viewer-001", "--include-seen", "-k", "200", "--where",
        "genres=Western|Musical", "--where", "year<1960", "--format", "json"))
    #expect(westerns.contains("high-noon-1952") && westerns.count < 20)
    let years = westerns.compactMap { Int($0.suffix(4)) }
    #expect(years.count == westerns.count && years.allSatisfy { $0 < 1960 })
    let similar = try items(
      Program.run(
        "similar", model, "--item", "casablanca-1942", "--where", "year>=1990", "--format", "json"))
    #expect(similar.allSatisfy { $0.hasSuffix(String($0.suffix(4))) && $0.contains("-199") })
  }

  @Test("--where that is wrong says what there is")
  func badConditions() throws {
    let run = { (condition: String) in
      try Program.run("recommend", model, "--user", "viewer-001", "--where", condition)
    }
    #expect(try run("genres").status == 64)
    let unknown = try run("director=X")
    #expect(unknown.status == 65 && unknown.errors.contains("genres, year"))
    let nobody = try run("genres=Westen")
    #expect(nobody.status == 65 && nobody.errors.contains("\"Western\""))
    #expect(try run("year>3000").status == 65)
    #expect(
      try Program.run("similar", model, "--user", "viewer-001", "--where", "year>1").status == 64)
  }

  @Test("export and import give the same answers, in each form")
  func exportImport() throws {
    let wanted = try Program.run("similar", model, "--item", "vertigo-1958", "--format", "json")
    for form in ["npy", "projector", "word2vec"] {
      let (out, back) = (folder.path(form), folder.path("\(form).safetensors"))
      let exported = try Program.run("export", model, "--to", form, "-o", out, "--format", "json")
      #expect(exported.status == 0, "\(exported.errors)")
      #expect(try exported.json()["items"] as? Int == 122)
      let imported = try Program.run(
        "import", out, "--from", form, "-o", back, "--titles", folder.path("sample-films.csv"),
        "--format", "json")
      #expect(imported.status == 0, "\(imported.errors)")
      #expect(try imported.json()["users"] as? Int == (form == "npy" ? 400 : 0))
      let found = try Program.run("similar", back, "--item", "vertigo-1958", "--format", "json")
      #expect(found.output == wanted.output)
    }
    let metadata = String(decoding: try folder.bytes("projector/metadata.tsv"), as: UTF8.self)
    #expect(metadata.hasPrefix("id\ttitle\tgenres\tyear\n"))
  }

  @Test("import that cannot be says why")
  func badImport() throws {
    let out = folder.path("out")
    #expect(try Program.run("import", "-o", out).status == 64)
    #expect(try Program.run("import", model, "-o", out).status == 64)
    #expect(try Program.run("import", "--users", model, "-o", out).status == 64)
    #expect(
      try Program.run("import", folder.path("none"), "--from", "word2vec", "-o", out).status == 66)
    let run = try Program.run("import", model, "--from", "word2vec", "-o", out)
    #expect(run.status == 65 && run.errors.contains("word2vec text"))
    #expect(try Program.run("export", model, "--to", "npy", "-o", model).status == 73)
  }

  @Test("forget takes people out, in place or into another file")
  func forget() throws {
    let before = try folder.bytes("sample-model.safetensors")
    let unknown = try Program.run("forget", model, "--user", "viewer-001", "--user", "viewer-9999")
    #expect(unknown.status == 65 && unknown.errors.contains("viewer-9999"))
    #expect(try folder.bytes("sample-model.safetensors") == before)
    let other = folder.path("other")
    let run = try Program.run(
      "forget", model, "--user", "viewer-001", "--user", "viewer-002", "-o", other, "--format",
      "json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try run.json()["forgotten"] as? Int == 2 && run.json()["users"] as? Int == 398)
    #expect(try folder.bytes("sample-model.safetensors") == before)
    #expect(try Program.run("recommend", other, "--user", "viewer-002").status == 65)
    #expect(try Program.run("forget", model, "--user", "viewer-001").status == 0)
    #expect(try Program.run("recommend", model, "--user", "viewer-001").status == 65)
    let kept = try Program.run("recommend", model, "--user", "viewer-003").output
    #expect(try Program.run("recommend", other, "--user", "viewer-003").output == kept)
  }

  @Test("--verify finds damage in any file, and passes what is whole")
  func verify() throws {
    #expect(try Program.run("recommend", model, "--user", "viewer-001", "--verify").status == 0)
    var file = try ModelFile(try folder.bytes("sample-model.safetensors"))
    file.overwrite("users", with: [Float.nan.bitPattern])
    let bad = try folder.file(file.bytes, "bad")
    #expect(try Program.run("similar", bad, "--user", "viewer-002", "--verify").status == 65)
  }
}
