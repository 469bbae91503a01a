// What a model remembers of how it was made.
// SPDX-License-Identifier: Apache-2.0

/// What a model was trained with: enough to repeat the run, and no time stamp, so that the same run
/// gives the same bytes.
public struct TrainingRecord: Equatable, Sendable {
  /// The method's name on the command line, such as "sgd".
  public let method: String
  /// The options that shape the result, by name; threads and paths are not among them.
  public let options: [String: String]
  /// The seed of every random draw.
  public let seed: UInt64
  /// The least and the largest training rating; predictions are clipped to it in rating errors.
  public let ratingRange: ClosedRange<Float>?
  /// The fingerprint of the training ratings.
  public let fingerprint: String

  package init(
    method: String, options: [String: String], seed: UInt64, ratingRange: ClosedRange<Float>?,
    fingerprint: String
  ) {
    self.method = method
    self.options = options
    self.seed = seed
    self.ratingRange = ratingRange
    self.fingerprint = fingerprint
  }
}
