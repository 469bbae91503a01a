// Models that learn next to nothing: what every other model must beat.
// SPDX-License-Identifier: Apache-2.0

/// A model without taste, to hold others against and to check an evaluation with.
///
/// ```swift
/// let popular = try Baseline.popular.fit(ratings)
/// print(try popular.evaluate(on: test)[Metric("recall@20")] ?? 0)
/// ```
///
/// All of them are ordinary models of the form μ + b_u + b_i + x·y, so that whatever works with a
/// model works with them; nothing is trained in epochs.
public enum Baseline: Equatable, Sendable {
  /// Scores an item by the number of its training interactions, for everybody alike.
  ///
  /// The count is the item's bias, exact up to 2²⁴; so also somebody unknown is shown what is popular.
  case popular
  /// Predicts the mean rating of the user, of the item, or of all.
  ///
  /// Whoever has no rating is predicted the mean of all.
  case mean(by: Center)
  /// Scores by random vectors: for one user every order of the items is equally likely.
  case random(seed: UInt64)

  /// Whose mean rating is predicted.
  public enum Center: String, CaseIterable, Sendable {
    /// The mean of what the user has given.
    case user
    /// The mean of what the item was given.
    case item
    /// The mean of all ratings.
    case global
  }

  /// The numbers in a vector of the random baseline: enough that two users' orders have little to do
  /// with one another.
  private static let randomDimension = 32

  /// The method's name on the command line and in model files.
  public var method: String {
    switch self {
    case .popular: "popular"
    case .mean: "mean"
    case .random: "random"
    }
  }

  /// Makes the model.
  ///
  /// - Parameter ratings: What to count, or to take means of.
  /// - Returns: The model, with the ratings as its history.
  /// - Throws: `TrainingError.noRatings`.
  /// - Complexity: O(ratings + users + items).
  public func fit(_ ratings: Ratings) throws(TrainingError) -> Model {
    guard ratings.count > 0 else { throw .noRatings }
    if case .random(let seed) = self {
      return Model(
        userEmbeddings: Self.table(ratings.users.count, seed: seed),
        itemEmbeddings: Self.table(ratings.items.count, seed: seed), biases: nil, mean: 0,
        users: ratings.users, items: ratings.items, history: ratings.byUser,
        record: record(ratings, seed: seed))
    }
    let (mean, biases) = numbers(
      of: ratings.byUser, itemCount: ratings.items.count, mean: ratings.mean)
    // A model of biases alone: its vectors are one zero long.
    return Model(
      userEmbeddings: EmbeddingTable(count: ratings.users.count, dimension: 1) { _ in },
      itemEmbeddings: EmbeddingTable(count: ratings.items.count, dimension: 1) { _ in },
      biases: biases, mean: mean, users: ratings.users, items: ratings.items,
      history: ratings.byUser, record: record(ratings, seed: 0))
  }

  /// The mean and the biases that stand for interactions; zeros for the random baseline.
  ///
  /// - Parameters:
  ///   - history: What to count, or to take means of.
  ///   - itemCount: How many items there are.
  ///   - mean: The mean of all ratings.
  /// - Returns: The mean that scores start from, and the biases.
  /// - Complexity: O(ratings + users + items).
  package func numbers(
    of history: CompressedRows<UserSide, ItemSide>, itemCount: Int, mean: Double
  ) -> (mean: Double, biases: Model.Biases) {
    let sums = Self.sums(history, itemCount: itemCount)
    func zeros(_ sums: [(sum: Double, count: Int)]) -> [Float] { sums.map { _ in 0 } }
    func biases(_ sums: [(sum: Double, count: Int)]) -> [Float] {
      sums.map { $0.count == 0 ? 0 : Float($0.sum / Double($0.count) - mean) }
    }
    switch self {
    case .popular:
      return (0, .init(users: zeros(sums.users), items: sums.items.map { Float($0.count) }))
    case .mean(by: .user): return (mean, .init(users: biases(sums.users), items: zeros(sums.items)))
    case .mean(by: .item): return (mean, .init(users: zeros(sums.users), items: biases(sums.items)))
    case .mean(by: .global):
      return (mean, .init(users: zeros(sums.users), items: zeros(sums.items)))
    case .random: return (0, .init(users: zeros(sums.users), items: zeros(sums.items)))
    }
  }

