// Naming the relations that force a value or contradict one another.
// SPDX-License-Identifier: Apache-2.0

import BigInt

extension LinearClosure {
  /// The most combinations of relations that are tried in search of a shorter contradiction.
  private static let mostTrials = 3000

  /// The relations that contradict one another, as few as a short search finds.
  ///
  /// The first equation a that the independent ones before it, S, contradict is a combination of
  /// them: Sᵀc = a. The relations with c ≠ 0 are a smallest set in the sense that no part of it
  /// contradicts itself; a set with still fewer members is looked for by trying.
  func contradictionProof() -> ConstructionProof.Contradiction? {
    guard let place = contradiction, let last = solved[place].reduction.contradiction else {
      return nil
    }
    let group = solved[place].group
    let first = solved[place].reduction.basis + [last]
    guard var combination = Self.combination(of: first, in: group.system) else { return nil }
    combination.removeAll { $0.coefficient.isZero }
    if let fewer = Self.smallerContradiction(than: combination.count, in: group.system) {
      combination = fewer
    }
    let scale = IntegerRow(combination.map(\.coefficient))
    let sign: BigInt = (scale.values.first ?? 1).sign == .minus ? -1 : 1
    let terms = zip(combination, scale.values).map { part, integer in
      ConstructionProof.Term(
        coefficient: Rational(integer * sign),
        relation: problem.relations[group.relations[part.equation]])
    }
    let targets = Rational.sum(terms.map { $0.coefficient * $0.relation.target })
    let gap = Rational.sum(
      zip(combination, terms).map { group.system.constants[$0.equation] * $1.coefficient })
    let used = combination.map { group.relations[$0.equation] }
    return ConstructionProof.Contradiction(
      terms: terms, always: targets - gap, targets: targets,
      forced: forced(used: used, before: solved[place].group))
  }

  /// Coefficients c with cᵀA = 0 for equations of which the last depends on the others.
  private static func combination(
    of equations: [Int], in system: LinearSystem
  ) -> [(equation: Int, coefficient: Rational)]? {
    guard let last = equations.last else { return nil }
    let independent = equations.dropLast()
    let matrix = RationalMatrix(independent.map { system.rows[$0] }, columns: system.unknowns)
    guard let weights = matrix.transposed.solve(system.rows[last]) else { return nil }
    return zip(independent, weights).map { ($0, -$1) } + [(last, 1)]
  }

  /// A contradiction among fewer than `size` equations, by trying the smaller sets in order.
  private static func smallerContradiction(
    than size: Int, in system: LinearSystem
  ) -> [(equation: Int, coefficient: Rational)]? {
    let integers = zip(system.rows, system.constants).map { IntegerRow($0 + [$1]).values }
    var trials = 0
    for count in 1..<max(size, 1) {
      var chosen = Array(0..<count)
      while true {
        trials += 1
        if trials > mostTrials { return nil }
        var elimination = FractionFreeElimination(columns: system.unknowns)
        let contradicts = chosen.contains { elimination.insert(integers[$0]) == .contradictory }
        if contradicts, var found = combination(of: chosen, in: system) {
          found.removeAll { $0.coefficient.isZero }
          return found
        }
        guard advance(&chosen, below: integers.count) else { break }
      }
    }
    return nil
  }

  /// The next combination in lexicographic order; false after the last.
  private static func advance(_ chosen: inout [Int], below bound: Int) -> Bool {
    let count = chosen.count
    guard let at = chosen.indices.last(where: { chosen[$0] < bound - count + $0 }) else {
      return false
    }
    chosen[at] += 1
    for next in (at + 1)..<max(count, at + 1) { chosen[next] = chosen[next - 1] + 1 }
    return true
  }
}

extension LinearClosure {
  /// The most forced entries that a proof lists.
  private static let mostForced = 200
  /// The most unknowns of a group in which the relations behind one value are told apart.
  private static let mostToldApart = 24

  /// The entries whose value made these relations linear, with what they rest on, in order.
  ///
  /// An entry that the solved group still had as an unknown was not needed for it.
  func forced(used relations: [Int], before group: Group?) -> [ConstructionProof.Forced] {
    let open = Set(group?.unknowns ?? [])
    return steps(from: relations.flatMap(unknowns).filter { !open.contains($0) })
  }

  /// The forced entries that made other relations linear, in order.
  func forcedForLinearity() -> [ConstructionProof.Forced] {
    var needed: [Int] = []
    for (group, _) in solved {
      let open = Set(group.unknowns)
      for index in group.relations {
        let relation = problem.relations[index]
        let needsHelp = (0..<problem.dimension).contains { entry in
          problem.users[relation.user][entry] == nil && problem.items[relation.item][entry] == nil
        }
        if needsHelp { needed += unknowns(of: index).filter { !open.contains($0) } }
      }
    }
    return steps(from: needed)
  }

  /// These entries and all they rest on, each after those.
  private func steps(from needed: [Int]) -> [ConstructionProof.Forced] {
    var pending = Array(needed.reversed())
    var relations: [Int: [Int]] = [:]
    while let unknown = pending.popLast(), relations.count < Self.mostForced {
      guard let source = sources[unknown], relations[unknown] == nil else { continue }
      let behind = forcing(unknown)
      relations[unknown] = behind
      let open = Set(solved[source.group].group.unknowns)
      pending += behind.flatMap(unknowns).filter { !open.contains($0) }
    }
    // A group rests only on values from groups that were solved before it.
    let order = relations.keys.sorted {
      (sources[$0]?.group ?? 0, $0) < (sources[$1]?.group ?? 0, $1)
    }
    return order.compactMap { unknown in
      guard let value = values[unknown] else { return nil }
      return ConstructionProof.Forced(
        position: positions[unknown], value: value,
        relations: (relations[unknown] ?? []).map { problem.relations[$0] })
    }
  }

  /// The blanks on either side of a relation whose value matters to it.
  private func unknowns(of index: Int) -> [Int] {
    let relation = problem.relations[index]
    return (0..<problem.dimension).flatMap { entry -> [Int] in
      let user = place(.user, row: relation.user, entry: entry)
      let item = place(.item, row: relation.item, entry: entry)
      if user == nil, let given = problem.users[relation.user][entry], given.isZero { return [] }
      if item == nil, let given = problem.items[relation.item][entry], given.isZero { return [] }
      return [user, item].compactMap { $0 }
    }
  }

  /// The relations whose combination is the forced unknown alone: Sᵀc = e.
  private func forcing(_ unknown: Int) -> [Int] {
    guard let source = sources[unknown] else { return [] }
    let (group, reduction) = solved[source.group]
    let all = reduction.basis.map { group.relations[$0] }
    guard group.unknowns.count <= Self.mostToldApart else { return all }
    let matrix = RationalMatrix(
      reduction.basis.map { group.system.rows[$0] }, columns: group.unknowns.count)
    var unit = [Rational](repeating: 0, count: group.unknowns.count)
    unit[source.unknown] = 1
    guard let weights = matrix.transposed.solve(unit) else { return all }
    return zip(all, weights).filter { !$1.isZero }.map { $0.0 }
  }
}
