// What streams of random numbers are for.
// SPDX-License-Identifier: Apache-2.0

/// The first word of a stream's key, so that no two purposes share their draws.
///
/// Numbers are never reused or changed: models, splits and sample data depend on them.
package enum StreamKey {
  /// The vectors that training starts from.
  package static let start: UInt64 = 1
  /// The order of the ratings within their blocks.
  package static let ratingOrder: UInt64 = 2
  /// The order of the diagonals in an epoch.
  package static let diagonals: UInt64 = 3
  /// Which stripe a row belongs to.
  package static let stripes: UInt64 = 4
  /// Which ratings are held back.
  package static let split: UInt64 = 5
  /// The starts of the numerical search of constructing.
  package static let restart: UInt64 = 6
  /// The simulated viewers.
  package static let viewer: UInt64 = 7
  /// The users of a bootstrap's resample.
  package static let resample: UInt64 = 8
  /// The vectors of the random baseline.
  package static let baseline: UInt64 = 9
  /// Which ratings are put aside for testing, each by its chance.
  package static let testShare: UInt64 = 16
  /// Which ratings are put aside for testing, so many of them.
  package static let testCount: UInt64 = 17
  /// Which fold a rating belongs to.
  package static let folds: UInt64 = 18
  /// Which users are held out.
  package static let heldOutUsers: UInt64 = 19
  /// Which ratings of a held-out user are folded in.
  package static let foldIn: UInt64 = 20
  /// The vectors of a planted truth.
  package static let planted: UInt64 = 21
  /// How active the users of a planted truth are.
  package static let activity: UInt64 = 22
  /// Which items of a planted truth are popular.
  package static let popularity: UInt64 = 23
  /// What the users of a planted truth rate, and how.
  package static let plantedRatings: UInt64 = 24
  /// When the users of a planted truth rate.
  package static let plantedTimes: UInt64 = 25
  /// Which ratings of a planted truth are for testing.
  package static let plantedTest: UInt64 = 26
  /// The vectors that SGD starts from, spread evenly.
  package static let evenStart: UInt64 = 27
  /// The mean and the precision that rows of a side are drawn with.
  package static let rowPrior: UInt64 = 30
  /// The rows of a sample.
  package static let sampledRow: UInt64 = 31
  /// The noise precision of a sample.
  package static let noisePrecision: UInt64 = 32
  /// How noisy each user's ratings are in a sample.
  package static let userNoise: UInt64 = 33
  /// The order of users' rows in pairwise ranking.
  package static let pairUsers: UInt64 = 45
  /// Which items go together in an epoch of pairwise ranking.
  package static let pairItems: UInt64 = 46
  /// The order of the diagonals in an epoch of pairwise ranking.
  package static let pairDiagonals: UInt64 = 47
  /// The other items of a block's pairs.
  package static let otherItems: UInt64 = 48
  /// The vectors that pairwise ranking starts from.
  package static let pairStart: UInt64 = 49
  /// The vectors that softmax starts from.
  package static let softmaxStart: UInt64 = 50
  /// The order of the users in an epoch of softmax.
  package static let userOrder: UInt64 = 51
  /// The negatives of a batch of softmax.
  package static let sharedNegatives: UInt64 = 52
  /// The settings that a search tries.
  package static let tuning: UInt64 = 60
}
