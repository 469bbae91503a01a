// Taking people out of a model.
// SPDX-License-Identifier: Apache-2.0

extension Model {
  /// The same model without some users: their vectors, ids, biases and histories are gone.
  ///
  /// So are the items that they alone had rated, whose very ids would tell of them; items that nobody
  /// had rated stay. The fingerprint of the training ratings goes too, since it can tell whether
  /// somebody's ratings were among them; the record counts how many users were `forgotten`.
  ///
  /// Counts and means of a baseline are taken anew from the interactions that are left, as if the others
  /// alone had been there. The rows of other methods keep their numbers: what vectors and biases have
  /// learned from everybody together stays, and only training again without a person's ratings takes out
  /// that too. A model without its history keeps all items and all their numbers.
  ///
  /// - Parameter ids: The users' ids; one that is named twice is forgotten once.
  /// - Returns: The model without them.
  /// - Throws: `ModelError.unknownUser` if there is no such user; nothing is then forgotten.
  /// - Complexity: O((users + items) · *dimension* + ratings), and a sort of the ids.
  public func forgetting(_ ids: [String]) throws(ModelError) -> Model {
    var isKept = Array(repeating: true, count: users.count)
    for id in ids { isKept[Int(try row(ofUser: id).index)] = false }
    let kept = Array(users.rows.filter { isKept[Int($0.index)] })
    let earlier = record.options["forgotten"].flatMap { Int($0) } ?? 0
    let (forgotten, overflow) = earlier.addingReportingOverflow(users.count - kept.count)
    let others = Model(
      userEmbeddings: userEmbeddings.picking(kept), itemEmbeddings: itemEmbeddings,
      biases: biases.map { Biases(users: $0.users.picking(kept), items: $0.items) }, mean: mean,
      users: users.picking(kept), items: items, titles: titles, attributes: attributes,
      history: history?.picking(kept),
      record: TrainingRecord(
        method: record.method,
        options: record.adding(["forgotten": "\(overflow ? .max : forgotten)"]).options,
        seed: record.seed, ratingRange: record.ratingRange, fingerprint: ""),
      posterior: posterior)
    return others.withoutItemsOnlyRated(in: self).countedAnew()
  }

  /// The same model without the items that somebody has rated in `before`, and nobody here.
  private func withoutItemsOnlyRated(in before: Model) -> Model {
    guard let history, let old = before.history else { return self }
    let (left, earlier) = (
      history.counts(columnCount: items.count), old.counts(columnCount: items.count)
    )
    let kept = Array(items.rows.filter { left[Int($0.index)] > 0 || earlier[Int($0.index)] == 0 })
    guard kept.count < items.count else { return self }
    return Model(
      userEmbeddings: userEmbeddings, itemEmbeddings: itemEmbeddings.picking(kept),
      biases: biases.map { Biases(users: $0.users, items: $0.items.picking(kept)) }, mean: mean,
      users: users, items: items.picking(kept), titles: titles?.picking(kept),
      attributes: attributes?.picking(kept),
      history: history.renumbered(keeping: kept, of: items.count), record: record,
      posterior: posterior)
  }

  /// The same model with a baseline's counts and means taken from its own history.
  private func countedAnew() -> Model {
    guard let history, biases != nil, let baseline = record.baseline else { return self }
    let numbers = baseline.numbers(
      of: history, itemCount: items.count, mean: ValueSummary(history.values, threads: 0).mean)
    return Model(
      userEmbeddings: userEmbeddings, itemEmbeddings: itemEmbeddings, biases: numbers.biases,
      mean: numbers.mean, users: users, items: items, titles: titles, attributes: attributes,
      history: history, record: record)
  }
}

extension Model.Biases.Numbers {
  /// Some of the numbers, in the order given.
  fileprivate func picking<S: Side>(_ rows: [Row<S>]) -> Self {
    Self(Flat(rows.map { self[Int($0.index)] }))
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
  package func picking(_ rows: [Row<S>]) -> IDs { IDs(texts.picking(rows)) }
}

extension Texts {
  /// Some of the texts, in the order given.
  fileprivate func picking<S: Side>(_ rows: [Row<S>]) -> Texts {
    var builder = Builder(count: rows.count)
    for row in rows { builder.append(utf8(Int(row.index))) }
    return builder.finish()
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

  /// The same entries by the places that columns have among the kept ones.
  ///
  /// - Precondition: Every entry's column is kept; `count` is how many there were.
  fileprivate func renumbered(keeping kept: [Row<Column>], of count: Int) -> CompressedRows {
    var places = Array(repeating: Int32(0), count: count)
    for (place, column) in kept.enumerated() { places[Int(column.index)] = Int32(place) }
    return CompressedRows(
      offsets: offsets, columns: Flat(columns.map { places[Int($0)] }), values: values)
  }
}
