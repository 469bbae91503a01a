// What is held back while a method trains.
// SPDX-License-Identifier: Apache-2.0

/// Held-out interactions, and what the models of a run do on them.
package struct Validation {
  /// What is held back, by its own ids.
  package let ratings: Ratings
  /// What the method learns from.
  package let training: Ratings
  /// The held-out ratings lined up with the model's rows.
  package let heldOut: HeldOut
  private let options: any TrainingOptions
  private let method: String

  package init(
    _ ratings: Ratings, training: Ratings, method: String, options: some TrainingOptions
  ) {
    self.ratings = ratings
    self.training = training
    self.options = options
    self.method = method
    heldOut = HeldOut(ratings, users: training.users, items: training.items)
  }

  /// The record of the model of an epoch, for as long as it is judged.
  package func record(_ epoch: Int) -> TrainingRecord {
    options.record(of: method, trainedOn: training, fingerprint: "", epochs: epoch)
  }

  /// What the rankings of a model are worth: of the full catalogue less the training interactions.
  ///
  /// - Parameters:
  ///   - model: The model as it is after the epoch.
  ///   - metrics: Ranking metrics.
  ///   - epoch: The epoch that has ended.
  /// - Returns: The metrics; none if nothing is held back.
  /// - Throws: `TrainingError.diverged` if a score is not finite.
  /// - Complexity: O(users with held-out items · items · *dimension*).
  package func rankings(
    of model: Model, metrics: [Metric], epoch: Int
  ) throws(TrainingError) -> [Metric: Double] {
    var asked = EvaluationOptions()
    asked.metrics = metrics
    asked.threads = options.threads
    do throws(EvaluationError) {
      let evaluation = try model.evaluate(on: ratings, options: asked)
      return Dictionary(
        uniqueKeysWithValues: evaluation.results.compactMap { result in
          result.value.map { (result.metric, $0) }
        })
    } catch .noTestItems {
      return [:]
    } catch { throw .diverged(epoch: epoch, rate: nil) }
  }
}
