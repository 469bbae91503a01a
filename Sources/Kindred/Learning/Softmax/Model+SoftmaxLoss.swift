// What the softmax method minimizes in a user's vector, from a finished model.
// SPDX-License-Identifier: Apache-2.0

/// How a user of a softmax model is scored and weighed in the loss over all items.
struct SoftmaxLoss: Sendable {
  /// 1/τ, what an item's row is multiplied by to be what training scored with.
  ///
  /// Biases, which lean to what
  /// is popular once all is learned, have no part in it.
  let scale: Double
  /// Whether users count by their directions alone.
  let isDirection: Bool
  /// How many times the mean of a user's items was added to the row that training held back.
  let pastWeight: Double
  /// Each item's part of such a mean, before they are made to add up; nil for all alike. [items]
  let pastParts: [Double]?

  /// Where the search for somebody new begins: of a cosine in the direction of what they have seen, of a
  /// dot product at zero.
  func start(of rated: [(row: ItemRow, rating: Float)], _ table: EmbeddingTable<ItemSide>)
    -> [Double]
  {
    var sum = Array(repeating: 0.0, count: table.dimension)
    guard isDirection else { return sum }
    for (row, _) in rated {
      let vector = table.vector(row)
      for k in sum.indices { sum[k] += Double(vector[k]) }
    }
    return Self.direction(sum)
  }

  /// An item's part of a mean over a user's, by its count of users.
  static func pastPart(count: Int, exponent: Double) -> Double {
    exponent == 0 ? 1 : power(Double(max(1, count)), -exponent)
  }

  /// The mean of items' rows, `pastWeight` times: what the penalty on a user's own row leaves free.
  func past(
    of seen: [(row: ItemRow, weight: Double)], _ table: EmbeddingTable<ItemSide>
  ) -> [Double]? {
    func part(_ pair: (row: ItemRow, weight: Double)) -> Double {
      pair.weight * (pastParts?[Int(pair.row.index)] ?? 1)
    }
    let total = seen.reduce(0) { $0 + part($1) }
    guard pastWeight > 0, total > 0 else { return nil }
    var sum = Array(repeating: 0.0, count: table.dimension)
    for pair in seen {
      let vector = table.vector(pair.row)
      for k in sum.indices { sum[k] += pastWeight * part(pair) / total * Double(vector[k]) }
    }
    return sum
  }

  /// The vector of length 1 in the direction of another; of zeros the first of the axes.
  static func direction(_ vector: [Double]) -> [Double] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0, length.isFinite else { return vector.indices.map { $0 == 0 ? 1 : 0 } }
    return vector.map { $0 / length }
  }
}

extension Model {
  /// What folding in needs of a softmax model; nil for other methods.
  ///
  /// - Throws: `ModelError.noHistory` if it depends on how many users items have, and that is not known.
  func softmaxLoss() throws(ModelError) -> SoftmaxLoss? {
    guard record.method == Softmax.method else { return nil }
    func number(_ name: String) -> Double? { record.options[name].flatMap { Double($0) } }
    let isDirection = record.options["similarity"] != Similarity.dot.rawValue
    let (weight, exponent) = (number("past_weight") ?? 0, number("past_exponent") ?? 0)
    var parts: [Double]?
    // Only a penalty on a length tells a user's own row from their past.
    if !isDirection, weight > 0, exponent > 0, (record.regularization ?? 0) > 0 {
      guard let history else {
        throw .noHistory(
          need: "Folding in where past items count by how many users have them (past exponent "
            + "\(exponent))")
      }
      parts = history.counts(columnCount: items.count).map {
        SoftmaxLoss.pastPart(count: $0, exponent: exponent)
      }
    }
    return SoftmaxLoss(
      scale: 1 / (number("temperature") ?? 1), isDirection: isDirection, pastWeight: weight,
      pastParts: parts)
  }
}
