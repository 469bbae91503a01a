// Users who rate unlike people do.
// SPDX-License-Identifier: Apache-2.0

/// A user worth a look, and why.
///
/// A reason is no proof: people do rate everything alike, import a list at once, or copy a friend's.
public struct SuspiciousUser: Equatable, Encodable, Sendable {
  /// The user's id.
  public let user: String
  /// How many ratings they gave.
  public let ratings: Int
  /// What is unusual, at least one thing.
  public let reasons: [Reason]

  /// Something unusual.
  public enum Reason: Equatable, Sendable {
    /// They rated far more than others: so many times the median.
    case farMore(timesMedian: Double)
    /// All their ratings are this one value.
    case allEqual(Float)
    /// Their ratings hardly differ: this is their standard deviation.
    case nearlyEqual(deviation: Double)
    /// Their ratings go up and down between two values, one after another.
    case alternating(Float, Float)
    /// So many of their ratings fall within one minute, which starts then (milliseconds since 1970).
    case burst(ratings: Int, start: Int64)
    /// They rated exactly the items that another user did, perhaps with the same ratings.
    case sameItems(as: String, sameValues: Bool)
  }
}

/// From where on something about a user is unusual.
public struct SuspicionRules: Equatable, Sendable {
  /// Far more than others is more than m · e^(3 · 1.4826 · d) ratings with this in place of the 3: m is
  /// the median of the users' numbers of ratings, and d the median distance of their logarithms from
  /// that of m, which times 1.4826 is the standard deviation if the logarithms are normal.
  public var deviations = 3.0
  /// Fewer ratings than this are never far more than others.
  public var fewestForFarMore = 100
  /// Fewer ratings than this may all be equal, nearly equal or alternate.
  public var fewestForPatterns = 20
  /// Ratings are nearly equal if their standard deviation is below this share of the range of all
  /// ratings.
  public var nearlyEqualShare = 0.05
  /// More ratings than this within one minute are a burst; not where times are but days.
  public var mostInOneMinute = 60
  /// Fewer items than this may be the very ones of another user.
  public var fewestForSameItems = 10

  /// Rules that point out few of the users of ordinary data.
  public init() {}
}

extension SuspiciousUser.Reason: Encodable {
  /// What kind of thing is unusual, in a word.
  package var name: String {
    switch self {
    case .farMore: "far-more"
    case .allEqual: "all-equal"
    case .nearlyEqual: "nearly-equal"
    case .alternating: "alternating"
    case .burst: "burst"
    case .sameItems: "same-items"
    }
  }

  private enum Key: String, CodingKey {
    case reason, timesMedian, value, deviation, values, ratings, start, user, sameValues
  }

  /// Encodes the reason's name and its numbers.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .reason)
    switch self {
    case .farMore(let times):
      try container.encode(times, forKey: .timesMedian)
    case .allEqual(let value):
      try container.encode(value, forKey: .value)
    case .nearlyEqual(let deviation):
      try container.encode(deviation, forKey: .deviation)
    case .alternating(let low, let high):
      try container.encode([low, high], forKey: .values)
    case .burst(let ratings, let start):
      try container.encode(ratings, forKey: .ratings)
      try container.encode(start, forKey: .start)
    case .sameItems(let user, let sameValues):
      try container.encode(user, forKey: .user)
      try container.encode(sameValues, forKey: .sameValues)
    }
  }
}
