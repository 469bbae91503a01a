// Weighted ALS under the contract of all trainers, and what it minimizes.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("IALS") struct IALSTests {
  static var quick: IALSOptions {
    var options = IALSOptions()
    options.dimension = 6
    options.epochs = 12
    options.unobserved = 0.1
    options.regularization = 0.01
    return options
  }

  private let contract = TrainerContract(IALS.self, options: quick)

  /// What an epoch does with a row: solves for it, takes steps of conjugate gradients, or solves for a block
  /// of its numbers after another.
  private static let kinds: [String] = ["whole", "gradients", "blocks"]

  private static func options(_ kind: String) -> IALSOptions {
    var options = quick
    switch kind {
    case "gradients":
      options.dimension = 20
    case "blocks":
      options.dimension = 20
      options.block = 8
    default: break
    }
    return options
  }

  private static func contract(_ kind: String) -> TrainerContract<IALS> {
    TrainerContract(IALS.self, options: options(kind))
  }

  @Test("the kinds are what they are called") func passes() {
    let passes = Self.kinds.map { Self.options($0).pass }
    #expect(passes == [.whole, .gradients, .blocks(8)])
  }

  @Test("learns planted tastes", arguments: kinds, 1...5)
  func ranks(kind: String, seed: UInt64) throws {
    try Self.contract(kind).ranks(seed: seed, recall: 0.35)
  }

  @Test("gives the same bytes for any number of threads", arguments: kinds, 1...3)
  func isDeterministic(kind: String, seed: UInt64) throws {
    try Self.contract(kind).isDeterministic(seed: seed)
  }

  @Test("records what it did", arguments: kinds) func records(kind: String) throws {
    try Self.contract(kind).records()
  }
  @Test("folds in", arguments: kinds) func foldsIn(kind: String) throws {
    try Self.contract(kind).foldsIn()
  }
  @Test("saves and loads") func savesAndLoads() throws { try contract.savesAndLoads() }
  @Test("reports every epoch", arguments: kinds) func reports(kind: String) throws {
    try Self.contract(kind).reportsEveryEpoch()
  }
  @Test("stops when asked", arguments: kinds) func stops(kind: String) throws {
    try Self.contract(kind).stopsWhenAsked()
  }
  @Test("resumes", arguments: kinds, [nil, 3]) func resumes(kind: String, patience: Int?) throws {
    try Self.contract(kind).resumes(patience: patience)
  }
  @Test("refuses to resume another run") func anotherRun() throws {
    try contract.refusesAnotherRun()
  }
  @Test("runs in the background") func background() async throws {
    try await contract.runsInTheBackground()
  }
  @Test("learns from little", arguments: kinds) func littleData(kind: String) throws {
    try Self.contract(kind).handlesLittleData()
  }
  @Test("leaves rows without interactions finite", arguments: kinds)
  func emptyRows(kind: String) throws { try Self.contract(kind).handlesEmptyRows() }
  @Test("refuses no interactions") func noRatings() throws { try contract.refusesNoRatings() }
  @Test("refuses bad options") func badOptions() throws { try contract.refusesBadOptions() }
  @Test("refuses tables beyond memory") func tooLarge() throws { try contract.refusesTooLarge() }
  @Test("refuses values of ±1e30") func hugeRatings() throws {
    try contract.survivesHugeRatings()
  }

  @Test("keeps the best epoch")
  func keepsTheBestEpoch() throws {
    var options = Self.quick
    options.dimension = 24
    options.epochs = 60
    options.regularization = 0.0003
    try contract.keepsTheBestEpoch(overfitting: options)
  }

  @Test("refuses options of its own that are out of range")
  func ownOptions() throws {
    let changes: [(inout IALSOptions) -> Void] = [
      { $0.regularization = -0.1 }, { $0.regularization = .nan }, { $0.unobserved = 0 },
      { $0.unobserved = -1 }, { $0.unobserved = .infinity }, { $0.exponent = -1 },
      { $0.exponent = .nan }, { $0.block = -1 }, { $0.initialDeviation = 0 },
      { $0.validationInterval = 0 }, { $0.weighting = .linear(scale: 0) },
      { $0.weighting = .log(scale: 1, unit: -1) },
      { $0.weighting = .power(scale: .nan, exponent: 1) },
    ]
    for (index, change) in changes.enumerated() {
      var options = Self.quick
      change(&options)
      try contract.refuses(options, "change \(index)")
    }
  }

  // MARK: The objective

  @Test("never raises its objective, and reports it as it is", arguments: 0..<8)
  func objectiveDescends(seed: UInt64) throws {
    let planted = try PlantedInteractions(seed: seed)
    for setting in IALSSetting.all {
      var options = setting.options
      options.seed = seed
      var objectives: [Double] = []
      let model = try IALS.fit(
        planted.training, options: options, shouldStop: { false },
        progress: { objectives.append($0.objective ?? .nan) })
      #expect(objectives.count == options.epochs)
      // Each row's minimum is reached to the rounding of Float.
      for (before, after) in zip(objectives, objectives.dropFirst()) {
        #expect(after <= before * (1 + 1e-5), "\(setting), seed \(seed): \(objectives)")
      }
      // The users are solved for a last time before the model is made, which in blocks lowers it further.
      let exact = plainObjective(model, of: planted.training, options)
      let last = try #require(objectives.last)
      #expect(exact <= last * (1 + 1e-4), "\(setting), seed \(seed)")
      if !setting.isInexact {
        expectClose(last, exact, relative: 1e-4, "\(setting), seed \(seed)")
      }
    }
  }

  @Test("blocks end at the objective of whole rows", arguments: 0..<4)
  func blocksEndAlike(seed: UInt64) throws {
    let planted = try PlantedInteractions(seed: seed)
    var options = Self.quick
    options.seed = seed
    options.epochs = 150
    options.regularization = 0.05
    let whole = try IALS.fit(planted.training, options: options)
    let goal = plainObjective(whole, of: planted.training, options)
    for block in [1, 2, 4, 5] {
      options.block = block
      let model = try IALS.fit(planted.training, options: options)
      // Both have come to rest, at minima that may be several; these data have one within a percent.
      expectClose(
        plainObjective(model, of: planted.training, options), goal, relative: 1e-2,
        "block \(block), seed \(seed)")
    }
  }

  @Test("is implicit's objective at the exponent 0", arguments: 0..<4)
  func translation(seed: UInt64) throws {
    let planted = try PlantedInteractions(seed: seed, users: 20, items: 15)
    let (alpha, lambda) = (11.0, 3.0)
    var options = Self.quick
    options.exponent = 0
    options.unobserved = 1 / (alpha - 1)
    options.regularization = lambda / alpha
    let model = try IALS.fit(planted.training, options: options)
    // Σ over all pairs of c(p − x·y)² + λ(Σ‖x‖² + Σ‖y‖²) with c = α and p = 1 for seen pairs, 1 and 0 for
    // the others (Hu, Koren & Volinsky 2008, eq. 3), of vectors times √(α/(α − 1)).
    let square = alpha / (alpha - 1)
    let history = try #require(model.history)
    var theirs = 0.0
    for user in model.users.rows {
      let x = model.userEmbeddings.numbers(user)
      let seen = Set(history.columns(user))
      for item in model.items.rows {
        let dot = zip(x, model.itemEmbeddings.numbers(item)).reduce(0) { $0 + $1.0 * $1.1 }
        let isSeen = seen.contains(item.index)
        let error = (isSeen ? 1 : 0) - square * dot
        theirs += (isSeen ? alpha : 1) * error * error
      }
      theirs += lambda * square * x.reduce(0) { $0 + $1 * $1 }
    }
    for item in model.items.rows {
      let y = model.itemEmbeddings.numbers(item)
      theirs += lambda * square * y.reduce(0) { $0 + $1 * $1 }
    }
    // Of each seen pair α(1 − z)² − z² = (α − 1)(z − α/(α − 1))² − α/(α − 1): a constant apart, theirs is
    // ours times α²/(α − 1).
    let ours = plainObjective(model, of: planted.training, options)
    let constant = Double(planted.training.count) * square
    expectClose(
      theirs, ours * alpha * square - constant, relative: 1e-9, "seed \(seed)")
  }

  // MARK: Rows

  @Test("a row solves its equations over all pairs", arguments: 0..<4)
  func rowsAgainstAllPairs(seed: UInt64) throws {
    let planted = try PlantedInteractions(seed: seed, users: 30, items: 25)
    for setting in IALSSetting.all {
      let options = setting.options
      let model = try IALS.fit(planted.training, options: options)
      for user in model.users.rows {
        let solved = try #require(plainRow(of: user, in: model, options))
        let stored = model.userEmbeddings.numbers(user)
        let size = solved.reduce(0.1) { max($0, abs($1)) }
        for k in solved.indices {
          // The condition of these small systems is a hundred at most, of Float's 2⁻²⁴ ten times for sums of
          // a few dozen terms.
          expectClose(stored[k], solved[k], absolute: 6e-5 * size, "\(setting), seed \(seed)")
        }
      }
    }
  }

  @Test("users and items fold in as the full solve of their row", arguments: 0..<4)
  func foldsInExactly(seed: UInt64) throws {
    let planted = try PlantedInteractions(seed: seed, users: 30, items: 25)
    for setting in IALSSetting.all {
      let options = setting.options
      let model = try IALS.fit(planted.training, options: options)
      let history = try #require(model.history)
      for user in model.users.rows where !history.columns(user).isEmpty {
        let seen = zip(history.columns(user), history.values(user)).map {
          (item: model.items[ItemRow($0)], rating: $1)
        }
        let folded = try model.foldIn(seen)
        let solved = try #require(plainRow(of: user, in: model, options))
        #expect(folded.bias == 0)
        for k in solved.indices {
          // Refined to 1e-10; YᵀY is summed in blocks of Float, each sum good to some 2⁻²².
          expectClose(folded.vector[k], solved[k], absolute: 1e-6, "\(setting), seed \(seed)")
        }
      }
    }
  }

  @Test("shares of past items are exact, and add up to the score", arguments: 0..<3)
  func explains(seed: UInt64) throws {
    let planted = try PlantedInteractions(seed: seed, users: 30, items: 25)
    for setting in IALSSetting.all {
      let model = try IALS.fit(planted.training, options: setting.options)
      for user in model.users.all.prefix(5) {
        let item = model.items.all[3]
        let explanation = try model.explain(user: user, item: item)
        #expect(!explanation.history.isEmpty)
        // All of the score comes from the past: nothing but rounding is left over.
        expectClose(explanation.rest, 0, absolute: 1e-4, "\(setting), seed \(seed)")
      }
    }
  }

  // MARK: Bad input

  @Test("one item with all interactions, and everybody with one")
  func oneItemHasAll() throws {
    let triples =
      (0..<300).map { (user: "u\($0)", item: "all", rating: Float(1)) }
      + (0..<40).map { (user: "u0", item: "i\($0)", rating: Float(1)) }
    for dimension in [1, 8, 64] {
      var options = Self.quick
      options.dimension = dimension
      let model = try IALS.fit(try Ratings(triples), options: options)
      #expect(model.userEmbeddings.firstNonFinite == nil)
      let score = try model.score(user: "u17", item: "all")
      #expect((0.5...1.1).contains(score), "\(score)")
    }
  }

  @Test("the same pair a million times is one pair, whether its values count or their sum")
  func samePairManyTimes() throws {
    let triples = (0..<1_000_000).lazy.map { _ in (user: "u", item: "i", rating: Float(1)) }
    var options = Self.quick
    options.weighting = .log(scale: 1, unit: 1)
    for policy in [DuplicatePolicy.last, .sum] {
      let ratings = try Ratings(triples, duplicates: policy)
      #expect(ratings.count == 1)
      let model = try IALS.fit(ratings, options: options)
      #expect(try (0.5...1.01).contains(model.score(user: "u", item: "i")))
    }
  }

  @Test("values that give no weight are refused, with whose they are")
  func badWeights() throws {
    for (weighting, value) in [
      (InteractionWeighting.none, Float(0)), (.none, -1), (.linear(scale: 40), -2),
      (.linear(scale: 1e3), 1e9), (.log(scale: 1, unit: 1), 0),
      (.power(scale: 1, exponent: 4), 1e6),
    ] {
      var options = Self.quick
      options.weighting = weighting
      let triples: [(user: String, item: String, rating: Float)] = [
        ("ann", "tea", 3), ("bob", "milk", value), ("bob", "tea", 2),
      ]
      let ratings = try Ratings(triples)
      let error = #expect(throws: TrainingError.self, "\(weighting)") {
        try IALS.fit(ratings, options: options)
      }
      guard case .badWeight("bob", "milk", value, _) = error else {
        Issue.record("\(weighting): \(String(describing: error))")
        continue
      }
    }
  }

  @Test("folding in refuses values that give no weight, by item")
  func badWeightsFoldedIn() throws {
    let planted = try PlantedInteractions(seed: 1)
    let model = try IALS.fit(planted.training, options: Self.quick)
    let item = model.items.all[2]
    for value in [Float(0), -3] {
      let error = #expect(throws: ModelError.self) { try model.foldIn([(item, value)]) }
      guard case .badWeight(item, value, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test("large weights are survived", arguments: kinds, 1...3)
  func largeWeights(kind: String, seed: UInt64) throws {
    let planted = try PlantedInteractions(seed: seed)
    var options = Self.options(kind)
    // Values are up to 9, weights may be up to a million.
    options.weighting = .linear(scale: 1e5)
    let model = try IALS.fit(planted.training, options: options)
    #expect(model.userEmbeddings.firstNonFinite == nil)
    #expect(model.itemEmbeddings.firstNonFinite == nil)
  }

  @Test("rows that a ridge closes are no open ones, however few their pairs", arguments: [1, 3, 4])
  func largeWeightsOfFew(block: Int) throws {
    // Of a user with two pairs, and weights a million times the ridge, a block of three numbers or more is
    // open to the precision of Float.
    let triples: [(user: String, item: String, rating: Float)] = (0..<60).map {
      ("u\($0 % 30)", "i\(($0 * 7 + $0 / 30) % 40)", Float(1 + $0 % 3))
    }
    var options = Self.quick
    options.dimension = 8
    options.block = block
    options.weighting = .linear(scale: 1e5)
    options.unobserved = 0.01
    options.regularization = 0.001
    var objectives: [Double] = []
    let model = try IALS.fit(
      try Ratings(triples), options: options, shouldStop: { false },
      progress: { objectives.append($0.objective ?? .nan) })
    #expect(model.userEmbeddings.firstNonFinite == nil)
    #expect(objectives.count == options.epochs && objectives.allSatisfy { $0.isFinite })
  }

  @Test(
    "without regularization, more numbers than rows are an error that names the row, or a model")
  func unregularized() throws {
    var options = Self.quick
    options.dimension = 12
    options.regularization = 0
    let triples = (0..<30).map { (user: "u\($0 % 6)", item: "i\($0 / 6)", rating: Float(1)) }
    let error = #expect(throws: TrainingError.self) {
      try IALS.fit(try Ratings(triples), options: options)
    }
    guard case .singular = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
