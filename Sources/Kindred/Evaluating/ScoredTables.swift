// Vectors and biases that held-out ratings are predicted by, wherever their rows lie.
// SPDX-License-Identifier: Apache-2.0

/// Both sides' vectors and biases in one piece of memory each, with rows in any order.
package struct ScoredTables: Sendable {
  /// One side.
  package struct Half: Sendable {
    /// Rows of `stride` numbers, of which the first `dimension` count.
    package let vectors: Flat<Float>
    package let stride: Int
    /// The bias of each place; nil for none.
    package let biases: Flat<Float>?
    /// The place of each row, −1 for a row without a vector; nil where rows are places.
    package let places: [Int32]?

    package init(
      vectors: Flat<Float>, stride: Int, biases: Flat<Float>?, places: [Int32]? = nil
    ) {
      self.vectors = vectors
      self.stride = stride
      self.biases = biases
      self.places = places
    }

    /// The place of a row; nil if it is unknown or has no vector.
    fileprivate func place(_ row: Int32) -> Int32? {
      guard let places else { return row }
      return places[Int(row)] < 0 ? nil : places[Int(row)]
    }
  }

  private let users: Half
  private let items: Half
  private let dimension: Int
  private let mean: Double

  package init(users: Half, items: Half, dimension: Int, mean: Double) {
    self.users = users
    self.items = items
    self.dimension = dimension
    self.mean = mean
  }

  /// The scores of a user and some items, with the bits of `Model.score`; who or what is unknown has a
  /// zero vector and a zero bias.
  func score(_ user: UserRow?, _ items: ArraySlice<ItemRow?>, into scores: inout [Double]) {
    let place = user.flatMap { users.place($0.index) }.map { Int($0) }
    var base = mean
    if let place, let biases = users.biases { base += Double(biases[place]) }
    let places = items.map { item in item.flatMap { self.items.place($0.index) } ?? -1 }
    var dots = Array(repeating: Float(0), count: places.count)
    if let place, !self.items.vectors.isEmpty {
      let query = users.vectors.span.extracting(
        place * users.stride..<place * users.stride + dimension)
      // The first row stands in for unknown ones, whose dot products are not looked at.
      let known = places.map { max($0, 0) }
      var span = dots.mutableSpan
      Kernels.best.score(
        query, self.items.vectors.span, stride: self.items.stride, at: known.span, into: &span)
    }
    scores.removeAll(keepingCapacity: true)
    for (index, item) in places.enumerated() {
      guard item >= 0 else {
        scores.append(base)
        continue
      }
      let bias = self.items.biases.map { Double($0[Int(item)]) } ?? 0
      scores.append(base + bias + Double(dots[index]))
    }
  }
}

extension Model {
  /// The model's vectors and biases.
  var tables: ScoredTables {
    ScoredTables(
      users: .init(vectors: userEmbeddings.flat, stride: dimension, biases: biases?.users.numbers),
      items: .init(vectors: itemEmbeddings.flat, stride: dimension, biases: biases?.items.numbers),
      dimension: dimension, mean: mean)
  }
}
