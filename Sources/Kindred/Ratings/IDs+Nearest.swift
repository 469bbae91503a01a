// Which known id was probably meant.
// SPDX-License-Identifier: Apache-2.0

extension IDs {
  /// The known ids most like `id`, the most alike first, for messages about an unknown one.
  ///
  /// Alike means a small edit distance (Levenshtein 1966) after folding case; ids further away
  /// than a third of the longer one's length are not suggested. At most the first 200,000 rows are
  /// looked at.
  ///
  /// - Complexity: O(*n* · length²); meant for the path to an error message only.
  public func nearest(to id: String, limit: Int = 3) -> [String] {
    let wanted = Array(id.lowercased().unicodeScalars.prefix(200))
    var found: [(distance: Int, row: Int)] = []
    for row in rows.prefix(200_000) {
      let candidate = Array(self[row].lowercased().unicodeScalars.prefix(200))
      let longer = max(candidate.count, wanted.count)
      let allowed = max(1, longer / 3)
      guard abs(candidate.count - wanted.count) <= allowed else { continue }
      let distance = editDistance(wanted, candidate)
      if distance <= allowed { found.append((distance, Int(row.index))) }
    }
    found.sort { ($0.distance, $0.row) < ($1.distance, $1.row) }
    return found.prefix(limit).map { self[Row($0.row)] }
  }
}

/// The least number of insertions, deletions and substitutions that turn `a` into `b`.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  guard !a.isEmpty else { return b.count }
  var previous = Array(0...b.count)
  for (row, scalar) in a.enumerated() {
    var current = [row + 1]
    for (column, other) in b.enumerated() {
      let substitution = previous[column] + (scalar == other ? 0 : 1)
      current.append(min(substitution, previous[column + 1] + 1, current[column] + 1))
    }
    previous = current
  }
  return previous[b.count]
}
