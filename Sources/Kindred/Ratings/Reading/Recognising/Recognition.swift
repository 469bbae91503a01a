// Recognising the form of a ratings file from many of its lines.
// SPDX-License-Identifier: Apache-2.0

/// Decides how a file is laid out.
///
/// 1. A first line that names a user and an item column, by the names given or the usual ones, is a
///    header; it gives the separator and the columns.
/// 2. Otherwise tabs, `::`, semicolons and commas are tried: most lines must have the same number
///    of fields, 2 to 4, and a third field must mostly be a number.
/// 3. Otherwise blanks separate the fields, and the numbers of fields decide, as `verdict` says.
struct Recognition {
  let text: TextFile
  let options: ReadingOptions

  /// - Throws: `RatingsError` with code `unknownFormat` or `missingColumn`.
  func layout() throws(RatingsError) -> Layout {
    if let layout = try headed() { return layout }
    if let format = options.format { return forced(format) }
    if text.bytes[text.start...].starts(with: "%%MatrixMarket".utf8) {
      throw unknown("it is a Matrix Market file")
    }
    let colons = Evidence(text, .doubleColon, quoting: false)
    if colons.isTable { return try table(.doubleColon, colons) }
    let blanks = Evidence(text, .whitespace, quoting: false)
    let tabs = Evidence(text, .tab, quoting: false)
    if let format = tabbed(tabs, blanks) { return try table(format, tabs) }
    let delimited = [Separator.semicolon, .comma].map { Evidence(text, $0, quoting: true) }
    // The one that makes more columns: `u;i;4,5` has commas too, and `a;b,c,4` semicolons.
    if let best = delimited.filter(\.isTable).max(by: { $0.width < $1.width }) {
      return try table(.csv, best)
    }
    guard blanks.lines > 0 else {
      throw RatingsError(.empty, "\(text.name): it has only comments.", file: text.name)
    }
    switch blanks.verdict {
    case .table(let width): return try table(width == 2 ? .pairs : .triples, blanks)
    case .adjacency: return .adjacency
    case .unclear(let why):
      // What was seen is best told by the separator that splits the lines most alike.
      let alike = ([tabs, colons] + delimited).filter { $0.width > 1 }
        .max { $0.uniform < $1.uniform }
      guard let alike, alike.uniform > blanks.uniform else { throw unknown(why) }
      throw unknown("\(alike.summary), and no column of ratings where one should be")
    }
  }

  /// A table without a header; refuses one whose first line seems to be a header after all.
  ///
  /// Where there are ratings the reader finds that by itself, for a name is no number.
  private func table(
    _ format: RatingsFormat, _ evidence: Evidence
  ) throws(RatingsError) -> Layout {
    let layout = Layout.plain(format, evidence.separator, width: evidence.width)
    guard layout.rating == nil, evidence.lines > 1,
      evidence.wholeFields == evidence.fields - evidence.width,
      let header = header(evidence.separator)
    else { return layout }
    throw RatingsError(
      .badLine,
      "\(text.name), line 1: \"\(header.names.joined(separator: ", "))\" looks like a header; name "
        + "its columns: --columns user=…,item=…, or say --input-format \(format.rawValue).",
      file: text.name, line: 1)
  }

  /// The layout that a header gives, if the first line is one.
  private func headed() throws(RatingsError) -> Layout? {
    guard options.format != .adjacency else { return nil }
    let names = options.columns
    let separators =
      options.format?.separators ?? [.tab, .comma, .semicolon, .doubleColon, .whitespace]
    var widest = Header([])
    for separator in separators {
      guard let header = header(separator) else { continue }
      if header.names.count > widest.names.count { widest = header }
      guard let user = header.place(of: .user, named: names?.user),
        let item = header.place(of: .item, named: names?.item), user != item
      else { continue }
      // Prose has words such as "user" and "item" in it too.
      if separator == .whitespace, names == nil, !header.hasOnlyColumnsOfRatings { continue }
      let rating = header.place(of: .rating, named: names?.rating)
      if let name = names?.rating, rating == nil { throw missing(name, header) }
      if let name = names?.timestamp, header.place(of: .timestamp, named: name) == nil {
        throw missing(name, header)
      }
      let format: RatingsFormat =
        switch separator {
        case .tab: .tsv
        case .doubleColon: .doubleColon
        case .whitespace: rating == nil ? .pairs : .triples
        default: .csv
        }
      return Layout(
        format: format, separator: separator, quoting: format == .csv || format == .tsv,
        header: header.names, width: header.names.count, user: user, item: item, rating: rating,
        timestamp: header.place(of: .timestamp, named: names?.timestamp))
    }
    guard let names else { return nil }
    for (column, name) in [(Header.Column.user, names.user), (.item, names.item)]
    where widest.place(of: column, named: name) == nil {
      throw missing(name ?? column.rawValue, widest)
    }
    return nil
  }

  /// The fields of the first line that is not a comment; nil if there is but one, or one is a number,
  /// as in no header.
  private func header(_ separator: Separator) -> Header? {
    var quoting = false
    if case .byte = separator { quoting = true }
    var records = Records(text.bytes, from: text.start, separator: separator, quoting: quoting)
    while case .record = records.next() {
      let first = text.bytes[records.extent.lowerBound]
      if first == 0x23 || first == 0x25 { continue }
      // A line of a million items is no header; looking for names in it would take long.
      guard (2...1000).contains(records.fields.count), records.extent.count <= 1 << 16,
        !records.fields.contains(where: { DecimalNumber.isNumber(text.bytes, $0.range) })
      else { return nil }
      return Header(records.fields.map(records.text))
    }
    return nil
  }

  private func forced(_ format: RatingsFormat) -> Layout {
    if format == .adjacency { return .adjacency }
    if format == .pairs { return .plain(.pairs, .whitespace, width: 2) }
    let evidence = format.separators.map {
      Evidence(text, $0, quoting: format == .csv || format == .tsv)
    }
    // Where the lines have one field only, the separator is the usual one and the lines are wrong.
    let best = evidence.max { $0.width < $1.width }
    let separator = best.flatMap { $0.width > 1 ? $0.separator : nil } ?? format.separators[0]
    var width = best?.width ?? 0
    if width < 2 || (format == .triples && !(3...4).contains(width)) { width = 3 }
    return .plain(format, separator, width: width)
  }

  /// The form, where tabs rather than any blanks separate the fields.
  private func tabbed(_ tabs: Evidence, _ blanks: Evidence) -> RatingsFormat? {
    guard (2...4).contains(tabs.width), tabs.uniform * 2 > tabs.lines,
      case .table(let width) = tabs.verdict
    else { return nil }
    guard width == 2 else { return .tabs }
    if case .table(2) = blanks.verdict { return nil }
    // `user⇥item item item` is adjacency if all are numbers, and otherwise an item with blanks.
    return blanks.wholeFields == blanks.fields ? nil : .tabs
  }

  private func missing(_ name: String, _ header: Header) -> RatingsError {
    let found =
      header.names.isEmpty
      ? "the first line is no header"
      : "the first line has: " + header.names.prefix(20).joined(separator: ", ")
    return RatingsError(
      .missingColumn, "\(text.name): no column is named \"\(name)\"; \(found).", file: text.name)
  }

  private func unknown(_ why: String) -> RatingsError {
    RatingsError(
      .unknownFormat,
      "\(text.name): the form of its lines was not recognised: \(why). Name the form with "
        + "--input-format: \(RatingsFormat.list).",
      file: text.name)
  }
}
