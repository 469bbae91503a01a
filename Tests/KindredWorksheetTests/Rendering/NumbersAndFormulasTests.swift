// Numbers and formulas as people read them.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredWorksheet
import Testing

@Suite("Numbers and formulas") struct NumbersAndFormulasTests {
  @Test(
    "exact numbers in decimals where they end soon",
    arguments: [
      ("0", "0"), ("-0", "0"), ("12", "12"), ("1/2", "0.5"), ("-1/8", "-0.125"), ("1/3", "1/3"),
      ("-2/7", "-2/7"), ("1/1000000", "0.000001"), ("1/10000000", "1/10000000"), ("-7/4", "-1.75"),
      ("123456789.25", "123456789.25"), ("1000000", "1000000"), ("5/2", "2.5"),
    ])
  func decimals(value: String, text: String) throws {
    #expect(NumberText(usesFractions: false)(try #require(Rational(value))) == text)
  }

  @Test(
    "exact numbers in fractions where the sheet has fractions",
    arguments: [("0.5", "1/2"), ("-0.125", "-1/8"), ("3", "3"), ("2/6", "1/3"), ("-0.0", "0")])
  func fractions(value: String, text: String) throws {
    #expect(NumberText(usesFractions: true)(try #require(Rational(value))) == text)
  }

  @Test("fractions too long to read are rounded") func longFractions() throws {
    let long = try #require(Rational("1000000000000000/3000000000000001"))
    for usesFractions in [false, true] {
      #expect(NumberText(usesFractions: usesFractions)(long) == "0.333333")
    }
  }

  @Test(
    "computed numbers to six digits, never -0",
    arguments: [
      (0, "0"), (-0.0, "0"), (0.1 + 0.2, "0.3"), (1.0 / 6, "0.166667"), (-2.0 / 3, "-0.666667"),
      (123456.7, "123457"), (1e9, "1e+09"), (2.5e-7, "2.5e-07"), (-0.2, "-0.2"),
      (.infinity, "∞"), (-.infinity, "-∞"), (.nan, "no number"),
    ] as [(Double, String)])
  func digits(value: Double, text: String) {
    #expect(NumberText(usesFractions: false)(value) == text)
    #expect(NumberText(usesFractions: true)(value) == text)
  }

  @Test("wiggles show enough digits to be seen") func manyDigits() {
    #expect(NumberText.manyDigits(1.002001) == "1.002001")
    #expect(NumberText.manyDigits(-0.0) == "0")
    #expect(NumberText.manyDigits(0.998001) == "0.998001")
  }

  @Test("formulas on one line") func plain() {
    #expect(Formula.products([("2", "0"), ("-1", "1/2")]).plain == "2·0 + (-1)·1/2")
    #expect(Formula.products([]).plain == "")
    #expect(Formula.factor("-0.2").plain == "(-0.2)")
    #expect(Formula.factor("0.2").plain == "0.2")
    #expect(Formula.square(.number("-1")).plain == "(-1)²")
    #expect(Formula.square(.name("diff")).plain == "diff²")
    #expect(Formula.derivative(of: "loss", by: "pred").plain == "d loss/d pred")
    #expect(Formula.vector([.number("1"), .number("-2")]).plain == "(1, -2)")
    #expect(Formula.dot("User 1", "Movie 2").plain == "dot(User 1, Movie 2)")
    #expect(Formula.fraction(.number("1"), .number("-2")).plain == "(1) / (-2)")
    #expect(
      Formula.row([
        .name("diff"), .equals, .number("1"), .minus, .factor("-2"), .equals, .number("3"),
      ])
      .plain == "diff = 1 - (-2) = 3")
    #expect(
      Formula.square(.row([.sign("("), .number("1"), .minus, .factor("-0.2"), .sign(")")])).plain
        == "(1 - (-0.2))²")
    #expect(
      Formula.row([.number("2"), .times, .name("diff"), .plus, .words("more")]).plain
        == "2 · diff + more")
  }
}
