// One measurement a run: the work's name, its arguments, and a line of JSON with the seconds.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred

/// The seconds that some work takes, and what it gives.
func timed<Result>(_ work: () throws -> Result) rethrows -> (seconds: Double, result: Result) {
  let clock = ContinuousClock()
  let start = clock.now
  let result = try work()
  return ((clock.now - start) / .seconds(1), result)
}

/// The most memory that this process has had, in megabytes.
func peakMegabytes() -> Double {
  var usage = rusage()
  #if os(macOS)
    getrusage(RUSAGE_SELF, &usage)
    return Double(usage.ru_maxrss) / 1_048_576
  #else
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) / 1024
  #endif
}

let arguments = CommandLine.arguments.dropFirst()
let rest = Array(arguments.dropFirst())
do {
  switch (arguments.first, rest.count) {
  case ("read", 1):
    // Into both indexes, with string ids.
    let (seconds, ratings) = try timed {
      let ratings = try Ratings(contentsOf: rest[0])
      ratings.indexByItem()
      return ratings
    }
    print(
      "{\"seconds\": \(seconds), \"ratings\": \(ratings.count), \"megabytes\": \(peakMegabytes())}")
  case ("open", 1):
    let (seconds, model) = try timed { try Model(contentsOf: rest[0]) }
    print(
      "{\"seconds\": \(seconds), \"users\": \(model.users.count), "
        + "\"megabytes\": \(peakMegabytes())}")
  case ("evaluate", 2):
    let model = try Model(contentsOf: rest[0])
    let test = try Ratings(contentsOf: rest[1])
    var options = EvaluationOptions()
    options.metrics = [try Metric("recall@20"), try Metric("ndcg@20")]
    let (seconds, evaluation) = try timed { try model.evaluate(on: test, options: options) }
    let values = evaluation.results.map { "\"\($0.metric)\": \($0.value ?? 0)" }
    print(
      "{\"seconds\": \(seconds), \(values.joined(separator: ", ")), "
        + "\"megabytes\": \(peakMegabytes())}")
  case ("kernels", 2):
    try profileKernels(python: rest[0], script: rest[1])
  default:
    print(
      "usage: KindredBenchmarks read FILE | open MODEL | evaluate MODEL TEST | kernels PYTHON SGEMM.PY"
    )
    exit(64)
  }
} catch {
  print("\(error)")
  exit(65)
}
