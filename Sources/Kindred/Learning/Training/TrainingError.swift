// Training that cannot begin or cannot go on.
// SPDX-License-Identifier: Apache-2.0

/// Training that cannot begin or cannot go on; no model comes of it.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is nothing to learn from.
  case noRatings
  /// A setting is out of its range.
  case badOption(name: String, value: String, expected: String)
  /// The tables would not fit into this machine's memory.
  case tooLarge(bytes: Int, available: Int)
  /// The numbers grew beyond bounds in this epoch, at this rate where the method has one.
  case diverged(epoch: Int, rate: Double?)
  /// The equations of this row have no single solution: it has fewer ratings than unknowns, or ratings
  /// that say too little, and there is no regularization.
  case singular(side: String, id: String, ratings: Int, unknowns: Int)
  /// The value of a pair gives no weight: what it is, and what it should be.
  case badWeight(user: String, item: String, value: Float, expected: String)
  /// A checkpoint could not be written or read.
  case checkpoint(FileError)
  /// A checkpoint is of another run: what differs, each with the checkpoint's value and the one asked
  /// for.
  case otherRun(path: String, differences: [Difference])

  /// Something in which a checkpoint's run is not the one that was asked for.
  public struct Difference: Equatable, Sendable {
    /// What it is, such as "dimension".
    public let name: String
    /// Its value in the checkpoint.
    public let checkpoint: String
    /// Its value in the run that was asked for.
    public let asked: String

    /// The difference in words; of ratings, which are told by their fingerprints, that they differ.
    var description: String {
      switch name {
      case "ratings": "the ratings are others (a --validation share takes from them too)"
      case "validation": "the validation ratings are others"
      default: "\(name) is \(checkpoint) there and \(asked) here"
      }
    }
  }

  /// What is wrong, and what to try, in a sentence.
  public var description: String {
    switch self {
    case .noRatings: "There are no ratings to learn from."
    case .badOption(let name, let value, let expected):
      "The \(name) is \(value); it must be \(expected)."
    case .tooLarge(let bytes, let available):
      "The tables would take \(bytes / 1_000_000) MB, and this machine has "
        + "\(available / 1_000_000) MB: choose a smaller dimension, or fewer samples of bayes."
    case .diverged(let epoch, let rate?):
      "Training diverged in epoch \(epoch): the numbers grew beyond bounds at the rate \(rate). "
        + "Try a tenth of that rate, and look for ratings far beyond the others."
    case .diverged(let epoch, nil):
      "Training diverged in epoch \(epoch): the numbers grew beyond bounds. Look for ratings far "
        + "beyond the others, or for a regularization next to nothing."
    case .singular(let side, let id, let ratings, let unknowns):
      "The row of \(side) \(id) has no single best vector: \(ratings) "
        + "\(ratings == 1 ? "rating" : "ratings") for \(unknowns) unknowns. "
        + "Train with a regularization above 0, or with fewer dimensions."
    case .badWeight(let user, let item, let value, let expected):
      "The value \(value) of user \(user) and item \(item) gives no weight: it must be \(expected)."
    case .checkpoint(let error): error.description
    case .otherRun(let path, let differences):
      "The checkpoint \(path) is of another run, which cannot be gone on with: "
        + differences.map(\.description).joined(separator: "; ") + "."
    }
  }
}
