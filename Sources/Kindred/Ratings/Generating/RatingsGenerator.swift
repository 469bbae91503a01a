// Simulated ratings of any size with a planted truth of low rank.
// SPDX-License-Identifier: Apache-2.0

// Nobody gave these ratings. User u's rating of item i is
//
//   r(u, i) = stars(3.5 + ⟨p_u, q_i⟩ + σ ε_ui),
//
// where stars(·) rounds to half stars between 0.5 and 5, ε and every other normal draw is standard,
// σ is the noise asked for, and
//
// 1. p_u and q_i have k numbers, each k^(−1/4) · normal. A product of two has variance 1/k, so that
//    the dot product has variance 1 whatever the rank k is;
// 2. which items are rated is a matter of popularity alone: the item of rank j = 0, 1, … has weight
//    w = (j + 20)^(−0.9), the ranks being a random permutation of the items. The exponent makes a long
//    tail such as film and book ratings have, the 20 keeps the first item from outshining all;
// 3. user u is as active as a_u = (1 − U)^(−2/3) − 0.8, U uniform: a Pareto tail of exponent 1.5. The
//    ratings are divided in proportion, every user having one at least and none more than half of the
//    items (where the numbers allow that), so that their number comes out exactly;
// 4. a user's items are drawn one after another by weight, each once.
//
// Rounding to half stars adds (1/2)² / 12 to the variance of the noise, so that on ratings which no
// clipping touches the planted truth is wrong by √(σ² + 1/48) in the root mean square: 0.52 stars for
// σ = 0.5, and no model can do better.
//
// Interactions without values must say something by being there: an item's weight is then
// w / (1 + e^(−2 ⟨p_u, q_i⟩)), popularity by taste.
//
// Times: a user begins at some moment of the ten years from 2005 on. An item follows the one before
// after 5 seconds and 25 more on average, but one in twenty after a pause; the pauses of a user come
// to about two years.

/// Draws ratings with a structure that is known, user by user, in any number.
///
/// They are simulated by a formula: nobody's opinions. The result depends on nothing but the options;
/// the times and the ids change nothing else.
///
/// ```swift
/// var options = GeneratorOptions(users: 10_000, items: 2_000, ratings: 1_000_000)
/// options.noise = 0.3
/// try RatingsGenerator(options).write(to: "ratings.csv", format: .csv)
/// ```
public struct RatingsGenerator: Sendable {
  /// What was asked for.
  public let options: GeneratorOptions
  /// How many ratings each user gives. [users]
  package let counts: [Int]
  /// The items' vectors. [items, rank]
  let itemVectors: EmbeddingTable<ItemSide>
  /// How popular each item is. [items]
  package let weights: [Double]
  private let popularity: AliasTable

  /// Makes the world in which users rate.
  ///
  /// - Throws: `GenerationError` if the options are impossible.
  /// - Complexity: O(users · log users + items · rank).
  public init(_ options: GeneratorOptions) throws(GenerationError) {
    try options.validate()
    self.options = options
    let seed = options.seed
    let activities = (0..<options.users).map { user in
      var random = KeyedRandom(seed: seed, key: StreamKey.activity, UInt64(user))
      return exponential(logarithm(1 - random.uniform()) * -2 / 3) - 0.8
    }
    // Nobody rates everything unless everything is to be rated.
    let half = max(1, options.items / 2)
    counts = apportioned(
      options.ratings, weights: activities, low: options.ratings >= options.users ? 1 : 0,
      high: options.ratings <= half * options.users ? half : options.items)
    var ranks = Array(0..<options.items)
    var random = KeyedRandom(seed: seed, key: StreamKey.popularity)
    random.shuffle(&ranks)
    weights = ranks.map { exponential(-0.9 * logarithm(Double($0 + 20))) }
    popularity = AliasTable(weights: weights)
    itemVectors = EmbeddingTable(count: options.items, dimension: options.rank) { elements in
      for item in 0..<options.items {
        var random = Self.vectorStream(ItemSide.key, item, seed)
        for k in 0..<options.rank {
          elements[item * options.rank + k] = Self.coordinate(options.rank, &random)
        }
      }
    }
  }

  /// The vector of one user. [rank]
  func userVector(_ user: Int) -> [Float] {
    var random = Self.vectorStream(UserSide.key, user, options.seed)
    return (0..<options.rank).map { _ in Self.coordinate(options.rank, &random) }
  }

