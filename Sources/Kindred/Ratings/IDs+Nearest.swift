// Which known id was probably meant.
// SPDX-License-Identifier: Apache-2.0

extension IDs {
  /// The known ids most like `id`, the most alike first, for messages about an unknown one.
  ///
  /// Alike means a small edit distance (Levenshtein 1966) after folding case; ids further away
  /// than a third of the longer one's length are not suggested. At most the first 200,000 rows are
  /// looked at.
  ///
  /// - Complexity: O(*n* · length²) at worst; meant for the path to an error message only.
  public func nearest(to id: String, limit: Int = 3) -> [String] {
    nearestTexts(to: id, in: rows.prefix(200_000).lazy.map { self[$0] }, limit: limit)
      .map(\.text)
  }
}

/// The texts most like `wanted`, the most alike first, with their places.
package func nearestTexts(
  to wanted: String, in texts: some Sequence<String>, limit: Int
) -> [(place: Int, text: String)] {
  let letters = Array(wanted.lowercased().unicodeScalars.prefix(100))
  var found: [(distance: Int, place: Int, text: String)] = []
  for (place, text) in texts.enumerated() {
    // Lengths are compared in bytes first: folding case is the dear part.
    guard text.utf8.count <= 3 * letters.count + 12 else { continue }
    let candidate = Array(text.lowercased().unicodeScalars.prefix(100))
    let allowed = max(1, max(candidate.count, letters.count) / 3)
    guard abs(candidate.count - letters.count) <= allowed,
      let distance = editDistance(letters, candidate, atMost: allowed)
    else { continue }
    found.append((distance, place, text))
  }
  found.sort { ($0.distance, $0.place) < ($1.distance, $1.place) }
  return found.prefix(limit).map { ($0.place, $0.text) }
}

/// The least number of insertions, deletions and substitutions that turn `a` into `b`; nil if more
/// than `limit`, found as soon as that is certain.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], atMost limit: Int) -> Int? {
  var previous = Array(0...b.count)
  var current = previous
  for (row, scalar) in a.enumerated() {
    current[0] = row + 1
    var least = row + 1
    for column in b.indices {
      let substitution = previous[column] + (scalar == b[column] ? 0 : 1)
      let distance = min(substitution, previous[column + 1] + 1, current[column] + 1)
      current[column + 1] = distance
      least = min(least, distance)
    }
    guard least <= limit else { return nil }
    swap(&previous, &current)
  }
  return previous[b.count] <= limit ? previous[b.count] : nil
}
