// Titles and attributes from files.
// SPDX-License-Identifier: Apache-2.0

extension Titles {
  /// Reads the titles of items from a file, or from standard input for "-".
  ///
  /// Read are MovieLens' `u.item` (`id|title|…`), `movies.dat` (`id::title::…`) and `movies.csv`
  /// (a header that names an item and a title column, quoted as in RFC 4180), and `id⇥title`. A
  /// header is a first line that names both columns; elsewhere the separator is what most often
  /// comes first in a line. A file that is not UTF-8 is read as Windows-1252.
  ///
  /// What else is known of an item becomes its attributes: every further column of a file with a
  /// header, by its name; the genres of `movies.dat`; dates, address and genres of `u.item`. Several
  /// values in one field are separated by `|`. The year of a title that ends in it, as in
  /// "Heat (1995)", becomes a `year` where no column has one.
  ///
  /// - Throws: `RatingsError`: `notFound`, `unreadable`, `empty`, `notText` or `unknownFormat` for
  ///   the file as a whole, `missingColumn` for its header, `badLine` or `emptyID` for a line of it.
  /// - Complexity: O(size).
  public static func read(_ path: String) throws(RatingsError) -> Titles {
    var text = try TextFile.load(path)
    try text.checkText()
    let isWindows1252 = TextFile.firstInvalidUTF8(text.bytes) != nil
    if isWindows1252 { text = text.fromWindows1252() }
    let form = try Form(text)
    var records = Records(
      text.bytes, from: text.start, separator: form.separator, quoting: form.quoting)
    var entries: [Entry] = []
    var awaitsHeader = form.hasHeader
    while true {
      switch records.next() {
      case .end:
        guard !entries.isEmpty else {
          throw RatingsError(.empty, "\(text.name): it has no line with a title.", file: text.name)
        }
        return Titles(entries, wasWindows1252: isWindows1252)
      case .fault:
        throw bad(.badLine, "its quotes do not match", form, text, records)
      case .record:
        if awaitsHeader {
          awaitsHeader = false
          continue
        }
        guard records.fields.count > max(form.id, form.title) else {
          throw bad(.badLine, "it has too few fields", form, text, records)
        }
        let id = records.text(records.fields[form.id])
        guard !id.isEmpty else {
          throw bad(.emptyID, "the item's id is empty", form, text, records)
        }
        let fields = records.fields.map(records.text)
        let title = fields[form.title]
        entries.append(
          Entry(id: id, title: title, attributes: form.others.attributes(fields, title: title)))
      }
    }
  }

  private static func bad(
    _ code: RatingsError.Code, _ what: String, _ form: Form, _ text: TextFile, _ records: Records
  ) -> RatingsError {
    RatingsError(
      code,
      "\(text.name), line \(records.line): \(what); expected an item's id and its title, separated "
        + "by \(form.separator.plural): \"\(text.excerpt(records.extent))\".",
      file: text.name, line: records.line)
  }

  /// How a file of titles is laid out.
  private struct Form {
    let separator: Separator
    var hasHeader = false
    var id = 0
    var title = 1
    var others: AttributeColumns

    /// Only comma-separated files and those with a header are quoted: a film may be called
    /// `"Crocodile" Dundee` in the others.
    var quoting: Bool {
      switch separator {
      case .comma, .semicolon: true
      case .byte: hasHeader
      default: false
      }
    }

    init(_ text: TextFile) throws(RatingsError) {
      for separator in [Separator.comma, .tab, .semicolon, .bar, .doubleColon] {
        var quoting = false
        if case .byte = separator { quoting = true }
        var records = Records(text.bytes, from: text.start, separator: separator, quoting: quoting)
        guard case .record = records.next(), (2...1000).contains(records.fields.count),
          records.extent.count <= 1 << 16
        else { continue }
        let header = Header(records.fields.map(records.text))
        guard let title = header.place(of: .title) else {
          // An item column without a title column is another table about the items.
          guard separator != .bar, separator != .doubleColon, header.place(of: .item) != nil else {
            continue
          }
          throw RatingsError(
            .missingColumn,
            "\(text.name): no column holds titles; the first line has: "
              + header.names.prefix(20).joined(separator: ", ") + ".", file: text.name)
        }
        // "id" alone says little, but beside a title it is the item's.
        guard
          let id = header.place(of: .item, named: "id") ?? header.place(of: .item), id != title
        else { continue }
        (self.separator, hasHeader, self.id, self.title) = (separator, true, id, title)
        others = .named(
          header.names.enumerated().compactMap { place, name in
            place == id || place == title || name.isEmpty ? nil : (place, name)
          })
        return
      }
      guard let separator = Self.firstSeparator(text) else {
        throw RatingsError(
          .unknownFormat,
          "\(text.name): these are not titles; expected lines such as id|title, id::title or "
            + "id⇥title, or a header such as movieId,title.", file: text.name)
      }
      self.separator = separator
      switch separator {
      case .bar: others = .movieLens100K
      case .doubleColon: others = .genresThird
      default: others = .none
      }
    }

    /// What comes first in more than half of the first 1,000 lines.
    private static func firstSeparator(_ text: TextFile) -> Separator? {
      var records = Records(text.bytes, from: text.start, separator: .whitespace)
      var lines = 0
      var counts: [Separator: Int] = [:]
      while lines < 1000, case .record = records.next() {
        lines += 1
        let line = text.bytes[records.extent]
        for (index, byte) in zip(line.indices, line) {
          let separator = Separator.byte(byte)
          if [.tab, .bar, .comma, .semicolon].contains(separator) {
            counts[separator, default: 0] += 1
            break
          }
          if byte == 0x3A, index + 1 < line.endIndex, line[index + 1] == 0x3A {
            counts[.doubleColon, default: 0] += 1
            break
          }
        }
      }
      return counts.first { $0.value * 2 > lines }?.key
    }
  }
}
