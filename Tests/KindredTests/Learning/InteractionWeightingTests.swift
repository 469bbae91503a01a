// Values of pairs and the weights that they become.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Interaction weighting") struct InteractionWeightingTests {
  @Test("weights are what the formulas say", arguments: [Float(0.5), 1, 3, 17, 40_000])
  func formulas(value: Float) throws {
    let r = Double(value)
    let cases: [(InteractionWeighting, Double)] = [
      (.none, 1), (.linear(scale: 2.5), 2.5 * r),
      (.log(scale: 3, unit: 10), 3 * Foundation.log(1 + r / 10)),
      (.power(scale: 2, exponent: 0.5), 2 * r.squareRoot()),
    ]
    for (weighting, expected) in cases {
      let weight = try #require(weighting.weight(of: value))
      // One rounding to Float, after a few of Double.
      expectClose(Double(weight), expected, relative: 0x1p-23, "\(weighting) of \(value)")
    }
  }

  @Test("values of 0 and below, and what is no number, have no weight")
  func noWeight() {
    for weighting in [InteractionWeighting.none, .linear(scale: 1), .log(scale: 1, unit: 1)] {
      for value in [0, -0.0, -1, .nan, .infinity, -.infinity] as [Float] {
        #expect(weighting.weight(of: value) == nil, "\(weighting) of \(value)")
      }
    }
    #expect(InteractionWeighting.linear(scale: 1e6).weight(of: 1.5) == nil)
    #expect(InteractionWeighting.linear(scale: 1e-30).weight(of: 1e-30) == nil)
    #expect(InteractionWeighting.power(scale: 1, exponent: 300).weight(of: 1e30) == nil)
  }

  @Test("words and numbers make a weighting, and are made of it")
  func words() {
    let cases: [(String, InteractionWeighting?)] = [
      ("none", InteractionWeighting.none), ("linear 40", .linear(scale: 40)),
      ("linear", .linear(scale: 1)), ("log 2 10", .log(scale: 2, unit: 10)),
      ("log", .log(scale: 1, unit: 1)), ("power 1 0.75", .power(scale: 1, exponent: 0.75)),
      ("power", .power(scale: 1, exponent: 0.5)), ("", nil), ("cubic", nil), ("none 1", nil),
      ("linear 1 2", nil), ("linear x", nil), ("log 1 0", nil), ("linear -1", nil),
      ("linear nan", nil),
    ]
    for (words, expected) in cases {
      #expect(InteractionWeighting(words) == expected, "\(words)")
      guard let expected else { continue }
      #expect(InteractionWeighting("\(expected)") == expected)
    }
  }

  @Test("ratings from a value up keep their users' and items' order")
  func atLeast() throws {
    let triples: [(user: String, item: String, rating: Float)] = [
      ("a", "x", 3), ("a", "y", 4), ("b", "x", 2), ("c", "z", 5), ("c", "y", 3.9), ("c", "x", 4),
    ]
    let ratings = try Ratings(triples)
    let liked = ratings.atLeast(4)
    #expect(liked.users.all == ["a", "c"] && liked.items.all == ["x", "y", "z"])
    #expect(liked.listing == ["a y 4.0", "c x 4.0", "c z 5.0"])
    #expect(liked.range == 4...5)
    #expect(ratings.atLeast(0).fingerprint == ratings.fingerprint)
    let none = ratings.atLeast(6)
    #expect(none.count == 0 && none.users.count == 0 && none.items.count == 0)
    #expect(throws: TrainingError.noRatings) { try IALS.fit(none) }
    let best = ratings.atLeast(5)
    #expect(best.users.all == ["c"] && best.items.all == ["z"])
    #expect(best.byItem.columns(ItemRow(0)).elementsEqual([0]))
  }
}
