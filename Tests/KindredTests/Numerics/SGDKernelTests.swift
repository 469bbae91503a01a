// The SGD kernels against their plain Swift twin and against the hand-worked step.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("SGD kernels") struct SGDKernelTests {
  private static let padding = 8

  /// A few random rows and ratings.
  private struct Trial {
    let dimension: Int
    var rows: SGDRows
    var users: [Int32] = []
    var items: [Int32] = []
    var ratings: [Float] = []
    let rate: Double
    let regularization: Double
    private let hasBiases: Bool

    init(
      seed: UInt64, dimension: Int, hasBiases: Bool, rate: Double = 0.01,
      regularization: Double = 0.1, ratings count: Int = 12
    ) {
      self.dimension = dimension
      self.rate = rate
      self.regularization = regularization
      self.hasBiases = hasBiases
      var random = KeyedRandom(seed: seed, key: UInt64(dimension), hasBiases ? 1 : 0)
      let stride = (dimension + padding - 1) / padding * padding
      func table(_ rows: Int) -> [Float] {
        (0..<rows * stride).map { $0 % stride < dimension ? Float(random.normal() * 0.5) : 0 }
      }
      func biases(_ rows: Int) -> [Float] {
        hasBiases ? (0..<rows).map { _ in Float(random.normal() * 0.3) } : []
      }
      rows = SGDRows(
        users: table(3), items: table(4), userBiases: biases(3), itemBiases: biases(4),
        stride: stride, mean: hasBiases ? 3.25 : 0, step: Float(2 * rate),
        decay: Float(1 - 2 * rate * regularization))
      for _ in 0..<count {
        users.append(Int32(random.below(3)))
        items.append(Int32(random.below(4)))
        ratings.append(Float(random.below(10)) / 2 + 0.5)
      }
    }

    func plain(_ entry: Int, in rows: SGDRows) -> PlainSGDStep {
      let (user, item) = (Int(users[entry]), Int(items[entry]))
      let (x, y) = (user * rows.stride, item * rows.stride)
      return PlainSGDStep(
        x: Array(rows.users[x..<x + dimension]), y: Array(rows.items[y..<y + dimension]),
        biases: hasBiases ? (user: rows.userBiases[user], item: rows.itemBiases[item]) : nil,
        mean: rows.mean, step: rows.step, decay: rows.decay)
    }

    /// What the twin makes of the ratings, one after the other.
    func expected() -> (rows: SGDRows, squares: Double) {
      var rows = rows
      var squares = 0.0
      for entry in ratings.indices {
        var step = plain(entry, in: rows)
        let diff = Double(step.update(rating: ratings[entry]))
        squares += diff * diff
        let (user, item) = (Int(users[entry]), Int(items[entry]))
        rows.users.replaceSubrange(
          user * rows.stride..<user * rows.stride + dimension, with: step.x)
        rows.items.replaceSubrange(
          item * rows.stride..<item * rows.stride + dimension, with: step.y)
        if let biases = step.biases {
          rows.userBiases[user] = biases.user
          rows.itemBiases[item] = biases.item
        }
      }
      return (rows, squares)
    }
  }

  private static let kernels = [Kernels.best, Kernels.portable]

  /// Every implementation does to a trial's rows, bit for bit, what the plain Swift twin does.
  private func expectAgreement(_ trial: Trial) {
    let expected = trial.expected()
    for kernels in Self.kernels {
      var rows = trial.rows
      let squares = kernels.sgd(
        &rows, users: trial.users, items: trial.items, ratings: trial.ratings)
      expectSameBits(rows, expected.rows, "\(kernels.name)")
      #expect(squares.bitPattern == expected.squares.bitPattern, "\(kernels.name)")
    }
  }

  @Test("agree with the twin in every dimension", arguments: 1...130)
  func everyDimension(dimension: Int) {
    for hasBiases in [false, true] {
      expectAgreement(Trial(seed: 1, dimension: dimension, hasBiases: hasBiases))
    }
  }

  @Test("agree with the twin on random states", arguments: 0..<50)
  func randomStates(seed: UInt64) {
    var random = KeyedRandom(seed: seed)
    expectAgreement(
      Trial(
        seed: seed, dimension: 1 + random.below(70), hasBiases: seed % 2 == 0,
        rate: 0.02 * random.uniform(), regularization: random.uniform(), ratings: random.below(40)))
  }

  @Test("give for several ratings what one after the other gives", arguments: 0..<10)
  func oneAfterTheOther(seed: UInt64) {
    let trial = Trial(seed: seed, dimension: 19, hasBiases: true)
    for kernels in Self.kernels {
      var together = trial.rows
      let sum = kernels.sgd(
        &together, users: trial.users, items: trial.items, ratings: trial.ratings)
      var apart = trial.rows
      var squares = 0.0
      for entry in trial.ratings.indices {
        squares += kernels.sgd(
          &apart, users: [trial.users[entry]], items: [trial.items[entry]],
          ratings: [trial.ratings[entry]])
      }
      expectSameBits(together, apart, "\(kernels.name)")
      #expect(sum.bitPattern == squares.bitPattern, "\(kernels.name)")
    }
  }

  @Test(
    "take the step that is worked by hand", arguments: 0..<20, [0.001, 0.02, 0.5])
  func handWorked(seed: UInt64, rate: Double) {
    for dimension in [1, 2, 7, 8, 20, 33, 100] {
      for (hasBiases, regularization) in [(false, 0.0), (true, 0), (false, 0.2), (true, 0.05)] {
        let trial = Trial(
          seed: seed, dimension: dimension, hasBiases: hasBiases, rate: rate,
          regularization: regularization, ratings: 1)
        compareWithHand(trial)
      }
    }
  }

  private func compareWithHand(_ trial: Trial) {
    let start = trial.plain(0, in: trial.rows)
    let (x, y) = (start.x.map { Double($0) }, start.y.map { Double($0) })
    let biases = start.biases.map { (Double($0.user), Double($0.item)) }
    let (rating, mean) = (Double(trial.ratings[0]), Double(start.mean))
    let hand = HandWorkedStep(
      PairObjective(target: rating, mean: mean, regularization: trial.regularization),
      from: PairState(user: x, item: y, biases: biases.map { .init(user: $0.0, item: $0.1) }),
      learned: .both, rate: trial.rate)
    // With u = 2⁻²⁴: the dot product is off by at most d + 5 roundings (five to add up the lanes)
    // of Σ|xₖyₖ|, and adding mean and biases and taking the difference rounds four times more.
    let u = 0x1p-24
    let size =
      zip(x, y).reduce(0) { $0 + abs($1.0 * $1.1) } + abs(rating) + abs(mean)
      + (biases.map { abs($0.0) + abs($0.1) } ?? 0)
    let diffError = Double(trial.dimension + 9) * u * size
    // step and decay are rounded, so are scale, decay · a and the sum: five roundings of both terms.
    func tolerance(_ before: Double, _ other: Double) -> Double {
      let scale = 2 * trial.rate * abs(other)
      return scale * diffError + 5 * u * (abs(before) + scale * abs(hand.diff))
    }
    for kernels in Self.kernels {
      var rows = trial.rows
      let squares = kernels.sgd(
        &rows, users: trial.users, items: trial.items, ratings: trial.ratings)
      // (diff + e)² − diff² is at most (2|diff| + e) · e.
      expectClose(
        squares, hand.loss, absolute: (2 * abs(hand.diff) + diffError) * diffError, kernels.name)
      let after = trial.plain(0, in: rows)
      for k in x.indices {
        expectClose(
          Double(after.x[k]), hand.after.user[k], absolute: tolerance(x[k], y[k]), "user \(k)")
        expectClose(
          Double(after.y[k]), hand.after.item[k], absolute: tolerance(y[k], x[k]), "item \(k)")
      }
      if let biases, let moved = hand.after.biases, let found = after.biases {
        expectClose(Double(found.user), moved.user, absolute: tolerance(biases.0, 1), "user bias")
        expectClose(Double(found.item), moved.item, absolute: tolerance(biases.1, 1), "item bias")
      }
    }
  }

  @Test("leave other rows and the padding alone")
  func untouched() {
    for kernels in Self.kernels {
      let trial = Trial(seed: 3, dimension: 11, hasBiases: true)
      var rows = trial.rows
      _ = kernels.sgd(&rows, users: [1], items: [2], ratings: [4])
      #expect(rows.users[..<16] == trial.rows.users[..<16])
      #expect(rows.users[32...] == trial.rows.users[32...])
      #expect(rows.users[27..<32].allSatisfy { $0 == 0 })
      #expect(rows.items[..<32] == trial.rows.items[..<32])
      #expect(rows.items[48...] == trial.rows.items[48...])
      #expect(rows.userBiases[0] == trial.rows.userBiases[0])
      #expect(rows.itemBiases[3] == trial.rows.itemBiases[3])
    }
  }

  @Test("leave nothing finite of a NaN or of numbers beyond Float")
  func nonFinite() {
    for kernels in Self.kernels {
      for poison in [Float.nan, .infinity, .greatestFiniteMagnitude] {
        var rows = Trial(seed: 4, dimension: 9, hasBiases: false).rows
        rows.users[0] = poison
        rows.items[0] = 2
        #expect(!kernels.sgd(&rows, users: [0], items: [0], ratings: [3]).isFinite)
        #expect(!rows.users[1].isFinite, "\(kernels.name), \(poison)")
      }
    }
  }

  @Test("refuse lists and rows that do not fit")
  func counts() async {
    await #expect(processExitsWith: .failure) {
      var rows = SGDRows(users: [0, 0], items: [0, 0], stride: 2, step: 0, decay: 1)
      _ = Kernels.best.sgd(&rows, users: [0], items: [0], ratings: [1])
    }
    await #expect(processExitsWith: .failure) {
      let row = Array(repeating: Float(0), count: 8)
      var rows = SGDRows(users: row, items: row, stride: 8, step: 0, decay: 1)
      _ = Kernels.best.sgd(&rows, users: [0], items: [0, 0], ratings: [1])
    }
    await #expect(processExitsWith: .failure) {
      let row = Array(repeating: Float(0), count: 8)
      var rows = SGDRows(users: row, items: row, stride: 8, step: 0, decay: 1)
      _ = Kernels.best.sgd(&rows, users: [0], items: [1], ratings: [1])
    }
  }
}

/// Expects the same bits everywhere; a failure names the first place that differs.
private func expectSameBits(
  _ found: SGDRows, _ expected: SGDRows, _ note: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let (a, b) = (bits(found), bits(expected))
  let place = zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }?.offset
  #expect(place == nil && a.count == b.count, "\(note)", sourceLocation: sourceLocation)
}

/// The bits of every number, in order.
private func bits(_ rows: SGDRows) -> [UInt32] {
  (rows.users + rows.items + rows.userBiases + rows.itemBiases).map(\.bitPattern)
}
