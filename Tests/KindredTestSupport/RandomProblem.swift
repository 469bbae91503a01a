// Seeded models and ratings for tests.
// SPDX-License-Identifier: Apache-2.0

package import Kindred

/// What a random model looks like.
package struct ModelShape {
  package var users = 7
  package var items = 30
  package var dimension = 5
  package var hasBiases = true
  package var hasHistory = true
  package var regularization: Double? = 0.1
  /// Whether numbers are so coarse that many scores are equal.
  package var isCoarse = false

  package init() {}
}

/// A model of random numbers with ids "u0", "u1", … and "i0", "i1", …; every user has rated a few
/// items, user 0 none.
package func randomModel(seed: UInt64, _ shape: ModelShape = ModelShape()) -> Model {
  var random = KeyedRandom(seed: seed, key: 1)
  func number() -> Float {
    shape.isCoarse ? Float(random.below(3) - 1) : Float(random.normal() * 0.7)
  }
  func table<S: Side>(_ count: Int) -> EmbeddingTable<S> {
    EmbeddingTable(count: count, dimension: shape.dimension) { elements in
      for index in elements.indices { elements[index] = number() }
    }
  }
  var offsets = [0]
  var columns: [Int32] = []
  var values: [Float] = []
  for user in 0..<shape.users {
    for item in 0..<shape.items where user > 0 && random.below(3) == 0 {
      columns.append(Int32(item))
      values.append(Float(random.below(10)) / 2 + 0.5)
    }
    offsets.append(columns.count)
  }
  let history = CompressedRows<UserSide, ItemSide>(
    offsets: offsets, columns: columns, values: values)
  var options = ["dimension": "\(shape.dimension)"]
  if let regularization = shape.regularization { options["regularization"] = "\(regularization)" }
  return Model(
    userEmbeddings: table(shape.users), itemEmbeddings: table(shape.items),
    biases: shape.hasBiases
      ? .init(
        users: (0..<shape.users).map { _ in number() },
        items: (0..<shape.items).map { _ in number() }) : nil,
    mean: shape.hasBiases ? 3.375 : 0, users: IDs((0..<shape.users).map { "u\($0)" }),
    items: IDs((0..<shape.items).map { "i\($0)" }), history: shape.hasHistory ? history : nil,
    record: TrainingRecord(
      method: "test", options: options, seed: seed, ratingRange: 0.5...5,
      fingerprint: "0123456789abcdef"))
}

extension Model {
  /// The score by its definition: the fused dot product in order, the rest added in `Double`.
  package func plainScore(_ user: Int, _ item: Int) -> Double {
    let dot = plainDot(userEmbeddings.vector(Row(user)), itemEmbeddings.vector(Row(item)))
    return mean + Double(biases?.users[user] ?? 0) + Double(biases?.items[item] ?? 0) + Double(dot)
  }

  /// The rows of the items that a user has rated.
  package func seen(_ user: Int) -> Set<Int> {
    Set((history?.columns(UserRow(user)) ?? []).map { Int($0) })
  }
}

/// Ratings from a planted model of rank 2 with biases, and a fifth of them held out.
package struct PlantedRatings {
  package let training: Ratings
  package let heldOut: Ratings
  /// The root mean square of what the planted model leaves unexplained.
  package let noise: Double

  package init(
    seed: UInt64, users: Int = 80, items: Int = 50, density: Double = 0.6, noise: Double = 0.1
  ) throws {
    var random = KeyedRandom(seed: seed, key: 2)
    func vectors(_ count: Int) -> [[Double]] {
      (0..<count).map { _ in (0..<3).map { _ in 0.7 * random.normal() } }
    }
    // The third number of each is its bias.
    let (x, y) = (vectors(users), vectors(items))
    var known: [(user: String, item: String, rating: Float)] = []
    var held: [(user: String, item: String, rating: Float)] = []
    for user in 0..<users {
      for item in 0..<items where random.uniform() < density {
        let dot = x[user][0] * y[item][0] + x[user][1] * y[item][1]
        let rating = 3 + dot + x[user][2] + y[item][2] + noise * random.normal()
        let triple = (user: "u\(user)", item: "i\(item)", rating: Float(rating))
        if random.below(5) == 0 { held.append(triple) } else { known.append(triple) }
      }
    }
    training = try Ratings(known)
    heldOut = try Ratings(held)
    self.noise = noise
  }
}

