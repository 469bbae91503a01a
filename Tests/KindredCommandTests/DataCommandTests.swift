// Data sets made, described and divided by the program.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Data commands") struct DataCommandTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// A file of simulated ratings with times.
  private func generated(_ extra: String...) throws -> String {
    let path = folder.path("ratings.csv")
    let run = try Program.run(
      ["data", "generate", "--users", "300", "--items", "120", "--ratings", "6000", "--times"]
        + ["-o", path] + extra)
    try #require(run.status == 0, "\(run.errors)")
    return path
  }

  private func lines(_ name: String) throws -> [String] {
    let text = String(decoding: try folder.bytes(name), as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
  }

  // MARK: generate

  @Test("generate writes what was asked for, and its truth fits") func generate() throws {
    let (test, truth) = (folder.path("test.csv"), folder.path("truth.safetensors"))
    let run = try Program.run(
      "data", "generate", "--users", "300", "--items", "120", "--ratings", "6000", "-o",
      folder.path("train.csv"), "--test", test, "--test-share", "0.2", "--truth", truth,
      "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let report = try run.json()
    let counts = [try lines("train.csv").count - 1, try lines("test.csv").count - 1]
    #expect(report["ratings"] as? Int == counts[0] && report["test"] as? Int == counts[1])
    #expect(counts.reduce(0, +) == 6000 && report["users"] as? Int == 300)
    #expect(try lines("train.csv")[0] == "user,item,rating")
    let evaluated = try Program.run("evaluate", truth, "--test", test, "--format", "json").json()
    let rmse = try #require((evaluated["metrics"] as? [String: Double])?["rmse"])
    // √(0.5² + 1/48) ≈ 0.52; clipping takes some away, and 1,200 squares scatter by 5 · 4 %.
    #expect(rmse > 0.4 && rmse < 0.6)
    #expect((evaluated["unknown"] as? [String: Int]) == ["users": 0, "items": 0])
  }

  @Test("generate has long ids, interactions and other forms") func generateForms() throws {
    let path = folder.path("clicks.txt")
    let run = try Program.run(
      "data", "generate", "--users", "30", "--items", "20", "--ratings", "100", "-o", path,
      "--interactions", "--ids", "long", "--output-format", "pairs")
    #expect(run.status == 0 && run.output.contains("100 simulated interactions"))
    let lines = try lines("clicks.txt")
    #expect(lines.count == 100)
    #expect(lines.allSatisfy { $0.wholeMatch(of: /customer-\d{6} B00PROD\d+/) != nil })
  }

  // MARK: describe

  @Test("describe draws the sample as in its snapshot, in 80 columns and in 50")
  func describeSnapshot() throws {
    let (ratings, titles) = try folder.sample()
    for (name, columns) in [("describe.sample", 80), ("describe.narrow", 50)] {
      let run = try Program.shell(
        "cd '\(folder.path)' && COLUMNS=\(columns) \"$KINDRED\" data describe "
          + "sample-ratings.csv --titles '\(titles)'")
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= columns })
      #expect(!run.output.contains("\u{1B}"))
      let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Snapshots/\(name).txt")
      if ProcessInfo.processInfo.environment["KINDRED_WRITE_SNAPSHOTS"] != nil {
        try Data(run.output.utf8).write(to: file)
      }
      #expect(run.output == String(decoding: try Data(contentsOf: file), as: UTF8.self))
    }
    #expect(FileManager.default.fileExists(atPath: ratings))
  }

  @Test("describe gives every number as JSON") func describeJSON() throws {
    let report = try Program.run("data", "describe", try generated(), "--format", "json").json()
    #expect(
      Set(report.keys) == [
        "users", "items", "ratings", "density", "duplicates", "values", "perUser", "perItem",
        "tail", "times", "mostRated", "bestRated", "enoughRatings", "suspicious",
      ])
    #expect(report["ratings"] as? Int == 6000 && report["users"] as? Int == 300)
    let values = try #require(report["values"] as? [String: Any])
    #expect(values["step"] as? String == "half" && (values["bins"] as? [Any])?.count == 10)
    #expect((report["mostRated"] as? [Any])?.count == 5)
  }

  @Test("describe shows interactions, odd users and times of few months") func describeOdd() throws
  {
    let clicks = try folder.file("a x y z\nb x y\nc x\n", "clicks.txt")
    let bare = try Program.run("data", "describe", clicks, "--input-format", "adjacency").output
    #expect(bare.contains("6 interactions of 3 items by 3 users") && !bare.contains("Values"))
    #expect(bare.contains("Most popular items") && !bare.contains("Best rated"))
    var odd = "user,item,rating,timestamp\n"
    for item in 0..<70 { odd += "bot\u{1B}[31m,i\(item),5,2015-03-04T05:06:07Z\n" }
    for user in 0..<9 { odd += "u\(user),i\(user),\(user % 5 + 1),2015-05-0\(user + 1)\n" }
    let text = try Program.run("data", "describe", try folder.file(odd, "odd.csv")).output
    #expect(text.contains("all 70 ratings are 5"))
    #expect(text.contains("70 ratings in one minute, on 2015-03-04"))
    #expect(text.contains("ratings per month") && text.contains("2015-03"))
    #expect(!text.contains("\u{1B}"))
  }

  @Test(
    "describe shows MovieLens as it is known",
    .enabled(if: SharedData.has("ml-latest-small"), "no ../shared/data beside the project"))
  func describeMovieLens() throws {
    let path = SharedData.path("ml-latest-small")
    let text = try Program.run(
      "data", "describe", path + "/ratings.csv", "--titles", path + "/movies.csv"
    ).output
    for words in [
      "100,836 ratings of 9,724 items by 610 users: 1.70 %", "From 0.5 to 5, half steps; mean 3.50",
      "Given from 1996-03-29 to 2018-09-24", "26,818", "Forrest Gump (1994)", "per year",
      "all 20 ratings are 5",
    ] {
      #expect(text.contains(words), "\(words)")
    }
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  // MARK: split

  @Test(
    "split writes each part, says what is in it, and repeats itself",
    arguments: [
      (["--by", "rating", "--validation", "0.1"], ["train", "validation", "test"]),
      (["--by", "rating", "--test", "500"], ["train", "test"]),
      (["--by", "last", "--last", "2", "--validation", "1"], ["train", "validation", "test"]),
      (["--by", "time"], ["train", "test"]),
      (["--by", "time", "--at", "2010-01-01"], ["train", "test"]),
      (
        ["--by", "folds", "--folds", "3"],
        ["fold1.train", "fold1.test", "fold2.train", "fold2.test", "fold3.train", "fold3.test"]
      ),
      (["--by", "users"], ["train", "fold-in", "test"]),
    ] as [([String], [String])])
  func split(arguments: [String], names: [String]) throws {
    let ratings = try generated()
    let run = try Program.run(
      ["data", "split", ratings, "-o", folder.path("ml"), "--seed", "7", "--format", "json"]
        + arguments)
    #expect(run.status == 0, "\(run.errors)")
    let parts = try #require(try run.json()["parts"] as? [[String: Any]])
    #expect(
      parts.compactMap { $0["output"] as? String } == names.map { folder.path("ml.\($0).csv") })
    var all: [String] = []
    for (name, part) in zip(names, parts) {
      let lines = try lines("ml.\(name).csv")
      #expect(lines[0] == "user,item,rating,timestamp")
      #expect(part["ratings"] as? Int == lines.count - 1)
      #expect((part["unknown"] == nil) == name.hasSuffix("train"))
      if !name.hasPrefix("fold") || name == "fold-in" || name.hasSuffix("test") {
        all += lines.dropFirst()
      }
    }
    // Ratings were written as 4.0 by one command and as 4 by the other.
    let original = try lines("ratings.csv").dropFirst().map { $0.replacing(".0,", with: ",") }
    #expect(all.sorted() == original.sorted())
    let again = folder.path("again")
    try FileManager.default.createDirectory(atPath: again, withIntermediateDirectories: false)
    let text = try Program.run(["data", "split", ratings, "-o", again, "--seed", "7"] + arguments)
    #expect(text.status == 0 && text.output.contains("Unknown: with no rating in train."))
    for name in names {
      #expect(try folder.bytes("again/\(name).csv") == folder.bytes("ml.\(name).csv"))
    }
  }

  @Test("split says who stays in training and when the test begins") func splitNotes() throws {
    let file = try folder.file(
      "user,item,rating,timestamp\na,x,1,10\na,y,2,20\nb,x,3,30\n", "few.csv")
    let last = try Program.run("data", "split", file, "--by", "last", "-o", folder.path("p"))
    #expect(last.output.contains("1 user has too few ratings and stays in train."))
    #expect(try lines("p.test.csv") == ["user,item,rating,timestamp", "a,y,2,20"])
    let time = try Program.run(
      "data", "split", file, "--by", "time", "--test", "1", "-o", folder.path("q"))
    #expect(time.output.contains("The test begins at 1970-01-01T00:00:30Z."))
  }

  // MARK: Bad input

  @Test(
    "wrong usage ends with 64 and a sentence",
    arguments: [
      ("split r --by rating -o p --test 1.5", "--test is 1.5"),
      ("split r --by rating -o p --test 0", "--test is 0"),
      ("split r --by rating -o p --test -3", "--test is -3"),
      ("split r --by rating -o p --test nan", "--test is nan"),
      ("split r --by rating -o p --test 0.6 --validation 0.4", "nothing to learn from"),
      ("split r --by rating -o p --last 2", "--last is for --by last"),
      ("split r --by last -o p --test 0.2", "--test is for --by rating, time"),
      ("split r --by last -o p --last 0", "--last must be 1"),
      ("split r --by last -o p --validation 0.1", "whole number"),
      ("split r --by last -o p --last 3 --min 3", "--min is 3"),
      ("split r --by time -o p --at yesterday", "--at is yesterday"),
      ("split r --by time -o p --at 2015-01-01 --test 0.1", "--at says"),
      ("split r --by folds -o p --folds 1", "--folds must be 2"),
      ("split r --by folds -o p --folds 101", "100 or fewer"),
      ("split r --by users -o p --users 2.5", "--users is 2.5"),
      ("split r --by users -o p --fold-in 1", "--fold-in is"),
      ("split r -o p", "--by"), ("split r --by chance -o p", "chance"),
      ("generate --users 10 --items 10 --ratings 101 -o p", "101 ratings are more than"),
      ("generate --users 0 --items 10 --ratings 5 -o p", "users"),
      ("generate --users 10 --items 10 --ratings 5 -o p --rank 0", "rank"),
      ("generate --users 10 --items 10 --ratings 5 -o p --noise -1", "noise"),
      ("generate --users 10 --items 10 --ratings 5 -o p --test-share 0.1", "--test FILE"),
      (
        "generate --users 10 --items 10 --ratings 5 -o p --test q --test-share 1", "--test-share is"
      ),
      ("generate --users 10 --items 10 --ratings 5 -o p --test p", "different files"),
      ("generate --users 10 --items 10 --ratings 5 -o p --output-format pairs", "pairs"),
      ("describe r --top -1", "--top is -1"),
      ("generate --users 10 --items 10 --ratings 5 -o -", "./- is one called -"),
      ("generate --users 10 --items 10 --ratings 5 -o p --test -", "./- is one called -"),
      ("split r --by rating -o -", "./- is one called -"),
      ("sample --ratings p --titles -", "./- is one called -"),
    ])
  func usage(line: String, words: String) throws {
    let run = try Program.shell("cd '\(folder.path)' && \"$KINDRED\" data \(line)")
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(try run.output.isEmpty && folder.names.isEmpty)
  }

  @Test(
    "bad data ends with 65 and a sentence, and writes nothing",
    arguments: [
      ("a,x,4,1\nb,y,3,2\n", "--by folds", "3" as String?, "2 ratings for 3 folds"),
      ("a,x,4,1\nb,y,3,2\n", "--by last", nil, "no user has 2 or more"),
      ("a,x,4,5\nb,y,3,5\n", "--by time", nil, "training part would be empty"),
      ("a,x,4,5\nb,y,3,6\n", "--by time --at 2015-01-01", nil, "no rating is as late as"),
      ("a,x,4,5\nb,y,3,6\n", "--by users --users 1", nil, "only 0 have two ratings"),
      ("a,x,4,5\nb,y,3,6\n", "--by rating --test 2", nil, "only 2 ratings"),
      ("a,x,4,yesterday\n", "--by rating", nil, "the time \"yesterday\""),
    ])
  func badData(rows: String, way: String, folds: String?, words: String) throws {
    let file = try folder.file("user,item,rating,timestamp\n" + rows, "r.csv")
    let extra = folds.map { " --folds \($0)" } ?? ""
    let run = try Program.shell(
      "\"$KINDRED\" data split '\(file)' \(way)\(extra) -o '\(folder.path("p"))'")
    #expect(run.status == 65, "\(run.errors)")
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(try folder.names == ["r.csv"])
  }

  @Test("missing times and folders have their own sentences") func missing() throws {
    let file = try folder.file("user,item,rating\na,x,4\na,y,3\n", "r.csv")
    for way in ["last", "time"] {
      let run = try Program.run("data", "split", file, "--by", way, "-o", folder.path("p"))
      #expect(run.status == 65 && run.errors.contains("no times"), "\(run.errors)")
    }
    let nowhere = try Program.run(
      "data", "split", file, "--by", "rating", "-o", folder.path("no/p"))
    #expect(nowhere.status == 73 && nowhere.errors.contains("does not exist"))
    let generate = try Program.run(
      "data", "generate", "--users", "5", "--items", "5", "--ratings", "5", "-o",
      folder.path("no/r.csv"))
    #expect(generate.status == 73)
    #expect(try Program.run("data", "describe", folder.path("none.csv")).status == 66)
  }
}
