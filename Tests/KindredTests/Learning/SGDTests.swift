// Stochastic gradient descent under the contract of all trainers, and what is its own.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("SGD") struct SGDTests {
  private static var quick: SGDOptions {
    var options = SGDOptions()
    options.dimension = 3
    options.epochs = 40
    options.rate = 0.02
    options.schedule = .constant
    options.decay = 1
    options.regularization = 0.01
    options.initialDeviation = 0.1
    return options
  }

  private let contract = TrainerContract(SGD.self, options: quick)

  // The noise of the planted ratings is 0.1, below which nobody can go, and their standard deviation
  // about 1.2; a few seeds lie around 0.13.
  @Test("learns planted ratings", arguments: 1...5)
  func learns(seed: UInt64) throws { try contract.learns(seed: seed, band: 0.1...0.2) }

  @Test("gives the same bytes for any number of threads", arguments: 1...3)
  func isDeterministic(seed: UInt64) throws { try contract.isDeterministic(seed: seed) }

  @Test("records what it did") func records() throws { try contract.records() }
  @Test("folds in") func foldsIn() throws { try contract.foldsIn() }
  @Test("saves and loads") func savesAndLoads() throws { try contract.savesAndLoads() }
  @Test("reports every epoch") func reports() throws { try contract.reportsEveryEpoch() }
  @Test("stops when asked") func stops() throws { try contract.stopsWhenAsked() }
  @Test("resumes", arguments: [nil, 3]) func resumes(patience: Int?) throws {
    try contract.resumes(patience: patience)
  }
  @Test("refuses to resume another run") func anotherRun() throws {
    try contract.refusesAnotherRun()
  }
  @Test("runs in the background") func background() async throws {
    try await contract.runsInTheBackground()
  }
  @Test("learns from little") func littleData() throws { try contract.handlesLittleData() }
  @Test("leaves rows without ratings finite") func emptyRows() throws {
    try contract.handlesEmptyRows()
  }
  @Test("refuses no ratings") func noRatings() throws { try contract.refusesNoRatings() }
  @Test("refuses bad options") func badOptions() throws { try contract.refusesBadOptions() }
  @Test("refuses tables beyond memory") func tooLarge() throws { try contract.refusesTooLarge() }
  @Test("survives ratings of 1e30") func hugeRatings() throws {
    try contract.survivesHugeRatings()
  }

  @Test("keeps the best epoch")
  func keepsTheBestEpoch() throws {
    var options = Self.quick
    options.dimension = 20
    options.epochs = 400
    options.regularization = 0
    try contract.keepsTheBestEpoch(overfitting: options)
  }

  @Test("says when it diverges", arguments: [1000, 1e30, 1e300, 1])
  func diverges(rate: Double) throws {
    var options = Self.quick
    options.rate = rate
    try contract.reportsDivergence(options)
    options.hasBiases = false
    try contract.reportsDivergence(options)
  }

  @Test("refuses bad options of its own")
  func ownOptions() throws {
    let changes: [(inout SGDOptions) -> Void] = [
      { $0.rate = 0 }, { $0.rate = -1 }, { $0.rate = .nan }, { $0.rate = .infinity },
      { $0.regularization = -0.1 }, { $0.regularization = .nan },
      { $0.regularization = .infinity }, { $0.initialDeviation = -1 },
      { $0.initialDeviation = .nan }, { $0.initialDeviation = .infinity },
    ]
    for (index, change) in changes.enumerated() {
      var options = Self.quick
      change(&options)
      try contract.refuses(options, "change \(index)")
    }
  }

  @Test("without biases scores are plain dot products")
  func plainProducts() throws {
    var options = Self.quick
    options.hasBiases = false
    options.epochs = 80
    let planted = try PlantedRatings(seed: 1)
    let model = try SGD.fit(planted.training, options: options)
    #expect(model.biases == nil && model.mean == 0)
    // Rank 2 with biases and a mean is rank 4; three dimensions catch most of it.
    let errors = try #require(model.ratingErrors(on: planted.heldOut))
    #expect(errors.rmse < 0.8, "\(errors.rmse)")
  }

  @Test("one epoch over one rating is the hand-worked step", arguments: 0..<10)
  func handWorked(seed: UInt64) throws {
    var options = Self.quick
    options.dimension = 5
    options.seed = seed
    options.regularization = 0.1
    let ratings = try Ratings([("u", "i", 4)])
    var asked = 0
    let start = try SGD.fit(
      ratings, options: options, validation: nil,
      shouldStop: {
        asked += 1
        return true
      }, progress: { _ in })
    options.epochs = 1
    let after = try SGD.fit(ratings, options: options)
    #expect(asked == 1)
    let step = HandWorkedStep(
      PairObjective(target: 4, mean: 4, regularization: 0.1),
      from: PairState(
        user: start.userEmbeddings.numbers(Row(0)), item: start.itemEmbeddings.numbers(Row(0)),
        biases: .init(user: 0, item: 0)),
      learned: .both, rate: options.rate)
    // Numbers below 1 that round a dozen times to Float.
    let tolerance = 12 * 0x1p-24
    for (found, expected) in zip(after.userEmbeddings.numbers(Row(0)), step.after.user) {
      expectClose(found, expected, absolute: tolerance)
    }
    for (found, expected) in zip(after.itemEmbeddings.numbers(Row(0)), step.after.item) {
      expectClose(found, expected, absolute: tolerance)
    }
    expectClose(
      Double(after.biases?.users[0] ?? .nan), step.after.biases?.user ?? .nan, absolute: tolerance)
  }

  @Test("learns at falling rates too", arguments: [RateSchedule.visits, .adagrad])
  func schedules(schedule: RateSchedule) throws {
    var options = Self.quick
    options.schedule = schedule
    options.rate = 0.1
    let contract = TrainerContract(SGD.self, options: options)
    try contract.learns(seed: 1, band: 0.1...0.25)
    try contract.isDeterministic(seed: 1)
    try contract.savesAndLoads()
  }

  @Test("the rate falls by the decay, whatever the number of epochs")
  func decay() throws {
    var options = Self.quick
    options.rate = 0.08
    options.decay = 0.5
    options.epochs = 5
    var rates: [Double?] = []
    _ = try SGD.fit(
      PlantedRatings(seed: 1).training, options: options, shouldStop: { false },
      progress: { rates.append($0.rate) })
    #expect(rates == [0.08, 0.04, 0.02, 0.01, 0.005])  // exact: halves
  }

  @Test("somebody with very many ratings among users with one")
  func heavyUser() throws {
    var triples = (0..<100_000).map { (user: "all", item: "i\($0)", rating: Float($0 % 5 + 1)) }
    for n in 0..<5_000 { triples.append(("u\(n)", "i\(n * 7)", Float(n % 5 + 1))) }
    let ratings = try Ratings(triples)
    var options = SGDOptions()
    options.dimension = 8
    options.epochs = 3
    var models: [Model] = []
    for threads in [1, 4] {
      options.threads = threads
      models.append(try SGD.fit(ratings, options: options, validation: ratings))
    }
    #expect(models[0].userEmbeddings.flat == models[1].userEmbeddings.flat)
    #expect(models[0].itemEmbeddings.flat == models[1].itemEmbeddings.flat)
    #expect(models[0].userEmbeddings.firstNonFinite == nil)
    #expect(try #require(models[0].ratingErrors(on: ratings)).rmse < 2.0.squareRoot())
  }

  @Test("at 1,000 dimensions, and for what is rated in thousands")
  func extremes() throws {
    var options = SGDOptions()
    options.dimension = 1000
    options.epochs = 2
    let planted = try PlantedRatings(seed: 1)
    let wide = try SGD.fit(planted.training, options: options)
    #expect(wide.dimension == 1000 && wide.userEmbeddings.firstNonFinite == nil)
    options.dimension = 1
    #expect(try SGD.fit(planted.training, options: options).dimension == 1)
  }
}

