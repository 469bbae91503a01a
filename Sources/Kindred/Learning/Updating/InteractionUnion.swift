// What a model knew and what is new, in one.
// SPDX-License-Identifier: Apache-2.0

/// The interactions of a model and new ones: the model's users and items keep their rows, new ones follow
/// in the order of their first appearance.
struct InteractionUnion {
  /// All of them.
  let ratings: Ratings
  /// The users who have new ones, in row order.
  let touched: [UserRow]
  /// How many users, and items, the model did not know.
  let newUsers: Int
  let newItems: Int
  let titles: Texts?
  let attributes: Texts?

  /// - Complexity: O(users + items + interactions), and sorts of the ids where there are new ones.
  init(_ model: Model, _ new: Ratings, threads: Int) {
    let users = RowNumbering(
      model.users, new.users, threads: threads, isUsed: { !new.byUser.range($0).isEmpty })
    let itemCounts = new.byUser.counts(columnCount: new.items.count)
    let items = RowNumbering(
      model.items, new.items, threads: threads, isUsed: { itemCounts[Int($0.index)] > 0 })
    let rowOfUser = Dictionary(
      uniqueKeysWithValues: new.users.rows.compactMap { row in
        users.numbers[Int(row.index)].map { ($0, row) }
      })
    var offsets = [0]
    var (columns, values): ([Int32], [Float]) = ([], [])
    offsets.reserveCapacity(users.all.count + 1)
    let known = (model.history?.count ?? 0) + new.count
    columns.reserveCapacity(known)
    values.reserveCapacity(known)
    for user in users.all.rows {
      let isKnown = Int(user.index) < model.users.count
      let old = isKnown ? model.history : nil
      if let row = rowOfUser[user.index] {
        var entries: [Int32: Float] = [:]
        if let old {
          for (item, value) in zip(old.columns(user), old.values(user)) { entries[item] = value }
        }
        for (item, value) in zip(new.byUser.columns(row), new.byUser.values(row)) {
          if let item = items.numbers[Int(item)] { entries[item] = value }
        }
        for (item, value) in entries.sorted(by: { $0.key < $1.key }) {
          columns.append(item)
          values.append(value)
        }
      } else if let old {
        columns.append(contentsOf: old.columns(user))
        values.append(contentsOf: old.values(user))
      }
      offsets.append(columns.count)
    }
    ratings = Ratings(
      users: users.all, items: items.all,
      byUser: CompressedRows(offsets: offsets, columns: columns, values: values),
      hasValues: values.contains { $0 != 1 }, threads: threads)
    touched = rowOfUser.keys.sorted().map { UserRow($0) }
    newUsers = users.all.count - model.users.count
    newItems = items.all.count - model.items.count
    titles = model.titles
    attributes = model.attributes
  }
}

/// The rows that new ids get among known ones.
private struct RowNumbering<S: Side> {
  /// The known ids and after them the new ones.
  let all: IDs<S>
  /// The row of each of the new data's ids; nil for one that no interaction uses. [new ids]
  private(set) var numbers: [Int32?] = []

  init(_ known: IDs<S>, _ new: IDs<S>, threads: Int, isUsed: (Row<S>) -> Bool) {
    var added: [Row<S>] = []
    for row in new.rows {
      guard isUsed(row) else {
        numbers.append(nil)
        continue
      }
      if let place = known.row(of: new[row]) {
        numbers.append(place.index)
      } else {
        numbers.append(Int32(known.count + added.count))
        added.append(row)
      }
    }
    guard !added.isEmpty else {
      all = known
      return
    }
    var builder = Texts.Builder(count: known.count + added.count)
    for row in known.rows { builder.append(known.utf8(row)) }
    for row in added { builder.append(new.utf8(row)) }
    all = IDs(builder.finish(), threads: threads)
  }
}

extension EmbeddingTable {
  /// The same rows and some more.
  func appending(_ rows: [[Double]]) -> EmbeddingTable {
    guard !rows.isEmpty else { return self }
    return EmbeddingTable(count: count + rows.count, dimension: dimension) { elements in
      let own = self.elements
      for place in 0..<own.count { elements[place] = own[place] }
      for (row, vector) in rows.enumerated() {
        for k in 0..<dimension { elements[(count + row) * dimension + k] = Float(vector[k]) }
      }
    }
  }

  /// The same rows, but for some.
  func replacing(_ rows: [Row<S>], by vectors: [[Double]]) -> EmbeddingTable {
    guard !rows.isEmpty else { return self }
    return EmbeddingTable(count: count, dimension: dimension) { elements in
      let own = self.elements
      for place in 0..<own.count { elements[place] = own[place] }
      for (row, vector) in zip(rows, vectors) {
        for k in 0..<dimension { elements[Int(row.index) * dimension + k] = Float(vector[k]) }
      }
    }
  }
}

extension Model.Biases.Numbers {
  /// The same numbers and some more.
  func appending(_ more: [Double]) -> Self {
    more.isEmpty ? self : Self(Flat(Array(self) + more.map { Float($0) }))
  }

  /// The same numbers, but for some rows.
  func replacing<S: Side>(_ rows: [Row<S>], by biases: [Double]) -> Self {
    var numbers = Array(self)
    for (row, bias) in zip(rows, biases) { numbers[Int(row.index)] = Float(bias) }
    return Self(Flat(numbers))
  }
}

extension Texts {
  /// The same texts, and empty ones up to so many.
  func padded(to count: Int) -> Texts {
    guard count > self.count else { return self }
    var builder = Builder(count: count)
    for place in 0..<count { builder.append(place < self.count ? Array(utf8(place)) : []) }
    return builder.finish()
  }
}
