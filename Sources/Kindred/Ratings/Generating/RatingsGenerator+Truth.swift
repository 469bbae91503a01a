// The planted truth as a model.
// SPDX-License-Identifier: Apache-2.0

extension RatingsGenerator {
  /// The tables that the ratings are drawn from, as an ordinary model.
  ///
  /// Its scores are the ratings before noise and rounding, 3.5 + ⟨p, q⟩; of interactions they are the
  /// taste ⟨p, q⟩ alone. So its error on the ratings is what no model can better. It has no history.
  ///
  /// - Complexity: O((users + items) · rank).
  public var truth: Model {
    let (users, items, rank) = (options.users, options.items, options.rank)
    let userVectors = EmbeddingTable<UserSide>(count: users, dimension: rank) { elements in
      for user in 0..<users {
        for (k, number) in userVector(user).enumerated() { elements[user * rank + k] = number }
      }
    }
    let record = TrainingRecord(
      method: "planted",
      options: ["dimension": "\(rank)", "noise": "\(options.noise)"], seed: options.seed,
      ratingRange: options.hasValues ? 0.5...5 : nil, fingerprint: "")
    let biases = Model.Biases(
      users: Array(repeating: 0, count: users), items: Array(repeating: 0, count: items))
    return Model(
      userEmbeddings: userVectors, itemEmbeddings: itemVectors,
      biases: options.hasValues ? biases : nil, mean: options.hasValues ? 3.5 : 0,
      users: ids(users) { $0.user($1) }, items: ids(items) { $0.item($1) }, history: nil,
      record: record)
  }

  private func ids<S: Side>(
    _ count: Int, _ bytes: (RatingLines, Int) -> [UInt8]
  ) -> IDs<S> {
    let lines = RatingLines(.csv, options)
    var flat: [UInt8] = []
    var offsets: [Int64] = [0]
    for row in 0..<count {
      flat.append(contentsOf: bytes(lines, row))
      offsets.append(Int64(flat.count))
    }
    return IDs(bytes: Flat(flat), offsets: Flat(offsets))
  }
}
