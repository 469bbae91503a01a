// The hand-worked step on a trained model against what the kernel does to it.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Tracing a trained model") struct TracingTests {
  /// A model after some epochs, and what the kernel makes of one of its pairs next.
  private struct Pair {
    let hand: HandWorkedStep
    let rows: SGDRows

    init(_ model: Model, _ ratings: Ratings, user: String, item: String, options: SGDOptions) throws
    {
      let rating = try #require(try ratings.rating(user: user, item: item))
      let state = try model.pairState(user: user, item: item)
      hand = HandWorkedStep(
        PairObjective(
          target: Double(rating), mean: model.mean, regularization: options.regularization),
        from: state, learned: .both,
        rates: try #require(try model.nextRates(user: user, item: item, ratings: ratings)))
      let stride = (options.dimension + 7) / 8 * 8
      let padding = Array(repeating: Float(0), count: stride - options.dimension)
      func row(_ bias: Double?, _ count: Int) -> PlainSGDStep.Row {
        PlainSGDStep.Row(bias: Float(bias ?? 0), seen: Float(count * options.epochs))
      }
      let userCount = ratings.byUser.columns(try ratings.users.known(user)).count
      let itemCount = ratings.byItem.columns(try ratings.items.known(item)).count
      var rows = SGDRows(
        users: state.user.map { Float($0) } + padding,
        items: state.item.map { Float($0) } + padding,
        userRows: [row(state.biases?.user, userCount)],
        itemRows: [row(state.biases?.item, itemCount)], dimension: options.dimension,
        stride: stride, mean: Float(model.mean), hasBiases: options.hasBiases,
        pace: options.pace(epoch: options.epochs + 1))
      _ = Kernels.best.sgd(&rows, users: [0], items: [0], ratings: [rating])
      self.rows = rows
    }
  }

  @Test("shows what the kernel does to it", arguments: [RateSchedule.visits, .constant])
  func agrees(schedule: RateSchedule) throws {
    let ratings = try PlantedRatings(seed: 3).training
    for hasBiases in [true, false] {
      var options = SGDOptions()
      options.dimension = 11
      options.epochs = 7
      options.schedule = schedule
      options.hasBiases = hasBiases
      let model = try SGD.fit(ratings, options: options)
      for user in ratings.users.rows.prefix(20) {
        for item in ratings.byUser.columns(user).prefix(3) {
          let pair = try Pair(
            model, ratings, user: ratings.users[user], item: ratings.items[ItemRow(item)],
            options: options)
          expectAgreement(pair)
        }
      }
    }
  }

  private func expectAgreement(_ pair: Pair) {
    let (before, after) = (pair.hand.before, pair.hand.after)
    // With u = 2⁻²⁴ the error's terms round at most d + 9 times; step and decay seven times, their
    // products and sums three times more (see the tests of the kernel). The mean is rounded to Float.
    let u = 0x1p-24
    let size =
      zip(before.user, before.item).reduce(0) { $0 + abs($1.0 * $1.1) }
      + abs(pair.hand.objective.target) + abs(pair.hand.objective.mean)
      + abs(before.biases?.user ?? 0) + abs(before.biases?.item ?? 0)
    let diffError = Double(before.user.count + 10) * u * size
    func expect(
      _ found: Float, _ expected: Double, from number: Double, other: Double, rate: Double
    ) {
      let scale = 2 * rate * abs(other)
      expectClose(
        Double(found), expected,
        absolute: scale * diffError + 10 * u * (abs(number) + scale * abs(pair.hand.diff)))
    }
    let rates = pair.hand.rates
    for k in before.user.indices {
      expect(
        pair.rows.users[k], after.user[k], from: before.user[k], other: before.item[k],
        rate: rates.user)
      expect(
        pair.rows.items[k], after.item[k], from: before.item[k], other: before.user[k],
        rate: rates.item)
    }
    guard let old = before.biases, let new = after.biases else { return }
    expect(pair.rows.userRows[0].bias, new.user, from: old.user, other: 1, rate: rates.user)
    expect(pair.rows.itemRows[0].bias, new.item, from: old.item, other: 1, rate: rates.item)
  }

  @Test("one rating trained for one epoch more is the traced step", arguments: 1...5)
  func nextEpoch(epochs: Int) throws {
    let triples: [(user: String, item: String, rating: Float)] = [("u", "i", 4), ("v", "j", 1)]
    let ratings = try Ratings(triples)
    var options = SGDOptions()
    options.dimension = 3
    options.epochs = epochs
    let model = try SGD.fit(ratings, options: options)
    options.epochs = epochs + 1
    let next = try SGD.fit(ratings, options: options)
    let rates = try #require(try model.nextRates(user: "u", item: "i", ratings: ratings))
    let step = HandWorkedStep(
      PairObjective(target: 4, mean: model.mean, regularization: options.regularization),
      from: try model.pairState(user: "u", item: "i"), learned: .both, rates: rates)
    // Numbers below 4 that round about twenty times to Float.
    let tolerance = 80 * 0x1p-24
    let after = try next.pairState(user: "u", item: "i")
    for (found, expected) in zip(after.user + after.item, step.after.user + step.after.item) {
      expectClose(found, expected, absolute: tolerance)
    }
    expectClose(
      after.biases?.user ?? .nan, step.after.biases?.user ?? .nan, absolute: tolerance)
    // Each row has seen one rating an epoch.
    let expected = options.rate(epoch: epochs + 1) / (1 + Double(epochs) / 100).squareRoot()
    expectClose(rates.user, expected, relative: 0x1p-20)
    #expect(rates.user == rates.item)
  }

  @Test("counts in the ratings where the model keeps no history, and gives up on squared gradients")
  func withoutHistory() throws {
    let ratings = try PlantedRatings(seed: 1).training
    let (user, item) = (
      ratings.users[UserRow(0)], ratings.items[ItemRow(Int(ratings.byUser.columns[0]))]
    )
    var options = SGDOptions()
    options.epochs = 2
    let model = try SGD.fit(ratings, options: options)
    let rates = try model.nextRates(user: user, item: item, ratings: ratings)
    #expect(rates != nil)
    #expect(
      try model.withoutHistory().nextRates(user: user, item: item, ratings: ratings) == rates)
    options.schedule = .adagrad
    let adaptive = try SGD.fit(ratings, options: options)
    #expect(try adaptive.nextRates(user: user, item: item, ratings: ratings) == nil)
  }
}
