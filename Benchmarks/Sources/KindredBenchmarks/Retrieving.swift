// The best items for many users, and for one at a time.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// Recommends to the first `count` users at once, without what they have seen.
func retrieve(model path: String, users count: Int, threads: Int) throws {
  let model = try Model(contentsOf: path)
  let users = Array(model.users.all.prefix(count))
  // Memory that nobody touched yet is slow to touch.
  _ = try model.recommend(for: users, count: 10, threads: threads)
  var seconds: [Double] = []
  var lists: [[Recommendation]] = []
  for _ in 0..<3 {
    let took = try timed { try model.recommend(for: users, count: 10, threads: threads) }
    seconds.append(took.seconds)
    lists = took.result
  }
  let sum = lists.reduce(0.0) { $0 + $1.reduce(0) { $0 + $1.score } }
  print("{\"seconds\": \(seconds.sorted()[1]), \"users\": \(lists.count), \"sum\": \(sum)}")
}
