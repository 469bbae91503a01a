// Draws of gamma and chi-square: their moments.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Gamma draws") struct GammaTests {
  @Test(
    "have the moments of the distribution", arguments: [0.05, 0.5, 1, 1.5, 3, 40, 1e4, 1e9])
  func moments(shape: Double) {
    var random = KeyedRandom(seed: 1, key: 5)
    let count = 100_000
    let draws = (0..<count).map { _ in random.gamma(shape: shape) }
    #expect(draws.allSatisfy { $0 >= 0 && $0.isFinite })
    let mean = draws.reduce(0, +) / Double(count)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    // The mean of n draws has the deviation √(a/n); six of them.
    expectClose(mean, shape, absolute: 6 * (shape / Double(count)).squareRoot())
    // The fourth central moment of a gamma variable is 3a² + 6a, so that the variance of n draws has the
    // deviation √((2a² + 6a)/n).
    let deviation = ((2 * shape * shape + 6 * shape) / Double(count)).squareRoot()
    expectClose(variance, shape, absolute: 6 * deviation)
  }

  @Test("below their median lie half of them", arguments: [0.5, 1, 5])
  func median(degrees: Double) {
    // Medians of χ² with 1, 2 and 10 degrees of freedom, from tables; the second is 2 ln 2.
    let medians = [0.5: 0.454936423119572, 1: 1.386294361119891, 5: 9.341817765591968]
    var random = KeyedRandom(seed: 2, key: 5)
    let count = 40_000
    let below = (0..<count).count { _ in
      random.chiSquare(degrees: 2 * degrees) < medians[degrees] ?? .nan
    }
    // Six deviations of a share of a half.
    expectClose(
      Double(below) / Double(count), 0.5, absolute: 6 * 0.5 / Double(count).squareRoot())
  }

  @Test("repeat by their key, also when normal draws come between")
  func repeats() {
    var (a, b) = (KeyedRandom(seed: 3, key: 6), KeyedRandom(seed: 3, key: 6))
    for _ in 0..<10 {
      #expect(a.gamma(shape: 2.5) == b.gamma(shape: 2.5))
      #expect(a.normal() == b.normal())
    }
  }

  @Test("of no shape are refused")
  func noShape() async {
    await #expect(processExitsWith: .failure) {
      var random = KeyedRandom(seed: 1)
      _ = random.gamma(shape: 0)
    }
  }
}
