// Gibbs sampling under the contract of all trainers, and what is its own.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Bayes") struct BayesTests {
  private static var quick: BayesOptions {
    var options = BayesOptions()
    options.dimension = 3
    options.burnIn = 10
    options.thinning = 2
    options.samples = 10
    return options
  }

  private let contract = TrainerContract(Bayes.self, options: quick)

  // The noise of the planted ratings is 0.1, below which nobody can go, and their standard deviation
  // about 1.2; a few seeds lie around 0.12.
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
  @Test("leaves rows without ratings unknown") func emptyRows() throws {
    try contract.handlesEmptyRows()
  }
  @Test("refuses no ratings") func noRatings() throws { try contract.refusesNoRatings() }
  @Test("refuses bad options") func badOptions() throws { try contract.refusesBadOptions() }
  @Test("refuses samples beyond memory") func tooLarge() throws { try contract.refusesTooLarge() }
  @Test("survives ratings of 1e30") func hugeRatings() throws {
    try contract.survivesHugeRatings()
  }

  @Test("keeps the samples up to the best epoch")
  func keepsTheBestEpoch() throws {
    var options = Self.quick
    options.thinning = 1
    options.samples = 300
    // The error of a mean of samples falls, and wavers as it does.
    try contract.keepsTheBestEpoch(overfitting: options, from: options.burnIn + 1)
  }

  @Test("refuses bad options of its own")
  func ownOptions() throws {
    let changes: [(inout BayesOptions) -> Void] = [
      { $0.burnIn = -1 }, { $0.thinning = 0 }, { $0.thinning = -3 }, { $0.epochs = 10 },
      { $0.epochs = 3 }, { $0.thinning = 100 }, { $0.burnIn = 30 }, { $0.samples = 0 },
      {
        $0.thinning = 4
        $0.patience = 3
      },
    ]
    for (index, change) in changes.enumerated() {
      var options = Self.quick
      change(&options)
      try contract.refuses(options, "change \(index)")
    }
  }

  @Test("epochs and samples are two ways to say the same")
  func samples() {
    var options = BayesOptions()
    #expect(options.samples == 90 && options.epochs == 210)
    options.samples = 7
    #expect(options.epochs == 44)
    options.epochs = 43
    #expect(options.samples == 6)
    options.samples = .max
    #expect(options.epochs == .max)
    #expect((1...44).filter { options.keeps(epoch: $0) } == [32, 34, 36, 38, 40, 42, 44])
  }

  @Test("keeps as many samples as it says, also when it is stopped, and never none")
  func kept() throws {
    let planted = try PlantedRatings(seed: 1)
    for (last, samples) in [(30, 10), (21, 5), (12, 1), (11, 1), (3, 1)] {
      var epochs = 0
      let model = try Bayes.fit(
        planted.training, options: Self.quick, shouldStop: { epochs >= last },
        progress: { _ in epochs += 1 })
      #expect(model.posterior?.samples == samples, "stopped after \(last)")
      #expect(model.dimension == samples * 5 && model.biases == nil)
      #expect(model.record.options["epochs"] == "\(last)")
    }
  }

  @Test("a longer run begins with the samples of a shorter one")
  func prefix() throws {
    let planted = try PlantedRatings(seed: 2)
    var options = Self.quick
    let long = try Bayes.fit(planted.training, options: options)
    options.samples = 4
    let short = try Bayes.fit(planted.training, options: options)
    let (a, b) = (try #require(long.posterior), try #require(short.posterior))
    #expect(a.noisePrecisions.prefix(4).elementsEqual(b.noisePrecisions))
    for item in planted.training.items.rows {
      // The items' side does not carry the 1/S.
      #expect(
        long.itemEmbeddings.numbers(item).prefix(20)
          .elementsEqual(short.itemEmbeddings.numbers(item)))
    }
  }

  @Test("the noise that was planted is found", arguments: [0.1, 0.3, 0.8])
  func noise(planted deviation: Double) throws {
    let planted = try PlantedRatings(seed: 3, noise: deviation)
    var options = Self.quick
    options.samples = 30
    let posterior = try #require(try Bayes.fit(planted.training, options: options).posterior)
    // 1,900 ratings leave a deviation that is known to 1/√(2 · 1,900) = 1.6 % and the fit of 500 numbers;
    // a tenth is six times that.
    expectClose(posterior.noiseVariance.squareRoot(), deviation, relative: 0.1)
  }

  @Test("intervals hold the share of new ratings that they promise", arguments: [0.5, 0.9])
  func coverage(probability: Double) throws {
    let planted = try PlantedRatings(seed: 4, density: 0.3, noise: 0.5)
    var options = Self.quick
    options.samples = 40
    let model = try Bayes.fit(planted.training, options: options)
    let heldOut = planted.heldOut
    var (inside, count) = (0, 0)
    for user in heldOut.users.rows where model.users.contains(heldOut.users[user]) {
      for (item, rating) in zip(heldOut.byUser.columns(user), heldOut.byUser.values(user)) {
        let prediction = try model.prediction(
          user: heldOut.users[user], item: heldOut.items[ItemRow(item)])
        inside += prediction.interval(probability).contains(Double(rating)) ? 1 : 0
        count += 1
      }
    }
    // Some 240 ratings: four standard deviations of their share.
    let deviation = (probability * (1 - probability) / Double(count)).squareRoot()
    expectClose(Double(inside) / Double(count), probability, absolute: 4 * deviation)
  }

  @Test("multiplying all ratings multiplies what is learned", arguments: [0.25, 64])
  func units(factor: Float) throws {
    let planted = try PlantedRatings(seed: 5)
    func triples(_ factor: Float) -> [(user: String, item: String, rating: Float)] {
      let ratings = planted.training
      return ratings.users.rows.flatMap { user in
        zip(ratings.byUser.columns(user), ratings.byUser.values(user)).map {
          (ratings.users[user], ratings.items[ItemRow($0)], $1 * factor)
        }
      }
    }
    var options = Self.quick
    options.samples = 3
    let one = try Bayes.fit(try Ratings(triples(1)), options: options)
    let other = try Bayes.fit(try Ratings(triples(factor)), options: options)
    for user in one.users.rows {
      for (a, b) in zip(one.scores(user), other.scores(user)) {
        // The factors are powers of 2 whose root is one too, so that nothing but underflow rounds
        // differently; 1e-3 of a star leaves room for a row that is drawn in Double here and not there.
        expectClose(b / Double(factor), a, absolute: 1e-3)
      }
    }
  }

  @Test("without biases scores are plain dot products")
  func plainProducts() throws {
    var options = Self.quick
    options.hasBiases = false
    options.dimension = 5
    options.samples = 20
    let planted = try PlantedRatings(seed: 6)
    let model = try Bayes.fit(planted.training, options: options)
    let posterior = try #require(model.posterior)
    #expect(!posterior.hasBiases && model.mean == 0 && model.dimension == 100)
    // Rank 2 with biases and a mean is rank 4.
    let errors = try #require(model.ratingErrors(on: planted.heldOut))
    #expect((0.1...0.25).contains(errors.rmse), "\(errors.rmse)")
    let folder = try ScratchFolder()
    try model.save(to: folder.path("model"))
    let loaded = try Model(contentsOf: folder.path("model"))
    #expect(loaded.posterior?.hasBiases == false && loaded.posterior?.samples == 20)
  }
}

