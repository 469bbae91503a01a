// A model's vectors in the forms that other programs read.
// SPDX-License-Identifier: Apache-2.0

/// The forms in which vectors go to and come from other programs.
public enum VectorFormat: String, CaseIterable, Sendable {
  /// NumPy arrays in a folder: `users.npy` [U, k], `items.npy` [I, k], `user_bias.npy` [U] and
  /// `item_bias.npy` [I] where there are biases, `mean.npy` [], and the ids one a line in `users.txt`
  /// and `items.txt`.
  case npy
  /// `vectors.tsv` and `metadata.tsv` in a folder, for TensorFlow's embedding projector.
  case projector
  /// One text file of names and numbers.
  case word2vec
}

/// Which of a model's tables is meant.
public enum TableSide: String, CaseIterable, Sendable {
  /// The items' vectors.
  case items
  /// The users' vectors.
  case users
}

extension Model {
  /// Writes vectors for other programs; decimals are the shortest that read back as the same numbers.
  ///
  /// The files of a folder get their names only when all of them are on the disk, so that an export
  /// that fails leaves an older one as it was. In a folder of NumPy arrays the biases of an older export
  /// are removed if this model has none.
  ///
  /// The text forms hold one table and no biases, so dot products of their vectors rank as the model
  /// does only without biases.
  ///
  /// - Parameters:
  ///   - format: The form.
  ///   - path: A folder for `npy` and `projector`, made if it is not there; a file for `word2vec`.
  ///   - side: Which table, for the forms that hold one.
  /// - Returns: How many ids had to be changed to fit the form.
  /// - Throws: `FileError` if an id does not fit the form, a number is not finite, or a file cannot
  ///   be written.
  /// - Complexity: O(size of the tables).
  @discardableResult
  public func export(
    _ format: VectorFormat, to path: String, side: TableSide = .items
  ) throws(FileError) -> Int {
    try refuseNonFinite(path)
    switch (format, side) {
    case (.npy, _):
      try exportNumPy(path)
      return 0
    case (.projector, .items):
      let attributeNames = attributeNames
      let columns = (titles == nil ? [] : ["title"]) + attributeNames
      try ProjectorFiles.write(
        items, itemEmbeddings, names: ["id"] + columns,
        fields: { row in
          let attributes = attributes(of: items[row])
          return [items[row]] + (titles == nil ? [] : [title(row) ?? ""])
            + attributeNames.map { (attributes[$0] ?? []).joined(separator: "|") }
        }, to: path)
      return 0
    case (.projector, .users):
      try ProjectorFiles.write(
        users, userEmbeddings, names: ["id"], fields: { [users[$0]] }, to: path)
      return 0
    case (.word2vec, .items): return try Word2VecText.write(items, itemEmbeddings, to: path)
    case (.word2vec, .users): return try Word2VecText.write(users, userEmbeddings, to: path)
    }
  }

  private func exportNumPy(_ folder: String) throws(FileError) {
    try IDList.check(users, for: folder + "/users.txt")
    try IDList.check(items, for: folder + "/items.txt")
    try WholeFile.makeFolder(folder)
    var parts: [WholeFile.Part] = [
      IDList.part(users, folder + "/users.txt"), IDList.part(items, folder + "/items.txt"),
      (
        folder + "/users.npy",
        { file throws(FileError) in
          try file.appendNumPy(userEmbeddings.elements, shape: [users.count, dimension])
        }
      ),
      (
        folder + "/items.npy",
        { file throws(FileError) in
          try file.appendNumPy(itemEmbeddings.elements, shape: [items.count, dimension])
        }
      ), (folder + "/mean.npy", { file throws(FileError) in try file.appendNumPy(mean) }),
    ]
    for (path, numbers) in [
      (folder + "/user_bias.npy", biases?.users), (folder + "/item_bias.npy", biases?.items),
    ] {
      guard let numbers else { continue }
      parts.append(
        (
          path,
          { file throws(FileError) in
            try file.appendNumPy(numbers.span, shape: [numbers.count])
          }
        ))
    }
    try WholeFile.write(parts)
    guard biases == nil else { return }
    // An older export's would be taken for this one's.
    try WholeFile.remove(folder + "/user_bias.npy")
    try WholeFile.remove(folder + "/item_bias.npy")
  }
}
