// Going on after a break.
// SPDX-License-Identifier: Apache-2.0

/// Where a run of training keeps what it needs to go on after a break.
///
/// ```swift
/// let model = try SGD.fit(ratings, options: options, checkpoint: .init(path: "run.checkpoint"))
/// // … and after a power cut:
/// let model = try SGD.fit(
///   ratings, options: options, checkpoint: .init(path: "run.checkpoint", resumes: true))
/// ```
///
/// The file is written whole or not at all after epochs, so often that writing takes no more than a
/// tenth of the time, and always after the last one and after one that a stop follows. A stop or a crash
/// inside an epoch leaves the file of an earlier one, which is at most an epoch and nine writing times old.
///
/// A run that goes on from it ends in the same bytes as one that was never broken off. It must be the same
/// run: the same ratings, validation ratings, method, seed and options. Only the number of threads may
/// differ, and there may be more epochs: but not with patience where the model is not looked at after every
/// epoch, since it is after the last; and for ``Softmax`` only with the same ``SoftmaxOptions/annealing``.
public struct Checkpoint: Equatable, Sendable {
  /// The file.
  public var path: String
  /// Whether to go on from what the file holds; it is an error if it is not there.
  public var resumes: Bool

  /// A checkpoint in a file.
  public init(path: String, resumes: Bool = false) {
    self.path = path
    self.resumes = resumes
  }
}

/// What makes a run the run it is.
struct RunIdentity {
  private let facts: [String: String]
  let epochs: Int

  /// What identifies a run: the ratings and the validation ratings by their fingerprints.
  init(method: String, options: some TrainingOptions, ratings: String, validation: String?) {
    var facts = options.recorded
    if options.patience == nil || options.validationInterval == 1 { facts["epochs"] = nil }
    facts["seed"] = "\(options.seed)"
    facts["method"] = method
    facts["ratings"] = ratings
    facts["validation"] = validation ?? "none"
    self.facts = facts
    epochs = options.epochs
  }

  /// The facts as a file's metadata.
  var metadata: [String: String] {
    Dictionary(uniqueKeysWithValues: facts.map { (Self.prefix + $0.key, $0.value) })
  }

  /// In what the run of a file's metadata differs, by name.
  func differences(from metadata: [String: String]) -> [TrainingError.Difference] {
    let there = Dictionary(
      uniqueKeysWithValues: metadata.filter { $0.key.hasPrefix(Self.prefix) }.map {
        (String($0.key.dropFirst(Self.prefix.count)), $0.value)
      })
    // Of another method everything differs.
    let names = there["method"] == facts["method"] ? Set(facts.keys).union(there.keys) : ["method"]
    return names.sorted().compactMap { name in
      let (asked, checkpoint) = (facts[name] ?? "none", there[name] ?? "none")
      guard asked != checkpoint else { return nil }
      let shown = name.replacing("_", with: "-")
      return TrainingError.Difference(name: shown, checkpoint: checkpoint, asked: asked)
    }
  }

  private static let prefix = "run."
}

/// Writes checkpoints, not too often, and reads the one to go on from.
struct CheckpointKeeper {
  private let checkpoint: Checkpoint
  private let run: RunIdentity
  private let clock = ContinuousClock()
  /// When the next one is due.
  private var due: ContinuousClock.Instant

  init(_ checkpoint: Checkpoint, run: RunIdentity) {
    self.checkpoint = checkpoint
    self.run = run
    due = clock.now
  }

  /// The checkpoint to go on from; nil if this is a fresh start.
  ///
  /// - Throws: `TrainingError` if it is not there, is damaged, or is of another run; for a fresh start if
  ///   something else would be lost to it.
  func resumed() throws(TrainingError) -> CheckpointFile? {
    guard checkpoint.resumes else {
      guard CheckpointFile.mayReplace(checkpoint.path) else {
        throw .checkpoint(
          FileError(
            .cannotWrite, path: checkpoint.path, "it holds something that is no checkpoint"))
      }
      return nil
    }
    let file: CheckpointFile
    do { file = try CheckpointFile(contentsOf: checkpoint.path) } catch {
      throw .checkpoint(error)
    }
    var differences = run.differences(from: file.metadata)
    if file.epoch > run.epochs {
      differences.append(
        .init(name: "epochs", checkpoint: "\(file.epoch)", asked: "\(run.epochs)"))
    }
    guard differences.isEmpty else {
      throw .otherRun(path: checkpoint.path, differences: differences)
    }
    return file
  }

  /// Writes a checkpoint if one is due or this is the last chance to.
  mutating func keep<State>(
    _ run: TrainingLoop<State>.Run, isLast: Bool
  ) throws(TrainingError) {
    let start = clock.now
    guard isLast || start >= due else { return }
    do throws(FileError) {
      try CheckpointFile.write(
        to: checkpoint.path, run: self.run, epoch: run.done, arrays: run.state.arrays,
        best: run.best.map { ($0.score, $0.epoch, $0.epoch == run.done ? [] : $0.state.arrays) })
    } catch { throw .checkpoint(error) }
    let end = clock.now
    due = end + (end - start) * 9
  }
}
