// From a numerical solution to an exact one.
// SPDX-License-Identifier: Apache-2.0

// Where the relations leave a choice, a numerical search ends at some unreadable point of it. One
// blank of a product with blanks on both sides is moved to a nearby simple number and the search
// repeated with it fixed; when that still succeeds, the number stays. What the relations then force
// comes from the linear closure, in fractions. Once every relation is linear the rest is exact.

/// An exact solution of a validated problem near a numerical one; nil if none was found.
///
/// The start holds all entries as the search left them, users before items. Only up to 60 blanks
/// are tried, since every one of them may take a search of its own.
func exactSolution(
  of problem: ConstructionProblem, near start: [Double]
) throws(ConstructionError) -> ConstructionProblem? {
  var fixed = problem
  var entries = start
  guard fixed.blanks().count <= 60 else { return nil }
  while true {
    var closure = LinearClosure(fixed)
    try closure.close()
    guard closure.contradiction == nil else { return nil }
    closure.fillForced(into: &fixed)
    guard let choice = closure.firstBilinearBlank() else {
      let filled = try closure.smallestMember()
      return filled.relationsHold() ? filled : nil
    }
    guard let next = try snap(choice, in: fixed, near: entries) else { return nil }
    (fixed, entries) = next
  }
}

private func snap(
  _ position: EntryPosition, in problem: ConstructionProblem, near entries: [Double]
) throws(ConstructionError) -> (ConstructionProblem, [Double])? {
  let rows = position.side == .user ? 0 : problem.users.count
  let place = (rows + position.row) * problem.dimension + position.entry
  for candidate in simpleNumbers(near: entries[place]) {
    var attempt = problem
    attempt.fill(position, with: candidate)
    var closure = LinearClosure(attempt)
    try closure.close()
    guard closure.contradiction == nil else { continue }
    closure.fillForced(into: &attempt)
    let search = NumericSearch(attempt)
    var start = entries
    let known = (attempt.users + attempt.items).flatMap { $0 }
    for (at, value) in known.enumerated() { if let value { start[at] = value.doubleValue } }
    let found = search.improve(start)
    if search.isNegligible(found.loss) { return (attempt, found.entries) }
  }
  return nil
}

/// Simple numbers close to `value`, the simplest first.
///
/// A number other than 0 comes before 0: a blank at 0 makes the other factor of its product
/// useless.
private func simpleNumbers(near value: Double) -> [Rational] {
  guard value.magnitude < 1e6 else { return Rational(exactly: value.rounded()).map { [$0] } ?? [] }
  let sign = value < 0 ? -1 : 1
  var found: [Rational] = []
  for denominator in [1, 2, 3, 4, 5, 6, 8, 10, 12] {
    let numerator = Int((value * Double(denominator)).rounded())
    let candidate = Rational(numerator: numerator, denominator: denominator)
    // Beyond halves, only what the value seems to be.
    let close = (candidate.doubleValue - value).magnitude < 1e-6
    let next = candidate.isZero && !close ? Rational(sign) : candidate
    if (denominator <= 2 || close) && !found.contains(next) { found.append(next) }
  }
  return found + [0]
}

extension ConstructionProblem {
  mutating func fill(_ position: EntryPosition, with value: Rational) {
    switch position.side {
    case .user: users[position.row][position.entry] = value
    case .item: items[position.row][position.entry] = value
    }
  }

  /// Whether every relation holds exactly; false if an entry it needs is blank.
  func relationsHold() -> Bool {
    relations.allSatisfy { relation in
      let user = users[relation.user].compactMap { $0 }
      let item = items[relation.item].compactMap { $0 }
      guard user.count == dimension, item.count == dimension else { return false }
      return Rational.dot(user, item) == relation.target
    }
  }
}

extension LinearClosure {
  /// Writes every entry that has only one value into the problem's blanks.
  func fillForced(into target: inout ConstructionProblem) {
    for (unknown, value) in values.enumerated() {
      if let value { target.fill(positions[unknown], with: value) }
    }
  }

  /// The first blank that is multiplied by another blank; nil if every relation is linear.
  func firstBilinearBlank() -> EntryPosition? {
    for (index, relation) in problem.relations.enumerated() where !isLinear[index] {
      for entry in 0..<problem.dimension {
        if case .unknown(let user) = factor(.user, row: relation.user, entry: entry),
          case .unknown = factor(.item, row: relation.item, entry: entry)
        {
          return positions[user]
        }
      }
    }
    return nil
  }

  /// The problem with every blank filled in, the sum of squares of the blanks as small as possible.
  ///
  /// - Precondition: closed, without contradiction, every relation linear.
  func smallestMember() throws(ConstructionError) -> ConstructionProblem {
    var filled = problem
    fillForced(into: &filled)
    for group in groups() where !group.unknowns.isEmpty {
      try group.system.requireFeasible()
      let matrix = RationalMatrix(group.system.rows, columns: group.system.unknowns)
      guard let solution = matrix.minimumNormSolution(group.system.constants) else { continue }
      for (unknown, value) in zip(group.unknowns, solution) {
        filled.fill(positions[unknown], with: value)
      }
    }
    // What no relation touches is smallest at 0.
    for position in filled.blanks() { filled.fill(position, with: 0) }
    return filled
  }
}
