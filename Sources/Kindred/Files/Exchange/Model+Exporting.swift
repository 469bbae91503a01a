// A model's vectors in the forms that other programs read.
// SPDX-License-Identifier: Apache-2.0

import Foundation

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
  /// Writes vectors for other programs, each file whole or not at all; decimals are the shortest that
  /// read back as the same numbers.
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
    if format != .word2vec { try Self.makeFolder(path) }
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
    try IDList.write(users, to: folder + "/users.txt")
    try IDList.write(items, to: folder + "/items.txt")
    try WholeFile.writeNumPy(
      userEmbeddings.elements, shape: [users.count, dimension], to: folder + "/users.npy")
    try WholeFile.writeNumPy(
      itemEmbeddings.elements, shape: [items.count, dimension], to: folder + "/items.npy")
    try WholeFile.writeNumPy(mean, to: folder + "/mean.npy")
    guard let biases else { return }
    try WholeFile.writeNumPy(
      biases.users.span, shape: [users.count], to: folder + "/user_bias.npy")
    try WholeFile.writeNumPy(
      biases.items.span, shape: [items.count], to: folder + "/item_bias.npy")
  }

  private static func makeFolder(_ path: String) throws(FileError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileError(.cannotWrite, path: path, "the folder cannot be made")
    }
  }
}