/// What people with planted tastes have come across, as play counts, divided into two parts.
///
/// Each user likes the items whose vectors go with theirs; `density` is about the share of pairs that are
/// interactions, and `noise` is added to how well a pair goes together.
package struct PlantedInteractions {
  package let training: Ratings
  package let heldOut: Ratings

  package init(
    seed: UInt64, users: Int = 80, items: Int = 50, density: Double = 0.3, noise: Double = 0.1
  ) throws {
    var random = KeyedRandom(seed: seed, key: 4)
    func vectors(_ count: Int) -> [[Double]] {
      (0..<count).map { _ in (0..<3).map { _ in random.normal() } }
    }
    let (x, y) = (vectors(users), vectors(items))
    var known: [(user: String, item: String, rating: Float)] = []
    var held: [(user: String, item: String, rating: Float)] = []
    for user in 0..<users {
      let liking = (0..<items).map { item in
        (0..<3).reduce(noise * random.normal()) { $0 + x[user][$1] * y[item][$1] }
      }
      // Each user has the best of the catalogue for them, somewhat more or fewer of it.
      let count = max(2, Int(Double(items) * density * (0.5 + random.uniform())))
      let best = (0..<items).sorted { liking[$0] > liking[$1] }.prefix(count)
      for item in best.sorted() {
        let triple = (
          user: "u\(user)", item: "i\(item)", rating: Float(1 + random.below(9))
        )
        if random.below(5) == 0 { held.append(triple) } else { known.append(triple) }
      }
    }
    training = try Ratings(known)
    heldOut = try Ratings(held)
  }
}

/// A model of random samples, with the ids and the history of ``randomModel(seed:_:)``.
package func randomSampleModel(
  seed: UInt64, samples: Int = 4, _ shape: ModelShape = ModelShape()
) -> Model {
  var random = KeyedRandom(seed: seed, key: 3)
  let ids = randomModel(seed: seed, shape)
  let width = shape.dimension + (shape.hasBiases ? 1 : 0)
  func numbers(_ count: Int, _ deviation: Double) -> [Double] {
    (0..<count).map { _ in deviation * random.normal() }
  }
  // GGᵀ + I is positive definite.
  func precision() -> [Double] {
    let g = numbers(width * width, 0.5)
    return (0..<width * width).map { place in
      let (row, column) = (place / width, place % width)
      let product = (0..<width).reduce(0) { $0 + g[row * width + $1] * g[column * width + $1] }
      return product + (row == column ? 1 : 0)
    }
  }
  func priors() -> Posterior.Priors {
    Posterior.Priors(
      means: Flat(numbers(samples * width, 0.3)),
      precisions: Flat((0..<samples).flatMap { _ in precision() }))
  }
  let posterior = Posterior(
    dimension: shape.dimension, hasBiases: shape.hasBiases, userPriors: priors(),
    itemPriors: priors(), noise: Flat((0..<samples).map { _ in 0.5 + random.uniform() }))
  func table<S: Side>(_ count: Int) -> EmbeddingTable<S> {
    posterior.stacked(
      (0..<samples).map { _ in Flat(numbers(count * width, 0.7).map { Float($0) }) }, count: count)
  }
  return Model(
    userEmbeddings: table(shape.users), itemEmbeddings: table(shape.items), biases: nil,
    mean: ids.mean, users: ids.users, items: ids.items, history: ids.history,
    record: TrainingRecord(
      method: "bayes", options: ["dimension": "\(shape.dimension)"], seed: seed,
      ratingRange: 0.5...5, fingerprint: "0123456789abcdef"),
    posterior: posterior)
}

extension Model {
  /// The score of one sample by its definition, in `Double`: μ + b_u + b_i + x·y.
  package func plainScore(_ user: Int, _ item: Int, sample: Int) -> Double {
    guard let posterior else { return .nan }
    let (k, width) = (posterior.dimension, posterior.sampleWidth)
    let x = userEmbeddings.numbers(Row(user)).map { $0 * Double(posterior.samples) }
    let y = itemEmbeddings.numbers(Row(item))
    let start = sample * width
    let dot = (0..<k).reduce(0) { $0 + x[start + $1] * y[start + $1] }
    return mean + dot + (posterior.hasBiases ? x[start + k + 1] + y[start + k] : 0)
  }
}
