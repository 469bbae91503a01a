// Fractions: the laws of arithmetic, reading, writing and rounding.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import Testing

@Suite("Rational") struct RationalTests {
  @Test("obeys the laws of a field", arguments: 0..<40)
  func fieldLaws(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 1)
    func draw() -> Rational {
      // Powers make numbers of several words.
      let base = Rational(
        numerator: random.below(2001) - 1000, denominator: random.below(1000) + 1)
      return (0..<random.below(12)).reduce(base) { power, _ in power * base }
    }
    let (a, b, c) = (draw(), draw(), draw())
    #expect((a + b) + c == a + (b + c))
    #expect((a * b) * c == a * (b * c))
    #expect(a * (b + c) == a * b + a * c)
    #expect(a + b == b + a)
    #expect(a * b == b * a)
    #expect(a - a == 0)
    #expect(a - b == -(b - a))
    if !b.isZero {
      #expect(a / b * b == a)
      #expect((a / b).hashValue == (a * b / (b * b)).hashValue)
    }
    #expect((a < b) == (a - b < 0))
    #expect(a.magnitude == (a < 0 ? -a : a))
    #expect(Rational.sum([a, b, c]) == a + b + c)
    #expect(Rational.dot([a, b], [c, a]) == a * c + b * a)
  }

  @Test("is in lowest terms with a positive denominator")
  func lowestTerms() {
    #expect(Rational(numerator: 6, denominator: -4).description == "-3/2")
    #expect(Rational(numerator: 0, denominator: -7).description == "0")
    #expect(Rational(numerator: .min, denominator: .min) == 1)
    #expect(Rational(numerator: 8, denominator: 2).isInteger)
    #expect(Rational(numerator: 1, denominator: 999).isShort)
    #expect(!Rational(numerator: 1, denominator: 1000).isShort)
  }

  @Test("stops at a division by 0")
  func zeroDenominator() async {
    await #expect(processExitsWith: .failure) {
      _ = Rational(numerator: 1, denominator: 0)
    }
    await #expect(processExitsWith: .failure) {
      _ = Rational(3) / Rational(0)
    }
  }

  @Test("reduces fractions of many words", arguments: 0..<20)
  func lowestTermsOfManyWords(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 2)
    func product(_ count: Int) -> Rational {
      (0..<count).reduce(1) { product, _ in product * Rational(random.below(1 << 60) + 1) }
    }
    let (a, b, common) = (product(7), product(5), product(9))
    #expect((a * common) / (b * common) == a / b)
    #expect(((a * common) / (b * common)).description == (a / b).description)
    #expect((a / common + b / common) * common == a + b)
  }

  @Test(
    "reads what people write",
    arguments: [
      ("-3", -3, 1), ("\u{2212}3", -3, 1), ("+3", 3, 1), ("1/2", 1, 2), ("-4/6", -2, 3),
      ("0.125", 1, 8), ("2.50", 5, 2), (".5", 1, 2), ("-.5", -1, 2), ("1e3", 1000, 1),
      ("1E-2", 1, 100), ("2.5e+1", 25, 1), ("1e\u{2212}1", 1, 10), ("000", 0, 1), ("-0", 0, 1),
      ("0.0e5", 0, 1), ("1.20e01", 12, 1),
    ])
  func reads(text: String, numerator: Int, denominator: Int) {
    #expect(Rational(text) == Rational(numerator: numerator, denominator: denominator))
  }

  @Test(
    "refuses what is no number",
    arguments: [
      "", " ", "-", "+", ".", "1.", "1/0", "1/", "/2", "1/-2", "1/2/3", "1.5/2", "1/2.5", "NaN",
      "nan",
      "inf", "-inf", "infinity", "0x10", "1e", "1e400", "1e-400", "1e309", "e3", "1 ", " 1", "1,5",
      "--1", "+-1", "1e1.5", "1_000", "٣", "½", "1e99999999999999999999", "1..2", "_", "?",
    ])
  func refuses(text: String) {
    #expect(Rational(text) == nil)
  }

  @Test("refuses text that is absurdly long")
  func refusesLongText() {
    #expect(Rational(String(repeating: "1", count: 4096)) != nil)
    #expect(Rational(String(repeating: "1", count: 4097)) == nil)
  }

  @Test("survives being written and read", arguments: 0..<20)
  func roundTrip(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 3)
    let value = Rational(
      numerator: Int(truncatingIfNeeded: random.next()), denominator: random.below(.max - 1) + 1)
    #expect(Rational(value.description) == value)
  }

  @Test("takes a Double exactly and gives it back", arguments: 0..<50)
  func doubleRoundTrip(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 4)
    for _ in 0..<40 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      #expect(Rational(exactly: value)?.doubleValue == value)
    }
  }

  @Test("rounds to the nearest Double as the standard library reads decimals", arguments: 0..<50)
  func rounding(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 5)
    for _ in 0..<40 {
      let digits = (0..<random.below(30) + 1).map { _ in "\(random.below(10))" }.joined()
      let text = "\(random.below(10)).\(digits)e\(random.below(600) - 300)"
      #expect(Rational(text)?.doubleValue == Double(text), "\(text)")
    }
  }

  @Test("goes to infinity and to zero beyond the range of Double")
  func range() throws {
    let huge = try #require(Rational("1e308"))
    #expect((huge * huge).doubleValue == .infinity)
    #expect((-huge * huge).doubleValue == -.infinity)
    #expect((huge * huge / huge).doubleValue == 1e308)
    #expect((1 / (huge * huge)).doubleValue == 0)
    #expect((-1 / (huge * huge)).doubleValue.sign == .plus)
    #expect(Rational(exactly: -0.0)?.doubleValue.sign == .plus)
    #expect(Rational(exactly: .leastNonzeroMagnitude)?.doubleValue == .leastNonzeroMagnitude)
    let tiny = try #require(Rational(exactly: .leastNonzeroMagnitude))
    // Halfway to the next: ties go to even, here up to two and down to zero.
    #expect((tiny * Rational(numerator: 3, denominator: 2)).doubleValue == 0x1p-1073)
    #expect((tiny / 2).doubleValue == 0)
    let largest = try #require(Rational(exactly: .greatestFiniteMagnitude))
    #expect((largest + 1).doubleValue == .greatestFiniteMagnitude)
    #expect(Rational(exactly: .nan) == nil)
    #expect(Rational(exactly: .infinity) == nil)
  }
}
