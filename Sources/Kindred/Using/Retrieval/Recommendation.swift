// What is recommended, and what may be.
// SPDX-License-Identifier: Apache-2.0

/// An item with its score for somebody.
public struct Recommendation: Equatable, Sendable {
  /// The item's id.
  public let item: String
  /// The item's title, where the model knows one.
  public let title: String?
  /// The score, in the unit of the ratings; not clipped to their range.
  public let score: Double
  /// How sure the model is of it; nil unless it is one of samples.
  public let prediction: Prediction?
}

/// Which items may be recommended.
public struct RecommendationOptions: Equatable, Sendable {
  /// Whether items that the user has rated already may come up again.
  public var includeSeen = false
  /// If given, only these items may come up, by id.
  public var only: [String]?
  /// If given, only these items may come up: see ``Model/items(where:)``.
  public var among: ItemSet?
  /// These items never come up.
  public var without: [String] = []
  /// If given, items are ranked by this quantile of their scores instead of the scores.
  ///
  /// Above 0 and below 1: 0.95, say, for those that may be very good, 0.05 for those that are good for
  /// sure. Only models of samples know it.
  /// It is the quantile of ``Prediction/quantile(_:)``: of the score, without the noise of ratings, which
  /// is the same for all items.
  public var quantile: Double?
  /// How much unlikeness to the items before it counts beside an item's score, from 0 to 1.
  ///
  /// 0, the default, ranks by score alone. Else items are taken one by one out of the best ones, 10 for
  /// each that is asked for and at least 100: the next is that with the greatest
  /// (1 − d) · relevance − d · (the greatest cosine with an item taken before), d being this number and
  /// relevance the score, stretched so that it runs from 0 to 1 over those best ones. This is maximal
  /// marginal relevance (Carbonell & Goldstein 1998) with λ = 1 − d.
  public var diversity = 0.0
  /// What an item e times as popular as the average loses in rank, in the unit of the scores; 0 for
  /// nothing.
  ///
  /// Items are ranked by score − damping · ln((1 + n) / (1 + mean n)), n being an item's ratings in the
  /// training data; scores are shown as they are. For scores that are logarithms of chances this takes
  /// off a share of the items' own chances (logit adjustment: Menon et al. 2021). Any finite number;
  /// a negative one favours what is popular.
  public var damping = 0.0

  /// What a person wants to see: everything new to them.
  public init() {}
}
