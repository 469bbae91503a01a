// How a search goes about it.
// SPDX-License-Identifier: Apache-2.0

/// How ``Tuning`` searches.
public struct TuningOptions: Equatable, Sendable {
  /// How many settings are tried in the first round, the method's defaults among them; 1 or more.
  public var trials = 27
  /// How many epochs the last round trains for; nil for those of the options that are tuned.
  public var epochs: Int?
  /// Of how many trials of a round one goes on to the next, which trains for as many times the epochs;
  /// 2 or more.
  public var keeping = 3
  /// The share of the interactions that is held back to judge by, above 0 and below 1.
  public var validationFraction = 0.1
  /// What trials are judged by; nil for rmse, or of methods for interactions recall@20.
  public var metric: Metric?
  /// Chooses the split and the settings that are tried.
  ///
  /// Training has the seed of the options that are tuned.
  public var seed: UInt64 = 1

  /// A search that takes about as long as nine whole trainings of a method of many epochs, or two dozen of
  /// one of a few.
  public init() {}

  /// Throws what is out of its range.
  package func validate() throws(TuningError) {
    func require(
      _ holds: Bool, _ name: String, _ value: some Any, _ expected: String
    ) throws(TuningError) {
      guard holds else {
        throw .training(.badOption(name: name, value: "\(value)", expected: expected))
      }
    }
    try require(
      (1...10_000).contains(trials), "number of trials", trials, "a number from 1 to 10,000")
    try require((2...100).contains(keeping), "keeping", keeping, "a number from 2 to 100")
    try require(
      validationFraction > 0 && validationFraction < 1, "share held back", validationFraction,
      "above 0 and below 1")
    if let epochs { try require(epochs >= 1, "number of epochs", epochs, "1 or more") }
  }
}

/// One training with some settings, and how it did.
public struct TuningTrial: Equatable, Sendable, Codable {
  /// Which settings, counted from 1; 1 are the method's defaults.
  public let number: Int
  /// The round, counted from 1.
  public let round: Int
  /// How many epochs it trained for.
  public let epochs: Int
  /// The settings by name; none of the first trial, which are the defaults.
  public let settings: [String: Double]
  /// What the metric gave; nil if training failed.
  public let score: Double?
  /// How long training took.
  public let seconds: Double
  /// Why training failed.
  public let failure: String?
}

/// A search that cannot begin or cannot go on.
public enum TuningError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Training cannot begin: not even with other settings.
  case training(TrainingError)
  /// Judging is not possible.
  case evaluation(EvaluationError)
  /// The file of finished trials could not be written or read.
  case file(FileError)
  /// The file is of another search: what differs.
  case otherSearch(path: String, differences: [TrainingError.Difference])

  /// What is wrong, and what to try, in a sentence.
  public var description: String {
    switch self {
    case .training(let error): error.description
    case .evaluation(let error): error.description
    case .file(let error): error.description
    case .otherSearch(let path, let differences):
      "\(path) is of another search, which cannot be gone on with: "
        + differences.map(\.description).joined(separator: "; ") + "."
    }
  }
}