  private static func vectorStream(_ side: UInt64, _ row: Int, _ seed: UInt64) -> KeyedRandom {
    KeyedRandom(seed: seed, key: StreamKey.planted, side, UInt64(row))
  }

  private static func coordinate(_ rank: Int, _ random: inout KeyedRandom) -> Float {
    Float(random.normal() / Double(rank).squareRoot().squareRoot())
  }

  // MARK: One user

  /// What one user rates, in the order in which they do.
  ///
  /// - Parameters:
  ///   - user: Their number, from 0.
  ///   - seen: A bit for each item, all clear; they are again when this returns.
  ///   - body: Called for each item with its number and the rating in half stars, 1 to 10.
  package func draw(user: Int, seen: inout BitSet, _ body: (_ item: Int, _ halves: Int) -> Void) {
    let count = counts[user]
    guard count > 0 else { return }
    let vector = userVector(user)
    var random = KeyedRandom(seed: options.seed, key: StreamKey.plantedRatings, UInt64(user))
    // Drawing again until an item is new takes long where few are left.
    let items =
      count * 4 <= options.items
      ? drawing(count, vector, &random, &seen) : arriving(count, vector, &random)
    for item in items {
      guard options.hasValues else {
        body(item, 0)
        continue
      }
      let liking = 3.5 + taste(vector, item) + options.noise * random.normal()
      body(item, Int(min(max((2 * liking).rounded(), 1), 10)))
    }
  }

  private func taste(_ vector: [Float], _ item: Int) -> Double {
    Double(Kernels.best.dot(vector.span, itemVectors.vector(ItemRow(item))))
  }

  /// The chance that taste lets somebody take an item up; 1 where popularity alone counts.
  private func appeal(_ vector: [Float], _ item: Int) -> Double {
    options.hasValues ? 1 : 1 / (1 + exponential(-2 * taste(vector, item)))
  }

  private func drawing(
    _ count: Int, _ vector: [Float], _ random: inout KeyedRandom, _ seen: inout BitSet
  ) -> [Int] {
    var items: [Int] = []
    items.reserveCapacity(count)
    while items.count < count {
      let item = popularity.draw(&random)
      guard !seen.contains(item) else { continue }
      guard options.hasValues || random.uniform() < appeal(vector, item) else { continue }
      seen.insert(item)
      items.append(item)
    }
    for item in items { seen.remove(item) }
    return items
  }

  /// The same by another way: the smallest of −ln(uniform) / weight (Efraimidis & Spirakis 2006).
  private func arriving(
    _ count: Int, _ vector: [Float], _ random: inout KeyedRandom
  ) -> [Int] {
    let arrivals = weights.indices.map { item in
      (-logarithm(1 - random.uniform()) / (weights[item] * appeal(vector, item)), item)
    }
    return arrivals.sorted { $0 < $1 }.prefix(count).map(\.1)
  }

  /// When one user rates, in seconds since 1970: as many moments as they have ratings, each later.
  func moments(user: Int) -> [Int64] {
    var random = KeyedRandom(seed: options.seed, key: StreamKey.plantedTimes, UInt64(user))
    let year = 365.25 * 86_400
    var time = 1_104_537_600 + 10 * year * random.uniform()
    let pause = 2 * year / (1 + Double(counts[user]) / 20)
    return (0..<counts[user]).map { _ in
      let mean = random.uniform() < 0.05 ? pause : 25
      time += 5 - mean * logarithm(1 - random.uniform())
      return Int64(time)
    }
  }
}

/// A bit for each of some numbers.
package struct BitSet: Sendable {
  private(set) var words: [UInt64]

  package init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

  @inline(__always)
  func contains(_ place: Int) -> Bool { words[place >> 6] >> UInt64(place & 63) & 1 == 1 }

  @inline(__always)
  mutating func insert(_ place: Int) { words[place >> 6] |= 1 << UInt64(place & 63) }

  @inline(__always)
  mutating func remove(_ place: Int) { words[place >> 6] &= ~(1 << UInt64(place & 63)) }

  mutating func formUnion(_ other: BitSet) {
    for place in words.indices { words[place] |= other.words[place] }
  }

  var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
