// What simulated ratings are to be like.
// SPDX-License-Identifier: Apache-2.0

/// The size and the nature of a set of simulated ratings.
public struct GeneratorOptions: Equatable, Sendable {
  /// What ids look like.
  public enum IDForm: String, CaseIterable, Sendable {
    /// Numbers from 1.
    case plain
    /// `customer-000123` and `B00PROD45`, as long as those of real shops.
    case long
  }

  /// How many users, 1 or more.
  public var users: Int
  /// How many items, 1 or more; the least popular may stay without a rating.
  public var items: Int
  /// How many ratings in all, at most users × items.
  public var ratings: Int
  /// The dimensions of the planted vectors, 1 to 1,024.
  public var rank = 16
  /// The standard deviation of the noise in stars, 0 or more.
  public var noise = 0.5
  /// Whether there are ratings, or interactions without a value.
  public var hasValues = true
  /// Whether ratings come with times.
  public var hasTimes = false
  /// What ids look like.
  public var ids = IDForm.plain
  /// Chooses the simulated world and everything in it.
  public var seed: UInt64 = 1

  /// A set of simulated ratings of this size.
  public init(users: Int, items: Int, ratings: Int) {
    self.users = users
    self.items = items
    self.ratings = ratings
  }

  func validate() throws(GenerationError) {
    // Row numbers have 32 bits.
    let rows = 1...Int(Int32.max) - 1
    let (pairs, overflows) = users.multipliedReportingOverflow(by: items)
    let checks: [(Bool, String)] = [
      (rows.contains(users), "the users are \(users); there must be 1 to \(rows.upperBound)"),
      (rows.contains(items), "the items are \(items); there must be 1 to \(rows.upperBound)"),
      (ratings >= 1, "the ratings are \(ratings); there must be 1 or more"),
      (
        overflows || ratings <= pairs,
        "\(ratings) ratings are more than \(users) users × \(items) items; no pair is rated twice"
      ),
      ((1...1024).contains(rank), "the rank is \(rank); it must be 1 to 1024"),
      (noise >= 0 && noise.isFinite, "the noise is \(noise); it must be 0 or more"),
    ]
    for (holds, complaint) in checks where !holds { throw GenerationError(complaint) }
  }
}

/// Simulated ratings that are impossible as asked for.
public struct GenerationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, in a sentence.
  public let description: String

  init(_ complaint: String) { description = "These ratings cannot be made: \(complaint)." }
}
