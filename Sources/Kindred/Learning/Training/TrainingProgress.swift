// How far training has come.
// SPDX-License-Identifier: Apache-2.0

/// One epoch of training that has ended.
public struct TrainingProgress: Equatable, Sendable {
  /// The epoch that has ended, counted from 1.
  public let epoch: Int
  /// How many epochs there will be at most.
  public let epochs: Int
  /// How long the epoch took, validation left out.
  public let seconds: Double
  /// The root mean squared training error, in the unit of the ratings.
  ///
  /// For `sgd` of the epoch, each rating's error taken just before its update; otherwise of the vectors as
  /// they are after it. Nil for methods for interactions, which predict no ratings.
  public let trainRMSE: Double?
  /// What the method minimizes, summed over all ratings and rows, after the epoch; nil where the
  /// method does not work it out.
  public let objective: Double?
  /// How the model as it is after the epoch does on what was held back.
  ///
  /// Of methods for ratings the rmse, clipped to the range of the training ratings; of methods for
  /// interactions recall@20 and ndcg@20, over the full catalogue less the training interactions. Empty
  /// without validation, and after epochs that are not validated.
  public let validation: [Metric: Double]
  /// What the gradient of a row's first rating is multiplied by in this epoch; nil for methods
  /// without a rate.
  public let rate: Double?
  /// Training ratings worked through per second.
  public let ratingsPerSecond: Double
  /// The time that the remaining epochs will take at this pace.
  public let secondsLeft: Double

  /// The validation RMSE after the epoch; nil without validation ratings, and for methods for
  /// interactions.
  public var validationRMSE: Double? { validation[Metric(.rmse)] }
}
