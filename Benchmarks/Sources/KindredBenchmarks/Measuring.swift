// What a piece of work takes.
// SPDX-License-Identifier: Apache-2.0

/// The seconds that some work takes, and what it gives.
func timed<Result>(_ work: () throws -> Result) rethrows -> (seconds: Double, result: Result) {
  let clock = ContinuousClock()
  let start = clock.now
  let result = try work()
  return ((clock.now - start) / .seconds(1), result)
}
