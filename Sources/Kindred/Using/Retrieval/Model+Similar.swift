// The rows whose vectors are most alike.
// SPDX-License-Identifier: Apache-2.0

/// How alike two vectors are.
public enum Similarity: String, Sendable, CaseIterable {
  /// The dot product divided by both lengths, from −1 to 1; 0 with a vector of zeros.
  case cosine
  /// The dot product itself: favours long vectors, which popular and well-liked rows have.
  case dot
}

/// A row that is like another one.
public struct Neighbor: Equatable, Sendable {
  /// The row's id.
  public let id: String
  /// Its title, for items where the model knows one.
  public let title: String?
  /// How alike it is, by the measure that was asked for.
  public let similarity: Double
}

extension Model {
  /// The items most like an item, the most alike first, without the item itself.
  ///
  /// - Parameters:
  ///   - item: The item's id.
  ///   - count: How many to return at most.
  ///   - similarity: The measure.
  ///   - minimumRatings: Items with fewer training ratings are left out: the vectors of rarely
  ///     rated items say little.
  ///   - among: If given, only these items come up.
  /// - Returns: At most `count` items, the most alike first.
  /// - Throws: `ModelError` for an unknown id, if `minimumRatings` is above 0 and the model has no
  ///   history, or if a product of the vectors is not finite.
  /// - Precondition: `among` is of this model.
  /// - Complexity: O(items · *dimension*).
  public func items(
    similarTo item: String, count: Int = 10, by similarity: Similarity = .cosine,
    minimumRatings: Int = 0, among: ItemSet? = nil
  ) throws(ModelError) -> [Neighbor] {
    let row = try row(ofItem: item)
    var allowed = Array(repeating: true, count: items.count)
    if minimumRatings > 0 {
      guard let history else { throw .noHistory(need: "Counting an item's ratings") }
      allowed = history.counts(columnCount: items.count).map { $0 >= minimumRatings }
    }
    among?.narrow(&allowed)
    return try nearest(to: row, in: itemEmbeddings, count: count, by: similarity) { allowed[$0] }
      .map {
        Neighbor(id: items[$0.row], title: title($0.row), similarity: $0.score)
      }
  }

  /// The users most like a user, the most alike first, without the user.
  ///
  /// - Throws: `ModelError` for an unknown id, if `minimumRatings` is above 0 and the model has no
  ///   history, or if a product of the vectors is not finite.
  /// - Complexity: O(users · *dimension*).
  public func users(
    similarTo user: String, count: Int = 10, by similarity: Similarity = .cosine,
    minimumRatings: Int = 0
  ) throws(ModelError) -> [Neighbor] {
    let row = try row(ofUser: user)
    guard minimumRatings == 0 || history != nil else {
      throw .noHistory(need: "Counting a user's ratings")
    }
    return try nearest(to: row, in: userEmbeddings, count: count, by: similarity) {
      (history?.columns(Row($0)).count ?? 0) >= minimumRatings
    }.map { Neighbor(id: users[$0.row], title: nil, similarity: $0.score) }
  }

  private func nearest<S: Side>(
    to row: Row<S>, in table: EmbeddingTable<S>, count: Int, by similarity: Similarity,
    where isAllowed: (Int) -> Bool
  ) throws(ModelError) -> [(row: Row<S>, score: Double)] {
    var dots = Array(repeating: Float(0), count: table.count)
    var span = dots.mutableSpan
    if let posterior {
      let query = posterior.withoutBiases(table.vector(row))
      Kernels.best.score(query.span, table.elements, into: &span)
    } else {
      Kernels.best.score(table.vector(row), table.elements, into: &span)
    }
    let length = vectorLength(row, in: table)
    // Of samples, the mean of their products.
    let scale = posterior.map {
      1 / ($0.factor(of: S.self) * $0.factor(of: S.self) * Double($0.samples))
    }
    var selection = TopSelection<S>(capacity: max(0, count))
    for other in 0..<table.count where other != Int(row.index) && isAllowed(other) {
      // A number that is not finite in either vector shows here too.
      guard dots[other].isFinite else { throw .outOfRange("Comparing the \(S.noun)s") }
      switch similarity {
      case .dot: selection.offer(Row(other), score: Double(dots[other]) * (scale ?? 1))
      case .cosine:
        let product = length * vectorLength(Row(other), in: table)
        // The product ran in Float: the rounding may carry it a little beyond the lengths.
        let cosine = product > 0 ? Double(dots[other]) / product : 0
        selection.offer(Row(other), score: min(1, max(-1, cosine)))
      }
    }
    return selection.sorted()
  }

  /// The length of a row's vector; of samples, without their biases.
  package func vectorLength<S: Side>(_ row: Row<S>, in table: EmbeddingTable<S>) -> Double {
    posterior.map { $0.length(table.vector(row)) } ?? table.length(row)
  }
}
