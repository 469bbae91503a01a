// Writing a model as a safetensors file.
// SPDX-License-Identifier: Apache-2.0

extension Model {
  /// Writes the model to a file, whole or not at all; the same model gives the same bytes.
  ///
  /// Arrays: `users` F32 [U, k], `items` F32 [I, k]; with biases `user_bias` F32 [U] and `item_bias`
  /// F32 [I]; `mean` F64 [1]; the ids as UTF-8 end to end with offsets and their sorted order
  /// (`user_ids` U8, `user_id_offsets` I64 [U + 1], `user_id_order` I32 [U], and the same for items);
  /// `item_titles` and `item_title_offsets` where known, `item_attributes` (a JSON object each) and
  /// `item_attribute_offsets` likewise; the history by user as `history_offsets` I64 [U + 1],
  /// `history_items` I32, `history_values` F32; of samples their `sample_width` I64 [1], priors and noise. The article <doc:ModelFile> says more.
  ///
  /// - Parameter path: Where to; a file that is there is replaced.
  /// - Throws: `FileError` if a number is not finite or the file cannot be written; what stood there
  ///   before is then untouched.
  /// - Complexity: O(size of the file).
  public func save(to path: String) throws(FileError) {
    try refuseNonFinite(path)
    let (u, i) = (users.count, items.count)
    var arrays: [(name: String, dtype: TensorType, shape: [Int])] = [
      ("users", .f32, [u, dimension]), ("items", .f32, [i, dimension]), ("mean", .f64, [1]),
      ("user_ids", .u8, [users.bytes.count]), ("user_id_offsets", .i64, [u + 1]),
      ("user_id_order", .i32, [u]), ("item_ids", .u8, [items.bytes.count]),
      ("item_id_offsets", .i64, [i + 1]), ("item_id_order", .i32, [i]),
    ]
    if biases != nil { arrays += [("user_bias", .f32, [u]), ("item_bias", .f32, [i])] }
    arrays += posterior?.arrays ?? []
    for (name, texts) in [("item_title", titles), ("item_attribute", attributes)] {
      guard let texts else { continue }
      arrays += [
        ("\(name)s", .u8, [texts.bytes.count]), ("\(name)_offsets", .i64, [i + 1]),
      ]
    }
    if let history {
      arrays += [
        ("history_offsets", .i64, [u + 1]), ("history_items", .i32, [history.count]),
        ("history_values", .f32, [history.count]),
      ]
    }
    let (header, order) = try encodedHeader(arrays, path)
    try WholeFile.write(to: path) { file throws(FileError) in
      try file.append(header)
      for name in order {
        switch name {
        case "users": try file.append(userEmbeddings.elements)
        case "items": try file.append(itemEmbeddings.elements)
        case "mean": try file.append(numbers: [mean])
        case "user_bias": try file.append(numbers: biases?.users.numbers ?? [])
        case "item_bias": try file.append(numbers: biases?.items.numbers ?? [])
        case "user_ids": try file.append(numbers: users.bytes)
        case "user_id_offsets": try file.append(numbers: users.offsets)
        case "user_id_order": try file.append(numbers: users.order)
        case "item_ids": try file.append(numbers: items.bytes)
        case "item_id_offsets": try file.append(numbers: items.offsets)
        case "item_id_order": try file.append(numbers: items.order)
        case "item_titles": try file.append(numbers: titles?.bytes ?? [])
        case "item_title_offsets": try file.append(numbers: titles?.offsets ?? [])
        case "item_attributes": try file.append(numbers: attributes?.bytes ?? [])
        case "item_attribute_offsets": try file.append(numbers: attributes?.offsets ?? [])
        case "history_offsets": try file.append(numbers: history?.offsets ?? [])
        case "history_items": try file.append(numbers: history?.columns ?? [])
        case "history_values": try file.append(numbers: history?.values ?? [])
        case "sample_width":
          try file.append(numbers: [Int64(posterior?.sampleWidth ?? 0)])
        default:
          guard let numbers = posterior?.doubles(name) else {
            preconditionFailure("no bytes for the array \(name)")
          }
          try file.append(numbers: numbers)
        }
      }
    }
  }

  private func encodedHeader(
    _ arrays: [(name: String, dtype: TensorType, shape: [Int])], _ path: String
  ) throws(FileError) -> (bytes: [UInt8], order: [String]) {
    do { return try SafetensorsHeader.encoded(arrays, metadata: record.metadata) } catch {
      throw FileError(.cannotWrite, path: path, "its header could not be encoded: \(error)")
    }
  }

  func refuseNonFinite(_ path: String) throws(FileError) {
    if let place = userEmbeddings.firstNonFinite {
      throw FileError(
        .cannotWrite, path: path, "the vector of user \(users[Row(place.row)]) is not finite")
    }
    if let place = itemEmbeddings.firstNonFinite {
      throw FileError(
        .cannotWrite, path: path, "the vector of item \(items[Row(place.row)]) is not finite")
    }
    guard mean.isFinite, biases?.isFinite ?? true else {
      throw FileError(.cannotWrite, path: path, "a bias is not finite")
    }
    guard posterior?.isWell ?? true else {
      throw FileError(.cannotWrite, path: path, "a prior or the noise of a sample is not finite")
    }
  }

  package static let format = "kindred-model 1"
}
