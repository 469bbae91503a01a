// What a division of ratings comes to.
// SPDX-License-Identifier: Apache-2.0

/// Ratings divided into parts that have no rating in common and are the whole together.
///
/// Every part has the ids and rows of the whole, so that a user or an item may have no rating in it.
public struct RatingsSplit: Sendable {
  /// What to learn from.
  public let training: Ratings
  /// What to choose settings with; nil if nothing was asked for.
  public let validation: Ratings?
  /// What held-out users are folded in with; nil unless whole users are held out.
  public let foldIn: Ratings?
  /// What to test on.
  public let test: Ratings
  /// Users that stay wholly in training because they have too few ratings to be divided.
  public let undividedUsers: Int
  /// When the test part begins, in milliseconds since 1970-01-01 UTC; nil unless time divides.
  public let testStart: Int64?

  /// The parts there are, with their names: "train", "validation", "fold-in" and "test".
  public var parts: [(name: String, ratings: Ratings)] {
    var parts = [("train", training)]
    if let validation { parts.append(("validation", validation)) }
    if let foldIn { parts.append(("fold-in", foldIn)) }
    parts.append(("test", test))
    return parts.map { (name: $0.0, ratings: $0.1) }
  }

  /// How many of a part's users and items have no rating in training.
  ///
  /// - Complexity: O(users + items).
  public func unknown(of part: Ratings) -> (users: Int, items: Int) {
    (
      part.users.rows.count { !part.byUser.range($0).isEmpty && training.byUser.range($0).isEmpty },
      part.items.rows.count { !part.byItem.range($0).isEmpty && training.byItem.range($0).isEmpty }
    )
  }
}

/// How much of something is put aside.
public enum SplitSize: Equatable, Sendable {
  /// A share of all, between 0 and 1.
  case share(Double)
  /// So many, 1 or more.
  case count(Int)

  var isValid: Bool {
    switch self {
    case .share(let share): share > 0 && share < 1
    case .count(let count): count > 0
    }
  }

  /// How many of `whole` it stands for; shares are rounded, but something of something is left.
  func count(of whole: Int) -> Int {
    switch self {
    case .share(let share): min(whole, max(1, Int((share * Double(whole)).rounded())))
    case .count(let count): count
    }
  }
}

/// Why ratings cannot be divided as was asked.
public enum SplitError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The division goes by time, and no times are known.
  case noTimes
  /// A part ("training", "test" …) would have no ratings, and why.
  case emptyPart(String, why: String)

  /// What is wrong, and what to try, in a sentence.
  public var description: String {
    switch self {
    case .noTimes:
      "These ratings have no times to divide them by; a header names the column timestamp, or "
        + "--columns timestamp=… does."
    case .emptyPart(let part, let why): "The \(part) part would be empty: \(why)."
    }
  }
}

extension Ratings {
  /// The users with a rating, and the items with one; a part of a division may know more by name.
  ///
  /// - Complexity: O(users + items).
  public var active: (users: Int, items: Int) {
    (
      users.rows.count { !byUser.range($0).isEmpty }, items.rows.count { !byItem.range($0).isEmpty }
    )
  }
}
