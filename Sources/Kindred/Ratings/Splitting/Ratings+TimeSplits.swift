// Divisions by time: each user's last ratings, and the latest ratings of all.
// SPDX-License-Identifier: Apache-2.0

extension Ratings {
  /// Puts each user's last ratings aside; one of each is the leave-one-out protocol.
  ///
  /// A user's ratings are put in order of time; of equal times, the one whose item appears first
  /// among all ratings is the earlier. The last of them are the test part and those before, if asked
  /// for, the validation part. Users with too few ratings stay wholly in training and are counted.
  ///
  /// - Parameters:
  ///   - lastPerUser: How many of each user's ratings to test on.
  ///   - validation: How many before those to choose settings with.
  ///   - minimum: Users with fewer ratings are not divided; at least one rating must be left to learn
  ///     from, which is the default.
  /// - Returns: Training, validation if asked for, and test.
  /// - Throws: `SplitError`: `noTimes`, or `emptyPart` if no user has enough ratings.
  /// - Complexity: O(ratings · log of a user's ratings).
  /// - Precondition: `lastPerUser` is positive, `validation` not negative, and `minimum` more than
  ///   both together.
  public func split(
    lastPerUser: Int, validation: Int = 0, minimum: Int? = nil
  ) throws(SplitError) -> RatingsSplit {
    let aside = lastPerUser + validation
    let minimum = minimum ?? aside + 1
    precondition(
      lastPerUser > 0 && validation >= 0 && minimum > aside,
      "split: the last \(lastPerUser) after \(validation) of at least \(minimum)")
    guard let times else { throw .noTimes }
    var assignment = Assignment(of: self)
    for user in users.rows {
      let entries = byUser.range(user)
      guard entries.count >= minimum else {
        assignment.undividedUsers += entries.isEmpty ? 0 : 1
        continue
      }
      let ordered = entries.sorted { (times[$0], $0) < (times[$1], $1) }
      for entry in ordered.suffix(aside) { assignment.parts[entry] = Assignment.validation }
      for entry in ordered.suffix(lastPerUser) { assignment.parts[entry] = Assignment.test }
    }
    return try assignment.split(self, hasValidation: validation > 0) { _ in
      "no user has \(minimum) or more ratings"
    }
  }

  /// Puts the latest ratings of all aside, from a moment on.
  ///
  /// Nothing in training is as late as anything in the test part.
  ///
  /// - Parameter start: When the test part begins, in milliseconds since 1970-01-01 UTC.
  /// - Returns: Training and test.
  /// - Throws: `SplitError`: `noTimes`, or `emptyPart` if all ratings lie on one side.
  /// - Complexity: O(ratings + users + items).
  public func split(testFrom start: Int64) throws(SplitError) -> RatingsSplit {
    try split(testFrom: start, validationFrom: nil)
  }

  /// Puts the latest ratings of all aside.
  ///
  /// The test part begins at the moment at which the asked number of ratings is reached, counted from
  /// the end, and all ratings of that moment are in it: nothing in training is as late as anything in
  /// the test part. So it may be larger than was asked for, much so if times are coarse.
  ///
  /// - Parameters:
  ///   - latest: How much to test on.
  ///   - validation: How much before it to choose settings with, divided in the same way.
  /// - Returns: Training, validation if asked for, and test.
  /// - Throws: `SplitError`: `noTimes`, or `emptyPart`.
  /// - Complexity: O(ratings · log ratings): the times are sorted.
  /// - Precondition: Shares lie between 0 and 1 and are less than 1 together; counts are positive.
  public func split(
    latest: SplitSize, validation: SplitSize? = nil
  ) throws(SplitError) -> RatingsSplit {
    precondition(latest.isValid && (validation?.isValid ?? true), "split: \(latest) is no part")
    guard let times else { throw .noTimes }
    let test = latest.count(of: count)
    let aside = test + (validation?.count(of: count) ?? 0)
    guard aside < count else {
      throw .emptyPart(
        "training", why: "there are only \(count) ratings and all were asked for elsewhere")
    }
    let sorted = times.sorted()
    return try split(
      testFrom: sorted[count - test],
      validationFrom: validation == nil ? nil : sorted[count - aside])
  }

  private func split(
    testFrom start: Int64, validationFrom validation: Int64?
  ) throws(SplitError) -> RatingsSplit {
    guard let times else { throw .noTimes }
    var assignment = Assignment(of: self)
    assignment.testStart = start
    for (entry, time) in times.enumerated() {
      if time >= start {
        assignment.parts[entry] = Assignment.test
      } else if let validation, time >= validation {
        assignment.parts[entry] = Assignment.validation
      }
    }
    return try assignment.split(self, hasValidation: validation != nil) { part in
      switch part {
      case "training": "no rating is before \(Timestamp.text(validation ?? start))"
      case "test": "no rating is as late as \(Timestamp.text(start))"
      default: "the ratings before the test part all have its first moment, or there are none"
      }
    }
  }
}
