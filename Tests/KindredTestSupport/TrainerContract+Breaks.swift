// What every trainer promises of runs that are broken off, gone on with, or left to the background.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import Testing

extension TrainerContract {
  /// A run that is broken off, between epochs or inside one, goes on from its checkpoint to the bytes
  /// of an unbroken one, with any number of threads.
  package func resumes(patience: Int? = nil) throws {
    let planted = try planted(seed: 9)
    let folder = try ScratchFolder()
    var options = options
    options.patience = patience
    let validation = patience == nil ? nil : planted.heldOut
    func bytes(_ model: Model) throws -> [UInt8] {
      try model.save(to: folder.path("model"))
      return try folder.bytes("model")
    }
    let whole = try bytes(
      try Method.fit(planted.training, options: options, validation: validation))
    for (last, questions) in [(1, 0), (2, 3), (options.epochs / 2, 0), (options.epochs, 0)] {
      let path = folder.path("checkpoint \(last)")
      var (epochs, asked) = (0, 0)
      _ = try Method.fit(
        planted.training, options: options, validation: validation,
        checkpoint: Checkpoint(path: path),
        shouldStop: {
          // At the end of an epoch, and then once more inside the next one.
          if epochs < last { return false }
          asked += 1
          return asked > questions
        }, progress: { _ in epochs += 1 })
      var reports: [Int] = []
      for threads in [1, 3] {
        options.threads = threads
        reports = []
        let model = try Method.fit(
          planted.training, options: options, validation: validation,
          checkpoint: Checkpoint(path: path, resumes: true), shouldStop: { false },
          progress: { reports.append($0.epoch) })
        #expect(try bytes(model) == whole, "broken off after epoch \(last), \(threads) threads")
      }
      // The second run went on from where the first one ended.
      #expect(reports.isEmpty)
    }
  }

  /// A checkpoint of another run is refused, and the error says what differs.
  package func refusesAnotherRun() throws {
    let planted = try planted(seed: 10)
    let folder = try ScratchFolder()
    var checkpoint = Checkpoint(path: folder.path("checkpoint"))
    var options = options
    options.epochs = max(2, options.epochs / 2)
    _ = try Method.fit(planted.training, options: options, checkpoint: checkpoint)
    checkpoint.resumes = true
    func differences(
      _ ratings: Ratings, _ validation: Ratings? = nil, _ change: (inout Method.Options) -> Void
    ) -> [TrainingError.Difference] {
      var other = options
      change(&other)
      let error = #expect(throws: TrainingError.self) {
        _ = try Method.fit(
          ratings, options: other, validation: validation, checkpoint: checkpoint)
      }
      guard case .otherRun(_, let differences) = error else { return [] }
      #expect(error?.description.contains(differences.first?.name ?? "nothing") == true)
      return differences
    }
    let dimension = options.dimension
    #expect(
      differences(planted.training) { $0.dimension += 1 }.map {
        [$0.name, $0.checkpoint, $0.asked]
      }
        == [["dimension", "\(dimension)", "\(dimension + 1)"]])
    #expect(differences(planted.training) { $0.seed += 1 }.map(\.name) == ["seed"])
    #expect(differences(planted.training) { $0.epochs -= 1 }.map(\.name).contains("epochs"))
    #expect(
      differences(planted.heldOut) { _ in }.map(\.name) == ["ratings"])
    #expect(
      differences(planted.training, planted.heldOut) { _ in }.map(\.name)
        == ["validation"])
    // One bit of any part that is off is noticed.
    let bytes = try folder.bytes("checkpoint")
    for place in stride(from: 9, to: bytes.count, by: max(1, bytes.count / 40)) {
      var damaged = bytes
      damaged[place] ^= 4
      _ = try folder.file(damaged, "checkpoint")
      #expect(throws: TrainingError.self, "byte \(place) of \(bytes.count)") {
        _ = try Method.fit(planted.training, options: options, checkpoint: checkpoint)
      }
    }
    // What is no checkpoint is an error too, and is not written over by a fresh run.
    try Method.fit(planted.training, options: options).save(to: checkpoint.path)
    #expect(throws: TrainingError.self) {
      _ = try Method.fit(planted.training, options: options, checkpoint: checkpoint)
    }
    checkpoint.resumes = false
    #expect(throws: TrainingError.self) {
      _ = try Method.fit(planted.training, options: options, checkpoint: checkpoint)
    }
    #expect(try Model(contentsOf: checkpoint.path).dimension > 0)
    checkpoint.resumes = true
    checkpoint.path = folder.path("nothing")
    let missing = #expect(throws: TrainingError.self) {
      _ = try Method.fit(planted.training, options: options, checkpoint: checkpoint)
    }
    guard case .checkpoint(let error) = missing else {
      Issue.record("\(String(describing: missing))")
      return
    }
    #expect(error.code == .notFound)
  }

  /// Training in the background tells the same epochs, gives the same model, and stops when asked.
  package func runsInTheBackground() async throws {
    let planted = try planted(seed: 11)
    let training = Method.train(
      planted.training, options: options, validation: planted.heldOut)
    var epochs: [Int] = []
    for await epoch in training { epochs.append(epoch.epoch) }
    #expect(epochs == Array(1...options.epochs))
    let model = try await training.model
    let same = try Method.fit(
      planted.training, options: options, validation: planted.heldOut)
    #expect(model.users.rows.allSatisfy { model.scores($0) == same.scores($0) })

    var long = options
    long.epochs = 100_000
    let stopped = Method.train(planted.training, options: long)
    for await epoch in stopped where epoch.epoch == 2 { stopped.stop() }
    try expectUsable(try await stopped.model, of: planted.training)

    let abandoned = Method.train(planted.training, options: long)
    let waiting = Task { try await abandoned.model }
    waiting.cancel()
    try expectUsable(try await waiting.value, of: planted.training)

    var bad = options
    bad.dimension = 0
    await #expect(throws: TrainingError.self) {
      _ = try await Method.train(planted.training, options: bad).model
    }
  }
}
