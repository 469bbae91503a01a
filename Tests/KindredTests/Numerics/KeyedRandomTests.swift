// Random numbers: fixed for ever, independent between keys, and distributed as they say.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Keyed random numbers") struct KeyedRandomTests {
  // Computed by a separate program in Python; model files and splits depend on them.
  @Test("are the same on every platform and in every version")
  func golden() {
    var plain = KeyedRandom(seed: 0)
    #expect(
      (0..<4).map { _ in plain.next() } == [
        0x314e_ee0b_74b9_7f3c, 0xbdb4_076e_9ba8_9348, 0x1dd1_8d6c_e1e1_9a88, 0xfdb6_e7c9_73b9_dc3b,
      ])
    var keyed = KeyedRandom(seed: 42, key: 1, 2, 3)
    #expect(
      (0..<4).map { _ in keyed.next() } == [
        0x3a3f_e4de_1744_b0d2, 0x7eb0_9f32_c4e7_313b, 0xa30d_7920_52c7_f3f4, 0xfa9d_9060_0020_6dba,
      ])
    var uniform = KeyedRandom(seed: 7, key: 5)
    #expect(
      (0..<3).map { _ in uniform.uniform() } == [
        0x1.7244b8e46d0c8p-4, 0x1.e3ac2189d2d76p-2, 0x1.422ba797bbc43p-1,
      ])
    var below = KeyedRandom(seed: 7, key: 6)
    #expect((0..<8).map { _ in below.below(1000) } == [815, 285, 836, 793, 754, 332, 948, 278])
    var shuffle = KeyedRandom(seed: 7, key: 7)
    var numbers = Array(0..<10)
    shuffle.shuffle(&numbers)
    #expect(numbers == [5, 4, 0, 2, 8, 9, 6, 7, 3, 1])
    var normal = KeyedRandom(seed: 7, key: 8)
    let expected = [
      0.017329058915368404, -0.43798739847951224, -0.3164655723899791, -0.08571242383138065,
    ]
    // The platform's logarithm may differ in the last bit.
    for number in expected { expectClose(normal.normal(), number, relative: 0x1p-51) }
  }

  @Test("the words of a key in a list are the words of a key one by one")
  func words() {
    var listed = KeyedRandom(seed: 3, words: [4, 5])
    var spelled = KeyedRandom(seed: 3, key: 4, 5)
    #expect((0..<5).map { _ in listed.next() } == (0..<5).map { _ in spelled.next() })
  }

  @Test("key words and their order choose another stream", arguments: 0..<8)
  func keys(seed: UInt64) {
    var firsts: Set<UInt64> = []
    for a in UInt64(0)..<16 {
      for b in UInt64(0)..<16 {
        var random = KeyedRandom(seed: seed, key: a, b)
        firsts.insert(random.next())
      }
    }
    // Two of 256 draws of 64 bits are equal by chance once in 10¹⁴ tries.
    #expect(firsts.count == 256)
  }

  @Test("a seed and the first word of a key do not trade places or cancel")
  func seedAndKey() {
    var firsts: Set<UInt64> = []
    for seed in UInt64(0)..<16 {
      for word in UInt64(0)..<16 {
        var random = KeyedRandom(seed: seed, key: word)
        firsts.insert(random.next())
      }
    }
    #expect(firsts.count == 256)
    var (two, one) = (KeyedRandom(seed: 3, key: 3, 5), KeyedRandom(seed: 0, key: 5))
    #expect(two.next() != one.next())
  }

  @Test("neighbouring keys are not correlated", arguments: 0..<10)
  func correlation(seed: UInt64) {
    var sum = 0.0
    let count = 4000
    for row in UInt64(0)..<UInt64(count) {
      var a = KeyedRandom(seed: seed, key: 1, row)
      var b = KeyedRandom(seed: seed, key: 1, row + 1)
      sum += (a.uniform() - 0.5) * (b.uniform() - 0.5)
    }
    // Each product has variance 1/144, so the mean has deviation 1/(12√n); six of them.
    #expect(abs(sum / Double(count)) < 6 / (12 * Double(count).squareRoot()))
  }

  @Test("below is without bias", arguments: [1, 2, 3, 7, 10, 64, 100])
  func below(bound: Int) {
    var random = KeyedRandom(seed: 1, key: UInt64(bound))
    let draws = 2000 * bound
    var counts = Array(repeating: 0, count: bound)
    for _ in 0..<draws { counts[random.below(bound)] += 1 }
    let squares = counts.reduce(0.0) { $0 + (Double($1) - 2000) * (Double($1) - 2000) / 2000 }
    // χ² with f degrees of freedom has mean f and variance 2f; six deviations and some.
    let freedom = Double(bound - 1)
    #expect(squares <= freedom + 6 * (2 * freedom).squareRoot() + 10, "\(squares)")
  }

  @Test("below a huge bound stays below it and uses all of it")
  func hugeBound() {
    var random = KeyedRandom(seed: 2)
    let bound = Int.max / 3 * 2  // multiplying and cutting off would favour the lower half
    let draws = (0..<4000).map { _ in random.below(bound) }
    #expect(draws.allSatisfy { (0..<bound).contains($0) })
    // Binomial with deviation √1000 ≈ 32; six of them.
    #expect(abs(draws.count { $0 < bound / 2 } - 2000) < 190)
  }

  @Test("uniform lies in [0, 1) with mean 1/2 and variance 1/12")
  func uniform() {
    var random = KeyedRandom(seed: 5)
    let count = 40_000.0
    let draws = (0..<40_000).map { _ in random.uniform() }
    #expect(draws.allSatisfy { (0..<1).contains($0) })
    let mean = draws.reduce(0, +) / count
    // Deviation of the mean √(1/12n) ≈ 0.0014, of the variance √(1/180n) ≈ 0.0004; six of them.
    expectClose(mean, 0.5, absolute: 0.009)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    expectClose(variance, 1 / 12, absolute: 0.0023)
  }

  @Test("normal has the moments of the normal distribution", arguments: 0..<5)
  func normal(seed: UInt64) {
    var random = KeyedRandom(seed: seed, key: 9)
    let count = 40_000
    let draws = (0..<count).map { _ in random.normal() }
    func moment(_ power: Int) -> Double {
      draws.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x } }
        / Double(count)
    }
    // The k-th power has variance μ₂ₖ − μₖ²: 1, 2, 15, 96. Six deviations of the mean of n.
    let root = Double(count).squareRoot()
    expectClose(moment(1), 0, absolute: 6 / root)
    expectClose(moment(2), 1, absolute: 6 * 2.0.squareRoot() / root)
    expectClose(moment(3), 0, absolute: 6 * 15.0.squareRoot() / root)
    expectClose(moment(4), 3, absolute: 6 * 96.0.squareRoot() / root)
  }

  @Test("shuffle is a permutation, and every one comes up alike often")
  func shuffle() {
    var random = KeyedRandom(seed: 6)
    for count in 0..<50 {
      var numbers = Array(0..<count)
      random.shuffle(&numbers)
      #expect(numbers.sorted() == Array(0..<count))
    }
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 {
      var numbers = [0, 1, 2, 3]
      random.shuffle(&numbers)
      counts[numbers, default: 0] += 1
    }
    #expect(counts.count == 24)
    let squares = counts.values.reduce(0.0) {
      $0 + (Double($1) - 1000) * (Double($1) - 1000) / 1000
    }
    // χ² with 23 degrees of freedom; mean 23, deviation √46 ≈ 6.8; six of them.
    #expect(squares < 64, "\(squares)")
  }

  @Test("a bound that leaves nothing is refused")
  func noBound() async {
    await #expect(processExitsWith: .failure) {
      var random = KeyedRandom(seed: 1)
      _ = random.below(0)
    }
  }
}
