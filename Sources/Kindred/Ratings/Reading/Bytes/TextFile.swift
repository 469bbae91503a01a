// A text file as bytes in memory.
// SPDX-License-Identifier: Apache-2.0

/// The bytes of a text file and what to call it in messages.
package struct TextFile: Sendable {
  /// The path as it was given, or "standard input".
  package let name: String
  package let bytes: Flat<UInt8>
  /// Where the text starts, after a byte order mark.
  package let start: Int

  package init(name: String, bytes: Flat<UInt8>) {
    self.name = name
    self.bytes = bytes
    start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  package init(name: String, bytes: [UInt8]) { self.init(name: name, bytes: Flat(bytes)) }

  /// Reads a file, a member of an archive (`films.zip/movies.csv`), or standard input for "-".
  ///
  /// - Throws: `RatingsError` with code `notFound`, `unreadable` or `compressed`.
  /// - Complexity: O(size), in one piece of memory.
  package static func load(_ path: String) throws(RatingsError) -> TextFile {
    try load(ByteSource.open(path))
  }
}
