// Reading a model from a safetensors file.
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Model {
  /// The size below which every number of a file is checked for NaN as it is loaded.
  package static let checkedSize = 256 << 20

  /// Vectors longer than this are a mistake: an empty table may claim any length.
  private static let largestDimension = 1 << 24

  /// Reads a model from a file.
  ///
  /// - Parameters:
  ///   - path: A file that ``save(to:)`` wrote, or one laid out like it.
  ///   - verifies: Whether to look for NaN and unsorted ids in a file of 256 MB or more too; smaller
  ///     ones are always checked.
  /// - Throws: `FileError` if the file is missing, cut short or not a model.
  /// - Complexity: O(size of the file).
  public init(contentsOf path: String, verifies: Bool = false) throws(FileError) {
    let data = try Self.bytes(of: path)
    let header = try SafetensorsHeader(data, path: path)
    let format = header.metadata["format"] ?? "none"
    guard format == Self.format else {
      throw FileError(.malformed, path: path, "its format is \(format), not \(Self.format)")
    }
    let file = TensorFile(data: data, header: header, path: path)
    let checks = verifies || data.count < Self.checkedSize
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
        users: try file.floats("user_bias", count: users.count),
        items: try file.floats("item_bias", count: items.count)) : nil
    self.init(
      userEmbeddings: try file.table("users", userShape),
      itemEmbeddings: try file.table("items", itemShape), biases: biases, mean: mean, users: users,
      items: items, titles: try file.titles(count: items.count),
      history: try file.history(users: users.count, items: items.count, checks: checks),
      record: try file.record())
    if checks { try refuseNonFinite(file) }
  }

  private static func bytes(of path: String) throws(FileError) -> Data {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw FileError(.notFound, path: path, "")
    }
    guard !isFolder.boolValue else { throw FileError(.malformed, path: path, "it is a folder") }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw FileError(.cannotRead, path: path, error.localizedDescription)
    }
  }

  private func refuseNonFinite(_ file: TensorFile) throws(FileError) {
    guard userEmbeddings.firstNonFinite == nil, itemEmbeddings.firstNonFinite == nil,
      mean.isFinite, biases.map({ ($0.users + $0.items).allSatisfy(\.isFinite) }) ?? true,
      history?.values.allSatisfy(\.isFinite) ?? true
    else { throw file.malformed("it holds numbers that are not finite") }
  }
}

extension TensorFile {
  fileprivate func ids<S: Side>(count: Int, checks: Bool) throws(FileError) -> IDs<S> {
    let name = S.noun
    let offsets = try int64s("\(name)_id_offsets", count: count + 1)
    let bytes = try uint8s("\(name)_ids")
    try check(offsets, end: bytes.count, "\(name)_id_offsets")
    // Whole and cut only between letters, so that every id is the text that finds it again.
    guard
      !checks
        || (String(validating: bytes, as: UTF8.self) != nil
          && offsets.dropLast().allSatisfy { Int($0) == bytes.count || !isInside(bytes[Int($0)]) })
    else { throw malformed("its \(name) ids are not UTF-8") }
    guard has("\(name)_id_order") else { return try sorted(bytes, offsets) }
    let ids = IDs<S>(
      bytes: Flat(bytes), offsets: Flat(offsets),
      order: Flat(try int32s("\(name)_id_order", count: count)))
    guard ids.order.allSatisfy({ (0..<Int32(count)).contains($0) }) else {
      throw malformed("the order of its \(name) ids names rows that are not there")
    }
    guard !checks || ids.isStrictlyAscending else {
      throw malformed("its \(name) ids repeat or are out of order")
    }
    return ids
  }

  /// Whether a byte of UTF-8 continues a letter instead of starting one.
  private func isInside(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// Ids of a file without a stored order, made by somebody else.
  private func sorted<S: Side>(_ bytes: [UInt8], _ offsets: [Int64]) throws(FileError) -> IDs<S> {
    let ids = IDs<S>(bytes: Flat(bytes), offsets: Flat(offsets))
    guard ids.isStrictlyAscending else { throw malformed("its \(S.noun) ids repeat") }
    return ids
  }

  fileprivate func titles(count: Int) throws(FileError) -> [String]? {
    guard has("item_titles") else { return nil }
    let offsets = try int64s("item_title_offsets", count: count + 1)
    let bytes = try uint8s("item_titles")
    try check(offsets, end: bytes.count, "item_title_offsets")
    return (0..<count).map {
      String(decoding: bytes[Int(offsets[$0])..<Int(offsets[$0 + 1])], as: UTF8.self)
    }
  }

  fileprivate func history(
    users: Int, items: Int, checks: Bool
  ) throws(FileError) -> CompressedRows<UserSide, ItemSide>? {
    guard has("history_offsets") else { return nil }
    let offsets = try int64s("history_offsets", count: users + 1)
    let columns = try int32s("history_items", count: nil)
    let values = try floats("history_values", count: columns.count)
    try check(offsets, end: columns.count, "history_offsets")
    guard columns.allSatisfy({ (0..<Int32(items)).contains($0) }) else {
      throw malformed("its history names items that are not there")
    }
    let history = CompressedRows<UserSide, ItemSide>(
      offsets: Flat(offsets), columns: Flat(columns), values: Flat(values))
    guard !checks || history.isStrictlyAscending else {
      throw malformed("its history repeats items or has them out of order")
    }
    return history
  }

  fileprivate func record() throws(FileError) -> TrainingRecord {
    var options = header.metadata
    let known = [
      "format", "method", "seed", "rating_min", "rating_max", "ratings_fingerprint", "program",
    ]
    for key in known { options[key] = nil }
    var range: ClosedRange<Float>?
    if let low = header.metadata["rating_min"].flatMap({ Float($0) }),
      let high = header.metadata["rating_max"].flatMap({ Float($0) }), low <= high
    {
      range = low...high
    }
    return TrainingRecord(
      method: header.metadata["method"] ?? "unknown", options: options,
      seed: header.metadata["seed"].flatMap { UInt64($0) } ?? 0, ratingRange: range,
      fingerprint: header.metadata["ratings_fingerprint"] ?? "")
  }

  /// Offsets start at 0, never fall and end where the bytes do.
  private func check(_ offsets: [Int64], end: Int, _ name: String) throws(FileError) {
    guard offsets.first == 0, offsets.last == Int64(end),
      zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 })
    else { throw malformed("its \(name) do not fit what they point into") }
  }
}
