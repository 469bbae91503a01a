// Finished trials, kept for a search that is broken off.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The file that a search keeps its finished trials in: JSON, written whole after each.
struct TrialFile {
  private struct Content: Codable {
    var format = Self.format
    var search: [String: String]
    var trials: [TuningTrial]

    static let format = "kindred-tuning 1"
  }

  private let path: String
  private var content: Content

  /// The file of a search; empty unless it is to be gone on with.
  ///
  /// - Throws: `TuningError` if the one to go on with is missing, is none, or is of another search; if it is
  ///   to be a fresh one, where something else would be lost to it.
  init(_ checkpoint: Checkpoint, identity: [String: String]) throws(TuningError) {
    path = checkpoint.path
    content = Content(search: identity, trials: [])
    let data = FileManager.default.contents(atPath: path)
    let old = data.flatMap { try? JSONDecoder().decode(Content.self, from: $0) }
      .flatMap { $0.format == Content.format ? $0 : nil }
    guard checkpoint.resumes else {
      guard old != nil || (data ?? Data()).isEmpty else {
        throw .file(
          FileError(.cannotWrite, path: path, "it holds something that is no search"))
      }
      return
    }
    guard data != nil else { throw .file(FileError(.notFound, path: path, "")) }
    guard let old else {
      throw .file(
        FileError(
          .malformed, path: path, "it holds no finished trials",
          expected: "the file of a search"))
    }
    let names = Set(identity.keys).union(old.search.keys)
    let differences = names.sorted().compactMap { name -> TrainingError.Difference? in
      let (asked, there) = (identity[name] ?? "none", old.search[name] ?? "none")
      guard asked != there else { return nil }
      return .init(
        name: name.replacing("_", with: "-"), checkpoint: there, asked: asked)
    }
    guard differences.isEmpty else {
      throw .otherSearch(path: path, differences: differences)
    }
    content = old
  }

  /// The finished trial with these settings in this round.
  func trial(_ number: Int, round: Int) -> TuningTrial? {
    content.trials.first { $0.number == number && $0.round == round }
  }

  /// Adds a finished trial.
  mutating func add(_ trial: TuningTrial) throws(TuningError) {
    content.trials.append(trial)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let path = path
    do {
      let data = try encoder.encode(content)
      try WholeFile.write(to: path) { file throws(FileError) in try file.append(data) }
    } catch let error as FileError {
      throw .file(error)
    } catch {
      throw .file(FileError(.cannotWrite, path: path, "\(error)"))
    }
  }
}
