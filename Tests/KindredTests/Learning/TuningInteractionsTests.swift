// The search for settings of methods for interactions.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Tuning methods for interactions") struct TuningInteractionsTests {
  private static var search: TuningOptions {
    var options = TuningOptions()
    options.trials = 6
    options.keeping = 2
    options.metric = Metric(.recall, cutoff: 5)
    return options
  }

  /// A search ranks by the metric, chooses within its ranges, leaves what is fixed, and its best trial is
  /// what training with its settings on the same part of the data gives.
  private func expectFound<Method: Tunable>(_ method: Method.Type, _ base: Method.Options) throws {
    let planted = try PlantedInteractions(seed: 21)
    let result = try Tuning(method, planted.training, base: base, options: Self.search).run()
    #expect(result.metric == Self.search.metric && !result.wasStopped)
    let best = try #require(result.best)
    #expect(result.trials.allSatisfy { $0.failure == nil })
    #expect(best.score == result.trials.compactMap(\.score).max())
    #expect(result.options.epochs == best.epochs)
    let names = Set(Method.tunedSettings.map(\.name))
    for trial in result.trials where trial.number > 1 {
      #expect(Set(trial.settings.keys) == names)
      for setting in Method.tunedSettings {
        let value = try #require(trial.settings[setting.name])
        #expect(setting.range.contains(value))
      }
    }
    for (name, value) in best.settings {
      #expect(result.options.recorded[name].flatMap { Double($0) } == value, "\(name)")
    }
    let parts = planted.training.split(
      validationFraction: Self.search.validationFraction, seed: Self.search.seed)
    var asked = EvaluationOptions()
    asked.metrics = [result.metric]
    let model = try Method.fit(parts.training, options: result.options)
    let again = try model.evaluate(on: parts.validation, options: asked).results.first?.value
    #expect(again == best.score)

    let first = try #require(Method.tunedSettings.first)
    let fixed = try Tuning(
      method, planted.training, base: base, fixed: [first.name], options: Self.search
    ).run()
    #expect(fixed.trials.allSatisfy { $0.settings[first.name] == nil })
    #expect(fixed.options.recorded[first.name] == base.recorded[first.name])
  }

  @Test("ials") func ials() throws {
    var options = IALSOptions()
    options.dimension = 4
    options.epochs = 4
    try expectFound(IALS.self, options)
  }

  @Test("bpr") func bpr() throws {
    var options = BPROptions()
    options.dimension = 4
    options.epochs = 20
    try expectFound(BPR.self, options)
  }

  @Test("softmax") func softmax() throws {
    var options = SoftmaxOptions()
    options.dimension = 4
    options.epochs = 10
    options.batch = 16
    try expectFound(Softmax.self, options)
  }

  @Test("by default they are judged by recall@20, and those for ratings by rmse") func judges()
    throws
  {
    let interactions = try PlantedInteractions(seed: 22, users: 20, items: 30)
    var search = TuningOptions()
    search.trials = 1
    var options = IALSOptions()
    options.dimension = 2
    options.epochs = 1
    let found = try Tuning(IALS.self, interactions.training, base: options, options: search).run()
    #expect(found.metric == Metric(.recall, cutoff: 20))
    let ratings = try PlantedRatings(seed: 22, users: 20, items: 30)
    var als = ALSOptions()
    als.dimension = 2
    als.epochs = 1
    #expect(
      try Tuning(ALS.self, ratings.training, base: als, options: search).run().metric
        == Metric(.rmse))
  }
}
