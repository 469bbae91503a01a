// What is wrong with a line, before it is known which line of the file it is.
// SPDX-License-Identifier: Apache-2.0

/// A line that cannot be taken: the sentence for people, and its place among the lines of its part.
struct LineFault: Sendable {
  /// What is wrong with a record.
  enum Problem {
    case quotes(QuoteFault)
    case fieldCount
    case noUser, noItem
    case badNumber(Range<Int>)
    case badTime(Range<Int>)
  }

  let code: RatingsError.Code
  /// How many line ends of the part lie before it.
  let line: Int
  private let sentence: String

  init(_ code: RatingsError.Code, line: Int, _ sentence: String) {
    self.code = code
    self.line = line
    self.sentence = sentence
  }

  /// What is wrong with the current record, with its text.
  init(_ problem: Problem, _ records: Records, _ layout: Layout, isFirst: Bool) {
    let text = records.bytes
    let code: RatingsError.Code
    let what: String
    var hint = ""
    switch problem {
    case .quotes(.unclosed):
      (code, what) = (.badLine, "a quoted field is never closed")
    case .quotes(.textAfterQuote):
      code = .badLine
      what = "there is text after a closing quote (a quote inside quotes is written twice)"
    case .fieldCount:
      let count = records.fields.count
      code = .badLine
      what = "it has \(count) \(count == 1 ? "field" : "fields") and not \(layout.width)"
      if layout.separator == .whitespace {
        hint = " Lines of any length are read with --input-format adjacency."
      }
    case .noUser: (code, what) = (.emptyID, "the user's id is empty")
    case .noItem: (code, what) = (.emptyID, "the item's id is empty")
    case .badNumber(let range): (code, what) = (.badNumber, Self.complaint(text, range))
    case .badTime(let range):
      code = .badTime
      what =
        "the time \"\(text.excerpt(range))\" is neither seconds since 1970 nor a date such as "
        + "2015-03-04T05:06:07Z"
    }
    if isFirst, layout.header == nil, layout.format != .adjacency {
      hint = " If this is a header, name its columns: --columns user=…,item=…,rating=…."
    }
    self.init(
      code, line: records.line,
      "\(what); expected \(layout.expectation): \"\(text.excerpt(records.extent))\".\(hint)")
  }

  /// The error, once the line's place in the file is known.
  ///
  /// - Parameters:
  ///   - file: The file's name.
  ///   - start: The number of the part's first line in the file, counted from 1.
  /// - Returns: The error, with the file's name and the line.
  func error(in file: String, firstLine start: Int) -> RatingsError {
    let line = start + line
    return RatingsError(code, "\(file), line \(line): \(sentence)", file: file, line: line)
  }

  private static func complaint(_ text: Flat<UInt8>, _ range: Range<Int>) -> String {
    let shown = "the rating \"\(text.excerpt(range))\""
    if range.allSatisfy({ text[$0] == 0x20 }) { return "the rating is empty" }
    if DecimalNumber.hasDecimalComma(text, range) {
      return "\(shown) has a decimal comma (write 4.5, not 4,5)"
    }
    if DecimalNumber.isNumber(text, range) { return "\(shown) is too large" }
    return "\(shown) is not a number"
  }
}
