// How sure scores are, as commands ask for it and show it.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred

/// How much of the ratings an interval is to hold.
struct Sureness: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "How likely a rating is in the interval that a model of bayes gives. (default: 0.9)")
  var interval: Double?

  func validate() throws {
    if let interval, !(interval > 0 && interval < 1) {
      throw ValidationError("--interval is \(interval); it must be between 0 and 1.")
    }
  }

  var probability: Double { interval ?? 0.9 }

  /// Fails where an interval was asked of a model that has none.
  func require(_ model: Model) throws {
    guard interval == nil || model.posterior != nil else {
      throw ModelError.noSamples(need: "--interval")
    }
  }

  /// The ends of the interval, for scripts.
  func ends(_ prediction: Prediction) -> [Double] {
    let interval = prediction.interval(probability)
    return [interval.lowerBound, interval.upperBound]
  }

  /// A score with its deviation and the interval of a rating, for people.
  func shown(_ prediction: Prediction) -> String {
    let interval = prediction.interval(probability)
    return "\(fixed(prediction.score, 3)) ±\(fixed(prediction.deviation, 2)) "
      + "(\(fixed(interval.lowerBound, 1)) to \(fixed(interval.upperBound, 1)))"
  }

  /// What the numbers are.
  var legend: String {
    "± is the standard deviation of the score; in brackets, where a rating lies with "
      + "\(digits(probability * 100)) %."
  }
}
