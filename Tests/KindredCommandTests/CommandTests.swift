// What the commands print, in the shapes that scripts rely on.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredTestSupport
import Testing

@Suite("Commands") struct CommandTests {
  @Test("learn reports every epoch, and any number of threads gives the same bytes")
  func learn() throws {
    let folder = try ScratchFolder()
    let (ratings, titles) = try folder.sample()
    var models: [Data] = []
    for threads in ["1", "2", "4"] {
      let model = folder.path + "/m\(threads)"
      let run = try Program.run(
        "learn", ratings, "-o", model, "--titles", titles, "--dimension", "8", "--epochs", "12",
        "--validation", "0.1", "--threads", threads, "--format", "json")
      #expect(run.status == 0, "\(run.errors)")
      let summary = try run.json()
      #expect(summary["method"] as? String == "sgd")
      #expect(summary["dimension"] as? Int == 8)
      #expect(summary["users"] as? Int == 400)
      #expect(summary["model"] as? String == model)
      let seconds = try #require(summary["seconds"] as? [String: Any])
      #expect(Set(seconds.keys) == ["reading", "training", "saving"])
      let epochs = try #require(summary["epochs"] as? [[String: Any]])
      #expect(epochs.compactMap { $0["epoch"] as? Int } == Array(1...12))
      #expect(epochs.allSatisfy { $0["trainRMSE"] is Double && $0["seconds"] is Double })
      #expect(epochs.allSatisfy { ($0["validation"] as? [String: Any])?["rmse"] is Double })
      // Not a terminal: a plain line per epoch, without escape codes.
      #expect(run.errors.contains("epoch 12/12") && !run.errors.contains("\u{1B}"))
      models.append(try Data(contentsOf: URL(fileURLWithPath: model)))
    }
    #expect(models[0] == models[1] && models[1] == models[2])
  }

  @Test("learn calls interactions what they are")
  func learnInteractions() throws {
    let folder = try ScratchFolder()
    let clicks = try folder.file("a 1\nb 2\na 3\n", "clicks.txt")
    for method in ["sgd", "popular"] {
      let run = try Program.run("learn", clicks, "-o", folder.path("m"), "--method", method)
      #expect(run.output.contains("3 interactions") && !run.output.contains("3 ratings"))
    }
  }

  @Test("evaluate, recommend, similar and explain have their JSON shapes")
  func shapes() throws {
    let folder = try ScratchFolder()
    let model = try folder.model()
    let ratings = folder.path + "/sample-ratings.csv"
    let evaluated = try Program.run("evaluate", model, "--test", ratings, "--format", "json").json()
    let metrics = try #require(evaluated["metrics"] as? [String: Double])
    #expect(Set(metrics.keys) == ["rmse", "mae"])
    #expect(try #require(evaluated["unknown"] as? [String: Int]) == ["users": 0, "items": 0])
    #expect(evaluated["users"] as? Int == 400)

    let recommended = try Program.run(
      "recommend", model, "--user", "viewer-001", "-k", "3", "--format", "json"
    ).json()
    let items = try #require(recommended["items"] as? [[String: Any]])
    #expect(recommended["user"] as? String == "viewer-001" && items.count == 3)
    let scores = items.compactMap { $0["score"] as? Double }
    #expect(scores == scores.sorted(by: >))
    #expect(items.allSatisfy { $0["item"] is String && $0["title"] is String })

    let similar = try Program.run(
      "similar", model, "--item", "casablanca-1942", "-k", "2", "--format", "json"
    ).json()
    #expect(similar["item"] as? String == "casablanca-1942")
    #expect((similar["items"] as? [[String: Any]])?.count == 2)

    let best = try #require(items[0]["item"] as? String)
    let explained = try Program.run(
      "explain", model, "--user", "viewer-001", "--item", best, "--format", "json"
    ).json()
    let number = { (key: String) in try #require(explained[key] as? Double, "\(key)") }
    let history = try #require(explained["history"] as? [[String: Any]])
    let dimensions = try #require(explained["dimensions"] as? [[String: Any]])
    let parts = try number("mean") + number("userBias") + number("itemBias")
    let products = dimensions.compactMap { $0["product"] as? Double }.reduce(0, +)
    // The dot product runs in Float: its last bits are about 1e-7 of a star.
    #expect(abs(parts + products - scores[0]) < 1e-5)
    let shares = history.compactMap { $0["contribution"] as? Double }.reduce(0, +)
    #expect(abs(shares + (try number("rest")) - scores[0]) < 1e-9)
  }

  @Test("recommend writes a JSON object a line, whatever the format, and takes somebody new")
  func recommendToFile() throws {
    let folder = try ScratchFolder()
    let model = try folder.model()
    let file = folder.path + "/all.jsonl"
    let run = try Program.run("recommend", model, "--all", "-k", "2", "-o", file)
    #expect(run.status == 0 && run.output.contains("400 users"))
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 400)
    let first = try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any]
    #expect(first?["user"] as? String == "viewer-001")

