// The SGD kernels against their plain Swift twin and against the hand-worked step.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("SGD kernels") struct SGDKernelTests {
  private static let padding = 8

  /// How many users a group has.
  private static let group = RatingBlocks.group

  /// A few random rows and ratings, in the order of groups.
  private struct Trial {
    var rows: SGDRows
    var users: [Int] = []
    var items: [Int] = []
    var ratings: [Float] = []
    let rate: Double

    init(
      seed: UInt64, dimension: Int, hasBiases: Bool, schedule: RateSchedule = .visits,
      rate: Double = 0.01, regularization: Double = 0.1, ratings count: Int = 12,
      users userCount: Int = 3, items itemCount: Int = 4
    ) {
      self.rate = rate
      var random = KeyedRandom(seed: seed, key: UInt64(dimension), hasBiases ? 1 : 0)
      let stride = (dimension + padding - 1) / padding * padding
      func table(_ rows: Int) -> [Float] {
        (0..<rows * stride).map { $0 % stride < dimension ? Float(random.normal() * 0.5) : 0 }
      }
      func rows(_ count: Int) -> [PlainSGDStep.Row] {
        (0..<count).map { _ in
          PlainSGDStep.Row(
            bias: hasBiases ? Float(random.normal() * 0.3) : 0, seen: Float(random.below(500)))
        }
      }
      self.rows = SGDRows(
        users: table(userCount), items: table(itemCount), userRows: rows(userCount),
        itemRows: rows(itemCount), dimension: dimension, stride: stride,
        mean: hasBiases ? 3.25 : 0, hasBiases: hasBiases,
        pace: schedule.pace(rate: rate, regularization: regularization))
      for _ in 0..<count {
        users.append(random.below(userCount))
        items.append(random.below(itemCount))
        ratings.append(Float(random.below(10)) / 2 + 0.5)
      }
      // Any order within a group.
      users = users.enumerated().sorted {
        ($0.element / group, $0.offset) < ($1.element / group, $1.offset)
      }.map(\.element)
    }

    func plain(_ entry: Int, in rows: SGDRows) -> PlainSGDStep {
      let (user, item) = (users[entry], items[entry])
      let (x, y) = (user * rows.stride, item * rows.stride)
      return PlainSGDStep(
        x: Array(rows.users[x..<x + rows.dimension]), y: Array(rows.items[y..<y + rows.dimension]),
        user: rows.userRows[user], item: rows.itemRows[item])
    }

    /// The rows at the start of a block, with their steps set; a group without ratings is left out.
    func begun() -> SGDRows {
      var rows = rows
      for item in rows.itemRows.indices { rows.itemRows[item].set(rows.pace) }
      let groups = Set(users.map { $0 / group })
      for user in rows.userRows.indices where groups.contains(user / group) {
        rows.userRows[user].set(rows.pace)
      }
      return rows
    }

    /// What the twin makes of the ratings, one after the other.
    func expected() -> (rows: SGDRows, squares: Double) {
      var rows = begun()
      var squares = 0.0
      for entry in ratings.indices {
        var step = plain(entry, in: rows)
        let diff = Double(
          step.update(
            rating: ratings[entry], mean: rows.mean, hasBiases: rows.hasBiases, pace: rows.pace))
        squares += diff * diff
        let (user, item) = (users[entry], items[entry])
        let (x, y) = (user * rows.stride, item * rows.stride)
        rows.users.replaceSubrange(x..<x + rows.dimension, with: step.x)
        rows.items.replaceSubrange(y..<y + rows.dimension, with: step.y)
        rows.userRows[user] = step.user
        rows.itemRows[item] = step.item
      }
      return (rows, squares)
    }
  }

  private static let kernels = Kernels.rowChoices

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
      for schedule in RateSchedule.allCases {
        expectAgreement(
          Trial(seed: 1, dimension: dimension, hasBiases: hasBiases, schedule: schedule))
      }
    }
  }

  @Test("agree with the twin on random states", arguments: 0..<50)
  func randomStates(seed: UInt64) {
    var random = KeyedRandom(seed: seed)
    expectAgreement(
      Trial(
        seed: seed, dimension: 1 + random.below(70), hasBiases: seed % 2 == 0,
        schedule: seed % 3 == 0 ? .adagrad : .visits, rate: 0.02 * random.uniform(),
        regularization: random.uniform(), ratings: random.below(400),
        users: 1 + random.below(100), items: 1 + random.below(30)))
  }

  @Test("take the step that is worked by hand", arguments: 0..<20, [0.001, 0.02, 0.5])
  func handWorked(seed: UInt64, rate: Double) {
    for dimension in [1, 2, 7, 8, 20, 33, 100] {
      for (hasBiases, regularization) in [(false, 0.0), (true, 0), (false, 0.2), (true, 0.05)] {
        compareWithHand(
          Trial(
            seed: seed, dimension: dimension, hasBiases: hasBiases, rate: rate,
            regularization: regularization, ratings: 1))
      }
    }
  }

  private func compareWithHand(_ trial: Trial) {
    let start = trial.plain(0, in: trial.rows)
    let (x, y) = (start.x.map { Double($0) }, start.y.map { Double($0) })
    let hasBiases = trial.rows.hasBiases
    let biases =
      hasBiases
      ? PairState.Biases(user: Double(start.user.bias), item: Double(start.item.bias)) : nil
    let (rating, mean) = (Double(trial.ratings[0]), Double(trial.rows.mean))
    func rate(_ row: PlainSGDStep.Row) -> Double {
      trial.rate / (1 + Double(row.seen) / 100).squareRoot()
    }
    let rates = PairRates(user: rate(start.user), item: rate(start.item))
    let hand = HandWorkedStep(
      PairObjective(
        target: rating, mean: mean, regularization: Double(trial.rows.pace.regularization)),
      from: PairState(user: x, item: y, biases: biases), learned: .both, rates: rates)
    // With u = 2⁻²⁴: the dot product is off by at most d + 5 roundings (five to add up the lanes)
    // of Σ|xₖyₖ|, and adding mean and biases and taking the difference rounds four times more.
    let u = 0x1p-24
    let size =
      zip(x, y).reduce(0) { $0 + abs($1.0 * $1.1) } + abs(rating) + abs(mean)
      + (biases.map { abs($0.user) + abs($0.item) } ?? 0)
    let diffError = Double(trial.rows.dimension + 9) * u * size
    // The rounded rate and slope, the sum under the root, root and division: five roundings of the
    // step; two more of the decay, and scale, product and sum round too: ten of both terms.
    func tolerance(_ before: Double, _ other: Double, _ rate: Double) -> Double {
      let scale = 2 * rate * abs(other)
      return scale * diffError + 10 * u * (abs(before) + scale * abs(hand.diff))
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
          Double(after.x[k]), hand.after.user[k], absolute: tolerance(x[k], y[k], rates.user),
          "user \(k)")
        expectClose(
          Double(after.y[k]), hand.after.item[k], absolute: tolerance(y[k], x[k], rates.item),
          "item \(k)")
      }
      #expect(after.user.seen == start.user.seen + 1 && after.item.seen == start.item.seen + 1)
      guard let biases, let moved = hand.after.biases else { continue }
      expectClose(
        Double(after.user.bias), moved.user, absolute: tolerance(biases.user, 1, rates.user))
      expectClose(
        Double(after.item.bias), moved.item, absolute: tolerance(biases.item, 1, rates.item))
    }
  }

  @Test("sum squared gradients as they are worked out one by one", arguments: 0..<20)
  func squaredGradients(seed: UInt64) {
    let trial = Trial(
      seed: seed, dimension: 1 + Int(seed), hasBiases: true, schedule: .adagrad, ratings: 1)
    let start = trial.plain(0, in: trial.rows)
    let lambda = Double(trial.rows.pace.regularization)
    let (x, y) = (start.x.map { Double($0) }, start.y.map { Double($0) })
    let diff =
      Double(trial.ratings[0]) - Double(trial.rows.mean) - Double(start.user.bias)
      - Double(start.item.bias) - zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    let gradients = zip(x, y).map { diff * $1 - lambda * $0 }
    let expected = gradients.reduce(0) { $0 + $1 * $1 } / Double(x.count)
    // Sums of d terms and a dozen roundings, of terms that may cancel; `seen` is below 500.
    let terms = zip(x, y).reduce(0) { $0 + pow2(abs(diff * $1.1) + abs(lambda * $1.0)) }
    let size = terms / Double(x.count) + 10 * abs(diff)
    let tolerance = Double(2 * x.count + 40) * 0x1p-24 * size + 512 * 0x1p-24
    for kernels in Self.kernels {
      var rows = trial.rows
      _ = kernels.sgd(&rows, users: trial.users, items: trial.items, ratings: trial.ratings)
      let after = trial.plain(0, in: rows).user.seen
      expectClose(
        Double(after), Double(start.user.seen) + expected, absolute: tolerance, kernels.name)
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
      #expect(rows.userRows[0].bias == trial.rows.userRows[0].bias)
      #expect(rows.itemRows[3].bias == trial.rows.itemRows[3].bias)
      #expect(rows.userRows[0].seen == trial.rows.userRows[0].seen)
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
      var rows = oneOfEach(stride: 2)
      _ = Kernels.best.sgd(&rows, users: [0], items: [0], ratings: [1])
    }
    await #expect(processExitsWith: .failure) {
      var rows = oneOfEach(stride: 8)
      _ = Kernels.best.sgd(&rows, users: [0], items: [0, 0], ratings: [1])
    }
    await #expect(processExitsWith: .failure) {
      var rows = oneOfEach(stride: 8)
      _ = Kernels.best.sgd(&rows, users: [0], items: [1], ratings: [1])
    }
  }
}

/// One user and one item of zeros.
private func oneOfEach(stride: Int) -> SGDRows {
  let row = Array(repeating: Float(0), count: stride)
  return SGDRows(
    users: row, items: row, userRows: [.init()], itemRows: [.init()], dimension: stride,
    stride: stride, pace: SGDPace(step: 0, regularization: 0))
}

private func pow2(_ number: Double) -> Double { number * number }

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
  let beside = (rows.userRows + rows.itemRows).flatMap { [$0.bias, $0.seen, $0.step, $0.decay] }
  return (rows.users + rows.items + beside).map(\.bitPattern)
}
