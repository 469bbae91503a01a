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

  /// The weighted mean of items' rows, `pastWeight` times: what the penalty on a user's own row leaves free.
  func past(
    of seen: [(row: ItemRow, weight: Double)], _ table: EmbeddingTable<ItemSide>
  ) -> [Double]? {
    let total = seen.reduce(0) { $0 + $1.weight }
    guard pastWeight > 0, total > 0 else { return nil }
    var sum = Array(repeating: 0.0, count: table.dimension)
    for (row, weight) in seen {
      let vector = table.vector(row)
      for k in sum.indices { sum[k] += pastWeight * weight / total * Double(vector[k]) }
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
  var softmaxLoss: SoftmaxLoss? {
    guard record.method == Softmax.method else { return nil }
    let temperature = record.options["temperature"].flatMap { Double($0) } ?? 1
    return SoftmaxLoss(
      scale: 1 / temperature,
      isDirection: record.options["similarity"] != Similarity.dot.rawValue,
      pastWeight: record.options["past_weight"].flatMap { Double($0) } ?? 0)
  }
}
