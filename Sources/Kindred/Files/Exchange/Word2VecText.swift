// The text form of word2vec: a name and its numbers on each line.
// SPDX-License-Identifier: Apache-2.0

/// Vectors as the program word2vec writes them.
///
/// The first line holds two integers, how many vectors there are and of how many numbers; each
/// further line a name and the numbers, separated by spaces (Mikolov et al. 2013, the program's
/// output with `-binary 0`).
package enum Word2VecText {
  private static let expected = "a word2vec text file that Kindred can use"

  /// Reads vectors.
  ///
  /// - Throws: `FileError` for a line that is not a name and as many numbers as the first line says,
  ///   or if there are more or fewer lines.
  /// - Complexity: O(size).
  package static func read(_ path: String) throws(FileError) -> NamedVectors {
    let file = try MappedFile(path).bytes
    func malformed(_ reason: String) -> FileError {
      FileError(.malformed, path: path, reason, expected: expected)
    }
    var lines = TextLines(file)
    let head = lines.next()?.withoutTrailingBlanks.split(
      maxSplits: 2, whereSeparator: { $0 == 0x20 || $0 == 0x09 })
    guard let head, head.count == 2, let count = integer(head[0]), let dimension = integer(head[1]),
      (1...Model.largestDimension).contains(dimension)
    else { throw malformed("its first line is not two numbers: how many vectors, and how long") }
    // The numbers of lines and bytes are looked at before any memory is asked for.
    let lineCount = TextLines.count(file) - 1
    guard lineCount == count else {
      throw malformed("its first line promises \(count) vectors, and \(lineCount) lines follow")
    }
    guard count == 0 || dimension <= file.count / (2 * count) else {
      throw malformed("its first line promises more numbers than it has room for")
    }
    var builder = Texts.Builder(count: count)
    let table = try EmbeddingTable<ItemSide>(count: count, dimension: dimension) {
      elements throws(FileError) in
      for row in 0..<count {
        var line = (lines.next() ?? []).withoutTrailingBlanks
        for place in (0..<dimension).reversed() {
          guard let number = line.popNumber() else {
            throw malformed(
              "line \(row + 2) is not a name and \(dimension) finite numbers")
          }
          elements[row * dimension + place] = number
        }
        guard !line.isEmpty else { throw malformed("line \(row + 2) has no name") }
        builder.append(line)
      }
    }
    let names = builder.finish()
    guard names.isWellFormed else { throw malformed("its names are not UTF-8") }
    return NamedVectors(names: names, table: table)
  }

  /// Writes vectors; a blank in an id becomes `_`.
  ///
  /// - Returns: How many ids had to be changed.
  /// - Throws: `FileError` if two ids become the same, one is empty, or the file cannot be written.
  package static func write<S: Side>(
    _ ids: IDs<S>, _ table: EmbeddingTable<S>, to path: String
  ) throws(FileError) -> Int {
    var changed = 0
    var names: [String] = []
    for id in ids.all {
      let name = String(
        decoding: id.utf8.map { $0 <= 0x20 || $0 == 0x7F ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
      guard !name.isEmpty else {
        throw FileError(.cannotWrite, path: path, "a \(S.noun) has an empty id")
      }
      if name != id { changed += 1 }
      names.append(name)
    }
    if changed > 0 {
      var owners: [String: String] = [:]
      for (name, id) in zip(names, ids.all) {
        if let other = owners.updateValue(id, forKey: name) {
          throw FileError(
            .cannotWrite, path: path,
            "the ids \"\(other)\" and \"\(id)\" both become \(name), since word2vec text has no "
              + "blanks in names")
        }
      }
    }
    try WholeFile.write(to: path) { file throws(FileError) in
      try file.append("\(ids.count) \(table.dimension)\n".utf8)
      for row in ids.rows {
        try file.append(
          "\(names[Int(row.index)]) \(table.decimals(row, separator: " "))\n".utf8)
      }
    }
    return changed
  }

  private static func integer(_ digits: Flat<UInt8>) -> Int? {
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
