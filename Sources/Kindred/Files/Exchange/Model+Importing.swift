// Models of vectors that were made elsewhere.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The NumPy files that a model is put together from.
public struct NumPyFiles: Equatable, Sendable {
  /// The users' vectors, `float32` or `float64` [U, k]; without them the model has no users.
  public var users: String?
  /// The items' vectors, [I, k].
  public var items: String
  /// The users' ids, one a line; without them they are "0", "1", and so on.
  public var userIDs: String?
  /// The items' ids, likewise.
  public var itemIDs: String?
  /// What is added to a user's scores, [U]; zeros if only the items have biases.
  public var userBias: String?
  /// What is added to an item's scores, [I]; zeros if only the users have biases.
  public var itemBias: String?
  /// The number that scores start from, an array of one; 0 without.
  public var mean: String?

  /// Files by their paths.
  public init(items: String) { self.items = items }

  /// What ``Model/export(_:to:side:)`` writes as NumPy arrays; a file that is not there is left out.
  public init(folder: String) {
    func present(_ name: String) -> String? {
      let path = folder + "/" + name
      return FileManager.default.fileExists(atPath: path) ? path : nil
    }
    items = folder + "/items.npy"
    (users, mean) = (present("users.npy"), present("mean.npy"))
    (userIDs, itemIDs) = (present("users.txt"), present("items.txt"))
    (userBias, itemBias) = (present("user_bias.npy"), present("item_bias.npy"))
  }
}

extension Model {
  /// λ for folding in a new user in a model whose own is not known.
  public static let importedRegularization = 0.1

  /// A model of NumPy arrays.
  ///
  /// - Parameters:
  ///   - files: The arrays.
  ///   - mean: The number that scores start from, instead of the files'.
  ///   - regularization: λ for folding in somebody new, per rating; finite, 0 or more.
  /// - Throws: `FileError` if a file is missing, is not an array of finite numbers of the right
  ///   shape, or ids are not as many as rows or repeat.
  /// - Complexity: O(size), and a sort of the ids.
  public init(
    importing files: NumPyFiles, mean: Double? = nil,
    regularization: Double = Model.importedRegularization
  ) throws(FileError) {
    let itemTable: EmbeddingTable<ItemSide> = try Self.table(files.items)
    var userTable = EmbeddingTable<UserSide>(count: 0, dimension: itemTable.dimension) { _ in }
    if let users = files.users {
      userTable = try Self.table(users)
      guard userTable.dimension == itemTable.dimension else {
        throw try NumPyArray(contentsOf: users).malformed(
          "its vectors have \(userTable.dimension) numbers, and the items' have "
            + "\(itemTable.dimension)")
      }
    }
    let userBias = try files.userBias.map { path throws(FileError) in
      try Self.bias(path, count: userTable.count)
    }
    let itemBias = try files.itemBias.map { path throws(FileError) in
      try Self.bias(path, count: itemTable.count)
    }
    var biases: Biases?
    if userBias != nil || itemBias != nil {
      biases = Biases(
        users: userBias ?? Self.zeros(userTable.count),
        items: itemBias ?? Self.zeros(itemTable.count))
    }
    var start = mean ?? 0
    if mean == nil, let path = files.mean { start = try NumPyArray(contentsOf: path).single() }
    self.init(
      userEmbeddings: userTable, itemEmbeddings: itemTable, biases: biases, mean: start,
      users: try Self.ids(files.userIDs, count: userTable.count),
      items: try Self.ids(files.itemIDs, count: itemTable.count), history: nil,
      record: Self.importRecord(itemTable.dimension, regularization))
  }

