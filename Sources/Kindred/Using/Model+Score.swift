// Scores: how much a user is expected to like an item.
// SPDX-License-Identifier: Apache-2.0

extension Model {
  /// The score of one item for one user, μ + b_u + b_i + x_u · y_i.
  ///
  /// Numerics: the dot product runs in `Float`, fused into one accumulator over the dimensions in
  /// order; mean and biases are added to it in `Double`. Every score that Kindred shows or ranks by
  /// has these bits.
  ///
  /// - Throws: `ModelError` for an unknown id.
  /// - Complexity: O(log users + log items + *dimension*).
  public func score(user: String, item: String) throws(ModelError) -> Double {
    let score = score(try row(ofUser: user), try row(ofItem: item))
    guard score.isFinite else { throw .outOfRange("This score") }
    return score
  }

  package func score(_ user: UserRow, _ item: ItemRow) -> Double {
    let dot = Kernels.best.dot(userEmbeddings.vector(user), itemEmbeddings.vector(item))
    return base(user) + itemBias(item) + Double(dot)
  }

  /// The scores of all items for one user's vector, in item order.
  ///
  /// - Parameters:
  ///   - vector: The user's embedding. [dimension]
  ///   - base: μ + b_u.
  /// - Returns: One score per item. [items]
  /// - Complexity: O(items · *dimension*).
  package func scores(of vector: Span<Float>, base: Double) -> [Double] {
    var dots = Array(repeating: Float(0), count: items.count)
    var span = dots.mutableSpan
    Kernels.best.score(vector, itemEmbeddings.elements, into: &span)
    guard let biases else { return dots.map { base + 0 + Double($0) } }
    return dots.indices.map { base + Double(biases.items[$0]) + Double(dots[$0]) }
  }

  package func scores(_ user: UserRow) -> [Double] {
    scores(of: userEmbeddings.vector(user), base: base(user))
  }

  package func base(_ user: UserRow) -> Double { mean + userBias(user) }

  package func userBias(_ row: UserRow) -> Double { Double(biases?.users[Int(row.index)] ?? 0) }

  package func itemBias(_ row: ItemRow) -> Double { Double(biases?.items[Int(row.index)] ?? 0) }
}

/// The dot product of every user with every item, in `Float`: for small tables, where all of it is
/// wanted.
public struct ScoreTable: Sendable {
  /// The scores, [users][items].
  public let scores: [[Double]]

  /// Scores every pair of rows.
  ///
  /// - Parameters:
  ///   - users: [n, d].
  ///   - items: [m, d].
  /// - Precondition: Both have the same dimension.
  /// - Complexity: O(*n* · *m* · *d*) time, O(*n* · *m*) memory.
  public init(users: EmbeddingTable<UserSide>, items: EmbeddingTable<ItemSide>) {
    precondition(
      users.dimension == items.dimension,
      "users have \(users.dimension) dimensions, items \(items.dimension)")
    scores = (0..<users.count).map { row in
      var dots = Array(repeating: Float(0), count: items.count)
      var span = dots.mutableSpan
      Kernels.best.score(users.vector(Row(row)), items.elements, into: &span)
      return dots.map { Double($0) }
    }
  }
}
