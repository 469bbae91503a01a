// Somebody new with some ratings.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// Folds somebody in with `count` ratings, again and again.
func foldIn(_ path: String, count: Int) throws {
  let model = try Model(contentsOf: path)
  let items = model.items.all
  let rated = (0..<min(count, items.count)).map { place in
    (item: items[place * items.count / count], rating: Float(1 + place % 5))
  }
  var seconds: [Double] = []
  for call in 0..<320 {
    let took = try timed { try model.foldIn(rated) }.seconds
    // The first calls find nothing in the caches.
    if call >= 20 { seconds.append(took) }
  }
  print("{\"microseconds\": \(seconds.sorted()[seconds.count / 2] * 1e6)}")
}
