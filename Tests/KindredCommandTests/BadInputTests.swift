// Bad input: one clear sentence, the right exit code, nothing half-written.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredTestSupport
import Testing

@Suite("Bad input on the command line") struct BadInputTests {
  /// A run that must fail with a code and a sentence that says what was wrong.
  private func expectFailure(
    _ run: Run, _ status: Int32, _ words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
    for word in words {
      #expect(run.errors.contains(word), "\(run.errors)", sourceLocation: sourceLocation)
    }
    // A sentence and perhaps the line it is about; no stack trace.
    #expect(!run.errors.contains("Fatal error"), sourceLocation: sourceLocation)
    #expect(!run.errors.contains("Stack dump"), sourceLocation: sourceLocation)
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
  }

  // MARK: Worksheets

  @Test(
    "worksheets",
    arguments: [
      ("", "empty"),
      ("\u{0}\u{1}binary", "zero byte"),
      ("## Part 1: Using\n\nUsers\n\nA\t1\t2\n\nMovies\n\nB\t1\n", "line 9"),
      ("## Part 1: Using\n\nUsers\n\nA\t1/0\n\nMovies\n\nB\t1\n", "line 5"),
      ("## Part 1: Using\n\nUsers\n\nA\t1e400\n\nMovies\n\nB\t1\n", "line 5"),
      ("## Part 1: Using\n\nUsers\n\nA\tNaN\n\nMovies\n\nB\t1\n", "line 5"),
      (
        "## Part 2: Constructing\n\nDot(u7, m1) = 1\n\nUsers\n\nA\t_\n\nMovies\n\nB\t1\n", "line 3"
      ),
      (
        "## Part 2: Constructing\n\nDot(u1, m1) = 1\nDot(u1, m1) = 2\n\nUsers\n\nA\t_\n\nMovies\n\nB\t1\n",
        "line 4"
      ),
      ("Just a text.\n", "nothing to solve"),
      ("## Part 3: Learning\n\n<!-- kindred: learn rate=0 -->\n\nUsers\n\nA\t1\n", "rate"),
      (
        "## Part 3: Learning\n\n<!-- kindred: learn dimension=0 -->\n\nUsers\n\nA\t1\n", "dimension"
      ),
    ])
  func worksheet(text: String, word: String) throws {
    let folder = try ScratchFolder()
    let file = try folder.file(text, "sheet.txt")
    expectFailure(try Program.run("worksheet", "solve", file), 65, word, "sheet.txt")
  }

  @Test("a worksheet that is not UTF-8, with the line")
  func notUTF8() throws {
    let folder = try ScratchFolder()
    let file = try folder.file(Array("Users\n\n".utf8) + [0x41, 0xFF, 0x0A], "sheet.txt")
    expectFailure(try Program.run("worksheet", "solve", file), 65, "line 3", "UTF-8")
  }

