// Many settings for a short time, the best of them for longer.
// SPDX-License-Identifier: Apache-2.0

/// The plan of a search: which trials there are, and for how many epochs each round trains.
///
/// Successive halving (Karnin, Koren & Somekh 2013; Jamieson & Talwalkar 2016): every round trains all that
/// are left, keeps the best of them, one in `keeping`, and gives these `keeping` times the epochs.
package struct SuccessiveHalving: Equatable, Sendable {
  /// The epochs of each round, rising. [rounds]
  package let epochs: [Int]
  /// How many trials each round trains. [rounds]
  package let trials: [Int]

  /// - Parameters:
  ///   - trials: How many there are in the first round, 1 or more.
  ///   - epochs: Of the last round, 1 or more.
  ///   - keeping: Of how many one is kept, 2 or more.
  ///   - least: The fewest epochs that tell good settings from bad ones, 1 or more.
  package init(trials: Int, epochs: Int, keeping: Int, least: Int = 1) {
    var counts = [trials]
    var lengths = [epochs]
    // A round too short to tell, or of a single trial again, says nothing.
    while let count = counts.last, let length = lengths.first, count > 1 {
      let shorter = max(least, Int((Double(length) / Double(keeping)).rounded()))
      guard shorter >= 1, shorter < length else { break }
      counts.append((count - 1) / keeping + 1)
      lengths.insert(shorter, at: 0)
    }
    self.trials = counts
    self.epochs = lengths
  }
}

/// Points that fill a cube evenly however many are taken: the additive recurrence of Roberts (2018), from
/// a place that a seed chooses.
package struct EvenPoints: Sendable {
  private let steps: [Double]
  private let start: [Double]

  package init(dimensions: Int, seed: UInt64) {
    // The positive root of x^(d + 1) = x + 1, by the iteration x ← (1 + x)^(1 / (d + 1)).
    var root = 2.0
    for _ in 0..<60 { root = power(1 + root, 1 / Double(dimensions + 1)) }
    var random = KeyedRandom(seed: seed, key: StreamKey.tuning)
    var (steps, start): ([Double], [Double]) = ([], [])
    for dimension in 0..<dimensions {
      steps.append(power(1 / root, Double(dimension + 1)))
      start.append(random.uniform())
    }
    self.steps = steps
    self.start = start
  }

  /// The point of this number, each coordinate in 0 ..< 1.
  package subscript(number: Int) -> [Double] {
    zip(start, steps).map { start, step in
      let place = start + Double(number) * step
      return place - place.rounded(.down)
    }
  }
}
