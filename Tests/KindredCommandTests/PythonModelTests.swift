// Model files in the hands of Python: the article's lines recommend as the program does.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredTestSupport
import Testing

@Suite("Models in Python") struct PythonModelTests {
  /// The block of Python in the article about the model file.
  private func article() throws -> String {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/Kindred/Kindred.docc/ModelFile.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let start = try #require(text.range(of: "```python\n")).upperBound
    let end = try #require(text.range(of: "```", range: start..<text.endIndex)).lowerBound
    return String(text[start..<end])
  }

  private struct Pick: Decodable {
    let item: String
    let score: Double
  }

  private struct Answer: Decodable {
    let user: String
    let items: [Pick]
  }

  private func answers(_ lines: String) throws -> [Answer] {
    try lines.split(separator: "\n").map {
      try JSONDecoder().decode(Answer.self, from: Data($0.utf8))
    }
  }

  @Test("give the items and scores of kindred recommend for 100 users")
  func recommend() throws {
    let python = try PythonEnvironment.python(with: ["numpy", "safetensors"])
    let folder = try ScratchFolder()
    let model = try folder.model()
    let lines = try article().split(separator: "\n").filter { !$0.isEmpty }
    #expect(lines.count <= 11, "the article promises ten lines of Python")
    let script = try folder.file(
      try article().replacing("\"model.safetensors\"", with: "\"\(model)\"") + """

        import json
        attributes = [json.loads(text) for text in texts("item_attribute")]
        assert attributes[items.index("casablanca-1942")]["year"] == ["1942"]
        for user in users[:100]:
            picks = [{"item": i, "score": s} for i, s in recommend(user)]
            print(json.dumps({"user": user, "items": picks}))

        """, "script.py")
    let theirs = try answers(try PythonEnvironment.run(python, [script]))
    let users = try folder.file(theirs.map(\.user).joined(separator: "\n"), "users")
    let run = try Program.run(
      "recommend", model, "--users", users, "-k", "11", "-o", folder.path("ours"))
    try #require(run.status == 0, "\(run.errors)")
    let ours = try answers(String(decoding: try folder.bytes("ours"), as: UTF8.self))
    try #require(ours.count == 100 && theirs.count == 100)
    for (our, their) in zip(ours, theirs) {
      #expect(our.user == their.user && their.items.count == 10)
      for (place, pick) in their.items.enumerated() {
        // Both sums run in Float over 8 products of size about 1, in different orders: they differ
        // by some 8 · 2⁻²⁴ ≈ 5e-7.
        #expect(abs(pick.score - our.items[place].score) < 1e-5, "\(our.user), place \(place)")
        // Where two scores are that close, either order is right.
        let isTied = [place - 1, place + 1].contains { other in
          our.items.indices.contains(other)
            && abs(our.items[other].score - our.items[place].score) < 1e-5
        }
        #expect(isTied || pick.item == our.items[place].item, "\(our.user), place \(place)")
      }
    }
  }

  @Test("are the same as arrays that NumPy reads, and NumPy's own are imported")
  func arrays() throws {
    let python = try PythonEnvironment.python(with: ["numpy", "safetensors"])
    let folder = try ScratchFolder()
    let model = try folder.model()
    #expect(try Program.run("export", model, "--to", "npy", "-o", folder.path("a")).status == 0)
    let script = try folder.file(
      """
      import sys
      import numpy as np
      from safetensors.numpy import load_file
      model, folder = sys.argv[1:]
      t = load_file(model)
      for name in ["users", "items", "user_bias", "item_bias"]:
          a = np.load(folder + "/" + name + ".npy")
          assert a.dtype == np.float32 and np.array_equal(a, t[name]), name
      assert np.load(folder + "/mean.npy") == t["mean"][0]
      assert len(open(folder + "/users.txt").read().splitlines()) == len(t["users"])
      np.save(folder + "/u64.npy", np.asfortranarray(t["users"].astype(">f8")))
      np.save(folder + "/i64.npy", t["items"].astype("<f8"))
      np.save(folder + "/int.npy", np.arange(6).reshape(2, 3))
      np.save(folder + "/nan.npy", np.array([[1, 2], [3, np.nan]], dtype=np.float32))

      """, "script.py")
    try PythonEnvironment.run(python, [script, model, folder.path("a")])
    let parts = ["users": "u64", "items": "i64"].flatMap {
      ["--\($0)", folder.path("a/\($1).npy")]
    }
    let imported = folder.path("imported")
    let run = try Program.run(
      ["import", "-o", imported, "--user-ids", folder.path("a/users.txt"), "--item-ids"]
        + [folder.path("a/items.txt"), "--user-bias", folder.path("a/user_bias.npy")]
        + ["--item-bias", folder.path("a/item_bias.npy"), "--mean"]
        + [try meanText(model), "--history", folder.path("sample-ratings.csv")]
        + ["--titles", folder.path("sample-films.csv")] + parts)
    #expect(run.status == 0, "\(run.errors)")
    let wanted = try Program.run("recommend", model, "--user", "viewer-007", "--format", "json")
    let found = try Program.run("recommend", imported, "--user", "viewer-007", "--format", "json")
    #expect(found.status == 0 && found.output == wanted.output)
    let int = try Program.run("import", "--items", folder.path("a/int.npy"), "-o", imported)
    #expect(int.status == 65 && int.errors.contains("astype"))
    let nan = try Program.run("import", "--items", folder.path("a/nan.npy"), "-o", imported)
    #expect(nan.status == 65 && nan.errors.contains("row 1"))
  }

  private func meanText(_ model: String) throws -> String {
    let explained = try Program.run(
      "explain", model, "--user", "viewer-001", "--item", "casablanca-1942", "--format", "json"
    ).json()
    return "\(try #require(explained["mean"] as? Double))"
  }
}