  /// A model of what ``export(_:to:side:)`` wrote, or another program in the same form.
  ///
  /// The text forms hold one table: it is taken as the items', and the model has no users. Such a
  /// model finds similar items, and recommends to somebody new.
  ///
  /// - Parameters:
  ///   - format: The form.
  ///   - path: The folder, or the file for `word2vec`.
  ///   - regularization: λ for folding in somebody new, per rating; finite, 0 or more.
  /// - Throws: `FileError` if a file is missing or not of that form, or ids repeat.
  /// - Complexity: O(size), and a sort of the ids.
  public init(
    importing format: VectorFormat, from path: String,
    regularization: Double = Model.importedRegularization
  ) throws(FileError) {
    let vectors: NamedVectors
    switch format {
    case .npy:
      try self.init(importing: NumPyFiles(folder: path), regularization: regularization)
      return
    case .projector: vectors = try ProjectorFiles.read(path)
    case .word2vec: vectors = try Word2VecText.read(path)
    }
    let dimension = vectors.table.dimension
    let model = Model(
      userEmbeddings: EmbeddingTable(count: 0, dimension: dimension) { _ in },
      itemEmbeddings: vectors.table, biases: nil, mean: 0, users: IDs([String]()),
      items: try IDList.distinct(vectors.names, path), history: nil,
      record: Self.importRecord(dimension, regularization))
    self = vectors.titles.map { model.withTitles($0) } ?? model
  }

  /// The same model with interactions as its history, to be left out of recommendations and to
  /// explain scores; and how many of them are of a user or an item that the model does not know.
  ///
  /// - Complexity: O(ratings · log), for the items of each user are sorted.
  public func withHistory(_ ratings: Ratings) -> (model: Model, unknown: Int) {
    let itemRows = ratings.items.rows.map { items.row(of: ratings.items[$0]) }
    var offsets = [0]
    var columns: [Int32] = []
    var values: [Float] = []
    for user in users.rows {
      if let row = ratings.users.row(of: users[user]) {
        let known = zip(ratings.byUser.columns(row), ratings.byUser.values(row))
          .compactMap { item, value in itemRows[Int(item)].map { ($0.index, value) } }
          .sorted { $0.0 < $1.0 }
        columns += known.map(\.0)
        values += known.map(\.1)
      }
      offsets.append(columns.count)
    }
    let model = Model(
      userEmbeddings: userEmbeddings, itemEmbeddings: itemEmbeddings, biases: biases, mean: mean,
      users: users, items: items, titles: titles, attributes: attributes,
      history: CompressedRows(offsets: offsets, columns: columns, values: values),
      record: TrainingRecord(
        method: record.method, options: record.options, seed: record.seed,
        ratingRange: ratings.range, fingerprint: ratings.fingerprint), posterior: posterior)
    return (model, ratings.count - columns.count)
  }

  private static func importRecord(_ dimension: Int, _ regularization: Double) -> TrainingRecord {
    precondition(
      regularization >= 0 && regularization.isFinite, "a regularization of \(regularization)")
    return TrainingRecord(
      method: "imported",
      options: ["dimension": "\(dimension)", "regularization": "\(regularization)"], seed: 0,
      ratingRange: nil, fingerprint: "")
  }

  private static func table<S: Side>(_ path: String) throws(FileError) -> EmbeddingTable<S> {
    let array = try NumPyArray(contentsOf: path)
    guard array.shape.count == 2, (1...largestDimension).contains(array.shape[1]),
      array.shape[0] <= Int(Int32.max)
    else { throw array.malformed("its shape is \(array.shape), and a table has rows of numbers") }
    return EmbeddingTable(
      count: array.shape[0], dimension: array.shape[1], numbers: try array.floats())
  }

  private static func bias(_ path: String, count: Int) throws(FileError) -> Biases.Numbers {
    let array = try NumPyArray(contentsOf: path)
    guard array.shape == [count] || array.shape == [count, 1] else {
      throw array.malformed("its shape is \(array.shape), and the table has \(count) rows")
    }
    return Biases.Numbers(try array.floats())
  }

  private static func zeros(_ count: Int) -> Biases.Numbers {
    Biases.Numbers(Flat(Buffer(count: count, repeating: 0)))
  }

  private static func ids<S: Side>(_ path: String?, count: Int) throws(FileError) -> IDs<S> {
    guard let path else { return IDs((0..<count).lazy.map(String.init)) }
    return try IDList.read(path, count: count)
  }
}