  /// The vector of somebody new in a model of the random baseline.
  package static func randomVector<S: Side>(_ row: Row<S>, seed: UInt64) -> [Float] {
    var random = KeyedRandom(
      seed: seed, key: StreamKey.baseline, S.key, UInt64(UInt32(bitPattern: row.index)))
    return (0..<randomDimension).map { _ in Float(random.normal()) }
  }

  private static func table<S: Side>(_ count: Int, seed: UInt64) -> EmbeddingTable<S> {
    EmbeddingTable(count: count, dimension: randomDimension) { elements in
      for row in 0..<count {
        for (k, number) in randomVector(Row<S>(row), seed: seed).enumerated() {
          elements[row * randomDimension + k] = number
        }
      }
    }
  }

  /// The sum and the count of each row's ratings.
  private static func sums(
    _ history: CompressedRows<UserSide, ItemSide>, itemCount: Int
  ) -> (users: [(sum: Double, count: Int)], items: [(sum: Double, count: Int)]) {
    var users = Array(repeating: (sum: 0.0, count: 0), count: history.rowCount)
    var items = Array(repeating: (sum: 0.0, count: 0), count: itemCount)
    for user in users.indices {
      let row = UserRow(user)
      for (item, value) in zip(history.columns(row), history.values(row)) {
        users[user].sum += Double(value)
        users[user].count += 1
        items[Int(item)].sum += Double(value)
        items[Int(item)].count += 1
      }
    }
    return (users, items)
  }

  private func record(_ ratings: Ratings, seed: UInt64) -> TrainingRecord {
    var options: [String: String] = [:]
    if case .mean(let center) = self { options["by"] = center.rawValue }
    return TrainingRecord(
      method: method, options: options, seed: seed, ratingRange: ratings.range,
      fingerprint: ratings.fingerprint)
  }
}

extension TrainingRecord {
  /// The baseline that a model is; nil for one that was trained.
  package var baseline: Baseline? {
    switch method {
    case "popular": .popular
    case "mean": .mean(by: options["by"].flatMap { Baseline.Center(rawValue: $0) } ?? .user)
    case "random": .random(seed: seed)
    default: nil
    }
  }
}

extension Model {
  /// The vector and the bias of somebody new in a baseline, from their ratings; nil for a model that
  /// was trained.
  ///
  /// Popularity and items' means say the same to everybody; a user's mean is theirs; a random vector
  /// is that of the row after the last.
  package func foldedInBaseline(_ ratings: [Float]) -> (vector: [Double], bias: Double)? {
    let zeros = Array(repeating: 0.0, count: dimension)
    switch record.baseline {
    case nil: return nil
    case .mean(by: .user):
      let sum = ratings.reduce(0.0) { $0 + Double($1) }
      return (zeros, sum / Double(ratings.count) - mean)
    case .popular, .mean: return (zeros, 0)
    case .random(let seed):
      let vector = Baseline.randomVector(UserRow(users.count), seed: seed)
      return vector.count == dimension ? (vector.map { Double($0) }, 0) : (zeros, 0)
    }
  }
  /// The vector and the bias of a new item in a baseline, from its ratings; nil for a model that was
  /// trained.
  package func itemFoldedInBaseline(_ ratings: [Float]) -> (vector: [Double], bias: Double)? {
    let zeros = Array(repeating: 0.0, count: dimension)
    switch record.baseline {
    case nil: return nil
    case .popular: return (zeros, Double(ratings.count))
    case .mean(by: .item):
      return (zeros, ratings.reduce(0.0) { $0 + Double($1) } / Double(ratings.count) - mean)
    case .mean: return (zeros, 0)
    case .random(let seed):
      let vector = Baseline.randomVector(ItemRow(items.count), seed: seed)
      return vector.count == dimension ? (vector.map { Double($0) }, 0) : (zeros, 0)
    }
  }
}
