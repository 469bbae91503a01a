// JSON written piece by piece against the encoder's.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredCommand
import KindredTestSupport
import Testing

@Suite("JSON text") struct JSONTextTests {
  private struct Value: Encodable {
    let a: String?
    let list: [Double]
    let z: Double?
  }

  @Test("has the encoder's bytes, whatever the texts and numbers", arguments: 0..<40)
  func encoder(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 57)
    let scalars: [Unicode.Scalar] = Array("aZ\"\\/ é🎬漢\u{2028}\u{7f}".unicodeScalars)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for _ in 0..<50 {
      var text = String.UnicodeScalarView()
      for _ in 0..<random.below(12) {
        text.append(
          random.below(2) == 0
            ? scalars[random.below(scalars.count)]
            : Unicode.Scalar(UInt8(random.below(0x30))))
      }
      let numbers = (0..<random.below(5)).map { _ in number(&random) }
      let value = Value(
        a: random.below(4) == 0 ? nil : String(text), list: numbers,
        z: random.below(4) == 0 ? nil : number(&random))
      var json = JSONText()
      json.open("{")
      json.field("a", value.a)
      json.key("list")
      json.open("[")
      for number in value.list { json.number(number) }
      json.close("]")
      json.field("z", value.z)
      json.close("}")
      let expected = String(decoding: try encoder.encode(value), as: UTF8.self)
      #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
    }
  }

  private func number(_ random: inout KeyedRandom) -> Double {
    switch random.below(6) {
    case 0: Double(random.below(10))
    case 1: -Double(random.below(100)) / 8
    case 2: random.normal() * 1e-9
    case 3: random.normal() * 1e20
    case 4: Double(sign: .minus, exponent: random.below(2000) - 1000, significand: 1.5)
    default: random.normal()
    }
  }
}
