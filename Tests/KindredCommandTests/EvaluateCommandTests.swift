// The program's measurements: published figures, NumPy beside it, shapes and refusals.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredTestSupport
import Testing

@Suite("kindred evaluate") struct EvaluateCommandTests {
  @Test(
    "the mean baselines on MovieLens 100K u1 have the RMSE that a few lines of Python give",
    .enabled(if: SharedData.has("ml-100k/u1.base"), "no ../shared/data/ml-100k beside the project"),
    arguments: [("user", 1.062995), ("item", 1.033411)])
  func movieLens(by: String, rmse: Double) throws {
    let folder = try ScratchFolder()
    let model = folder.path("model")
    let learned = try Program.run(
      "learn", SharedData.path("ml-100k/u1.base"), "-o", model, "--method", "mean", "--by", by)
    #expect(learned.status == 0, "\(learned.errors)")
    let found = try Program.run(
      "evaluate", model, "--test", SharedData.path("ml-100k/u1.test"), "--format", "json"
    ).json()
    let metrics = try #require(found["metrics"] as? [String: Double])
    // Biases are kept in Float: a prediction is off by 1e-7 or so. MyMediaLite publishes 1.063 for the
    // user's mean. 32 test items without a training rating are predicted the mean of all.
    #expect(abs(try #require(metrics["rmse"]) - rmse) < 1e-6, "\(metrics)")
  }

  @Test(
    "the popularity baseline on Gowalla agrees with NumPy to 1e-6",
    .enabled(
      if: SharedData.has("gowalla/train.txt"), "no ../shared/data/gowalla beside the project"))
  func gowalla() throws {
    let python = try PythonEnvironment.python(with: ["numpy"])
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("popularity.py").path
    let (train, test) = (
      SharedData.path("gowalla/train.txt"), SharedData.path("gowalla/test.txt")
    )
    let printed = try PythonEnvironment.run(python, [script, train, test])
    let object = try JSONSerialization.jsonObject(with: Data(printed.utf8))
    var expected = try #require(object as? [String: Double])
    let folder = try ScratchFolder()
    let model = folder.path("model")
    #expect(try Program.run("learn", train, "-o", model, "--method", "popular").status == 0)
    let found = try Program.run(
      "evaluate", model, "--test", test, "--metrics",
      "recall@20,ndcg@20,precision@20,hr@20,map@20,mrr", "--format", "json"
    ).json()
    #expect(expected.removeValue(forKey: "users") == 29_858)
    #expect(found["users"] as? Int == 29_858 && found["ratings"] as? Int == 217_242)
    let metrics = try #require(found["metrics"] as? [String: Double])
    #expect(Set(metrics.keys) == Set(expected.keys))
    for (name, value) in expected {
      #expect(abs(try #require(metrics[name]) - value) < 1e-6, "\(name)")
    }
  }

  @Test("one model has its shape, with intervals if asked for")
  func shape() throws {
    let folder = try ScratchFolder()
    let (model, test) = (try folder.model(), folder.path("sample-ratings.csv"))
    let plain = try Program.run(
      "evaluate", model, "--test", test, "--metrics", "rmse,recall@5", "--format", "json"
    ).json()
    #expect(Set((plain["metrics"] as? [String: Any] ?? [:]).keys) == ["rmse", "recall@5"])
    #expect(plain["intervals"] == nil && plain["users"] as? Int == 400)
    #expect(plain["unknown"] as? [String: Int] == ["users": 0, "items": 0])
    // The test set is the training set: all of it has been seen.
    #expect(plain["seenTestItems"] as? Int == plain["ratings"] as? Int)
    for (arguments, level) in [(["--confidence"], "95 %"), (["--confidence", "80"], "80 %")] {
      let run = ["evaluate", model, "--test", test, "--metrics", "rmse,coverage@5"] + arguments
      let json = try Program.run(run + ["--format", "json"]).json()
      let intervals = try #require(json["intervals"] as? [String: Any])
      let rmse = try #require(intervals["rmse"] as? [String: Double])
      let value = try #require((json["metrics"] as? [String: Double])?["rmse"])
      #expect(try #require(rmse["lower"]) < value && value < (try #require(rmse["upper"])))
      #expect(intervals["coverage@5"] is NSNull)
      let text = try Program.run(run).output
      #expect(text.contains(level) && text.contains(" to "))
      #expect(text.contains("cannot come up") && text.contains("clipped to"))
    }
  }

