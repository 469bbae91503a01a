// Taking people out of a model.
// SPDX-License-Identifier: Apache-2.0

extension Model {
  /// The same model without some users: their vectors, ids, biases and histories are gone, and all
  /// other rows keep their numbers.
  ///
  /// The fingerprint of the training ratings goes too, since it can tell whether somebody's ratings
  /// were among them; the record counts how many users were `forgotten`. What the items' vectors have
  /// learned from everybody together stays: only training again without a person's ratings takes out
  /// that too.
  ///
  /// - Parameter ids: The users' ids; one that is named twice is forgotten once.
  /// - Returns: The model without them.
  /// - Throws: `ModelError.unknownUser` if there is no such user; nothing is then forgotten.
  /// - Complexity: O(users · *dimension* + ratings).
  public func forgetting(_ ids: [String]) throws(ModelError) -> Model {
    var isKept = Array(repeating: true, count: users.count)
    for id in ids { isKept[Int(try row(ofUser: id).index)] = false }
    let kept = Array(users.rows.filter { isKept[Int($0.index)] })
    let earlier = record.options["forgotten"].flatMap { Int($0) } ?? 0
    let (forgotten, overflow) = earlier.addingReportingOverflow(users.count - kept.count)
    return Model(
      userEmbeddings: userEmbeddings.picking(kept), itemEmbeddings: itemEmbeddings,
      biases: biases.map { biases in
        Biases(
          users: .init(Flat(kept.map { biases.users[Int($0.index)] })), items: biases.items)
      }, mean: mean, users: users.picking(kept), items: items, titles: titles,
      attributes: attributes, history: history?.picking(kept),
      record: TrainingRecord(
        method: record.method,
        options: record.adding(["forgotten": "\(overflow ? .max : forgotten)"]).options,
        seed: record.seed, ratingRange: record.ratingRange, fingerprint: ""))
  }
}

extension EmbeddingTable {
  /// Some of the rows, in the order given.
  package func picking(_ rows: [Row<S>]) -> EmbeddingTable {
    EmbeddingTable(count: rows.count, dimension: dimension) { elements in
      for (place, row) in rows.enumerated() {
        let vector = vector(row)
        for k in 0..<dimension { elements[place * dimension + k] = vector[k] }
      }
    }
  }
}

extension IDs {
  /// Some of the ids, in the order given.
  package func picking(_ rows: [Row<S>]) -> IDs {
    var bytes: [UInt8] = []
    var offsets: [Int64] = [0]
    for row in rows {
      bytes.append(contentsOf: texts.utf8(Int(row.index)))
      offsets.append(Int64(bytes.count))
    }
    return IDs(Texts(bytes: Flat(bytes), offsets: Flat(offsets)))
  }
}

extension CompressedRows {
  /// Some of the rows, in the order given.
  package func picking(_ rows: [Row<S>]) -> CompressedRows {
    var offsets = [0]
    var picked: (columns: [Int32], values: [Float]) = ([], [])
    for row in rows {
      picked.columns.append(contentsOf: columns(row))
      picked.values.append(contentsOf: values(row))
      offsets.append(picked.columns.count)
    }
    return CompressedRows(offsets: offsets, columns: picked.columns, values: picked.values)
  }
}
