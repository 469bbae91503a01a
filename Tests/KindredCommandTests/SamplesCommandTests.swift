// Models of samples on the command line: learning them, and how sure they are.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredTestSupport
import Testing

@Suite("kindred with models of samples") struct SamplesCommandTests {
  private static let users = ["viewer-001", "viewer-002", "viewer-003"]
  private static let item = "psycho-1960"

  private let folder: ScratchFolder
  private let model: String
  private let learned: [String: Any]

  init() throws {
    folder = try ScratchFolder()
    let (ratings, titles) = try folder.sample()
    model = folder.path("samples.safetensors")
    let run = try Program.run(
      "learn", ratings, "-o", model, "--titles", titles, "--method", "bayes", "--dimension", "4",
      "--samples", "12", "--burn-in", "5", "--thinning", "1", "--format", "json")
    try #require(run.status == 0, "\(run.errors)")
    learned = try run.json()
  }

  @Test("learn says how many samples there are, and of what")
  func learn() throws {
    #expect(learned["method"] as? String == "bayes")
    #expect(learned["samples"] as? Int == 12)
    #expect(learned["dimension"] as? Int == 4)
    #expect((learned["epochs"] as? [Any])?.count == 17)
  }

  @Test(
    "flags that make no sense are refused",
    arguments: [
      ["--samples", "0"], ["--samples", "-3"], ["--epochs", "5", "--burn-in", "5"],
      ["--thinning", "0"], ["--burn-in", "-1"], ["--epochs", "90", "--samples", "5"],
      ["--rate", "0.1"], ["--regularization", "0.1"],
    ])
  func badFlags(flags: [String]) throws {
    let (ratings, _) = try folder.sample()
    let run = try Program.run(
      ["learn", ratings, "-o", folder.path("none"), "--method", "bayes"] + flags)
    #expect(run.status == 64, "\(flags): \(run.errors)")
    #expect(!run.errors.isEmpty && !FileManager.default.fileExists(atPath: folder.path("none")))
    let other = try Program.run("learn", ratings, "-o", folder.path("none"), "--samples", "5")
    #expect(other.status == 64)
  }

  @Test("score gives deviations and intervals")
  func score() throws {
    let found = try Program.run(
      "score", model, "--user", Self.users[0], "--user", Self.users[1], "--item", Self.item,
      "--format", "json"
    ).json()
    let scores = try #require(found["scores"] as? [[Double]])
    let deviations = try #require(found["deviations"] as? [[Double]])
    let ofRatings = try #require(found["ratingDeviations"] as? [[Double]])
    let intervals = try #require(found["intervals"] as? [[[Double]]])
    for user in 0..<2 {
      #expect(deviations[user][0] > 0 && ofRatings[user][0] > deviations[user][0])
      // The 95th percentile of the normal distribution.
      let reach = 1.6448536269514722 * ofRatings[user][0]
      #expect(abs(intervals[user][0][0] - (scores[user][0] - reach)) < 1e-9)
      #expect(abs(intervals[user][0][1] - (scores[user][0] + reach)) < 1e-9)
    }
    let text = try Program.run(
      "score", model, "--user", Self.users[0], "--item", Self.item, "--interval", "0.5")
    #expect(text.output.contains("±") && text.output.contains("50 %"), "\(text.output)")
  }

  @Test("recommend ranks by what may be and by what is sure")
  func recommend() throws {
    for flags in [[], ["--optimistic"], ["--cautious"], ["--cautious", "--interval", "0.5"]] {
      for who in [["--user", Self.users[2]], ["--rated", "psycho-1960=5,the-kid-1921=1"]] {
        let run = try Program.run(
          ["recommend", model, "-k", "8", "--format", "json"] + who + flags)
        let items = try #require(run.json()["items"] as? [[String: Any]])
        #expect(items.count == 8)
        let z = flags.contains("0.5") ? 0.6744897501960817 : 1.6448536269514722
        let sign: Double = flags.isEmpty ? 0 : flags[0] == "--optimistic" ? 1 : -1
        let keys = try items.map { item in
          try #require(item["score"] as? Double)
            + sign * z * #require(item["deviation"] as? Double)
        }
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 >= $1 - 1e-9 }, "\(flags): \(keys)")
        #expect((items[0]["interval"] as? [Double])?.count == 2)
      }
    }
    let text = try Program.run("recommend", model, "--user", Self.users[2], "--optimistic")
    #expect(text.status == 0 && text.output.contains("±"), "\(text.output)")
  }

  @Test("a model of one refuses, and says which model knows")
  func refusals() throws {
    let one = try folder.model()
    for arguments in [
      ["recommend", one, "--user", Self.users[2], "--optimistic"],
      ["recommend", one, "--user", Self.users[2], "--cautious"],
      ["recommend", one, "--user", Self.users[2], "--interval", "0.5"],
      ["score", one, "--user", Self.users[2], "--interval", "0.5"],
    ] {
      let run = try Program.run(arguments)
      #expect(run.status == 65 && run.errors.contains("bayes"), "\(arguments): \(run.errors)")
    }
    for arguments in [
      ["recommend", model, "--user", Self.users[2], "--optimistic", "--cautious"],
      ["recommend", model, "--user", Self.users[2], "--interval", "1"],
      ["recommend", model, "--user", Self.users[2], "--interval", "0"],
      ["score", model, "--user", Self.users[2], "--interval", "nan"],
    ] {
      #expect(try Program.run(arguments).status == 64, "\(arguments)")
    }
    let plain = try Program.run(
      "score", one, "--user", Self.users[2], "--item", Self.item, "--format", "json")
    #expect(try plain.json()["deviations"] == nil)
  }

  @Test("explain, similar, evaluate, export and forget take it as any model")
  func everythingElse() throws {
    let (ratings, _) = try folder.sample()
    let explained = try Program.run(
      "explain", model, "--user", Self.users[2], "--item", Self.item, "--format", "json"
    ).json()
    #expect((explained["dimensions"] as? [Any])?.count == 48)
    let numbers = ["score", "mean", "userBias", "itemBias", "dot"].map { explained[$0] as? Double }
    let (score, parts) = (numbers[0] ?? .nan, numbers.dropFirst().reduce(0) { $0 + ($1 ?? .nan) })
    // Added up in Float.
    #expect(abs(score - parts) < 1e-5)
    for arguments in [
      ["similar", model, "--item", Self.item],
      ["similar", model, "--user", Self.users[2], "--by", "dot"],
      ["evaluate", model, "--test", ratings, "--metrics", "rmse,ils@5,ndcg@5"],
      ["export", model, "--to", "npy", "-o", folder.path("vectors")],
      ["forget", model, "--user", Self.users[2], "-o", folder.path("forgotten")],
      ["score", folder.path("forgotten"), "--user", Self.users[1], "--item", Self.item],
    ] {
      let run = try Program.run(arguments)
      #expect(run.status == 0, "\(arguments): \(run.errors)")
    }
    // Samples are drawn: there is no step to show.
    let trace = try Program.run(
      "trace", ratings, "--user", Self.users[2], "--item", Self.item, "--model", model)
    #expect(trace.status == 65 && trace.errors.contains("bayes"), "\(trace.errors)")
    // The probability next to 1 is still one.
    for end in ["--optimistic", "--cautious"] {
      let run = try Program.run(
        "recommend", model, "--user", Self.users[2], end, "--interval", "0.9999999999999999")
      #expect(run.status == 0, "\(run.errors)")
    }
  }
}
