// Reading a model from a safetensors file.
// SPDX-License-Identifier: Apache-2.0

extension Model {
  /// The size below which all of a file is checked as it is opened.
  package static let checkedSize = 256 << 20

  /// Vectors longer than this are a mistake: an empty table may claim any length.
  package static let largestDimension = 1 << 24

  /// Opens a model file, without reading all of it: tables, ids, titles and history stay in the file
  /// until they are looked at, so that a large model opens at once.
  ///
  /// The header is always checked whole: every array is there, of the right type and shape, and
  /// inside the file; and so are the offsets, which never fall and end where their bytes do. Below 256
  /// MB, or if asked to, so are the contents: numbers are finite, ids are UTF-8, sorted and distinct,
  /// the history names items that are there. What is wrong inside a larger file shows when it is used:
  /// a vector of NaN throws `ModelError.outOfRange`, an id that is out of order is not found, a rating
  /// of an item that is not there is passed over. Nothing in a file makes a program crash.
  ///
  /// - Parameters:
  ///   - path: A file that ``save(to:)`` wrote, or one laid out like it.
  ///   - verifies: Whether to check all of a file of 256 MB or more too.
  /// - Throws: `FileError` if the file is missing, cut short or not a model.
  /// - Complexity: O(size of the file) if it is checked; if not, O(size of its header + users + items),
  ///   for 8 bytes a row and a text. A file by another program, without a stored order of its ids,
  ///   costs a sort of them.
  public init(contentsOf path: String, verifies: Bool = false) throws(FileError) {
    let file = try TensorFile(path)
    let format = file.header.metadata["format"] ?? "none"
    guard format == Self.format else {
      throw file.malformed("its format is \(format), not \(Self.format)")
    }
    if let lie = TrainingRecord.lie(in: file.header.metadata) { throw file.malformed(lie) }
    let checks = verifies || file.size < Self.checkedSize
    let userShape = try file.shape("users", rank: 2)
    let itemShape = try file.shape("items", rank: 2)
    guard userShape[1] == itemShape[1], (1...Self.largestDimension).contains(userShape[1]) else {
      throw file.malformed("its tables have \(userShape[1]) and \(itemShape[1]) dimensions")
    }
    guard max(userShape[0], itemShape[0]) <= Int(Int32.max) else {
      throw file.malformed("its tables have more rows than a row number can count")
    }
    let users: IDs<UserSide> = try file.ids(count: userShape[0], checks: checks)
    let items: IDs<ItemSide> = try file.ids(count: itemShape[0], checks: checks)
    let hasBiases = file.has("user_bias") || file.has("item_bias")
    let mean = try file.doubles("mean", count: 1)[0]
    let biases =
      hasBiases
      ? Biases(
        users: .init(try file.floats("user_bias", count: users.count)),
        items: .init(try file.floats("item_bias", count: items.count))) : nil
    self.init(
      userEmbeddings: try file.table("users", userShape),
      itemEmbeddings: try file.table("items", itemShape), biases: biases, mean: mean, users: users,
      items: items, titles: try file.texts("item_title", count: items.count, checks: checks),
      attributes: try file.attributes(count: items.count, checks: checks),
      history: try file.history(users: users.count, items: items.count, checks: checks),
      record: TrainingRecord(metadata: file.header.metadata),
      posterior: try file.posterior(dimension: userShape[1], checks: checks))
    if checks { try refuseNonFinite(file) }
  }

  private func refuseNonFinite(_ file: TensorFile) throws(FileError) {
    guard userEmbeddings.firstNonFinite == nil, itemEmbeddings.firstNonFinite == nil,
      mean.isFinite, biases?.isFinite ?? true, history?.values.firstNonFinite == nil
    else { throw file.malformed("it holds numbers that are not finite") }
  }
}

extension TensorFile {
  fileprivate func ids<S: Side>(count: Int, checks: Bool) throws(FileError) -> IDs<S> {
    let name = S.noun
    let texts = try texts("\(name)_id", bytes: "\(name)_ids", count: count, checks: checks)
    guard has("\(name)_id_order") else {
      let ids = IDs<S>(texts)
      guard ids.isStrictlyAscending else { throw malformed("its \(name) ids repeat") }
      return ids
    }
    let ids = IDs<S>(texts, order: try int32s("\(name)_id_order", count: count))
    guard !checks || ids.isStrictlyAscending else {
      throw malformed("its \(name) ids repeat or are out of order")
    }
    return ids
  }

  fileprivate func texts(_ name: String, count: Int, checks: Bool) throws(FileError) -> Texts? {
    guard has("\(name)s") else { return nil }
    return try texts(name, bytes: "\(name)s", count: count, checks: checks)
  }

  private func texts(
    _ name: String, bytes: String, count: Int, checks: Bool
  ) throws(FileError) -> Texts {
    let offsets = try int64s("\(name)_offsets", count: count + 1)
    let bytesOfAll = try uint8s(bytes)
    try check(offsets, end: bytesOfAll.count, "\(name)_offsets")
    let texts = Texts(bytes: bytesOfAll, offsets: offsets)
    // Cut only between letters, so that every id is the text that finds it again.
    guard !checks || texts.isWellFormed else {
      throw malformed("its \(bytes) are not UTF-8, or \(name)_offsets does not fit them")
    }
    return texts
  }

  fileprivate func attributes(count: Int, checks: Bool) throws(FileError) -> Texts? {
    guard let texts = try texts("item_attribute", count: count, checks: checks) else { return nil }
    guard !checks || (0..<count).allSatisfy({ ItemAttributes(texts.utf8($0)) != nil }) else {
      throw malformed("its item_attributes are not JSON objects of lists of texts")
    }
    return texts
  }

  fileprivate func history(
    users: Int, items: Int, checks: Bool
  ) throws(FileError) -> CompressedRows<UserSide, ItemSide>? {
    guard has("history_offsets") else { return nil }
    let offsets = try int64s("history_offsets", count: users + 1)
    let columns = try int32s("history_items")
    let values = try floats("history_values", count: columns.count)
    try check(offsets, end: columns.count, "history_offsets")
    let history = CompressedRows<UserSide, ItemSide>(
      offsets: offsets, columns: columns, values: values,
      uncheckedColumnCount: checks ? nil : items)
    guard checks else { return history }
    guard columns.allSatisfy({ (0..<Int32(items)).contains($0) }) else {
      throw malformed("its history names items that are not there")
    }
    guard history.isStrictlyAscending else {
      throw malformed("its history repeats items or has them out of order")
    }
    return history
  }

  /// Offsets are looked at in a file of any size: rows that overlap could be more than there is memory
  /// for.
  private func check(_ offsets: Flat<Int64>, end: Int, _ name: String) throws(FileError) {
    guard offsets.first == 0, offsets.last == Int64(end) else {
      throw malformed("its \(name) do not fit what they point into")
    }
    guard offsets.neverFalls else { throw malformed("its \(name) fall") }
  }
}