    let users = try folder.file("viewer-003\n\nviewer-002\n", "users.txt")
    let some = try Program.run("recommend", model, "--users", users, "--format", "json").json()
    let named = try #require(some["users"] as? [[String: Any]]).compactMap { $0["user"] as? String }
    #expect(named == ["viewer-003", "viewer-002"])

    let only = try folder.file("casablanca-1942\nvertigo-1958\n", "only.txt")
    let new = try Program.run(
      "recommend", model, "--rated", "\"Casablanca (1942)\"=5", "--only", only, "--format", "json"
    ).json()
    let items = try #require(new["items"] as? [[String: Any]]).compactMap { $0["item"] as? String }
    #expect(items == ["vertigo-1958"])
    #expect(try Program.run("recommend", model, "--rated", "nonsense").status == 64)
  }

  @Test("score takes files exactly, or a model")
  func score() throws {
    let folder = try ScratchFolder()
    let users = try folder.file("name,a,b\nAnn,1/2,0.1\n\"Bo, Jr\",-1,3\n", "users.csv")
    let items = try folder.file("Dune,2,3\nEmma,0,1/3\n", "items.csv")
    let run = try Program.run(
      "score", "--users", users, "--items", items, "--format", "json"
    ).json()
    #expect(run["scores"] as? [[Double]] == [[1.3, 1.0 / 30], [7, 1]])
    let text = try Program.run("score", "--users", users, "--items", items).output
    #expect(text.contains("Bo, Jr") && text.contains("1.3"))
    let model = try folder.model()
    let scored = try Program.run(
      "score", model, "--user", "viewer-001", "--item", "Casablanca (1942)", "--format", "json"
    ).json()
    #expect((scored["scores"] as? [[Double]])?[0].count == 1)
    #expect(try Program.run("score", "--users", users).status == 64)
  }

  @Test("construct reads lines or a table, and gives a verdict")
  func construct() throws {
    let folder = try ScratchFolder()
    let lines = try folder.file(
      "user,item,target\nu,a,1\nu,b,0\nv,a,0\nv,b,-1\n", "lines.csv")
    let table = try folder.file(",a,b\nu,1,0\nv,0,-1\n", "table.csv")
    for file in [lines, table] {
      let two = try Program.run("construct", file, "--dimension", "2", "--format", "json").json()
      #expect(two["verdict"] as? String == "family" && two["minimumDimension"] as? Int == 2)
      let one = try Program.run("construct", file, "--dimension", "1", "--format", "json").json()
      #expect(one["verdict"] as? String == "impossible")
      #expect((one["loss"] as? [String: Double])?["sum"] == 1)
    }
    let items = try folder.file("a,1,0\nb,0,1\n", "items.csv")
    let unique = try Program.run("construct", lines, "--items", items, "--format", "json").json()
    #expect(unique["verdict"] as? String == "unique")
    #expect(try Program.run("construct", lines, "--items", items).output.contains("Unique"))
    // The first row of a table may begin like a header of lines.
    let named = try folder.file("users,Item 1,Item 2\nUser 1,1,0\nUser 2,0,1\n", "named.csv")
    let table2 = try Program.run("construct", named, "--dimension", "2", "--format", "json").json()
    #expect(table2["minimumDimension"] as? Int == 2)
    let bad = try folder.file("user,item,target\nu,a,x\n", "bad.csv")
    let run = try Program.run("construct", bad, "--dimension", "2")
    #expect(run.status == 65 && run.errors.contains("line 2"))
  }

  @Test("trace works one step out, fresh or from a model, and its wiggles agree")
  func trace() throws {
    let folder = try ScratchFolder()
    let model = try folder.model()
    let ratings = folder.path + "/sample-ratings.csv"
    let line = try String(contentsOfFile: ratings, encoding: .utf8).split(separator: "\n")[1]
    let (user, item) = (
      String(line.split(separator: ",")[0]), String(line.split(separator: ",")[1])
    )
    for extra in [["--model", model], ["--dimension", "2"], ["--dimension", "2", "--no-bias"]] {
      let arguments = ["trace", ratings, "--user", user, "--item", item] + extra
      let step = try Program.run(arguments + ["--format", "json"]).json()
      #expect(step["wigglesAgree"] as? Bool == true && step["wentDown"] as? Bool == true)
      #expect(try Program.run(arguments).output.contains("went down"))
    }
    let unrated = try Program.run("trace", ratings, "--user", user, "--item", "nothing")
    #expect(unrated.status == 65)
  }

  @Test("Ctrl-C ends training, saves what was learned and says so")
  func interrupted() throws {
    let folder = try ScratchFolder()
    let (ratings, _) = try folder.sample()
    let model = folder.path + "/model.safetensors"
    let log = folder.path + "/log"
    // The shell waits for the first epoch's line, however long it takes, then interrupts.
    let run = try Program.shell(
      """
      "$KINDRED" learn '\(ratings)' --epochs 1000000 -o '\(model)' > '\(folder.path)/out' 2> '\(log)' &
      while ! grep -q '^epoch 1/' '\(log)'; do kill -0 $! || exit 99; done
      kill -INT $!
      wait $!
      """)
    #expect(run.status == 130)
    #expect(try String(contentsOfFile: log, encoding: .utf8).contains("Interrupted"))
    #expect(try Program.run("recommend", model, "--user", "viewer-001").status == 0)
  }

  @Test("titles that are not UTF-8 are read as Windows-1252, and that is said")
  func windowsTitles() throws {
    let folder = try ScratchFolder()
    let ratings = try folder.file("user,item,rating\na,1,4\na,2,3\nb,1,5\nb,2,2\n", "r.csv")
    let titles = try folder.file(
      Array("1|Mis".utf8) + [0xE9]
        + Array("rables, Les (1995)|01-Jan-1995\n2|Heat (1995)|x\n".utf8),
      "u.item")
    let model = folder.path + "/model"
    let run = try Program.run("learn", ratings, "-o", model, "--titles", titles)
    #expect(run.status == 0 && run.errors.contains("Windows-1252"))
    #expect(
      try Program.run("similar", model, "--item", "2").output.contains("Misérables, Les (1995)"))
  }

  @Test("the README shows the example as it is")
  func readme() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = { (path: String) in
      try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }
    let program = try text("Examples/CSVToRecommendations/main.swift")
    let code = program.split(separator: "\n").drop { $0.hasPrefix("//") }.joined(separator: "\n")
    let shown = try text("README.md").split(separator: "\n").joined(separator: "\n")
    #expect(shown.contains(code))
  }

  @Test("the ten-line example runs")
  func example() throws {
    let folder = try ScratchFolder()
    let (ratings, _) = try folder.sample()
    let run = try Program.run("CSVToRecommendations", [ratings, folder.path + "/model"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.split(separator: "\n").count == 6)
  }
}