@Suite(
  "SGD on MovieLens 100K",
  .enabled(if: SharedData.isPresent, "../shared/data is not beside the repository"))
struct SGDQualityTests {
  @Test("predicts the first split well")
  func firstSplit() throws {
    let training = try Ratings(contentsOf: SharedData.path("ml-100k/u1.base"))
    let test = try Ratings(contentsOf: SharedData.path("ml-100k/u1.test"))
    let model = try SGD.fit(training, options: SGDOptions())
    let errors = try #require(model.ratingErrors(on: test))
    #expect(errors.ratings == 20_000)
    #expect(errors.unknownItems == 32 && errors.unknownUsers == 0)
    // Published results of biased factorization on this split lie around 0.92 to 0.94.
    #expect((0.9...0.928).contains(errors.rmse), "\(errors.rmse)")
    #expect(errors.mae < errors.rmse)
    let picks = try model.recommend(for: "1", count: 10)
    #expect(picks.count == 10 && picks.allSatisfy { (3...7).contains($0.score) })
  }

  @Test("the mean alone, and a user's mean, are as far off as is known")
  func baselines() throws {
    let training = try Ratings(contentsOf: SharedData.path("ml-100k/u1.base"))
    let test = try Ratings(contentsOf: SharedData.path("ml-100k/u1.test"))
    let heldOut = HeldOut(test, users: training.users, items: training.items)
    let mean = try #require(heldOut.errors(clippedTo: 1...5) { _, _ in training.mean })
    // Computed from the two files by a separate program.
    expectClose(mean.rmse, 1.1537, absolute: 5e-5)
    let user = try #require(
      heldOut.errors(clippedTo: 1...5) { user, _ in
        guard let user else { return training.mean }
        let values = training.byUser.values(user)
        return values.reduce(0) { $0 + Double($1) } / Double(values.count)
      })
    expectClose(user.rmse, 1.0630, absolute: 5e-5)
  }
}
