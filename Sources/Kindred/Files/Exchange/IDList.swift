// Ids as text, one a line.
// SPDX-License-Identifier: Apache-2.0

/// A text file with an id a line, in row order.
package enum IDList {
  /// Reads ids.
  ///
  /// - Throws: `FileError` if the file is not UTF-8, a line is empty, there are not `count` of them,
  ///   or one comes twice.
  /// - Complexity: O(size), and a sort.
  package static func read<S: Side>(_ path: String, count: Int) throws(FileError) -> IDs<S> {
    let file = try MappedFile(path).bytes
    func malformed(_ reason: String) -> FileError {
      FileError(.malformed, path: path, reason, expected: "a list of ids that fits")
    }
    let lineCount = TextLines.count(file)
    guard lineCount == count else {
      throw malformed("it has \(lineCount) lines, and the table has \(count) rows")
    }
    var builder = Texts.Builder(count: count)
    for (place, line) in TextLines(file).enumerated() {
      guard !line.isEmpty else { throw malformed("line \(place + 1) is empty") }
      builder.append(line)
    }
    let texts = builder.finish()
    guard texts.isWellFormed else { throw malformed("it is not UTF-8") }
    return try distinct(texts, path)
  }

  /// Ids that must each be there once.
  package static func distinct<S: Side>(
    _ texts: Texts, _ path: String
  ) throws(FileError) -> IDs<S> {
    let ids = IDs<S>(texts)
    guard !ids.isStrictlyAscending else { return ids }
    var seen: [String: Int] = [:]
    for row in 0..<texts.count {
      if let first = seen.updateValue(row, forKey: texts[row]) {
        throw FileError(
          .malformed, path: path, "rows \(first) and \(row) have the same id \"\(texts[row])\"",
          expected: "a list of distinct ids")
      }
    }
    return ids
  }

  /// Makes sure that ids can stand one a line.
  ///
  /// - Throws: `FileError` if one is empty or holds a line break.
  package static func check<S: Side>(_ ids: IDs<S>, for path: String) throws(FileError) {
    for row in ids.rows {
      let id = ids[row]
      guard !id.isEmpty, !id.utf8.contains(0x0A), !id.utf8.contains(0x0D) else {
        throw FileError(
          .cannotWrite, path: path,
          "the id of \(S.noun) row \(row.index) is empty or holds a line break, and ids stand one a line"
        )
      }
    }
  }

  /// A file of ids that have been checked.
  package static func part<S: Side>(_ ids: IDs<S>, _ path: String) -> WholeFile.Part {
    (
      path,
      { file throws(FileError) in
        for row in ids.rows { try file.append((ids[row] + "\n").utf8) }
      }
    )
  }
}
