// Reading ratings from text.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// Reads ratings into both indexes, with string ids.
func read(_ path: String) throws {
  let (seconds, ratings) = try timed {
    let ratings = try Ratings(contentsOf: path)
    ratings.indexByItem()
    return ratings
  }
  print("{\"seconds\": \(seconds), \"ratings\": \(ratings.count)}")
}
