// Drawing what rows have in common, against the moments of the distribution.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Priors of rows") struct RowPriorTests {
  /// Sums over rows that are given one by one.
  private func sums(_ rows: [[Double]]) -> RowSums {
    let width = rows[0].count
    var sums = RowSums(width: width)
    sums.count = rows.count
    for row in rows {
      for a in 0..<width {
        sums.first[a] += row[a]
        for b in 0..<width { sums.second[a * width + b] += row[a] * row[b] }
      }
    }
    return sums
  }

  @Test("precisions and means have the moments of their distribution", arguments: [1, 2, 4])
  func moments(width: Int) throws {
    var random = KeyedRandom(seed: UInt64(width), key: 11)
    let rows = (0..<30).map { _ in
      (0..<width).map { k in Double(k) + (0.5 + Double(k)) * random.normal() }
    }
    let hyperprior = NormalWishart(scatter: (0..<width).map { 1 + Double($0) })
    let sums = sums(rows)
    // W⁻¹ by the paper's formula, which centres the rows at their mean first.
    let n = Double(rows.count)
    let mean = sums.first.map { $0 / n }
    let scatter = (0..<width).map { a in
      (0..<width).map { b in
        rows.reduce(0) { $0 + ($1[a] - mean[a]) * ($1[b] - mean[b]) }
          + n * 2 / (n + 2) * mean[a] * mean[b] + (a == b ? hyperprior.scatter[a] : 0)
      }
    }
    let w = try (0..<width).map { column in
      try #require(solvedByElimination(scatter, (0..<width).map { $0 == column ? 1 : 0 }))
    }
    let degrees = Double(width) + n
    let count = 20_000
    var precision = Array(repeating: 0.0, count: width * width)
    var center = Array(repeating: 0.0, count: width)
    // z = B(mean − its centre)·√(β₀ + n) is standard normal where the precision is BᵀB; its squares
    // add up to (mean − centre)ᵀ Λ (mean − centre) (β₀ + n), of mean `width`.
    var distance = 0.0
    for draw in 0..<count {
      var random = KeyedRandom(seed: UInt64(draw), key: 12)
      let prior = try #require(hyperprior.draw(given: sums, using: &random))
      for place in precision.indices { precision[place] += prior.precision[place] / Double(count) }
      let off = (0..<width).map { prior.mean[$0] - sums.first[$0] / (n + 2) }
      for k in 0..<width { center[k] += prior.mean[k] / Double(count) }
      for a in 0..<width {
        for b in 0..<width {
          distance += off[a] * off[b] * prior.precision[a * width + b] * (n + 2) / Double(count)
        }
      }
    }
    for a in 0..<width {
      for b in 0..<width {
        // Λ_ab has the mean ν W_ab and the variance ν (W_ab² + W_aa W_bb); six deviations of its mean.
        let variance = degrees * (w[a][b] * w[a][b] + w[a][a] * w[b][b])
        expectClose(
          precision[a * width + b], degrees * w[a][b],
          absolute: 6 * (variance / Double(count)).squareRoot())
        #expect(precision[a * width + b] == precision[b * width + a])
      }
      // The mean's variance is that of Λ⁻¹ / (β₀ + n), some scatter / ν / (β₀ + n) and twice it at most.
      let variance = 2 * scatter[a][a] / degrees / (n + 2)
      expectClose(
        center[a], sums.first[a] / (n + 2), absolute: 6 * (variance / Double(count)).squareRoot())
    }
    // χ² with `width` degrees of freedom has the variance 2 · width.
    expectClose(
      distance, Double(width),
      absolute: 6 * (2 * Double(width) / Double(count)).squareRoot())
  }

  @Test("sums over a table are those of its rows", arguments: [true, false])
  func tableSums(hasBiases: Bool) {
    let table = SideTable(count: 7, dimension: 3, hasBiases: hasBiases)
    var random = KeyedRandom(seed: 1, key: 13)
    var rows: [[Double]] = []
    for row in 0..<7 {
      let sample = (0..<table.width).map { _ in Float(random.normal()) }
      table.set(row, to: sample.span)
      rows.append(sample.map { Double($0) })
    }
    let chosen: [Int32] = [0, 2, 3, 6]
    let (found, expected) = (table.sums(over: chosen.span), sums(chosen.map { rows[Int($0)] }))
    #expect(found.count == 4 && found.first == expected.first)
    for a in 0..<table.width {
      for b in a..<table.width {
        // The same products in the same order, of which a fused one is rounded once less.
        expectClose(
          found.second[a * table.width + b], expected.second[a * table.width + b],
          absolute: 16 * 0x1p-52)
      }
    }
    #expect(table.packed.map { Double($0) } == rows.flatMap { $0 })
    let copy = SideTable(copying: table)
    copy.unpack(Flat(table.packed.map { 2 * $0 }))
    #expect(copy.packed.map { $0 / 2 } == Array(table.packed))
    #expect(table.vector(3)[1] == Float(rows[3][1]))
  }

  @Test("sums beyond numbers give no prior")
  func beyond() {
    let hyperprior = NormalWishart(scatter: [1, 1])
    var sums = sums([[1, 2], [3, 4]])
    var random = KeyedRandom(seed: 1)
    #expect(hyperprior.draw(given: sums, using: &random) != nil)
    sums.second[0] = .infinity
    #expect(hyperprior.draw(given: sums, using: &random) == nil)
    sums.second[0] = .nan
    #expect(hyperprior.draw(given: sums, using: &random) == nil)
  }
}

