// Simulated ratings as lines of text, without a string for each.
// SPDX-License-Identifier: Apache-2.0

/// Writes ids, ratings and times of one form into bytes.
struct RatingLines: Sendable {
  let format: RatingsFormat
  private let ids: GeneratorOptions.IDForm
  private let hasValues: Bool
  private let hasTimes: Bool
  private let separator: [UInt8]
  /// Digits of the users' numbers in long ids, so that they sort.
  private let userDigits: Int
  /// "0.5" to "5.0", by half stars from 1. [11]
  private let stars: [[UInt8]]

  init(_ format: RatingsFormat, _ options: GeneratorOptions) {
    self.format = format
    ids = options.ids
    hasValues = options.hasValues
    hasTimes = options.hasTimes
    userDigits = max(6, String(options.users).count)
    stars = (0...10).map { Array("\($0 / 2).\($0 % 2 * 5)".utf8) }
    switch format {
    case .csv: separator = Array(",".utf8)
    case .tsv, .tabs: separator = Array("\t".utf8)
    case .doubleColon: separator = Array("::".utf8)
    case .triples, .pairs, .adjacency: separator = Array(" ".utf8)
    }
  }

  /// Refuses a form that cannot hold what there is.
  func validate() throws(GenerationError) {
    if hasValues, format == .pairs || format == .adjacency {
      throw GenerationError("\(format.rawValue) is a form for interactions, without ratings")
    }
    if !hasValues, format == .triples {
      throw GenerationError("triples are ratings; interactions are written as pairs")
    }
    if hasTimes, format == .adjacency || (!hasValues && !hasHeader) {
      throw GenerationError("\(format.rawValue) has no place for times; csv has")
    }
  }

  private var hasHeader: Bool { format == .csv || format == .tsv }

  /// The line that names the columns; empty where a form has none.
  var header: [UInt8] {
    guard hasHeader else { return [] }
    let names = ["user", "item"] + (hasValues ? ["rating"] : []) + (hasTimes ? ["timestamp"] : [])
    let mark = format == .csv ? "," : "\t"
    return Array((names.joined(separator: mark) + "\n").utf8)
  }

  /// Whether a user's items stand in one line.
  var joinsItems: Bool { format == .adjacency }

  /// A user's id.
  func user(_ user: Int) -> [UInt8] {
    var bytes: [UInt8] = ids == .long ? Array("customer-".utf8) : []
    Self.append(user + 1, digits: ids == .long ? userDigits : 1, to: &bytes)
    return bytes
  }

  /// An item's id.
  func item(_ item: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    append(item: item, to: &bytes)
    return bytes
  }

  /// One line.
  func append(user: [UInt8], item: Int, halves: Int, time: Int64?, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: user)
    bytes.append(contentsOf: separator)
    append(item: item, to: &bytes)
    if hasValues {
      bytes.append(contentsOf: separator)
      bytes.append(contentsOf: stars[halves])
    }
    if let time {
      bytes.append(contentsOf: separator)
      Self.append(Int(time), digits: 1, to: &bytes)
    }
    bytes.append(0x0A)
  }

  /// One more item of a line.
  func append(joined item: Int, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: separator)
    append(item: item, to: &bytes)
  }

  private func append(item: Int, to bytes: inout [UInt8]) {
    if ids == .long { bytes.append(contentsOf: Self.itemPrefix) }
    Self.append(item + 1, digits: 1, to: &bytes)
  }

  private static let itemPrefix = Array("B00PROD".utf8)

  /// A number that is not negative, with zeros in front up to `digits`.
  private static func append(_ number: Int, digits: Int, to bytes: inout [UInt8]) {
    var unit = 1
    var width = 1
    while width < digits || number / unit >= 10 {
      unit *= 10
      width += 1
    }
    while unit > 0 {
      bytes.append(UInt8(0x30 + number / unit % 10))
      unit /= 10
    }
  }
}
