// The program on MovieLens 100K: the published split, and answers that make sense.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredTestSupport
import Testing

@Suite(
  "MovieLens 100K", .enabled(if: SharedData.has("ml-100k/u1.base"), "no ../shared/data/ml-100k"))
struct MovieLensTests {
  private static let data = SharedData.path("ml-100k")

  private func model(_ folder: ScratchFolder, threads: Int) throws -> (path: String, run: Run) {
    let model = folder.path + "/m\(threads).safetensors"
    let run = try Program.run(
      "learn", Self.data + "/u1.base", "-o", model, "--method", "sgd", "--dimension", "20",
      "--validation", Self.data + "/u1.test", "--titles", Self.data + "/u.item", "--threads",
      "\(threads)", "--format", "json")
    return (model, run)
  }

  @Test("sgd's defaults reach a validation RMSE of 0.935, the same bytes for 1 and 2 threads")
  func learn() throws {
    let folder = try ScratchFolder()
    let one = try model(folder, threads: 1)
    let two = try model(folder, threads: 2)
    let epochs = try #require(try two.run.json()["epochs"] as? [[String: Any]])
    let last = try #require((epochs.last?["validation"] as? [String: Double])?["rmse"])
    #expect(last <= 0.935)
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: one.path))
        == Data(contentsOf: URL(fileURLWithPath: two.path)))
    let evaluated = try Program.run(
      "evaluate", two.path, "--test", Self.data + "/u1.test", "--format", "json"
    ).json()
    // What training reported is what evaluating measures.
    #expect((evaluated["metrics"] as? [String: Double])?["rmse"] == last)
  }

  @Test("Star Wars is near its sequels, and an explanation adds up")
  func sense() throws {
    let folder = try ScratchFolder()
    let model = try model(folder, threads: 2).path
    let similar = try Program.run(
      "similar", model, "--item", "Star Wars (1977)", "--min-ratings", "20", "-k", "5"
    ).output
    #expect(similar.contains("Empire Strikes Back, The (1980)"))
    #expect(similar.contains("Return of the Jedi (1983)"))
    let explained = try Program.run(
      "explain", model, "--user", "1", "--item", "50", "--format", "json"
    ).json()
    let score = try #require(explained["score"] as? Double)
    let rest = try #require(explained["rest"] as? Double)
    let history = try #require(explained["history"] as? [[String: Any]])
    #expect(history.count == 135)
    let shares = history.compactMap { $0["contribution"] as? Double }.reduce(0, +)
    #expect(abs(shares + rest - score) < 1e-9)
    let trace = try Program.run(
      "trace", Self.data + "/u1.base", "--user", "1", "--item", "Star Wars (1977)", "--model",
      model,
      "--format", "json"
    ).json()
    #expect(trace["wigglesAgree"] as? Bool == true && trace["wentDown"] as? Bool == true)
    // The trace starts from the model's own prediction.
    #expect(abs(try #require(trace["pred"] as? Double) - score) < 1e-5)
  }
}