  @Test("a worksheet with CRLF and a byte order mark is no bad input")
  func windows() throws {
    let folder = try ScratchFolder()
    let text = "\u{FEFF}Users\r\n\r\nA\t1\t2\r\n\r\nMovies\r\n\r\nB\t3\t4\r\n"
    let run = try Program.run("worksheet", "solve", try folder.file(text, "sheet.txt"))
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("dot(A, B) = 1·3 + 2·4 = 11"))
  }

  @Test("a rate that diverges is an answer in a worksheet, and no number is NaN")
  func divergingWorksheet() throws {
    let folder = try ScratchFolder()
    let text = """
      ## Part 3: Learning

      Dot(u1, m1) = 1

      Users

      A\t-1

      Movies

      B\t_

      """
    let file = try folder.file(text, "sheet.txt")
    let run = try Program.run(
      "worksheet", "solve", file, "--rate", "1000", "--format", "json")
    #expect(run.status == 0)
    let parts = try #require(try run.json()["parts"] as? [[String: Any]])
    #expect(try #require(parts[0]["diverged"] as? Int) > 0)
    #expect(!run.output.lowercased().contains("nan") && !run.output.lowercased().contains("inf"))
    let shown = try Program.run("worksheet", "solve", file, "--rate", "1000")
    #expect(shown.output.contains("diverged in epoch"))
    #expect(shown.output.contains("went up"))
  }

  @Test("no such file", arguments: [["worksheet", "solve"], ["learn", "-o", "m.safetensors"]])
  func missing(command: [String]) throws {
    expectFailure(try Program.run(command + ["not-there.txt"]), 66, "not-there.txt")
  }

  // MARK: Ratings

  @Test(
    "ratings files",
    arguments: [
      ("", "empty"),
      ("a\tb\t5\n\u{0}", "NUL"),
      ("userId,movieId,rating\n1,2,\n", "line 2"),
      ("userId,movieId,rating\n1,2,4\n1,3,nan\n", "line 3"),
      ("userId,movieId,rating\n1,2,1e400\n", "line 2"),
      ("userId,movieId,rating\n1,2,3\n4,5", "line 3"),
    ])
  func ratings(text: String, word: String) throws {
    let folder = try ScratchFolder()
    let file = try folder.file(text, "ratings.csv")
    let model = folder.path + "/model.safetensors"
    expectFailure(try Program.run("learn", file, "-o", model), 65, word, "ratings.csv")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ratings.csv"])
  }

  @Test("ids with spaces, quotes, emoji and 10,000 characters come back as they were")
  func oddIDs() throws {
    let folder = try ScratchFolder()
    let ids = ["two words", "say \"hi\"", "🙂🎬", String(repeating: "x", count: 10_000), "plain"]
    let lines = ids.flatMap { user in
      (1...6).map { "\"\(user.replacing("\"", with: "\"\""))\",item \($0),\($0 % 5 + 1)" }
    }
    let file = try folder.file(
      "userId,movieId,rating\n" + lines.joined(separator: "\n"), "ratings.csv")
    let model = folder.path + "/model.safetensors"
    #expect(try Program.run("learn", file, "-o", model, "--quiet").status == 0)
    for id in ids {
      let run = try Program.run(
        "recommend", model, "--user", id, "--include-seen", "--format", "json")
      #expect(run.status == 0, "\(run.errors)")
      #expect(try run.json()["user"] as? String == id)
    }
    let long = try Program.run("recommend", model, "--user", String(repeating: "y", count: 10_000))
    expectFailure(long, 65, "no user")
    #expect(long.errors.count < 500)
  }

  // MARK: Options and training

  @Test(
    "options out of range are wrong usage",
    arguments: [
      ["--rate", "0"], ["--rate", "-1"], ["--rate", "nan"], ["--dimension", "0"],
      ["--dimension", "99999999999"], ["--dimension", "1000000000"], ["--epochs", "0"],
      ["--regularization", "-1"], ["--threads", "-1"], ["--patience", "3"],
      ["--validation", "1.5"], ["--method", "magic"], ["--seed", "-1"],
    ])
  func options(words: [String]) throws {
    let folder = try ScratchFolder()
    let file = try folder.file(
      "u,i,r\n".replacing("u,i,r", with: "user,item,rating") + "a,b,3\nc,d,4\n")
    let model = folder.path + "/model.safetensors"
    let run = try Program.run(["learn", file, "-o", model] + words)
    #expect(run.status == 64, "\(words): \(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: model))
  }

  @Test("a rate of 1000 diverges: the epoch is named and nothing is saved")
  func divergence() throws {
    let folder = try ScratchFolder()
    let (ratings, _) = try folder.sample()
    let model = folder.path + "/model.safetensors"
    let run = try Program.run("learn", ratings, "-o", model, "--rate", "1000", "--quiet")
    expectFailure(run, 65, "diverged in epoch 1", "1000")
    #expect(!FileManager.default.fileExists(atPath: model))
  }

  // MARK: Model files and output

  @Test("a model file that is cut short")
  func cutModel() throws {
    let folder = try ScratchFolder()
    let model = try folder.model()
    let whole = try Data(contentsOf: URL(fileURLWithPath: model))
    for share in [0, 4, 100, whole.count / 2, whole.count - 1] {
      try whole.prefix(share).write(to: URL(fileURLWithPath: model))
      expectFailure(try Program.run("recommend", model, "--user", "viewer-001"), 65, "model")
    }
  }

  @Test("an output folder that does not exist, a folder as output")
  func noFolder() throws {
    let folder = try ScratchFolder()
    let (ratings, _) = try folder.sample()
    let run = try Program.run("learn", ratings, "-o", folder.path + "/no/such/model")
    expectFailure(run, 73, "does not exist")
    expectFailure(try Program.run("learn", ratings, "-o", folder.path), 73, "folder")
    let sheet = try folder.file("Users\n\nA\t1\n\nMovies\n\nB\t3\n", "sheet.txt")
    let html = folder.path + "/no/sheet.html"
    expectFailure(
      try Program.run("worksheet", "solve", sheet, "--format", "html", "-o", html), 73,
      "does not exist")
  }

  @Test("a full disk leaves the old file whole and nothing else")
  func fullDisk() throws {
    let folder = try ScratchFolder()
    let (ratings, titles) = try folder.sample()
    let model = try folder.file("old", "model.safetensors")
    // A limit on the size of files stands in for the disk: writing beyond it fails in the middle.
    let run = try Program.shell(
      "ulimit -f 16; exec \"$KINDRED\" learn '\(ratings)' --quiet --dimension 64 -o '\(model)'")
    expectFailure(run, 73, "could not be written")
    #expect(try String(contentsOfFile: model, encoding: .utf8) == "old")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(left == [titles, model, ratings].map { ($0 as NSString).lastPathComponent }.sorted())
  }

  @Test(
    "standard output on a full device is an I/O error",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "no /dev/full"))
  func fullDevice() throws {
    let folder = try ScratchFolder()
    let sheet = try folder.file("Users\n\nA\t1\n\nMovies\n\nB\t3\n", "sheet.txt")
    let run = try Program.shell("exec \"$KINDRED\" worksheet solve '\(sheet)' > /dev/full")
    expectFailure(run, 74, "could not be written")
  }

  @Test("unknown ids name the nearest known ones")
  func unknownIDs() throws {
    let folder = try ScratchFolder()
    let model = try folder.model()
    expectFailure(
      try Program.run("recommend", model, "--user", "viewer-01"), 65, "viewer-01\"", "Nearest known"
    )
    expectFailure(
      try Program.run("explain", model, "--user", "viewer-001", "--item", "casablanca-1943"), 65,
      "casablanca-1942")
    expectFailure(try Program.run("similar", model, "--item", "zzzzzzzzzzzzzzz"), 65, "no item")
  }

  @Test("questions that contradict themselves are wrong usage")
  func contradictions() throws {
    #expect(try Program.run("recommend", "m").status == 64)
    #expect(try Program.run("recommend", "m", "--user", "a", "--all").status == 64)
    #expect(try Program.run("similar", "m").status == 64)
    #expect(try Program.run("worksheet", "solve", "x", "--blank", "--key").status == 64)
    #expect(try Program.run("nonsense").status == 64)
  }

  @Test("wrong usage that only shows while running is answered with the command's own usage")
  func lateUsage() throws {
    let folder = try ScratchFolder()
    let file = try folder.file("user,item,rating\na,b,3\n", "r.csv")
    for (command, sentence) in [
      (["data", "describe", file, "--columns", "usr=x"], "\"usr\" is not one of"),
      (["learn", file, "-o", folder.path("m"), "--validation", "1.5"], "--validation is 1.5"),
    ] {
      let run = try Program.run(command)
      expectFailure(run, 64, sentence)
      let name = command.prefix { $0 != file }.joined(separator: " ")
      #expect(run.errors.contains("\nUsage: kindred \(name) "), "\(run.errors)")
    }
  }

  @Test("- is no file to write to")
  func dash() throws {
    let folder = try ScratchFolder()
    let model = try folder.model()
    let before = try folder.names
    for command in [
      "learn sample-ratings.csv", "recommend '\(model)' --all", "export '\(model)' --to word2vec",
      "forget '\(model)' --user viewer-001",
    ] {
      let run = try Program.shell("cd '\(folder.path)' && \"$KINDRED\" \(command) -o -")
      expectFailure(run, 64, "./- is one called -")
      #expect(try folder.names == before)
    }
  }

  @Test("pipes and devices are read and written as what they are")
  func pipes() throws {
    let folder = try ScratchFolder()
    let sheet = try folder.file("Users\n\nA\t1\n\nMovies\n\nB\t3\n", "sheet.txt")
    let pipe = folder.path("pipe")
    let run = try Program.shell(
      """
      mkfifo '\(pipe)'
      cat '\(sheet)' > '\(pipe)' &
      "$KINDRED" worksheet solve '\(pipe)' || exit $?
      cat '\(pipe)' > '\(folder.path("copy"))' &
      "$KINDRED" worksheet solve '\(sheet)' --format markdown -o '\(pipe)' || exit $?
      wait
      test -p '\(pipe)'
      """)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("= 3"))
    #expect(String(decoding: try folder.bytes("copy"), as: UTF8.self).contains("| A |"))
  }

  @Test("a link to nothing yet stays a link, and what it names is written")
  func danglingLink() throws {
    let folder = try ScratchFolder()
    let sheet = try folder.file("Users\n\nA\t1\n\nMovies\n\nB\t3\n", "sheet.txt")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: "real")
    let run = try Program.run(
      "worksheet", "solve", sheet, "--format", "markdown", "-o", folder.path("link"))
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("link")) == "real")
    #expect(try !folder.bytes("real").isEmpty)
  }

  @Test("trace at an impossible dimension", arguments: ["0", "1000000000", "9223372036854775807"])
  func traceDimension(dimension: String) throws {
    let folder = try ScratchFolder()
    let (ratings, _) = try folder.sample()
    let run = try Program.run(
      "trace", ratings, "--user", "viewer-001", "--item", "casablanca-1942", "--dimension",
      dimension)
    expectFailure(run, 64, "dimension")
  }

  @Test("numbers beyond what can be written are an error, not a crash")
  func tooLarge() throws {
    let folder = try ScratchFolder()
    let (ratings, _) = try folder.sample()
    let line = try String(contentsOfFile: ratings, encoding: .utf8).split(separator: "\n")[1]
    let fields = line.split(separator: ",").map(String.init)
    let run = try Program.run(
      "trace", ratings, "--user", fields[0], "--item", fields[1], "--rate", "1e300", "--format",
      "json")
    expectFailure(run, 65, "too large")
    for target in ["1.335e154", "2.3e-162"] {
      let sheet = try folder.file(
        "## Part 3: Learning\n\nDot(u1, m1) = \(target)\n\nUsers\n\nA\t1\n\nMovies\n\nB\t_\n",
        "s.txt")
      let drawn = try Program.run("worksheet", "solve", sheet, "--format", "html")
      #expect(drawn.status == 0 || drawn.status == 65, "\(drawn.errors)")
    }
  }

  @Test("a title that two items bear, and one that is nearly right")
  func titles() throws {
    let folder = try ScratchFolder()
    let ratings = try folder.file("user,item,rating\na,1,4\na,2,3\nb,1,5\nb,3,2\n", "r.csv")
    let titles = try folder.file(
      "movieId,title\n1,Chasing Amy\n2,Chasing Amy\n3,Some Like It Hot\n", "t.csv")
    let model = folder.path("model")
    #expect(
      try Program.run("learn", ratings, "-o", model, "--titles", titles, "--quiet").status == 0)
    expectFailure(
      try Program.run("similar", model, "--item", "chasing amy"), 65, "2 items", "1, 2")
    expectFailure(
      try Program.run("similar", model, "--item", "Some Like It Hod"), 65, "Some Like It Hot (id 3)"
    )
  }

  @Test(
    "a first row with a cell that is no number is refused, not passed over",
    arguments: ["A  abc  2", "| A | abc | 2 |", "A | abc | 2", "A\tabc\t2", "A  foo  ?"])
  func badFirstRow(row: String) throws {
    let folder = try ScratchFolder()
    let sheet = try folder.file(
      "# Using\nUsers\n\n\(row)\nB  3  4\n\nMovies\n\nX  1  0\n", "sheet.txt")
    expectFailure(try Program.run("worksheet", "solve", sheet), 65, "line 4", "number")
  }

  @Test("a short line among few ratings is malformed, and items beyond ratings are adjacency")
  func fewLines() throws {
    let folder = try ScratchFolder()
    let model = folder.path("model")
    let ratings = try folder.file("1 2 3\n1 3\n2 2 4\n", "ratings.txt")
    expectFailure(try Program.run("learn", ratings, "-o", model), 65, "line 2")
    let clicks = try folder.file("1 20 30\n2 35\n3 20 41 30 7\n", "clicks.txt")
    let run = try Program.run("learn", clicks, "-o", model)
    #expect(run.status == 0 && run.errors.contains("adjacency"), "\(run.errors)")
  }

  @Test("two targets for one pair, with file and line")
  func conflictingTargets() throws {
    let folder = try ScratchFolder()
    let targets = try folder.file("user,item,target\na,x,1\na,x,2\n", "targets.csv")
    let run = try Program.run("construct", targets, "--dimension", "1")
    expectFailure(run, 65, "targets.csv, line 3", "line 2")
    let users = try folder.file("a,1,\n", "users.csv")
    expectFailure(
      try Program.run("score", "--users", users, "--items", users), 65, "users.csv, line 1", "blank"
    )
  }
}
