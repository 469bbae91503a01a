// JSON of a known shape, and nothing else.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import Testing

@Suite("JSON scanner") struct JSONScannerTests {
  private func attributes(_ json: String) -> [String: [String]]? {
    ItemAttributes(Flat(Array(json.utf8)))?.values
  }

  @Test("takes what others write")
  func accepts() {
    #expect(attributes("{}") == [:])
    #expect(
      attributes(" { \"a\" : [ \"x\" , \"y\" ] , \"b\" : 3 }\n") == ["a": ["x", "y"], "b": ["3"]])
    #expect(attributes("{\"a\":\"\\u00e9\\ud83c\\udfac\\/\\n\\\"\\\\\"}") == ["a": ["é🎬/\n\"\\"]])
    #expect(attributes("{\"a\":[-1.5e+3,0,0.25,10]}") == ["a": ["-1.5e+3", "0", "0.25", "10"]])
    #expect(attributes("{\"a\":[]}") == [:])
  }

  @Test(
    "refuses everything else",
    arguments: [
      "", "{", "}", "[]", "null", "{\"a\"}", "{\"a\":}", "{\"a\":[1,]}", "{\"a\":1,}", "{a:1}",
      "{\"a\":null}", "{\"a\":true}", "{\"a\":{}}", "{\"a\":[[]]}", "{\"a\":1}x", "{\"a\":01}",
      "{\"a\":1.}", "{\"a\":.5}", "{\"a\":1e}", "{\"a\":+1}", "{\"a\":-}", "{\"a\":\"\\x\"}",
      "{\"a\":\"\\u12\"}", "{\"a\":\"\\ud83c\"}", "{\"a\":\"\\ud83c\\u0041\"}",
      "{\"a\":\"\\udfac\"}",
      "{\"a\":\"\\u+123\"}", "{\"a\":\"\n\"}", "{\"a\":\"", "{\"a\":\"\\", "{\"a\":1,\"a\":2}",
      "{\"a\" 1}", "{\"a\":1 \"b\":2}",
    ])
  func refuses(json: String) { #expect(attributes(json) == nil) }

  @Test("agrees with Foundation on what is written", arguments: 0..<200)
  func foundation(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 14)
    let letters = ["a", "\"", "\\", "\n", "\u{1}", "é", "🎬", "/", "\u{2028}", "\u{7F}"]
    func text() -> String { (0..<random.below(6)).map { _ in letters[random.below(10)] }.joined() }
    var values: [String: [String]] = [:]
    for _ in 0..<random.below(4) { values[text()] = (0...random.below(3)).map { _ in text() } }
    let json = ItemAttributes(values).json
    #expect(attributes(json) == values)
    #expect(try JSONDecoder().decode([String: [String]].self, from: Data(json.utf8)) == values)
  }
}
