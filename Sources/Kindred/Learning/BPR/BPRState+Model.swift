// What pairwise ranking leaves: a model, or a checkpoint.
// SPDX-License-Identifier: Apache-2.0

extension BPRState {
  package func model(of ratings: Ratings, record: TrainingRecord) -> Model {
    // Of a user without interactions nothing is known.
    let users = table(of: UserSide.self, self.users, ratings.users.count) {
      !ratings.byUser.range($0).isEmpty
    }
    let items = table(of: ItemSide.self, self.items, ratings.items.count) { _ in true }
    return Model(
      userEmbeddings: users, itemEmbeddings: items, biases: nil, mean: 0, users: ratings.users,
      items: ratings.items, history: ratings.byUser, record: record)
  }

  /// The vectors without padding; zeros for those that are not known.
  private func table<S: Side>(
    of side: S.Type, _ rows: Buffer<Float>, _ count: Int, isKnown: (Row<S>) -> Bool
  ) -> EmbeddingTable<S> {
    let (dimension, stride) = (options.dimension, stride)
    return EmbeddingTable(count: count, dimension: dimension) { elements in
      let numbers = rows.span
      for row in 0..<count where isKnown(Row(row)) {
        for k in 0..<dimension { elements[row * dimension + k] = numbers[row * stride + k] }
      }
    }
  }

  private var buffers: [(name: String, buffer: Buffer<Float>)] {
    [
      ("users", users), ("items", items), ("user_squares", userSquares),
      ("item_squares", itemSquares),
    ]
  }

  package var arrays: [CheckpointArray] {
    buffers.map { CheckpointArray($0.name, lending: $0.buffer) }
  }

  package func restore(_ arrays: CheckpointArrays) throws(FileError) {
    for (name, buffer) in buffers {
      let numbers = try arrays.floats(name, count: buffer.count)
      guard numbers.firstNonFinite == nil else {
        throw arrays.malformed("its \(name) are not finite")
      }
      buffer.write { elements in
        for index in 0..<elements.count { elements[index] = numbers[index] }
      }
    }
  }
}
