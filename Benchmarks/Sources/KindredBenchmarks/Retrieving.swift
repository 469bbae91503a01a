// The best items for many users at once, and for one at a time.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// Recommends to the first users at once, without what they have seen.
func retrieve(model path: String, users count: Int, threads: Int) throws {
  let model = try Model(contentsOf: path)
  let users = Array(model.users.all.prefix(count))
  var seconds: [Double] = []
  var lists: [[Recommendation]] = []
  for call in 0..<4 {
    let took = try timed { try model.recommend(for: users, threads: threads) }
    // Memory that nobody has touched yet is slow to touch.
    if call > 0 { seconds.append(took.seconds) }
    lists = took.result
  }
  report(seconds, lists)
}

/// Recommends to the first users one after another, whatever they have seen, by a scan of bytes.
func retrieveAlone(model path: String, users count: Int, threads: Int) throws {
  let model = try Model(contentsOf: path)
  let (building, items) = try timed { try QuantizedItems(model, threads: threads) }
  var options = RecommendationOptions()
  options.includeSeen = true
  var seconds: [Double] = []
  var exact: [Double] = []
  var lists: [[Recommendation]] = []
  var found = 0
  for (call, user) in model.users.all.prefix(count).enumerated() {
    let took = try timed { try items.recommend(for: user, options: options, threads: threads) }
    lists.append(took.result)
    let plain = try timed { try model.recommend(for: user, options: options) }
    found += took.result.count { plain.result.contains($0) }
    guard call >= count / 5 else { continue }
    seconds.append(took.seconds)
    exact.append(plain.seconds)
  }
  let recall = Double(found) / Double(lists.reduce(0) { $0 + $1.count })
  report(
    seconds, lists,
    ", \"building\": \(building), \"exact\": \(median(exact)), \"recall\": \(recall)")
}

private func median(_ numbers: [Double]) -> Double { numbers.sorted()[numbers.count / 2] }

private func report(_ seconds: [Double], _ lists: [[Recommendation]], _ more: String = "") {
  let sum = lists.reduce(0.0) { $0 + $1.reduce(0) { $0 + $1.score } }
  print(
    "{\"seconds\": \(median(seconds)), \"users\": \(lists.count), \"sum\": \(sum)\(more)}")
}
