// Training that is broken off, and goes on.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredTestSupport
import Testing

@Suite("Resuming") struct ResumeTests {
  /// Methods with epochs enough to be broken off in.
  private static let runs: [(method: String, options: [String])] = [
    ("sgd", ["--epochs", "4000", "--dimension", "16"]),
    ("als", ["--epochs", "600", "--dimension", "16"]),
    ("bayes", ["--burn-in", "10", "--samples", "300", "--dimension", "4"]),
  ]

  @Test("a killed run goes on from its checkpoint to the bytes of an unbroken one", arguments: runs)
  func killed(method: String, options: [String]) throws {
    let folder = try ScratchFolder()
    let (ratings, _) = try folder.sample()
    let learn = ["learn", ratings, "--method", method] + options
    let whole = folder.path("whole")
    #expect(try Program.run(learn + ["--quiet", "-o", whole]).status == 0)
    let words = learn.map { "'\($0)'" }.joined(separator: " ")
    let checkpoint = folder.path("checkpoint")
    // The shell becomes the program, and what it left behind kills it once a checkpoint is there.
    let run = try Program.shell(
      """
      (
        tries=0
        while ! test -s '\(checkpoint)' && test $tries -lt 3000; do
          sleep 0.01
          tries=$((tries + 1))
        done
        kill -KILL $$
      ) &
      exec "$KINDRED" \(words) --checkpoint '\(checkpoint)' -o '\(folder.path("none"))'
      """)
    #expect(run.status == SIGKILL, "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("none")))
    let resumed = folder.path("resumed")
    let rest = try Program.run(
      learn + ["--checkpoint", checkpoint, "--resume", "--threads", "1", "-o", resumed])
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(!rest.errors.contains("epoch 1/"), "it went on, and did not begin again")
    #expect(try folder.bytes("resumed") == folder.bytes("whole"))
  }

  @Test("more epochs go on where fewer ended")
  func moreEpochs() throws {
    let folder = try ScratchFolder()
    let (ratings, _) = try folder.sample()
    let checkpoint = folder.path("checkpoint")
    func learn(_ epochs: Int, _ name: String, _ more: [String]) throws -> Run {
      try Program.run(
        ["learn", ratings, "--epochs", "\(epochs)", "--quiet", "-o", folder.path(name)] + more)
    }
    #expect(try learn(7, "short", ["--checkpoint", checkpoint]).status == 0)
    #expect(try learn(12, "long", ["--checkpoint", checkpoint, "--resume"]).status == 0)
    #expect(try learn(12, "whole", []).status == 0)
    #expect(try folder.bytes("long") == folder.bytes("whole"))
  }

  @Test("another run's checkpoint, none, or a damaged one is refused with the reason")
  func refused() throws {
    let folder = try ScratchFolder()
    let (ratings, _) = try folder.sample()
    let (checkpoint, model) = (folder.path("checkpoint"), folder.path("model"))
    func learn(_ more: String...) throws -> Run {
      try Program.run(
        ["learn", ratings, "--epochs", "3", "--quiet", "-o", model, "--checkpoint", checkpoint]
          + more)
    }
    let missing = try learn("--resume")
    #expect(missing.status == 66 && missing.errors.contains("checkpoint"), "\(missing.errors)")
    #expect(try learn().status == 0)
    try FileManager.default.removeItem(atPath: model)
    for (more, words) in [
      (["--dimension", "7"], ["dimension is 32 there and 7 here"]),
      (["--no-bias", "--seed", "9"], ["biases is true", "seed is 1 there and 9 here"]),
      (["--epochs", "2"], ["epochs is 3 there and 2 here"]),
      (["--validation", "0.2"], ["the ratings are others", "the validation ratings are others"]),
    ] {
      let run = try Program.run(
        [
          "learn", ratings, "--epochs", "3", "--quiet", "-o", model, "--checkpoint", checkpoint,
          "--resume",
        ] + more)
      #expect(run.status == 65, "\(run.errors)")
      for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
      #expect(!FileManager.default.fileExists(atPath: model))
    }
    let bytes = try folder.bytes("checkpoint")
    _ = try folder.file(Array(bytes.dropLast(100)), "checkpoint")
    let damaged = try learn("--resume")
    #expect(damaged.status == 65 && damaged.errors.contains("checkpoint"), "\(damaged.errors)")
    let alone = try Program.run("learn", ratings, "-o", model, "--resume")
    #expect(alone.status == 64 && alone.errors.contains("--checkpoint"))
    let nowhere = try Program.run(
      "learn", ratings, "-o", model, "--checkpoint", folder.path("no/such/file"))
    #expect(nowhere.status == 73 && nowhere.errors.contains("no/such"))
  }

  @Test("what is read, and what is no checkpoint, is not written over")
  func inputsAreKept() throws {
    let folder = try ScratchFolder()
    let (ratings, titles) = try folder.sample()
    let before = try Data(contentsOf: URL(fileURLWithPath: ratings))
    let (model, link) = (folder.path("model"), folder.path("link"))
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: ratings)
    for (output, checkpoint) in [
      (ratings, nil), (link, nil), (model, ratings), (model, link), (model, titles), (model, model),
    ] {
      let run = try Program.run(
        ["learn", ratings, "--titles", titles, "--epochs", "2", "--quiet", "-o", output]
          + (checkpoint.map { ["--checkpoint", $0] } ?? []))
      #expect(run.status == 64 && run.errors.contains("write over"), "\(run.errors)")
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: ratings)) == before)
    let diary = try folder.file("dear diary\n", "diary")
    let run = try Program.run(
      "learn", ratings, "--epochs", "2", "--quiet", "-o", model, "--checkpoint", diary)
    #expect(run.status == 73 && run.errors.contains("no checkpoint"), "\(run.errors)")
    #expect(try folder.bytes("diary") == Array("dear diary\n".utf8))
  }
}
