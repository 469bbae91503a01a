// What recommend says of one user, as JSON.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// The items recommended to somebody.
struct RecommendationReport: Encodable, Sendable {
  struct Item: Encodable, Sendable {
    let item: String
    let title: String?
    let score: Double
    /// The score's standard deviation; nil, as the next two, for a model without samples.
    let deviation: Double?
    /// The standard deviation of a rating.
    let ratingDeviation: Double?
    /// The ends of a rating's interval.
    let interval: [Double]?
  }

  let user: String?
  let items: [Item]
  /// Why there are no items; nil if there are.
  let note: String?

  init(_ user: String?, _ picks: [Recommendation], note: String?, _ sureness: Sureness) {
    self.user = user
    self.note = note
    items = picks.map {
      Item(
        item: $0.item, title: $0.title, score: $0.score, deviation: $0.prediction?.deviation,
        ratingDeviation: $0.prediction?.ratingDeviation,
        interval: $0.prediction.map(sureness.ends))
    }
  }

  /// The object on one line with its end, byte for byte what `jsonBytes` makes of it, many times as
  /// fast.
  ///
  /// Scores are finite: others never get here.
  var line: [UInt8] {
    var json = JSONText()
    json.open("{")
    json.key("items")
    json.open("[")
    for item in items {
      json.open("{")
      json.field("deviation", item.deviation)
      if let interval = item.interval {
        json.key("interval")
        json.open("[")
        for end in interval { json.number(end) }
        json.close("]")
      }
      json.field("item", item.item)
      json.field("ratingDeviation", item.ratingDeviation)
      json.field("score", item.score)
      json.field("title", item.title)
      json.close("}")
    }
    json.close("]")
    json.field("note", note)
    json.field("user", user)
    json.close("}")
    return json.bytes + [UInt8(ascii: "\n")]
  }
}
