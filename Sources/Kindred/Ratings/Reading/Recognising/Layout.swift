// How one ratings file is laid out.
// SPDX-License-Identifier: Apache-2.0

/// Everything that reading a file's lines needs to know about them.
struct Layout: Equatable {
  let format: RatingsFormat
  let separator: Separator
  /// Whether fields may be quoted.
  var quoting = false
  /// What the header calls the columns; nil if there is none.
  var header: [String]?
  /// How many fields each line has; 0 where that varies.
  var width: Int
  var user = 0
  var item = 1
  /// The column of ratings; nil for interactions.
  var rating: Int?
  /// The column of times; nil if there is none.
  var timestamp: Int?

  /// What every line should look like, for messages.
  var expectation: String {
    if format == .adjacency { return "a user and any number of items, separated by spaces" }
    let columns =
      header ?? Array(["user", "item", "rating", "timestamp"].prefix(width))
      + Array(repeating: "more", count: max(0, width - 4))
    let list = columns.dropLast().joined(separator: ", ") + " and " + (columns.last ?? "")
    return "\(list), separated by \(separator.plural)"
  }

  /// A layout with the columns in the usual order.
  static func plain(_ format: RatingsFormat, _ separator: Separator, width: Int) -> Layout {
    Layout(
      format: format, separator: separator, quoting: format == .csv || format == .tsv,
      width: width, rating: width > 2 ? 2 : nil, timestamp: width > 3 ? 3 : nil)
  }

  static let adjacency = Layout(format: .adjacency, separator: .whitespace, width: 0)
}

extension RatingsFormat {
  /// What may separate the fields, the likeliest first.
  var separators: [Separator] {
    switch self {
    case .tabs, .tsv: [.tab]
    case .doubleColon: [.doubleColon]
    case .csv: [.comma, .semicolon]
    case .triples, .pairs, .adjacency: [.whitespace]
    }
  }
}
