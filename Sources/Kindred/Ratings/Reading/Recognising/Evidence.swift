// What many lines of a file have in common, for one way of splitting them.
// SPDX-License-Identifier: Apache-2.0

/// Counts over a sample of a file's lines, split by one separator.
///
/// The sample is the first 1,000 lines with data and up to 1,000 more at even distances over the
/// rest of the file: the head alone may be all one user, or all users with three items.
struct Evidence {
  let separator: Separator
  /// How many lines have how many fields.
  private(set) var widths: [Int: Int] = [:]
  private(set) var lines = 0
  /// The commonest number of fields, the largest of several.
  private(set) var width = 0
  /// How many lines have that many.
  private(set) var uniform = 0

  // The rest is counted over the lines of that width, if it is 2 or more.

  /// Lines whose first two fields hold no blanks.
  private(set) var compactLines = 0
  /// Lines whose third field is a number, or would be but for a decimal comma.
  private(set) var numericThirds = 0
  /// Whether a third field has a fraction, an exponent or a sign.
  private(set) var hasDecimals = false
  /// Whether every third field is a whole number from 0 to 10, as ratings are and items seldom.
  private(set) var hasSmallThirds = true
  /// How many different third fields there are.
  private(set) var distinctThirds = 0
  /// Lines whose second field is a whole number.
  private(set) var wholeSeconds = 0
  /// Lines whose fourth field looks like a time.
  private(set) var timeFourths = 0
  private(set) var distinctUsers = 0

  // These are counted over all lines.

  private(set) var fields = 0
  /// Fields that are whole numbers.
  private(set) var wholeFields = 0
  /// Fields that start or end as words and punctuation of a text do, rather than ids.
  private(set) var oddFields = 0

  /// Looks at a file's lines, comments at its head left out.
  init(_ text: TextFile, _ separator: Separator, quoting: Bool) {
    self.separator = separator
    var sample: [[Flat<UInt8>]] = []
    var records = Records(text.bytes, from: text.start, separator: separator, quoting: quoting)
    func take(_ records: inout Records, _ isHead: Bool) -> Bool {
      while true {
        switch records.next() {
        case .end: return false
        case .fault: sample.append([])
        case .record:
          let first = text.bytes[records.extent.lowerBound]
          if isHead, sample.isEmpty, first == 0x23 || first == 0x25 { continue }
          // Of a line with very many fields the first ones tell enough.
          sample.append(records.fields.prefix(Self.fieldLimit).map(records.value))
        }
        return true
      }
    }
    while sample.count < Self.sampleSize, take(&records, true) {}
    let rest = records.position
    let step = max(1, (text.bytes.count - rest) / Self.sampleSize)
    var place = rest
    while sample.count >= Self.sampleSize, place + step < text.bytes.count {
      place = max(place + step, records.position)
      guard let lineEnd = text.bytes[place...].firstIndex(of: 0x0A) else { break }
      records = Records(text.bytes, from: lineEnd + 1, separator: separator, quoting: quoting)
      guard take(&records, false) else { break }
    }
    count(sample)
  }

  private mutating func count(_ sample: [[Flat<UInt8>]]) {
    lines = sample.count
    for line in sample { widths[line.count, default: 0] += 1 }
    for (candidate, count) in widths where (count, candidate) > (uniform, width) {
      (uniform, width) = (count, candidate)
    }
    var users: Set<Flat<UInt8>> = []
    var thirds: Set<Flat<UInt8>> = []
    for line in sample {
      fields += line.count
      for field in line {
        if Self.isWhole(field) { wholeFields += 1 }
        if Self.isOdd(field) { oddFields += 1 }
      }
      guard line.count == width, width >= 2 else { continue }
      users.insert(line[0])
      if !line[0].contains(where: Self.isSpace), !line[1].contains(where: Self.isSpace) {
        compactLines += 1
      }
      if Self.isWhole(line[1]) { wholeSeconds += 1 }
      guard width >= 3 else { continue }
      let third = line[2]
      if DecimalNumber.isNumber(third, third.indices)
        || DecimalNumber.hasDecimalComma(third, third.indices)
      {
        numericThirds += 1
        thirds.insert(line[2])
        if !Self.isWhole(line[2]) { hasDecimals = true }
        if line[2].count > 2 || Int(String(decoding: line[2], as: UTF8.self)) ?? 11 > 10 {
          hasSmallThirds = false
        }
      }
      if width == 4, Self.isTime(line[3]) { timeFourths += 1 }
    }
    distinctUsers = users.count
    distinctThirds = thirds.count
  }

  /// How the counts of fields are spread, for messages.
  var summary: String {
    let shown = widths.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(3)
    let spread = shown.map { width, count in
      "\(count) with \(width == Self.fieldLimit ? "many" : String(width)) "
        + (width == 1 ? "field" : "fields")
    }.joined(separator: ", ")
    return "of \(lines) lines looked at, \(spread), separated by \(separator.plural)"
  }

  private static let sampleSize = 1000
  private static let fieldLimit = 100

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func isWhole(_ field: Flat<UInt8>) -> Bool {
    !field.isEmpty && field.allSatisfy { $0 &- 0x30 < 10 }
  }

  /// Seconds since 1970 from 1973 on, or digits with the marks of a date.
  private static func isTime(_ field: Flat<UInt8>) -> Bool {
    if isWhole(field) { return field.count >= 9 }
    return field.first.map { $0 &- 0x30 < 10 } == true
      && field.contains { $0 == 0x2D || $0 == 0x3A || $0 == 0x2F || $0 == 0x2E }
  }

  private static func isOdd(_ field: Flat<UInt8>) -> Bool {
    guard let first = field.first, let last = field.last else { return false }
    return ".,;:!?)]}>\"'".utf8.contains(last) || "([{<\"'".utf8.contains(first)
  }
}
