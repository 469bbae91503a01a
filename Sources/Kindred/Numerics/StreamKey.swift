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
  package static let resample: UInt64 = 20
  /// The vectors of the random baseline.
  package static let baseline: UInt64 = 21
}
