// The forms of ratings files.
// SPDX-License-Identifier: Apache-2.0

/// How the lines of a ratings file are laid out.
///
/// The raw values are short names for a command line. In every form but adjacency a first line that
/// names the columns is taken as a header, and only forms with a header may order the columns
/// freely or have more of them.
public enum RatingsFormat: String, CaseIterable, Sendable {
  /// `user⇥item⇥rating[⇥timestamp]` as in MovieLens' `u.data`, or `user⇥item`.
  ///
  /// Ids may hold spaces; quotes are part of an id.
  case tabs
  /// `user::item::rating[::timestamp]` as in MovieLens' `ratings.dat`.
  ///
  /// Ids may hold spaces; quotes are part of an id.
  case doubleColon = "double-colon"
  /// Comma- or semicolon-separated, usually with a header, quoted as in RFC 4180.
  ///
  /// Without a rating column the rows are interactions. Without a header the columns are user, item,
  /// rating and timestamp, in that order.
  case csv
  /// The same, separated by tabs.
  case tsv
  /// `user item rating [timestamp]`, separated by spaces or tabs.
  case triples
  /// `user item`, separated by spaces or tabs: interactions without a value.
  case pairs
  /// `user item item …`, separated by spaces or tabs: all of a user's interactions in a line.
  ///
  /// A user's lines may repeat and are joined; a user may have no items.
  case adjacency

  /// All names, for messages.
  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
