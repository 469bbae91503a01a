// The search for settings: its plan, its points, and that it finds what is best.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Tuning") struct TuningTests {
  @Test("each round keeps one in three and trains three times as long") func plan() {
    let plan = SuccessiveHalving(trials: 27, epochs: 18, keeping: 3, least: 2)
    #expect(plan.trials == [27, 9, 3])
    #expect(plan.epochs == [2, 6, 18])
    // A single trial needs no second round, and an epoch is the least.
    #expect(SuccessiveHalving(trials: 1, epochs: 50, keeping: 3).trials == [1])
    #expect(SuccessiveHalving(trials: 27, epochs: 1, keeping: 3).epochs == [1])
    #expect(SuccessiveHalving(trials: 4, epochs: 100, keeping: 2).trials == [4, 2, 1])
    #expect(SuccessiveHalving(trials: 4, epochs: 100, keeping: 2).epochs == [25, 50, 100])
    // No round is too short to tell, unless the last is.
    #expect(SuccessiveHalving(trials: 27, epochs: 5, keeping: 3, least: 3).epochs == [3, 5])
    #expect(
      SuccessiveHalving(trials: 27, epochs: 60, keeping: 3, least: 10).epochs == [10, 20, 60])
    #expect(SuccessiveHalving(trials: 27, epochs: 2, keeping: 3, least: 10).epochs == [2])
    for trials in 1...40 {
      for epochs in 1...40 {
        let plan = SuccessiveHalving(trials: trials, epochs: epochs, keeping: 3)
        #expect(plan.trials.first == trials && plan.epochs.last == epochs)
        #expect(plan.trials.count == plan.epochs.count)
        #expect(plan.epochs.allSatisfy { $0 >= 1 } && plan.trials.allSatisfy { $0 >= 1 })
      }
    }
  }

  @Test("points fill the cube: every tenth of a side has about a tenth of them", arguments: 1...4)
  func points(dimensions: Int) {
    let points = EvenPoints(dimensions: dimensions, seed: 3)
    for dimension in 0..<dimensions {
      var counts = Array(repeating: 0, count: 10)
      for number in 0..<200 {
        let place = points[number][dimension]
        #expect((0..<1).contains(place))
        counts[Int(place * 10)] += 1
      }
      // Random points would have 20 ± 13 at three deviations, and all of ten tenths within 8 once in a few
      // hundred times; an additive recurrence by a badly approximable number leaves smaller gaps.
      #expect(counts.allSatisfy { (12...28).contains($0) }, "\(counts)")
    }
    #expect(points[5] == EvenPoints(dimensions: dimensions, seed: 3)[5])
    #expect(points[5] != EvenPoints(dimensions: dimensions, seed: 4)[5])
  }

  @Test("values lie in their ranges, and a command line says all of them") func values() {
    for setting in SGD.tunedSettings {
      for step in 0...50 {
        let value = setting.value(at: Double(step) / 50)
        #expect(setting.range.contains(value))
      }
      #expect(setting.value(at: 0) == setting.range.lowerBound)
    }
    let regularization = SGD.tunedSettings[0]
    let middle = regularization.value(at: 0.5)
    // √(0.005 · 0.3) = 0.038730 to three digits.
    #expect(regularization.name == "regularization" && middle == 0.0387)
  }

  private static var base: ALSOptions {
    var options = ALSOptions()
    options.dimension = 3
    options.epochs = 9
    return options
  }

  private static var search: TuningOptions {
    var options = TuningOptions()
    options.trials = 9
    return options
  }

  @Test("finds a penalty that predicts better than the defaults", arguments: 1...3)
  func finds(seed: UInt64) throws {
    // The noise is small, so that the default penalty, made for people's ratings, is far too large.
    let planted = try PlantedRatings(seed: seed)
    var search = Self.search
    search.seed = seed
    let result = try Tuning(ALS.self, planted.training, base: Self.base, options: search).run()
    #expect(result.trials.count == 9 + 3 && !result.wasStopped)
    let best = try #require(result.best)
    #expect(best.score == result.trials.compactMap(\.score).min())
    #expect(result.options.epochs == best.epochs)
    func error(_ options: ALSOptions) throws -> Double {
      let model = try ALS.fit(planted.training, options: options)
      return try #require(model.ratingErrors(on: planted.heldOut)).rmse
    }
    #expect(try error(result.options) < error(Self.base))
    // Its first trial has the defaults; each round trains the best of the last.
    #expect(result.trials[0].settings.isEmpty)
    let first = result.trials.prefix(9).sorted { ($0.score ?? 9) < ($1.score ?? 9) }
    #expect(Set(first.prefix(3).map(\.number)) == Set(result.trials[9..<12].map(\.number)))
  }

  @Test("the same trials for any number of threads, and what is fixed stays") func repeats() throws
  {
    let planted = try PlantedRatings(seed: 4)
    func scores(_ threads: Int, fixed: Set<String> = []) throws -> [[String: Double]: Double?] {
      var base = Self.base
      base.threads = threads
      let result = try Tuning(
        ALS.self, planted.training, base: base, fixed: fixed, options: Self.search
      ).run()
      return Dictionary(
        result.trials.map { ($0.settings, $0.score) }, uniquingKeysWith: { $1 })
    }
    #expect(try scores(1) == scores(3))
    // With its only setting fixed there is nothing to search for.
    #expect(try scores(1, fixed: ["regularization"]).keys.map(\.count) == [0])
  }

  @Test("a search that is broken off goes on to the same end, without training again")
  func resumes() throws {
    let planted = try PlantedRatings(seed: 5)
    let folder = try ScratchFolder()
    let tuning = Tuning(ALS.self, planted.training, base: Self.base, options: Self.search)
    let whole = try tuning.run()
    let path = folder.path("tuning")
    for last in [1, 7, 11] {
      var done = 0
      let broken = try tuning.run(
        checkpoint: Checkpoint(path: path), shouldStop: { done >= last },
        progress: { _ in done += 1 })
      #expect(broken.wasStopped && broken.trials.count == last)
      var further = 0
      let resumed = try tuning.run(
        checkpoint: Checkpoint(path: path, resumes: true), progress: { _ in further += 1 })
      #expect(further == whole.trials.count - last)
      #expect(resumed.trials.map(\.score) == whole.trials.map(\.score))
      #expect(resumed.best?.number == whole.best?.number && resumed.options == whole.options)
    }
    // Another search is refused, and says in what it differs.
    var other = Self.base
    other.dimension = 4
    let error = #expect(throws: TuningError.self) {
      try Tuning(ALS.self, planted.training, base: other, options: Self.search).run(
        checkpoint: Checkpoint(path: path, resumes: true))
    }
    guard case .otherSearch(_, let differences) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(differences.map { [$0.name, $0.checkpoint, $0.asked] } == [["dimension", "3", "4"]])
    // What is no search is neither read nor written over.
    _ = try folder.file(Array("precious".utf8), "text")
    for resumes in [false, true] {
      #expect(throws: TuningError.self) {
        try tuning.run(checkpoint: Checkpoint(path: folder.path("text"), resumes: resumes))
      }
    }
    #expect(try folder.bytes("text") == Array("precious".utf8))
    #expect(throws: TuningError.self) {
      try tuning.run(checkpoint: Checkpoint(path: folder.path("none"), resumes: true))
    }
  }

  @Test("trainings that fail are trials without a score") func failures() throws {
    let planted = try PlantedRatings(seed: 6)
    var base = SGDOptions()
    base.dimension = 3
    base.epochs = 3
    base.rate = 1e6
    var search = Self.search
    search.trials = 3
    let result = try Tuning(
      SGD.self, planted.training, base: base, fixed: ["rate", "decay"], options: search
    ).run()
    #expect(result.trials.allSatisfy { $0.score == nil && $0.failure?.isEmpty == false })
    #expect(result.best == nil && result.options == base)
  }

  @Test("refuses what cannot be searched") func refuses() throws {
    let planted = try PlantedRatings(seed: 7)
    let changes: [(inout TuningOptions) -> Void] = [
      { $0.trials = 0 }, { $0.keeping = 1 }, { $0.validationFraction = 0 },
      { $0.validationFraction = 1 }, { $0.validationFraction = .nan }, { $0.epochs = 0 },
      { $0.trials = .max },
    ]
    for (index, change) in changes.enumerated() {
      var search = TuningOptions()
      change(&search)
      let error = #expect(throws: TuningError.self, "change \(index)") {
        try Tuning(ALS.self, planted.training, base: Self.base, options: search).run()
      }
      guard case .training(.badOption) = error else {
        Issue.record("change \(index): \(String(describing: error))")
        return
      }
    }
    let one = try Ratings([("u", "i", 3)])
    #expect(throws: TuningError.self) {
      try Tuning(ALS.self, one, base: Self.base, options: Self.search).run()
    }
  }
}
