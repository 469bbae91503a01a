// Which part each rating goes to.
// SPDX-License-Identifier: Apache-2.0

/// A part for each entry of `byUser`, by number.
///
/// Every way of dividing ratings makes one of these; turning it into parts is done once, here.
struct Assignment {
  static let training: UInt8 = 0
  static let validation: UInt8 = 1
  static let foldIn: UInt8 = 2
  static let test: UInt8 = 3

  /// The part of each entry, all training at first. [entries]
  var parts: [UInt8]
  var undividedUsers = 0
  var testStart: Int64?

  init(of ratings: Ratings) {
    parts = Array(repeating: Self.training, count: ratings.count)
  }

  /// The parts; those that nothing was meant for are left out.
  ///
  /// - Parameters:
  ///   - ratings: The whole.
  ///   - hasValidation: Whether there should be a validation part.
  ///   - hasFoldIn: Whether there should be a fold-in part.
  ///   - why: Why a part may be empty, by its name, for the error.
  /// - Returns: The parts.
  /// - Throws: `SplitError.emptyPart`.
  /// - Complexity: O(ratings + users + items) for each part.
  func split(
    _ ratings: Ratings, hasValidation: Bool = false, hasFoldIn: Bool = false,
    why: (_ part: String) -> String
  ) throws(SplitError) -> RatingsSplit {
    func part(_ number: UInt8, _ name: String) throws(SplitError) -> Ratings {
      let part = ratings.selecting { parts[$0] == number }
      guard part.count > 0 else { throw .emptyPart(name, why: why(name)) }
      return part
    }
    let training = try part(Self.training, "training")
    return RatingsSplit(
      training: training,
      validation: hasValidation ? try part(Self.validation, "validation") : nil,
      foldIn: hasFoldIn ? try part(Self.foldIn, "fold-in") : nil,
      test: try part(Self.test, "test"), undividedUsers: undividedUsers, testStart: testStart)
  }
}

extension Ratings {
  /// The ratings whose entries of `byUser` are chosen, with the same ids and rows.
  ///
  /// - Complexity: O(ratings + users + items).
  func selecting(_ isChosen: (_ entry: Int) -> Bool) -> Ratings {
    var offsets = [0]
    offsets.reserveCapacity(byUser.offsets.count)
    var columns: [Int32] = []
    var values: [Float] = []
    var moments: [Int64]? = times == nil ? nil : []
    for user in users.rows {
      for entry in byUser.range(user) where isChosen(entry) {
        columns.append(byUser.columns[entry])
        values.append(byUser.values[entry])
        if let times { moments?.append(times[entry]) }
      }
      offsets.append(columns.count)
    }
    return Ratings(
      users: users, items: items,
      byUser: CompressedRows(offsets: offsets, columns: columns, values: values),
      hasValues: hasValues, times: moments.map { Flat($0) })
  }
}
