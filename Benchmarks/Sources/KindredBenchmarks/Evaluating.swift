// Ranking all items for all test users.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// Evaluates recall and gain at 20, from ratings and a model that are read already.
func evaluate(model path: String, test: String) throws {
  let model = try Model(contentsOf: path)
  let ratings = try Ratings(contentsOf: test)
  var options = EvaluationOptions()
  options.metrics = [try Metric("recall@20"), try Metric("ndcg@20")]
  let (seconds, evaluation) = try timed { try model.evaluate(on: ratings, options: options) }
  let values = evaluation.results.map { "\"\($0.metric)\": \($0.value ?? 0)" }
  print("{\"seconds\": \(seconds), \(values.joined(separator: ", "))}")
}
