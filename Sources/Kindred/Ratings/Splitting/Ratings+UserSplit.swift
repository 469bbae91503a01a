// Whole users held out, to test how well somebody new is served.
// SPDX-License-Identifier: Apache-2.0

extension Ratings {
  /// Holds some users out: part of their ratings to fold them in with, the rest to test on.
  ///
  /// This is strong generalization (Marlin 2004; Liang, Krishnan, Hoffman & Jebara 2018): the model
  /// has never seen the users it is tested on. Users with a single rating cannot be divided and stay
  /// in training. Each held-out user has at least one rating to fold in and one to test on.
  ///
  /// - Parameters:
  ///   - heldOut: How many users to hold out, every choice of so many being as likely; a share is one
  ///     of all users with ratings, rounded.
  ///   - foldIn: The share of each one's ratings to fold in, rounded, between 0 and 1.
  ///   - seed: Chooses the users, and each one's ratings.
  /// - Returns: Training, fold-in and test.
  /// - Throws: `SplitError.emptyPart` if too few users can be divided, or nobody is left.
  /// - Complexity: O(ratings + users + items).
  /// - Precondition: `heldOut` is a share between 0 and 1 or a positive count, `foldIn` between 0
  ///   and 1.
  public func split(
    heldOut: SplitSize, foldIn: Double, seed: UInt64
  ) throws(SplitError) -> RatingsSplit {
    precondition(
      heldOut.isValid && foldIn > 0 && foldIn < 1, "split: \(heldOut) with \(foldIn) folded in")
    let active = Array(users.rows.filter { !byUser.range($0).isEmpty })
    let divisible = active.filter { byUser.range($0).count > 1 }
    let wanted = heldOut.count(of: active.count)
    guard wanted <= divisible.count else {
      throw .emptyPart(
        "test",
        why: "\(wanted) users were to be held out, and only \(divisible.count) have two ratings or "
          + "more")
    }
    guard wanted < active.count else {
      throw .emptyPart("training", why: "all \(active.count) users were to be held out")
    }
    var assignment = Assignment(of: self)
    assignment.undividedUsers = active.count - divisible.count
    var random = KeyedRandom(seed: seed, key: StreamKey.heldOutUsers)
    var left = wanted
    for (place, user) in divisible.enumerated() where left > 0 {
      guard random.below(divisible.count - place) < left else { continue }
      left -= 1
      divide(user, foldIn: foldIn, seed: seed, &assignment)
    }
    return try assignment.split(self, hasFoldIn: true) { _ in "there are too few ratings" }
  }

  private func divide(
    _ user: UserRow, foldIn: Double, seed: UInt64, _ assignment: inout Assignment
  ) {
    let entries = byUser.range(user)
    let share = Int((foldIn * Double(entries.count)).rounded())
    var left = min(entries.count - 1, max(1, share))
    var random = KeyedRandom(seed: seed, key: StreamKey.foldIn, UInt64(user.index))
    for entry in entries {
      let isFoldedIn = random.below(entries.upperBound - entry) < left
      if isFoldedIn { left -= 1 }
      assignment.parts[entry] = isFoldedIn ? Assignment.foldIn : Assignment.test
    }
  }
}
