// The two files of TensorFlow's embedding projector.
// SPDX-License-Identifier: Apache-2.0

/// `vectors.tsv` and `metadata.tsv`, side by side in a folder.
///
/// `vectors.tsv` has a vector a line, numbers separated by tabs, without a header. `metadata.tsv` has
/// as many lines of what is said about each: one column without a header, or several with a line of
/// names above them (TensorBoard's description of the embedding projector).
package enum ProjectorFiles {
  /// More columns than anybody looks at.
  private static let largestWidth = 1000
  private static let expected = "a file of the embedding projector that Kindred can use"

  package static func vectorsPath(_ folder: String) -> String { folder + "/vectors.tsv" }
  package static func metadataPath(_ folder: String) -> String { folder + "/metadata.tsv" }

  /// Reads both files from a folder.
  ///
  /// Ids are in the column `id`, or in the first; titles are in a column `title`; what else there is
  /// becomes attributes.
  ///
  /// - Throws: `FileError` for a line that is not as many numbers as the first one has, or if the
  ///   two files do not have equally many.
  /// - Complexity: O(size).
  package static func read(_ folder: String) throws(FileError) -> NamedVectors {
    let table = try vectors(vectorsPath(folder))
    let path = metadataPath(folder)
    let file = try MappedFile(path).bytes
    var lines = TextLines(file)
    func malformed(_ reason: String) -> FileError {
      FileError(.malformed, path: path, reason, expected: expected)
    }
    guard String(validating: file, as: UTF8.self) != nil else { throw malformed("it is not UTF-8") }
    let isNarrow = TextLines(file).allSatisfy { $0.count { $0 == 0x09 } < Self.largestWidth }
    guard isNarrow else { throw malformed("a line has more than \(Self.largestWidth) columns") }
    let lineCount = TextLines.count(file)
    let hasHeader = lineCount == table.count + 1 && (file.prefix { $0 != 0x0A }).contains(0x09)
    guard hasHeader || lineCount == table.count else {
      throw malformed("it describes \(lineCount) vectors, and vectors.tsv has \(table.count)")
    }
    let header = hasHeader ? Header(lines.next().map(Self.fields) ?? []) : Header(["id"])
    let place = header.place(of: .item, named: "id") ?? 0
    let titlePlace = header.place(of: .title, named: "title").flatMap { $0 == place ? nil : $0 }
    let columns = AttributeColumns.named(
      header.names.enumerated().compactMap { column, name in
        column == place || column == titlePlace || name.isEmpty ? nil : (column, name)
      })
    var row = 0
    var ids = Texts.Builder(count: table.count)
    var entries: [Titles.Entry] = []
    while let line = lines.next() {
      let fields = Self.fields(line)
      guard fields.count == header.names.count else {
        throw malformed(
          "line \(row + (hasHeader ? 2 : 1)) has \(fields.count) columns, and there should be "
            + "\(header.names.count)")
      }
      row += 1
      ids.append(fields[place].utf8)
      guard hasHeader else { continue }
      let title = titlePlace.map { fields[$0] } ?? ""
      entries.append(
        Titles.Entry(
          id: fields[place], title: title, attributes: columns.attributes(fields, title: title)))
    }
    return NamedVectors(
      names: ids.finish(), table: table,
      titles: hasHeader ? Titles(entries, wasWindows1252: false) : nil)
  }

  private static func vectors(_ path: String) throws(FileError) -> EmbeddingTable<ItemSide> {
    let file = try MappedFile(path).bytes
    let count = TextLines.count(file)
    let dimension = TextLines(file).first { _ in true }.map { $0.count { $0 == 0x09 } + 1 } ?? 0
    func malformed(_ reason: String) -> FileError {
      FileError(.malformed, path: path, reason, expected: expected)
    }
    guard dimension > 0 else { throw malformed("it is empty") }
    guard dimension <= file.count / count else {
      throw malformed("its lines are not equally many numbers")
    }
    return try EmbeddingTable(count: count, dimension: dimension) { elements throws(FileError) in
      for (row, line) in TextLines(file).enumerated() {
        var line = line
        for place in (0..<dimension).reversed() {
          guard let number = line.popNumber() else {
            throw malformed("line \(row + 1) is not \(dimension) finite numbers")
          }
          elements[row * dimension + place] = number
        }
        guard line.isEmpty else {
          throw malformed("line \(row + 1) is not \(dimension) finite numbers")
        }
      }
    }
  }

  /// Writes both files into a folder, which is made if it is not there.
  ///
  /// `names` are those of the columns (one is not written, since one column has no header), `fields`
  /// what is said about a row, the id first.
  ///
  /// - Throws: `FileError` if an id holds a tab or a line break, or a file cannot be written.
  package static func write<S: Side>(
    _ ids: IDs<S>, _ table: EmbeddingTable<S>, names: [String],
    fields: @escaping (Row<S>) -> [String], to folder: String
  ) throws(FileError) {
    let path = metadataPath(folder)
    for row in ids.rows where ids[row].utf8.contains(where: { $0 < 0x20 }) {
      throw FileError(
        .cannotWrite, path: path,
        "the id of \(S.noun) row \(row.index) holds a tab, a line break or another control character"
      )
    }
    try WholeFile.makeFolder(folder)
    let writeVectors = { (file: inout WholeFile) throws(FileError) in
      for row in ids.rows {
        try file.append("\(table.decimals(row, separator: "\t"))\n".utf8)
      }
    }
    let writeMetadata = { (file: inout WholeFile) throws(FileError) in
      if names.count > 1 { try file.append((line(names) + "\n").utf8) }
      for row in ids.rows { try file.append((line(fields(row)) + "\n").utf8) }
    }
    try WholeFile.write([(vectorsPath(folder), writeVectors), (path, writeMetadata)])
  }

  private static func fields(_ line: Flat<UInt8>) -> [String] {
    line.split(separator: 0x09, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// Fields with a space for each tab or line break in them.
  private static func line(_ fields: [String]) -> String {
    fields.map { field in
      String(decoding: field.utf8.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
    }.joined(separator: "\t")
  }
}
