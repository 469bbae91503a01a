// The loss over all items: its derivatives, its sums by way of a few scores, and its minimum.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Loss over all items") struct AllItemsLossTests {
  /// A random loss of one user.
  private struct Problem {
    let items: [[Float]]
    let scales: [Double]?
    let offsets: [Double]?
    let chances: [Double]?
    let seen: [(row: ItemRow, weight: Double)]
    let penalty: Double
    let center: [Double]?

    init(seed: Int, items count: Int = 40, dimension: Int = 5, seen seenCount: Int = 6) {
      var random = KeyedRandom(seed: UInt64(seed), key: 501)
      items = (0..<count).map { _ in (0..<dimension).map { _ in Float(random.normal()) } }
      var order = Array(0..<count)
      random.shuffle(&order)
      seen = order.prefix(seenCount).map {
        (row: ItemRow($0), weight: 0.5 + 2 * random.uniform())
      }
      let isOfPairs = seed % 2 == 0
      let isPlain = seed % 4 < 2
      scales = isPlain ? nil : (0..<count).map { _ in 0.3 + random.uniform() }
      offsets = isPlain ? nil : (0..<count).map { _ in random.normal() }
      var chances = (0..<count).map { _ in 0.1 + random.uniform() }
      for (row, _) in seen { chances[Int(row.index)] = 0 }
      let sum = chances.reduce(0, +)
      self.chances = isOfPairs ? chances.map { $0 / sum } : nil
      penalty = 0.05 * Double(seenCount)
      center = isPlain ? nil : (0..<dimension).map { _ in random.normal() }
    }

    func loss() throws -> AllItemsLoss {
      AllItemsLoss(
        try EmbeddingTable(rows: items), scales: scales, offsets: offsets,
        form: chances.map { .pairs(chances: $0) } ?? .shares, seen: seen, penalty: penalty,
        center: center)
    }

    /// x − m.
    func off(_ x: [Double]) -> [Double] { center.map { zip(x, $0).map { $0 - $1 } } ?? x }

    func scores(_ x: [Double]) -> [Double] {
      items.indices.map { j in
        let dot = x.indices.reduce(0.0) { $0 + x[$1] * Double(items[j][$1]) }
        return dot * (scales?[j] ?? 1) + (offsets?[j] ?? 0)
      }
    }

    /// The loss by its definition.
    func value(_ x: [Double]) -> Double {
      let z = scores(x)
      var value = penalty * off(x).reduce(0) { $0 + $1 * $1 }
      for (row, weight) in seen {
        let own = z[Int(row.index)]
        if let chances {
          for j in z.indices { value += weight * chances[j] * softplus(z[j] - own) }
        } else {
          value += weight * (logarithm(z.reduce(0) { $0 + exponential($1) }) - own)
        }
      }
      return value
    }

    /// Gradient and second derivatives by z, turned to x, one pair or item at a time.
    func derivatives(_ x: [Double]) -> (gradient: [Double], hessian: [Double]) {
      let (z, k) = (scores(x), x.count)
      var gradient = off(x).map { 2 * penalty * $0 }
      var hessian = (0..<k * k).map { $0 % (k + 1) == 0 ? 2 * penalty : 0 }
      func add(_ slope: Double, _ bend: Double, _ v: [Double]) {
        for a in 0..<k {
          gradient[a] += slope * v[a]
          for b in 0..<k { hessian[a * k + b] += bend * v[a] * v[b] }
        }
      }
      func row(_ j: Int) -> [Double] { items[j].map { Double($0) * (scales?[j] ?? 1) } }
      for (place, weight) in seen.map({ (Int($0.row.index), $0.weight) }) {
        let own = row(place)
        if let chances {
          for j in z.indices {
            let share = 1 / (1 + exponential(z[place] - z[j]))
            let way = zip(row(j), own).map { $0 - $1 }
            add(weight * chances[j] * share, weight * chances[j] * share * (1 - share), way)
          }
        } else {
          let sum = z.reduce(0) { $0 + exponential($1) }
          var mean = Array(repeating: 0.0, count: k)
          for j in z.indices {
            for (a, number) in row(j).enumerated() { mean[a] += exponential(z[j]) / sum * number }
          }
          for j in z.indices {
            add(0, weight * exponential(z[j]) / sum, zip(row(j), mean).map { $0 - $1 })
          }
          add(weight, 0, zip(mean, own).map { $0 - $1 })
        }
      }
      return (gradient, hessian)
    }

    /// The minimum by damped Newton steps with the whole matrix.
    func minimum(from start: [Double]) throws -> [Double] {
      var x = start
      for _ in 0..<200 {
        let (gradient, hessian) = derivatives(x)
        guard gradient.reduce(0, { $0 + $1 * $1 }) > 1e-24 else { break }
        let step = try #require(Cholesky(hessian, size: x.count)).solve(gradient)
        var length = 1.0
        while length > 1e-9, value(zip(x, step).map { $0 - length * $1 }) > value(x) { length /= 2 }
        x = zip(x, step).map { $0 - length * $1 }
      }
      return x
    }
  }

  private static func softplus(_ d: Double) -> Double {
    max(d, 0) + logarithm1p(exponential(-abs(d)))
  }

  private func vector(_ seed: Int, _ count: Int, _ key: UInt64) -> [Double] {
    var random = KeyedRandom(seed: UInt64(seed), key: key)
    return (0..<count).map { _ in random.normal() }
  }

  // Sums of a few dozen terms of size 1 in Double: 1e-12 is a thousand roundings.
  @Test("is its definition, with its derivatives", arguments: 0..<32)
  func derivatives(seed: Int) throws {
    let problem = Problem(seed: seed)
    let (x, v) = (vector(seed, 5, 502), vector(seed, 5, 503))
    let point = try #require(try problem.loss().point(at: x))
    expectClose(point.value, problem.value(x), relative: 1e-12)
    let (gradient, hessian) = problem.derivatives(x)
    let bent = point.curvature(v)
    for a in x.indices {
      expectClose(point.gradient[a], gradient[a], absolute: 1e-11)
      let product = v.indices.reduce(0) { $0 + hessian[a * 5 + $1] * v[$1] }
      expectClose(bent[a], product, absolute: 1e-11)
    }
  }

  // With 3,000 items in a few panels the nodes stand in for them; their error is below rounding, and sums of
  // 3,000 terms round to about 3,000 · 2⁻⁵³ of their size.
  @Test("is the same by way of a few scores", arguments: [0, 4, 8, 12, 16])
  func nodes(seed: Int) throws {
    let problem = Problem(seed: seed, items: 3_000, dimension: 4, seen: 20)
    let (x, v) = (vector(seed, 4, 504), vector(seed, 4, 505))
    let point = try #require(try problem.loss().point(at: x))
    expectClose(point.value, problem.value(x), relative: 1e-12)
    let (gradient, hessian) = problem.derivatives(x)
    let bent = point.curvature(v)
    for a in x.indices {
      expectClose(point.gradient[a], gradient[a], absolute: 1e-10)
      let product = v.indices.reduce(0) { $0 + hessian[a * 4 + $1] * v[$1] }
      expectClose(bent[a], product, absolute: 1e-10)
    }
  }

  // The curvature is 2 · penalty at least, so that a gradient of 1e-6 leaves 1e-6 / 0.6 in x at most and
  // a few times that in a score: 1e-4 is far beyond.
  @Test("has the minimum that damped Newton steps find, from any start", arguments: 0..<24)
  func minimum(seed: Int) throws {
    let problem = Problem(seed: seed)
    let loss = try problem.loss()
    for start in [Array(repeating: 0.0, count: 5), vector(seed, 5, 506).map { 5 * $0 }] {
      let found = try #require(RowMinimizer().minimum(of: loss, from: start))
      let gradient = problem.derivatives(found).gradient
      #expect(gradient.reduce(0) { $0 + $1 * $1 }.squareRoot() < 1e-6)
      let scores = zip(problem.scores(found), problem.scores(try problem.minimum(from: start)))
      for (ours, theirs) in scores { expectClose(ours, theirs, absolute: 1e-4) }
    }
  }

  @Test(
    "finds a direction's minimum, where the gradient along the sphere vanishes", arguments: 0..<16)
  func direction(seed: Int) throws {
    let problem = Problem(seed: seed * 2 + 1)
    let start = vector(seed, 5, 507)
    let length = start.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let unit = start.map { $0 / length }
    let loss = DirectionLoss(try problem.loss())
    let found = try #require(RowMinimizer(staysOnSphere: true).minimum(of: loss, from: unit))
    expectClose(found.reduce(0) { $0 + $1 * $1 }, 1, absolute: 1e-12)
    let gradient = problem.derivatives(found).gradient
    let outward = zip(gradient, found).reduce(0) { $0 + $1.0 * $1.1 }
    let along = zip(gradient, found).reduce(0) { sum, pair in
      let part = pair.0 - outward * pair.1
      return sum + part * part
    }
    #expect(along.squareRoot() < 1e-6)
    #expect(problem.value(found) <= problem.value(unit))
  }

  @Test("says so if its numbers are out of reach")
  func outOfReach() throws {
    let table = try EmbeddingTable<ItemSide>(rows: [[3e38, 1], [-3e38, 1], [1, 1]])
    let loss = AllItemsLoss(
      table, form: .pairs(chances: [0, 0.5, 0.5]), seen: [(ItemRow(0), 1e300)], penalty: 0)
    #expect(RowMinimizer().minimum(of: loss, from: [1e300, 0]) == nil)
  }

  @Test("tables against wide vectors are the plain sums, to the bit", arguments: 1...20)
  func wide(seed: Int) throws {
    var random = KeyedRandom(seed: UInt64(seed), key: 508)
    let (count, dimension) = (1 + random.below(30), 1 + random.below(40))
    let rows = (0..<count).map { _ in (0..<dimension).map { _ in Float(random.normal()) } }
    let table = try EmbeddingTable<ItemSide>(rows: rows)
    let x = (0..<dimension).map { _ in random.normal() }
    let weights = (0..<count).map { _ in random.normal() }
    #expect(Kernels.wideProducts(table.elements, x) == rows.map { plainWideProduct($0, x) })
    #expect(Kernels.wideSum(table.elements, weights) == plainWideSum(rows, weights))
  }
}
