// Writing ratings as a CSV file.
// SPDX-License-Identifier: Apache-2.0

extension Ratings {
  /// Writes the ratings as a CSV file, whole or not at all; the same ratings give the same bytes.
  ///
  /// The header is `user,item`, with `,rating` if the interactions have values and `,timestamp` if
  /// times are known; lines end with a line feed. A field that holds a comma, a quotation mark or a
  /// line end is quoted (RFC 4180), and a value is the shortest text that reads as the same number.
  ///
  /// Times are seconds since 1970 where all are whole seconds, else milliseconds; where Kindred would
  /// take those for another unit, they are seconds with decimals or dates.
  ///
  /// Users are written in row order and each user's items in theirs. Reading the file gives the same
  /// ratings back, in the same rows if each user's lines stood together in what was read at first.
  /// Users and items without ratings are not in it.
  ///
  /// - Parameter path: Where to; a file that is there is replaced.
  /// - Throws: `FileError` if the file cannot be written; what stood there before is then untouched.
  /// - Complexity: O(ratings + bytes of ids).
  public func write(to path: String) throws(FileError) {
    let timeForm = times.map(TimeForm.init)
    var values = ValueTexts()
    try WholeFile.write(to: path) { file throws(FileError) in
      var header = "user,item"
      if hasValues { header += ",rating" }
      if hasTimes { header += ",timestamp" }
      try file.append((header + "\n").utf8)
      var bytes: [UInt8] = []
      var userField: [UInt8] = []
      for user in users.rows {
        userField.removeAll(keepingCapacity: true)
        CSVField.append(users.utf8(user), to: &userField)
        for entry in byUser.range(user) {
          bytes.append(contentsOf: userField)
          bytes.append(comma)
          CSVField.append(items.utf8(ItemRow(byUser.columns[entry])), to: &bytes)
          if hasValues {
            bytes.append(comma)
            bytes.append(contentsOf: values.text(of: byUser.values[entry]))
          }
          if let times, let timeForm {
            bytes.append(comma)
            bytes.append(contentsOf: timeForm.text(of: times[entry]).utf8)
          }
          bytes.append(0x0A)
          if bytes.count >= 1 << 18 {
            try file.append(bytes)
            bytes.removeAll(keepingCapacity: true)
          }
        }
      }
      try file.append(bytes)
    }
  }

  private var comma: UInt8 { 0x2C }
}

/// The texts of values, each made once: there are few different ones.
private struct ValueTexts {
  private var known: [UInt32: [UInt8]] = [:]

  mutating func text(of value: Float) -> [UInt8] {
    if let text = known[value.bitPattern] { return text }
    var text = "\(value)"
    if text.hasSuffix(".0") { text.removeLast(2) }
    let bytes = Array(text.utf8)
    // Values that never repeat need not be remembered all.
    if known.count < 1 << 16 { known[value.bitPattern] = bytes }
    return bytes
  }
}

/// How times are written so that `Timestamp` reads the same moments.
private enum TimeForm {
  case seconds, milliseconds, mixed

  /// Numbers from here on are read as the next smaller unit.
  private static let limit: Int64 = 100_000_000_000

  init(_ times: Flat<Int64>) {
    if times.allSatisfy({ $0 % 1000 == 0 && $0.magnitude / 1000 < Self.limit }) {
      self = .seconds
    } else if times.allSatisfy({ $0.magnitude >= Self.limit && $0.magnitude < 1000 * Self.limit }) {
      self = .milliseconds
    } else {
      self = .mixed
    }
  }

  func text(of time: Int64) -> String {
    switch self {
    case .seconds: return "\(time / 1000)"
    case .milliseconds: return "\(time)"
    case .mixed:
      guard time.magnitude / 1000 < Self.limit else { return Timestamp.text(time) }
      let thousandths = String(time.magnitude % 1000)
      let zeros = String(repeating: "0", count: 3 - thousandths.count)
      return "\(time < 0 ? "-" : "")\(time.magnitude / 1000).\(zeros)\(thousandths)"
    }
  }
}
