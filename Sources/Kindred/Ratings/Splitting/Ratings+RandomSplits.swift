// Divisions by chance: rating by rating, and into folds.
// SPDX-License-Identifier: Apache-2.0

extension Ratings {
  /// Divides the ratings at random.
  ///
  /// Of a share each rating is put aside on its own, by that chance; whether it is depends on the
  /// seed, its user's row and its place among the user's ratings in item order, and on nothing else.
  /// A count is put aside exactly, every choice of so many being as likely (Knuth, The Art of
  /// Computer Programming, vol. 2, § 3.4.2, algorithm S); a share beside a count is rounded to one.
  ///
  /// ```swift
  /// let parts = try ratings.split(test: .share(0.2), seed: 1)
  /// let model = try SGD.fit(parts.training)
  /// ```
  ///
  /// - Parameters:
  ///   - test: How much to put aside for testing.
  ///   - validation: How much to put aside for choosing settings, if any.
  ///   - seed: Chooses one of the possible divisions.
  /// - Returns: Training, validation if asked for, and test.
  /// - Throws: `SplitError.emptyPart`.
  /// - Complexity: O(ratings + users + items).
  /// - Precondition: Shares lie between 0 and 1 and are less than 1 together; counts are positive.
  public func split(
    test: SplitSize, validation: SplitSize? = nil, seed: UInt64
  ) throws(SplitError) -> RatingsSplit {
    precondition(
      test.isValid && (validation?.isValid ?? true),
      "split: \(test) and \(validation.map { "\($0)" } ?? "no validation") are no parts")
    var assignment = Assignment(of: self)
    switch (test, validation) {
    case (.share(let test), nil):
      assignShares(test: test, validation: 0, seed: seed, &assignment)
    case (.share(let test), .share(let validation)):
      precondition(test + validation < 1, "split: \(test) and \(validation) leave nothing")
      assignShares(test: test, validation: validation, seed: seed, &assignment)
    default:
      let asked = (test.count(of: count), validation?.count(of: count) ?? 0)
      guard asked.0 < count, asked.1 < count - asked.0 else {
        throw .emptyPart(
          "training", why: "there are only \(count) ratings and all were asked for elsewhere")
      }
      assignCounts(test: asked.0, validation: asked.1, seed: seed, &assignment)
    }
    return try assignment.split(self, hasValidation: validation != nil) { _ in
      "none of the \(count) ratings fell to it; ask for a larger share or for a number"
    }
  }

  private func assignShares(
    test: Double, validation: Double, seed: UInt64, _ assignment: inout Assignment
  ) {
    for user in users.rows {
      var random = KeyedRandom(seed: seed, key: StreamKey.testShare, UInt64(user.index))
      for entry in byUser.range(user) {
        let draw = random.uniform()
        if draw < test {
          assignment.parts[entry] = Assignment.test
        } else if draw < test + validation {
          assignment.parts[entry] = Assignment.validation
        }
      }
    }
  }

  private func assignCounts(
    test: Int, validation: Int, seed: UInt64, _ assignment: inout Assignment
  ) {
    var random = KeyedRandom(seed: seed, key: StreamKey.testCount)
    var (testLeft, validationLeft) = (test, validation)
    for entry in 0..<count {
      let draw = random.below(count - entry)
      if draw < testLeft {
        assignment.parts[entry] = Assignment.test
        testLeft -= 1
      } else if draw < testLeft + validationLeft {
        assignment.parts[entry] = Assignment.validation
        validationLeft -= 1
      }
    }
  }

  /// Divides the ratings at random into folds, each of which is tested on in turn.
  ///
  /// Every rating belongs to one fold, and the folds' sizes differ by one at most; every such
  /// division is as likely.
  ///
  /// - Parameters:
  ///   - folds: How many, 2 to 255.
  ///   - seed: Chooses one of the possible divisions.
  /// - Returns: The folds.
  /// - Throws: `SplitError.emptyPart` if there are fewer ratings than folds.
  /// - Complexity: O(ratings · folds).
  /// - Precondition: `folds` is 2 to 255.
  public func split(folds: Int, seed: UInt64) throws(SplitError) -> RatingFolds {
    precondition((2...255).contains(folds), "split: \(folds) folds")
    guard count >= folds else {
      throw .emptyPart("test", why: "there are \(count) ratings for \(folds) folds")
    }
    var left = (0..<folds).map { count / folds + ($0 < count % folds ? 1 : 0) }
    var random = KeyedRandom(seed: seed, key: StreamKey.folds)
    let assigned = (0..<count).map { entry in
      var draw = random.below(count - entry)
      var fold = 0
      while draw >= left[fold] {
        draw -= left[fold]
        fold += 1
      }
      left[fold] -= 1
      return UInt8(fold)
    }
    return RatingFolds(count: folds, ratings: self, assigned: assigned)
  }
}

/// Ratings divided into folds; the parts of one are made when they are asked for.
public struct RatingFolds: Sendable {
  /// How many folds there are.
  public let count: Int
  let ratings: Ratings
  /// The fold of each entry of `byUser`.
  let assigned: [UInt8]

  /// One fold to test on, and all others to learn from.
  ///
  /// - Parameter fold: Which one, from 0.
  /// - Complexity: O(ratings + users + items).
  /// - Precondition: There is such a fold.
  public subscript(fold: Int) -> RatingsSplit {
    precondition((0..<count).contains(fold), "fold \(fold) of \(count)")
    return RatingsSplit(
      training: ratings.selecting { assigned[$0] != UInt8(fold) }, validation: nil, foldIn: nil,
      test: ratings.selecting { assigned[$0] == UInt8(fold) }, undividedUsers: 0, testStart: nil)
  }
}
