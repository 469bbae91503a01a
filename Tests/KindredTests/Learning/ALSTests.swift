// Alternating least squares under the contract of all trainers, and what is its own.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("ALS") struct ALSTests {
  private static var quick: ALSOptions {
    var options = ALSOptions()
    options.dimension = 3
    options.epochs = 20
    options.regularization = 0.01
    return options
  }

  private let contract = TrainerContract(ALS.self, options: quick)

  // The noise of the planted ratings is 0.1, below which nobody can go. From random numbers, so that
  // there is something to see falling: after a descent the first epoch ends near the last.
  @Test("learns planted ratings", arguments: 1...5)
  func learns(seed: UInt64) throws {
    var options = Self.quick
    options.startEpochs = 0
    try TrainerContract(ALS.self, options: options).learns(seed: seed, band: 0.1...0.2)
  }

  @Test("starts from a descent, if asked to, and is further after an epoch", arguments: 1...5)
  func warmStart(seed: UInt64) throws {
    let planted = try PlantedRatings(seed: seed)
    var options = Self.quick
    options.seed = seed
    options.epochs = 1
    let warm = try ALS.fit(planted.training, options: options)
    options.startEpochs = 0
    let cold = try ALS.fit(planted.training, options: options)
    let errors = try [warm, cold].map {
      try #require($0.ratingErrors(on: planted.heldOut)).rmse
    }
    #expect(errors[0] < errors[1])
    // Both end at the same place, one objective having one such minimum here.
    options.epochs = 60
    let settled = try ALS.fit(planted.training, options: options)
    options.startEpochs = 2
    let ended = try ALS.fit(planted.training, options: options)
    let ends = try [settled, ended].map {
      try #require($0.ratingErrors(on: planted.heldOut)).rmse
    }
    #expect(abs(ends[0] - ends[1]) < 0.05, "\(ends)")
  }

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
    options.epochs = 100
    options.regularization = 0.03
    try contract.keepsTheBestEpoch(overfitting: options)
  }

  @Test("refuses options of its own that are out of range")
  func ownOptions() throws {
    let changes: [(inout ALSOptions) -> Void] = [
      { $0.regularization = -0.1 }, { $0.regularization = .nan }, { $0.regularization = .infinity },
      { $0.startEpochs = -1 }, { $0.initialDeviation = 0 }, { $0.initialDeviation = .infinity },
    ]
    for (index, change) in changes.enumerated() {
      var options = Self.quick
      change(&options)
      try contract.refuses(options, "change \(index)")
    }
  }

  /// The objective in `Double`, from a finished model.
  private func objective(_ model: Model, of ratings: Ratings, _ regularization: Double) -> Double {
    var sum = 0.0
    func squares(_ numbers: [Double], _ bias: Double) -> Double {
      numbers.reduce(bias * bias) { $0 + $1 * $1 }
    }
    for user in ratings.users.rows {
      let x = model.userEmbeddings.numbers(user)
      for (column, value) in zip(ratings.byUser.columns(user), ratings.byUser.values(user)) {
        let item = ItemRow(column)
        let y = model.itemEmbeddings.numbers(item)
        var diff = Double(value) - model.mean - model.userBias(user) - model.itemBias(item)
        for k in x.indices { diff -= x[k] * y[k] }
        sum += diff * diff
        sum += regularization * squares(x, model.userBias(user))
        sum += regularization * squares(y, model.itemBias(item))
      }
    }
    return sum
  }

  @Test("never raises its objective, and reports it", arguments: 0..<12)
  func objectiveDescends(seed: UInt64) throws {
    let planted = try PlantedRatings(seed: seed)
    for hasBiases in [true, false] {
      var options = Self.quick
      options.seed = seed
      options.epochs = 8
      options.regularization = 0.05
      options.hasBiases = hasBiases
      var objectives: [Double] = []
      let model = try ALS.fit(
        planted.training, options: options, shouldStop: { false },
        progress: { objectives.append($0.objective ?? .nan) })
      #expect(objectives.count == 8)
      // Each row's minimum is reached to the rounding of Float.
      for (before, after) in zip(objectives, objectives.dropFirst()) {
        #expect(after <= before * (1 + 1e-5), "seed \(seed): \(objectives)")
      }
      expectClose(
        try #require(objectives.last), objective(model, of: planted.training, 0.05),
        relative: 1e-4, "seed \(seed)")
    }
  }

  @Test("users fold in to their stored rows", arguments: 0..<4)
  func storedRows(seed: UInt64) throws {
    let planted = try PlantedRatings(seed: seed)
    let ratings = planted.training
    var options = Self.quick
    options.regularization = 0.05
    options.hasBiases = seed % 2 == 0
    let model = try ALS.fit(ratings, options: options)
    for user in ratings.users.rows {
      let rated = zip(ratings.byUser.columns(user), ratings.byUser.values(user)).map {
        (item: ratings.items[ItemRow($0)], rating: $1)
      }
      let folded = try model.foldIn(rated)
      let stored = model.userEmbeddings.numbers(user)
      let size = stored.reduce(1.0) { max($0, abs($1)) }
      for k in stored.indices {
        expectClose(folded.vector[k], stored[k], absolute: 1e-5 * size, "seed \(seed), \(user)")
      }
      expectClose(folded.bias, model.userBias(user), absolute: 1e-5 * size, "seed \(seed)")
    }
  }

  @Test("says which row is left open without regularization")
  func singular() throws {
    var triples = (0..<200).map {
      (user: "u\($0 % 10)", item: "i\($0 / 10)", rating: Float($0 % 7))
    }
    triples.append(("lonely", "i3", 2))
    var options = Self.quick
    options.regularization = 0
    let error = #expect(throws: TrainingError.self) {
      try ALS.fit(try Ratings(triples), options: options)
    }
    #expect(error == .singular(side: "user", id: "lonely", ratings: 1, unknowns: 4))
    #expect(error?.description.contains("regularization above 0") == true)
  }

  @Test(
    "a row one or two ratings short of its unknowns is open, however rounding falls",
    arguments: 0..<50)
  func almostEnough(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 31)
    var options = Self.quick
    options.dimension = 8
    options.regularization = 0
    options.seed = seed
    for short in [1, 2] {
      // Nine unknowns: everybody has rated all of the twelve items but one, who has rated eight or seven.
      var triples = (0..<40).flatMap { user in
        (0..<12).map { (user: "u\(user)", item: "i\($0)", rating: Float(random.normal())) }
      }
      for item in 0..<9 - short {
        triples.append(("short", "i\(item)", Float(random.normal())))
      }
      let error = #expect(throws: TrainingError.self) {
        try ALS.fit(try Ratings(triples), options: options)
      }
      #expect(
        error == .singular(side: "user", id: "short", ratings: 9 - short, unknowns: 9), "\(short)")
    }
  }

  @Test("with enough ratings no regularization is needed", arguments: 1...3)
  func unregularized(seed: UInt64) throws {
    let planted = try PlantedRatings(seed: seed, density: 0.9)
    var options = Self.quick
    options.regularization = 0
    let model = try ALS.fit(planted.training, options: options)
    // The noise is 0.1; a few numbers are fitted to it.
    let error = try #require(model.ratingErrors(on: planted.heldOut)).rmse
    #expect((0.08...0.2).contains(error), "\(error)")
  }

  @Test("a user with 100,000 ratings among users with one")
  func oneBusyUser() throws {
    var triples = (0..<100_000).map { (user: "busy", item: "i\($0)", rating: Float($0 % 5 + 1)) }
    for n in 0..<500 { triples.append(("u\(n)", "i\(n * 7)", Float(n % 5 + 1))) }
    var options = Self.quick
    options.dimension = 8
    options.epochs = 2
    let ratings = try Ratings(triples)
    let model = try ALS.fit(ratings, options: options, validation: ratings)
    #expect(
      model.userEmbeddings.firstNonFinite == nil && model.itemEmbeddings.firstNonFinite == nil)
    // Each item but a few has one rating and a bias of its own.
    let error = try #require(model.ratingErrors(on: ratings)).rmse
    #expect(error < 0.5, "\(error)")
  }

  @Test("a dimension of 1,000")
  func thousandDimensions() throws {
    let planted = try PlantedRatings(seed: 9, users: 12, items: 10)
    var options = Self.quick
    options.dimension = 1000
    options.epochs = 2
    let model = try ALS.fit(planted.training, options: options)
    #expect(
      model.userEmbeddings.firstNonFinite == nil && model.itemEmbeddings.firstNonFinite == nil)
  }
}