  @Test("models are compared pair by pair")
  func comparison() throws {
    let folder = try ScratchFolder()
    let first = try folder.model()
    let test = folder.path("sample-ratings.csv")
    var models = [first]
    for method in ["mean", "popular"] {
      models.append(folder.path(method))
      let run = try Program.run("learn", test, "-o", folder.path(method), "--method", method)
      #expect(run.status == 0)
    }
    let arguments = ["evaluate"] + models + ["--test", test, "--metrics", "rmse,coverage@3"]
    let json = try Program.run(arguments + ["--format", "json"]).json()
    #expect((json["models"] as? [[String: Any]])?.compactMap { $0["model"] as? String } == models)
    let differences = try #require(json["differences"] as? [[String: Any]])
    #expect(differences.count == 3)
    let metrics = try #require(differences[0]["metrics"] as? [String: [String: Any]])
    let rmse = try #require(metrics["rmse"])
    // The trained model knows more than the user's mean: fewer users do better with the latter.
    #expect(try #require(rmse["difference"] as? Double) > 0)
    let interval = try #require(rmse["interval"] as? [String: Double])
    #expect(try #require(interval["lower"]) > 0)
    let counts = ["better", "worse", "equal"].compactMap { rmse[$0] as? Int }
    #expect(counts.reduce(0, +) == 400 && counts[0] < counts[1])
    let text = try Program.run(arguments).output
    #expect(text.contains("less \(first)") && text.contains("better"))
  }

  @Test("negatives and exclusions come from files")
  func files() throws {
    let folder = try ScratchFolder()
    let train = try folder.file("a 1 2 3\nb 1 2\nc 3 4\n", "train.txt")
    let test = try folder.file("a 4\nb 3\n", "test.txt")
    let model = folder.path("model")
    #expect(try Program.run("learn", train, "-o", model, "--method", "popular").status == 0)
    let negatives = try folder.file("(a,4)\t1\t2\n(b,3)\t4\n", "negatives.txt")
    let many = try Program.run("evaluate", model, "--test", test, "--negatives", negatives)
    #expect(many.output.contains("hr@10") && many.output.contains("count against the model"))
    let json = try Program.run(
      "evaluate", model, "--test", test, "--negatives", negatives, "--metrics", "mrr", "--format",
      "json"
    ).json()
    let ranks = try #require(json["metrics"] as? [String: Double])
    #expect(abs(try #require(ranks["mrr"]) - 2.0 / 3.0) < 1e-15)

    let bare = folder.path("bare")
    let learn = ["learn", train, "-o", bare, "--method", "popular", "--no-history"]
    #expect(try Program.run(learn).status == 0)
    let evaluate = ["evaluate", bare, "--test", test, "--metrics", "mrr", "--format", "json"]
    let refused = try Program.run(evaluate)
    #expect(refused.status == 65 && refused.errors.contains("--exclude"))
    let found = try Program.run(evaluate + ["--exclude", train]).json()
    // 4 is all that is left for a; 3 comes before 4 for b.
    #expect(found["metrics"] as? [String: Double] == ["mrr": 1])
  }

  @Test("errors of ratings are not measured where there are no ratings")
  func noValues() throws {
    let folder = try ScratchFolder()
    let clicks = try folder.file("a 1\nb 2\na 3\n", "clicks.txt")
    let model = try folder.model()
    for (metrics, names) in [("mae", "no mae."), ("recall@3,rmse,mae", "no rmse and mae.")] {
      let run = try Program.run("evaluate", model, "--test", clicks, "--metrics", metrics)
      #expect(run.status == 65 && run.output.isEmpty)
      for words in [names, "without ratings", "recall@20", "rating=NAME"] {
        #expect(run.errors.contains(words), "\(run.errors)")
      }
    }
  }

  @Test("wrong questions are usage errors that say what there is")
  func refusals() throws {
    let folder = try ScratchFolder()
    let model = try folder.model()
    let test = folder.path("sample-ratings.csv")
    let negatives = try folder.file("viewer-001 vertigo-1958\n", "negatives")
    for (arguments, sentence) in [
      (["--metrics", "accuracy"], "recall@k"), (["--metrics", "recall"], "recall@20"),
      (["--metrics", ","], "names no metric"), (["--confidence", "120"], "percentage"),
      (["--confidence", "--resamples", "3"], "resamples"), (["--threads=-1"], "--threads"),
      (["--negatives", negatives, "--metrics", "recall@3"], "hr@k"),
    ] {
      let run = try Program.run(["evaluate", model, "--test", test] + arguments)
      #expect(run.status == 64 && run.errors.contains(sentence), "\(arguments): \(run.errors)")
    }
    #expect(try Program.run("evaluate", model, model, "--test", test).status == 64)
    let missing = try Program.run("evaluate", model, "--test", test, "--negatives", negatives)
    #expect(missing.status == 65 && missing.errors.contains("no negatives for user"))
    for option in [
      ["--dimension", "3"], ["--epochs", "2"], ["--no-bias"], ["--rate", "1"],
      ["--regularization", "1"], ["--validation", "0.1"],
    ] {
      let run = try Program.run(["learn", test, "-o", model, "--method", "popular"] + option)
      #expect(run.status == 64 && run.errors.contains(option[0]), "\(option)")
    }
    #expect(try Program.run("learn", test, "-o", model, "--by", "item").status == 64)
  }
}
