// What is known about a public data set before it is fetched.
// SPDX-License-Identifier: Apache-2.0

/// A public data set: where it lies, what is in it, and what its owners ask of those who use it.
///
/// Counts are the ones that its owners publish. Items are those with a title; a few of them may
/// have no rating.
package struct KnownDataSet: Codable, Equatable, Sendable {
  /// How what comes can be checked.
  package enum Check: Codable, Equatable, Sendable {
    /// The contents never change, and this is their checksum.
    case known(Checksum)
    /// The contents change from time to time. The owners publish an MD5 sum beside them, at the
    /// address with `.md5` added: it checks the transfer, not the contents.
    case beside
    /// Nobody that we trust has published a checksum.
    case unknown

    /// In a word, for scripts.
    var name: String {
      switch self {
      case .known: "known"
      case .beside: "beside"
      case .unknown: "unknown"
      }
    }
  }

  /// What the owners allow.
  package struct Licence: Codable, Equatable, Sendable {
    /// In three words, for a table.
    package let short: String
    /// In a paragraph of our own words; the licence itself is at `terms`.
    package let summary: String
    /// The address of the full terms.
    package let terms: String
  }

  /// What it is called on the command line.
  package let name: String
  package let title: String
  /// What it is, in a sentence.
  package let about: String
  /// The year of the newest rating, or of the collection.
  package let year: Int
  package let users: Int
  package let items: Int
  package let ratings: Int
  /// The lowest and the highest rating, and the step between.
  package let scale: String
  /// Where it is fetched from.
  package var address: String
  /// The exact size, where the contents never change and the size is known.
  package var bytes: Int?
  /// About how large it is; for people, never checked against.
  package let roughBytes: Int?
  /// A body larger than this is not what was asked for.
  package var ceiling: Int
  package var check: Check
  package let licence: Licence
  /// The work to cite.
  package let citation: String
  /// The archive's member that holds the ratings.
  package let ratingsMember: String
  /// The archive's member that holds the items' titles, if Kindred reads it.
  package let titlesMember: String?

  /// The name of the file that it comes as.
  package var fileName: String { name + ".zip" }

  /// The most bytes that are taken.
  package var limit: Int { bytes ?? ceiling }
}

extension KnownDataSet {
  /// Every data set that can be fetched by name, smallest first within its family.
  package static let all = movieLens + books

  /// The data set of this name.
  ///
  /// - Throws: `FetchError.unknownSet`, with the names that there are.
  package static func named(_ name: String) throws(FetchError) -> KnownDataSet {
    if let found = all.first(where: { $0.name == name.lowercased() }) { return found }
    throw FetchError.unknownSet(name, known: all.map(\.name))
  }
}

/// A size for people, such as 4.9 MB; a megabyte is a million bytes.
package func sized(_ bytes: Int) -> String {
  switch bytes {
  case ..<1000: "\(bytes) bytes"
  case ..<1_000_000: "\(fixed(Double(bytes) / 1e3, 0)) kB"
  case ..<100_000_000: "\(fixed(Double(bytes) / 1e6, 1)) MB"
  default: "\(fixed(Double(bytes) / 1e6, 0)) MB"
  }
}
