// One target per pair.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// The same relations with repeats left out.
///
/// - Throws: `WorksheetError` if a pair has two different targets.
func distinct(_ relations: [RelationStatement]) throws(WorksheetError) -> [RelationStatement] {
  struct Pair: Hashable { let user: Int, item: Int }
  var seen: [Pair: RelationStatement] = [:]
  var kept: [RelationStatement] = []
  for relation in relations {
    guard let target = relation.target else {
      kept.append(relation)
      continue
    }
    let pair = Pair(user: relation.user, item: relation.item)
    if let first = seen[pair], let other = first.target {
      guard other == target else {
        throw WorksheetError(
          "This dot product should be \(target) here and \(other) on line \(first.line): one of "
            + "the two targets must go.",
          line: relation.line)
      }
      continue
    }
    seen[pair] = relation
    kept.append(relation)
  }
  return kept
}
