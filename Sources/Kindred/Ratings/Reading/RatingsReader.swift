// Reading the lines of one ratings file.
// SPDX-License-Identifier: Apache-2.0

/// Adds the ratings of one file, whose layout is known, to a builder.
struct RatingsReader {
  /// What is wrong with a line; the message is made only where someone will see it.
  private enum Fault {
    case quotes(QuoteFault)
    case fieldCount
    case noUser, noItem
    case badNumber(Range<Int>)
  }

  private let text: TextFile
  private let layout: Layout
  private let skipBadLines: Bool
  private var records: Records
  /// Lines with data so far, and how many of them were good.
  private var lines = 0
  private var good = 0

  init(_ text: TextFile, layout: Layout, skipBadLines: Bool) {
    self.text = text
    self.layout = layout
    self.skipBadLines = skipBadLines
    records = Records(
      text.bytes, from: text.start, separator: layout.separator, quoting: layout.quoting)
  }

  /// Reads to the end of the file.
  ///
  /// - Throws: `RatingsError` for a malformed line that is not to be skipped, and for a file that
  ///   has no good line.
  /// - Complexity: O(size).
  mutating func read(
    into builder: inout RatingsBuilder, report: inout ReadingReport,
    progress: ((_ bytes: Int) -> Void)?
  ) throws(RatingsError) {
    var awaitsHeader = layout.header != nil
    var nextReport = Self.reportInterval
    while true {
      let fault: Fault?
      switch records.next() {
      case .end:
        return try finish(&report)
      case .fault(let quotes):
        lines += 1
        fault = .quotes(quotes)
      case .record:
        if lines == 0, isComment(awaitsHeader) { continue }
        if awaitsHeader {
          awaitsHeader = false
          continue
        }
        lines += 1
        fault = layout.format == .adjacency ? addItems(&builder) : addRow(&builder)
      }
      if let fault {
        if !skipBadLines { throw error(fault) }
        report.skippedLines += 1
        if report.firstSkipped.count < 3 { report.firstSkipped.append(error(fault)) }
      } else {
        good += 1
      }
      if records.position >= nextReport {
        progress?(records.position)
        nextReport = records.position + Self.reportInterval
        try checkCounts(builder)
      }
    }
  }

  /// Bytes between two reports of progress.
  private static let reportInterval = 1 << 20

  /// Whether the current line, with no data before it, is a comment.
  ///
  /// Where blanks separate the fields any line with `#` or `%` in front is; elsewhere an id may start
  /// so, and only a line with another number of fields is.
  private func isComment(_ awaitsHeader: Bool) -> Bool {
    let first = text.bytes[records.extent.lowerBound]
    guard first == 0x23 || first == 0x25 else { return false }
    return awaitsHeader || layout.separator == .whitespace || records.fields.count != layout.width
  }

  private mutating func addRow(_ builder: inout RatingsBuilder) -> Fault? {
    guard records.fields.count == layout.width else { return .fieldCount }
    let user = records.fields[layout.user]
    let item = records.fields[layout.item]
    if user.range.isEmpty { return .noUser }
    if item.range.isEmpty { return .noItem }
    var rating: Float = 1
    if let column = layout.rating {
      let range = records.fields[column].range
      guard let number = DecimalNumber.parse(text.bytes, range) else { return .badNumber(range) }
      rating = number
    }
    builder.add(
      user: builder.users.intern(records.value(user)),
      item: builder.items.intern(records.value(item)), rating)
    return nil
  }

  private mutating func addItems(_ builder: inout RatingsBuilder) -> Fault? {
    let user = builder.users.intern(records.value(records.fields[0]))
    for field in records.fields.dropFirst() {
      builder.add(user: user, item: builder.items.intern(records.value(field)), 1)
    }
    return nil
  }

  /// Stops well before a row number would overflow: a megabyte holds fewer new ids than the margin.
  private func checkCounts(_ builder: RatingsBuilder) throws(RatingsError) {
    let limit = Int(Int32.max) - (1 << 24)
    guard builder.users.count > limit || builder.items.count > limit else { return }
    throw RatingsError(
      .tooMany, "\(text.name), line \(records.line): there are more than \(limit) users or items.",
      file: text.name, line: records.line)
  }

  private func finish(_ report: inout ReadingReport) throws(RatingsError) {
    report.lines += lines
    guard good == 0 else { return }
    let why =
      if let first = report.firstSkipped.last, lines > 0 {
        "none of its \(lines) lines could be read; for example: \(first.description)"
      } else if layout.header != nil {
        "it has a header but no ratings."
      } else {
        "it has no line with ratings."
      }
    throw RatingsError(.empty, "\(text.name): \(why)", file: text.name)
  }

  private func error(_ fault: Fault) -> RatingsError {
    var code = RatingsError.Code.badLine
    let what: String
    var hint = ""
    switch fault {
    case .quotes(.unclosed): what = "a quoted field is never closed"
    case .quotes(.textAfterQuote):
      what = "there is text after a closing quote (a quote inside quotes is written twice)"
    case .fieldCount:
      let count = records.fields.count
      what = "it has \(count) \(count == 1 ? "field" : "fields") and not \(layout.width)"
      if layout.separator == .whitespace {
        hint = " Lines of any length are read with --input-format adjacency."
      }
    case .noUser: (code, what) = (.emptyID, "the user's id is empty")
    case .noItem: (code, what) = (.emptyID, "the item's id is empty")
    case .badNumber(let range): (code, what) = (.badNumber, complaint(range))
    }
    if lines == 1, layout.header == nil, layout.format != .adjacency {
      hint = " If this is a header, name its columns: --columns user=…,item=…,rating=…."
    }
    return RatingsError(
      code,
      "\(text.name), line \(records.line): \(what); expected \(layout.expectation): "
        + "\"\(text.excerpt(records.extent))\".\(hint)",
      file: text.name, line: records.line)
  }

  private func complaint(_ range: Range<Int>) -> String {
    let shown = "the rating \"\(text.excerpt(range))\""
    if range.allSatisfy({ text.bytes[$0] == 0x20 }) { return "the rating is empty" }
    if DecimalNumber.hasDecimalComma(text.bytes, range) {
      return "\(shown) has a decimal comma (write 4.5, not 4,5)"
    }
    if DecimalNumber.isNumber(text.bytes, range) { return "\(shown) is too large" }
    return "\(shown) is not a number"
  }
}