@Suite(
  "Bayes on MovieLens 100K",
  .enabled(if: SharedData.isPresent, "../shared/data is not beside the repository"))
struct BayesQualityTests {
  @Test("predicts the first split by its defaults better than graph networks, and knows how well")
  func firstSplit() throws {
    let training = try Ratings(contentsOf: SharedData.path("ml-100k/u1.base"))
    let test = try Ratings(contentsOf: SharedData.path("ml-100k/u1.test"))
    let model = try Bayes.fit(training)
    let errors = try #require(model.ratingErrors(on: test))
    #expect(errors.ratings == 20_000)
    // A NumPy sketch of the method without the users' own noise ends at 0.9046.
    #expect((0.895...0.905).contains(errors.rmse), "\(errors.rmse)")
    var (inside, count) = (0, 0)
    for user in test.users.rows {
      let id = test.users[user]
      for (item, rating) in zip(test.byUser.columns(user), test.byUser.values(user)) {
        let item = test.items[ItemRow(item)]
        guard model.items.contains(item) else { continue }
        let prediction = try model.prediction(user: id, item: item)
        inside += prediction.interval(0.9).contains(Double(rating)) ? 1 : 0
        count += 1
      }
    }
    let share = Double(inside) / Double(count)
    #expect((0.88...0.92).contains(share), "\(share)")
  }
}