@Suite("Noise of ratings") struct RatingNoiseTests {
  @Test("is drawn about what the residuals say", arguments: 1...3)
  func moments(seed: UInt64) {
    // 40 users with 50 ratings each, of which every other one is twice as noisy.
    let squares = (0..<40).map { $0.isMultiple(of: 2) ? 50.0 * 0.25 : 50.0 }
    var noise = RatingNoise(scale: RatingScale([1, 3], mean: 2), users: 40)
    var (steady, noisy, mean, draws) = (0.0, 0.0, 0.0, 0)
    for epoch in 1...400 {
      let isWell = noise.draw(
        squares: squares, counts: { _ in 50 }, seed: seed, epoch: epoch)
      #expect(isWell)
      guard epoch > 100 else { continue }
      draws += 1
      for user in 0..<40 {
        let variance = 1 / (noise.precision * Double(noise.weights[user]))
        if user.isMultiple(of: 2) { steady += variance / 20 } else { noisy += variance / 20 }
      }
      mean += 1 / noise.meanPrecision(counts: { _ in 50 })
    }
    // Pulled towards one another by the prior's 12 of 62 ratings, and 20 users' variances known to
    // √(2 / 62 / 20), 4 %, each.
    #expect((0.25...0.40).contains(steady / Double(draws)), "\(steady / Double(draws))")
    #expect((0.80...1.05).contains(noisy / Double(draws)), "\(noisy / Double(draws))")
    expectClose(mean / Double(draws), (steady + noisy) / 2 / Double(draws), relative: 1e-6)
  }

  @Test("of ratings that are all alike stays in range")
  func alike() {
    var noise = RatingNoise(scale: RatingScale([3, 3, 3], mean: 3), users: 3)
    for epoch in 1...1000 {
      let isWell = noise.draw(
        squares: [0, 0, 0], counts: { _ in 1 }, seed: 1, epoch: epoch)
      #expect(isWell)
      // The prior's rate of 1/2 with a shape of 2.5 bounds it but for the tails of a gamma variable.
      #expect(noise.precision < 100)
    }
    let isWell = noise.draw(
      squares: [.infinity, 0, 0], counts: { _ in 1 }, seed: 1, epoch: 1)
    #expect(!isWell)
  }
}
