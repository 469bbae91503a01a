// What every trainer promises, as checks that any of them can be put through.
// SPDX-License-Identifier: Apache-2.0

package import Kindred
import Testing

/// The contract of `Trainer`, checked on one method.
///
/// A suite of tests makes one of these and gives each check a test of its own, so that a broken
/// promise has a name. The options should be small and quick, and learn the planted ratings.
package struct TrainerContract<Method: Trainer> {
  let options: Method.Options

  package init(_ method: Method.Type, options: Method.Options) {
    self.options = options
  }

  /// Whether the method ranks items instead of predicting ratings.
  var isForInteractions: Bool { Method.Options.self is any InteractionOptions.Type }

  /// What the method is judged by while it trains.
  var judge: Metric {
    get throws { isForInteractions ? try Metric("ndcg@20") : try Metric("rmse") }
  }

  /// Data with a planted truth: ratings, or for a method for interactions what came of a taste.
  func planted(
    seed: UInt64, users: Int = 80, items: Int = 50, density: Double = 0.6, noise: Double = 0.1
  ) throws -> (training: Ratings, heldOut: Ratings) {
    if isForInteractions {
      let planted = try PlantedInteractions(
        seed: seed, users: users, items: items, density: density / 2, noise: noise)
      return (planted.training, planted.heldOut)
    }
    let planted = try PlantedRatings(
      seed: seed, users: users, items: items, density: density, noise: noise)
    return (planted.training, planted.heldOut)
  }

  // MARK: Learning

  /// Planted ratings of low rank are learned: the training error falls, and held-out ratings are
  /// predicted within `band`.
  package func learns(seed: UInt64, band: ClosedRange<Double>) throws {
    let planted = try planted(seed: seed)
    var errors: [Double] = []
    var options = options
    options.seed = seed
    let model = try Method.fit(
      planted.training, options: options, validation: nil, shouldStop: { false },
      progress: { errors.append($0.trainRMSE ?? .nan) })
    let (first, last) = (try #require(errors.first), try #require(errors.last))
    #expect(last < 0.5 * first, "from \(first) to \(last)")
    let heldOut = try #require(model.ratingErrors(on: planted.heldOut))
    #expect(band.contains(heldOut.rmse), "held out \(heldOut.rmse), seed \(seed)")
    let seen = try #require(model.ratingErrors(on: planted.training))
    #expect(seen.rmse < heldOut.rmse * 1.1, "\(seen.rmse) against \(heldOut.rmse)")
  }

  /// Planted tastes are learned: the objective falls, and held-out interactions are found far more often
  /// than by popularity.
  ///
  /// - Parameters:
  ///   - seed: Of the data and of the run.
  ///   - recall: What recall@5 must reach.
  /// - Throws: What training throws.
  package func ranks(seed: UInt64, recall: Double) throws {
    let planted = try planted(seed: seed)
    var objectives: [Double] = []
    var options = options
    options.seed = seed
    let model = try Method.fit(
      planted.training, options: options, validation: nil, shouldStop: { false },
      progress: { objectives.append($0.objective ?? .nan) })
    let (first, last) = (try #require(objectives.first), try #require(objectives.last))
    #expect(last < first, "from \(first) to \(last)")
    var asked = EvaluationOptions()
    asked.metrics = [try Metric("recall@5")]
    func found(_ model: Model) throws -> Double {
      try #require(model.evaluate(on: planted.heldOut, options: asked).results.first?.value)
    }
    let (own, popular) = (try found(model), try found(Baseline.popular.fit(planted.training)))
    #expect(own >= recall, "seed \(seed): recall@5 \(own), popularity \(popular)")
    #expect(own > 1.3 * popular, "seed \(seed): recall@5 \(own), popularity \(popular)")
  }

  /// The same ratings, options and seed give the same file, for any number of threads.
  package func isDeterministic(seed: UInt64) throws {
    let planted = try planted(seed: seed)
    var options = options
    options.seed = seed
    let folder = try ScratchFolder()
    var files: [[UInt8]] = []
    for threads in [1, 2, 4, 0, 1] {
      options.threads = threads
      let model = try Method.fit(planted.training, options: options, validation: planted.heldOut)
      try model.save(to: folder.path("model"))
      files.append(try folder.bytes("model"))
    }
    #expect(files.allSatisfy { $0 == files[0] })
  }

  /// What the model records is what it was made with.
  package func records() throws {
    let planted = try planted(seed: 1)
    let model = try Method.fit(planted.training, options: options)
    #expect(model.record.method == Method.method)
    #expect(model.record.seed == options.seed)
    #expect(model.record.options == options.recorded)
    #expect(model.record.ratingRange == planted.training.range)
    #expect(model.record.fingerprint == planted.training.fingerprint)
    #expect(vectorDimension(model) == options.dimension)
    #expect(model.users.all == planted.training.users.all)
    #expect(model.items.all == planted.training.items.all)
    #expect(model.history?.columns == planted.training.byUser.columns)
    #expect(model.history?.values == planted.training.byUser.values)
    #expect(options.recorded["threads"] == nil, "threads do not shape the result")
  }

  // MARK: Using the model

  /// Somebody new with a known user's ratings is predicted about as well as that user.
  package func foldsIn() throws {
    let planted = try planted(seed: 2)
    let model = try Method.fit(planted.training, options: options)
    let ratings = planted.training
    guard !isForInteractions else { return try foldsInInteractions(model, ratings) }
    var (own, folded, count) = (0.0, 0.0, 0)
    for user in ratings.users.rows.prefix(20) {
      let rated = zip(ratings.byUser.columns(user), ratings.byUser.values(user)).map {
        (item: ratings.items[ItemRow($0)], rating: $1)
      }
      let new = try model.foldIn(rated)
      #expect(new.vector.count == model.dimension && new.vector.allSatisfy { $0.isFinite })
      var options = RecommendationOptions()
      options.includeSeen = true
      let picks = try model.recommend(rated: rated, count: ratings.items.count, options: options)
      let scores = Dictionary(uniqueKeysWithValues: picks.map { ($0.item, $0.score) })
      for (item, rating) in rated {
        let known = try model.score(user: ratings.users[user], item: item) - Double(rating)
        let fresh = try #require(scores[item]) - Double(rating)
        own += known * known
        folded += fresh * fresh
        count += 1
      }
    }
    // The fold-in solves for the least penalized error, so it can hardly be worse; the noise is 0.1.
    let (a, b) = ((folded / Double(count)).squareRoot(), (own / Double(count)).squareRoot())
    #expect(a <= b + 0.05, "folded in \(a), trained \(b)")
    #expect(throws: ModelError.self) { try model.foldIn([("nothing", 3)]) }
  }

  /// Somebody new with a known user's interactions has these above the others about as often as that user.
  private func foldsInInteractions(_ model: Model, _ ratings: Ratings) throws {
    var (own, folded) = (0.0, 0.0)
    let users = ratings.users.rows.prefix(20).filter { !ratings.byUser.columns($0).isEmpty }
    for user in users {
      let seen = ratings.byUser.columns(user).map { ratings.items[ItemRow($0)] }
      let rated = zip(seen, ratings.byUser.values(user)).map { (item: $0, rating: $1) }
      let new = try model.foldIn(rated)
      #expect(new.vector.count == model.dimension && new.vector.allSatisfy { $0.isFinite })
      var options = RecommendationOptions()
      options.includeSeen = true
      let count = ratings.items.count
      let known = try model.recommend(for: ratings.users[user], count: count, options: options)
      let fresh = try model.recommend(rated: rated, count: count, options: options)
      own += area(under: known, seen)
      folded += area(under: fresh, seen)
    }
    let (a, b) = (folded / Double(users.count), own / Double(users.count))
    #expect(a >= b - 0.05, "folded in \(a), trained \(b)")
    #expect(throws: ModelError.self) { try model.foldIn([("nothing", 3)]) }
  }

  /// The share of pairs of a seen and another item that stand in this order.
  private func area(under ranking: [Recommendation], _ seen: [String]) -> Double {
    let seen = Set(seen)
    var (above, ordered) = (0, 0)
    for pick in ranking {
      if seen.contains(pick.item) { above += 1 } else { ordered += above }
    }
    return Double(ordered) / Double(seen.count * (ranking.count - seen.count))
  }

  /// A loaded model is the saved one, to the last bit of every score.
  package func savesAndLoads() throws {
    let planted = try planted(seed: 3)
    let model = try Method.fit(planted.training, options: options)
    let folder = try ScratchFolder()
    try model.save(to: folder.path("model"))
    let loaded = try Model(contentsOf: folder.path("model"))
    for user in model.users.rows {
      #expect(loaded.scores(user).map(\.bitPattern) == model.scores(user).map(\.bitPattern))
    }
    #expect(loaded.record == model.record)
    try loaded.save(to: folder.path("again"))
    #expect(try folder.bytes("again") == folder.bytes("model"))
  }

  // MARK: Watching and stopping

  /// Every epoch is reported once, in order, in finite numbers.
  package func reportsEveryEpoch() throws {
    let planted = try planted(seed: 4)
    for validation in [nil, planted.heldOut] {
      var reports: [TrainingProgress] = []
      let model = try Method.fit(
        planted.training, options: options, validation: validation, shouldStop: { false },
        progress: { reports.append($0) })
      #expect(reports.map(\.epoch) == Array(1...options.epochs))
      for report in reports {
        #expect(report.epochs == options.epochs)
        if isForInteractions {
          #expect(report.trainRMSE == nil && report.objective?.isFinite == true)
        } else {
          #expect((report.trainRMSE ?? .nan) >= 0 && report.trainRMSE?.isFinite == true)
        }
        let isValidated =
          validation != nil
          && (report.epoch % options.validationInterval == 0 || report.epoch == options.epochs)
        #expect(try (report.validation[judge] != nil) == isValidated)
        #expect(report.validation.values.allSatisfy { $0.isFinite })
        #expect(report.seconds >= 0 && report.secondsLeft >= 0 && report.secondsLeft.isFinite)
        #expect(report.ratingsPerSecond > 0 && report.ratingsPerSecond.isFinite)
      }
      #expect(reports.last?.secondsLeft == 0)
      guard let validation, let last = reports.last else { continue }
      try expectAgreement(
        model, with: try #require(last.validation[judge]), on: validation)
    }
  }

  /// Training that is told to stop, at once or at any later question, gives a usable model.
  package func stopsWhenAsked() throws {
    let planted = try planted(seed: 5)
    for patience in [0, 1, 5, 16, 17, 18, 40] {
      var asked = 0
      var epochs = 0
      let model = try Method.fit(
        planted.training, options: options, validation: nil,
        shouldStop: {
          asked += 1
          return asked > patience
        }, progress: { _ in epochs += 1 })
      #expect(asked == patience + 1, "asked \(asked) times, told to stop at \(patience + 1)")
      #expect(epochs < options.epochs)
      try expectUsable(model, of: planted.training)
    }
    for last in [1, 3] {
      var epochs = 0
      _ = try Method.fit(
        planted.training, options: options, validation: nil, shouldStop: { epochs >= last },
        progress: { _ in epochs += 1 })
      #expect(epochs == last)
    }
  }

  /// With patience, training ends soon after the best epoch and gives that epoch's model.
  ///
  /// - Parameters:
  ///   - overfitting: Options under which the validation error rises again.
  ///   - first: The first epoch whose model may be kept.
  /// - Throws: What the trainer throws.
  package func keepsTheBestEpoch(overfitting: Method.Options, from first: Int = 1) throws {
    let planted = try planted(seed: 6, density: 0.25, noise: 0.8)
    var options = overfitting
    options.patience = 3
    let judge = try judge
    var errors: [Double] = []
    let model = try Method.fit(
      planted.training, options: options, validation: planted.heldOut, shouldStop: { false },
      progress: { errors.append($0.validation[judge] ?? .nan) })
    let kept = errors.dropFirst(first - 1)
    let best = try #require(judge.prefersLess ? kept.min() : kept.max())
    let epoch = try #require(kept.firstIndex(of: best)) + 1
    #expect(errors.count < options.epochs, "the options do not overfit: \(errors)")
    #expect(errors.count == epoch + 3)
    try expectAgreement(model, with: best, on: planted.heldOut)
    // The same training without validation, ended after that epoch, gives the same numbers.
    options.patience = nil
    options.epochs = epoch
    let short = try Method.fit(planted.training, options: options)
    #expect(
      model.users.rows.allSatisfy { model.scores($0) == short.scores($0) },
      "the model of epoch \(epoch) was not kept as it was")
  }

  /// The numbers in a vector; of many samples, in one of them.
  func vectorDimension(_ model: Model) -> Int {
    model.posterior?.dimension ?? model.dimension
  }

  /// The model's error on held-out ratings is what training reported: exactly, or for samples, whose mean
  /// the model adds up in another order and in `Float`, to the rounding of these sums.
  private func expectAgreement(_ model: Model, with score: Double, on heldOut: Ratings) throws {
    guard !isForInteractions else {
      var asked = EvaluationOptions()
      asked.metrics = [try judge]
      #expect(try model.evaluate(on: heldOut, options: asked).results.first?.value == score)
      return
    }
    let rmse = score
    let found = try #require(model.ratingErrors(on: heldOut)).rmse
    guard model.posterior != nil else {
      #expect(found == rmse)
      return
    }
    // A score is a sum of `dimension` products that add up to a few stars, each rounded to 2⁻²⁴ of the sum
    // so far at most; an RMSE is off by no more than its worst score.
    expectClose(found, rmse, absolute: Double(model.dimension) * 8 * 0x1p-24)
  }

  func expectUsable(_ model: Model, of ratings: Ratings) throws {
    for user in model.users.rows { #expect(model.scores(user).allSatisfy { $0.isFinite }) }
    #expect(model.userEmbeddings.firstNonFinite == nil)
    #expect(model.itemEmbeddings.firstNonFinite == nil)
    #expect(try !model.recommend(rated: [(ratings.items[Row(0)], 3)]).contains { $0.score.isNaN })
    let folder = try ScratchFolder()
    try model.save(to: folder.path("model"))
    #expect(try Model(contentsOf: folder.path("model")).record == model.record)
  }
}
