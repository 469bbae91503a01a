// kindred tune as a person meets it: its table, its line for learning, its breaks.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("kindred tune") struct TuneCommandTests {
  private let folder: ScratchFolder
  private let ratings: String

  init() throws {
    folder = try ScratchFolder()
    ratings = try folder.sample().ratings
  }

  /// Small searches, one of each method that has settings.
  private static let searches: [(method: String, options: [String])] = [
    ("sgd", ["--epochs", "6", "--no-bias"]), ("als", ["--epochs", "4"]),
    ("ials", ["--epochs", "4", "--weighting", "log,1,1"]), ("bpr", ["--epochs", "12"]),
    ("softmax", ["--epochs", "6", "--rate", "0.02"]),
  ]

  private func search(_ method: String, _ options: [String]) -> [String] {
    [
      "tune", ratings, "--method", method, "--dimension", "4", "--trials", "4", "--keeping", "2",
      "--seed", "7",
    ] + options
  }

  /// Runs a line as it was printed, in the folder.
  private func runPrinted(_ line: String) throws -> Run {
    let rest = try #require(line.hasPrefix("kindred ") ? line.dropFirst("kindred ".count) : nil)
    return try Program.shell("cd '\(folder.path)' && exec \"$KINDRED\" \(rest)")
  }

  private func trials(_ json: [String: Any]) throws -> [[String: Any]] {
    try #require(json["trials"] as? [[String: Any]])
  }

  /// What does not depend on the machine's speed.
  private func outcomes(_ json: [String: Any]) throws -> NSArray {
    NSArray(
      array: try trials(json).map { trial in trial.filter { $0.key != "seconds" } })
  }

  @Test("prints a line that learns with the best settings", arguments: searches)
  func learns(method: String, options: [String]) throws {
    let run = try Program.run(search(method, options) + ["--quiet", "--format", "json"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let found = try run.json()
    #expect(found["method"] as? String == method)
    let best = try #require(found["best"] as? [String: Any])
    let score = try #require(best["score"] as? Double)
    let isError = found["metric"] as? String == "rmse"
    #expect(isError == ["sgd", "als"].contains(method))
    let scores = try trials(found).compactMap { $0["score"] as? Double }
    #expect(scores.count > 4 && score == (isError ? scores.min() : scores.max()))

    let line = try #require(found["learn"] as? String)
    let learned = try runPrinted(line)
    #expect(learned.status == 0, "\(line): \(learned.errors)")
    let record = try Model(contentsOf: folder.path("model.safetensors")).record
    #expect(record.method == method && record.seed == 7)
    #expect(record.options["dimension"] == "4")
    #expect(record.options["epochs"] == (best["epochs"] as? Int).map { "\($0)" })
    // The first trial's settings are the defaults, of which the line says nothing.
    for (name, value) in try #require(best["settings"] as? [String: Double]) {
      #expect(record.options[name].flatMap { Double($0) } == value, "\(name)")
    }
    switch method {
    case "sgd": #expect(record.options["biases"] == "false")
    case "ials": #expect(record.options["weighting"] == "log 1.0 1.0")
    case "softmax":
      // What is given stays as it is, in every trial and in the line.
      #expect(record.options["rate"] == "0.02")
      #expect(try trials(found).allSatisfy { ($0["settings"] as? [String: Any])?["rate"] == nil })
    default: break
    }
  }

  @Test("the line is one for a shell, whatever the file is called and however options are written")
  func quotes() throws {
    let odd = "it's a $HOME of `ratings`.csv"
    try FileManager.default.copyItem(atPath: ratings, toPath: folder.path(odd))
    let run = try Program.run(
      "tune", folder.path(odd), "--method=als", "--dimension=3", "--epochs=2", "--trials=2",
      "--keeping=2", "--validation=0.2", "--metric=mae", "--checkpoint=\(folder.path("trials"))",
      "--quiet", "--format=json")
    #expect(run.status == 0, "\(run.errors)")
    let found = try run.json()
    #expect(found["metric"] as? String == "mae")
    let line = try #require(found["learn"] as? String)
    for word in ["--trials", "--keeping", "--validation", "--metric", "--checkpoint", "--format"] {
      #expect(!line.contains(word), "\(line)")
    }
    let learned = try runPrinted(line)
    #expect(learned.status == 0, "\(line): \(learned.errors)")
    let record = try Model(contentsOf: folder.path("model.safetensors")).record
    #expect(record.method == "als" && record.options["dimension"] == "3")
  }

  @Test("a person gets a table, one row for each setting, and progress on standard error")
  func table() throws {
    let run = try Program.run(search("als", ["--epochs", "9", "--validation", "0.2"]))
    #expect(run.status == 0, "\(run.errors)")
    // 4 trials of 3 epochs, 2 of 5 and one of all 9.
    #expect(run.errors.contains("round 1, trial 1 (defaults), 3 epochs"), "\(run.errors)")
    #expect(run.errors.contains("round 3, trial "), "\(run.errors)")
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first?.hasPrefix("als: 4 settings judged by rmse") == true, "\(run.output)")
    let header = try #require(lines.firstIndex { $0.contains("trial") && $0.contains("seconds") })
    for name in ["regularization", "3 epochs", "5 epochs", "9 epochs"] {
      #expect(lines[header].contains(name), "\(lines[header])")
    }
    #expect(run.output.filter { $0 == "*" }.count == 2, "the best, and what the star means")
    #expect(run.output.contains("default"))
    #expect(run.output.contains("Train with the best on all of the data:\n  kindred learn "))
    let rest = try Program.run(search("als", ["--epochs", "9", "--validation", "0.2", "--quiet"]))
    #expect(rest.errors.isEmpty)
  }

  @Test("goes on from the trials that are kept, and trains only the others")
  func resumes() throws {
    let path = folder.path("trials.json")
    let asked =
      search("als", ["--epochs", "9"]) + ["--checkpoint", path, "--quiet", "--format", "json"]
    let whole = try Program.run(asked).json()
    #expect(try trials(whole).count == 7)
    var kept = try #require(
      JSONSerialization.jsonObject(with: Data(try folder.bytes("trials.json")))
        as? [String: Any])
    let all = try #require(kept["trials"] as? [[String: Any]])
    #expect(all.count == 7)
    for count in [0, 3, 5, 7] {
      kept["trials"] = Array(all.prefix(count))
      try JSONSerialization.data(withJSONObject: kept).write(to: URL(fileURLWithPath: path))
      let run = try Program.run(asked.filter { $0 != "--quiet" } + ["--resume"])
      #expect(run.status == 0, "\(run.errors)")
      #expect(
        run.errors.split(separator: "\n").filter { $0.hasPrefix("round ") }.count == 7 - count)
      let resumed = try run.json()
      #expect(try outcomes(resumed) == outcomes(whole))
      #expect(resumed["learn"] as? String == whole["learn"] as? String)
    }
  }

  @Test("Ctrl-C ends a search with what it has found, and it can be gone on with")
  func interrupted() throws {
    let path = folder.path("trials.json")
    let asked = search("als", ["--epochs", "400", "--dimension", "16", "--format", "json"])
    let words = asked.map { "'\($0)'" }.joined(separator: " ")
    // The shell becomes the program, and what it left behind interrupts it once a trial is done.
    let run = try Program.shell(
      """
      (
        tries=0
        while ! test -s '\(path)' && test $tries -lt 3000; do
          sleep 0.01
          tries=$((tries + 1))
        done
        kill -INT $$
      ) &
      exec "$KINDRED" \(words) --checkpoint '\(path)'
      """)
    #expect(run.status == 130, "\(run.errors)")
    #expect(run.errors.contains("--resume goes on from \(path)"), "\(run.errors)")
    let broken = try run.json()
    let count = try trials(broken).count
    #expect((1..<7).contains(count))
    #expect((broken["learn"] as? String)?.hasPrefix("kindred learn ") == true)
    let rest = try Program.run(asked + ["--checkpoint", path, "--resume", "--threads", "1"])
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(rest.errors.split(separator: "\n").filter { $0.hasPrefix("round ") }.count == 7 - count)
    let whole = try Program.run(asked + ["--quiet"]).json()
    #expect(try outcomes(rest.json()) == outcomes(whole))
  }

  @Test("what cannot be searched is refused with the reason")
  func refused() throws {
    let path = folder.path("trials.json")
    let small = ["--dimension", "2", "--epochs", "1", "--trials", "1", "--quiet"]
    for (options, status, words) in [
      (["--method", "popular"], 64, "no settings"), (["--method", "bayes"], 64, "no settings"),
      (["--patience", "2"], 64, "--patience"), (["--metric", "accuracy"], 64, "--metric"),
      (["--trials", "0"], 64, "number of trials"), (["--keeping", "1"], 64, "keeping"),
      (["--validation", "1"], 64, "share held back"), (["--resume"], 64, "--checkpoint"),
      (["--checkpoint", ratings], 64, "write over"),
      (["--checkpoint", folder.path("no/such/file")], 73, "no/such"),
      (["--checkpoint", path, "--resume"], 66, "trials.json"),
      (["--method", "als", "--rate", "1"], 64, "does not know --rate"),
    ] {
      let run = try Program.run(["tune", ratings, "--quiet"] + options)
      #expect(run.status == status && run.errors.contains(words), "\(options): \(run.errors)")
      #expect(run.output.isEmpty, "\(options)")
    }
    let tune = ["tune", ratings, "--method", "als", "--checkpoint", path] + small
    #expect(try Program.run(tune).status == 0)
    let other = try Program.run(tune + ["--seed", "9", "--resume"])
    #expect(other.status == 65 && other.errors.contains("seed is 1 there and 9 here"))
    let diary = try folder.file("dear diary\n", "diary")
    let precious = try Program.run(["tune", ratings, "--checkpoint", diary] + small)
    #expect(precious.status == 73, "\(precious.errors)")
    #expect(try folder.bytes("diary") == Array("dear diary\n".utf8))
    let hopeless = try Program.run(["tune", ratings, "--rate", "1e6", "--decay", "1"] + small)
    #expect(hopeless.status == 65 && hopeless.errors.contains("No trial"), "\(hopeless.errors)")
  }
}
