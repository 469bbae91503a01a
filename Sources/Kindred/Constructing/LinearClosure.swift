// What the relations force, as far as linear equations can tell.
// SPDX-License-Identifier: Apache-2.0

// Each relation is a polynomial in the blanks: a product of two numbers is a constant if both are
// known or one is 0, linear if one is, and bilinear if neither is. The closure
//
//   1. takes the relations that are linear with what is known,
//   2. solves each group of them that shares unknowns,
//   3. puts in the entries with one possible value, and starts again,
//
// until a group contradicts itself or no further relation has become linear.

/// The linear consequences of a problem.
struct LinearClosure {
  /// Linear equations that share unknowns with one another and with no other.
  struct Group {
    /// Places in `positions` of the unknowns, ascending.
    var unknowns: [Int]
    /// Places in the problem's relations, ascending.
    var relations: [Int]
    var system: LinearSystem
  }

  /// Where a forced value came from.
  struct Source {
    var group: Int
    var unknown: Int
  }

  let problem: ConstructionProblem
  /// The blanks, in order.
  let positions: [EntryPosition]
  private let places: [EntryPosition: Int]
  /// The relations that each blank occurs in.
  private let occurrences: [[Int]]
  /// The value of each blank that has only one.
  private(set) var values: [Rational?]
  /// Where each forced value came from.
  private(set) var sources: [Int: Source] = [:]
  /// Each group that was solved, with what it gave.
  private(set) var solved: [(group: Group, reduction: LinearSystem.Reduction)] = []
  /// The place in `solved` of the group that contradicts itself.
  private(set) var contradiction: Int?
  private(set) var isLinear: [Bool]
  /// The linear relations that say no more: they were solved, and all their blanks have a value.
  private var isSettled: [Bool]

  /// - Parameter problem: A validated problem.
  init(_ problem: ConstructionProblem) {
    self.problem = problem
    positions = problem.blanks()
    places = Dictionary(uniqueKeysWithValues: positions.enumerated().map { ($1, $0) })
    values = Array(repeating: nil, count: positions.count)
    isLinear = Array(repeating: false, count: problem.relations.count)
    isSettled = isLinear
    var rows: [EntryPosition: [Int]] = [:]
    for (index, relation) in problem.relations.enumerated() {
      rows[EntryPosition(side: .user, row: relation.user, entry: 0), default: []].append(index)
      rows[EntryPosition(side: .item, row: relation.item, entry: 0), default: []].append(index)
    }
    occurrences = positions.map {
      rows[EntryPosition(side: $0.side, row: $0.row, entry: 0)] ?? []
    }
  }

  /// Whether the relations are all linear.
  var isAllLinear: Bool { isLinear.allSatisfy { $0 } }

  /// The groups of a problem all of whose relations are linear with what is given; nil for others.
  static func groupsFromStart(_ problem: ConstructionProblem) -> [Group]? {
    var closure = LinearClosure(problem)
    guard problem.relations.indices.allSatisfy({ closure.equation($0) != nil }) else { return nil }
    closure.isLinear = closure.isLinear.map { _ in true }
    return closure.groups()
  }

  /// Follows the consequences to the end.
  mutating func close() throws(ConstructionError) {
    var candidates = Array(problem.relations.indices)
    while true {
      let new = candidates.filter { !isLinear[$0] && equation($0) != nil }
      if new.isEmpty { return }
      for relation in new { isLinear[relation] = true }
      let fresh = Set(new)
      var touched = Set<Int>()
      for group in groups() where group.relations.contains(where: fresh.contains) {
        try solve(group)
        if contradiction != nil { return }
        // Only where a value was put in can a relation have become linear.
        for unknown in group.unknowns where values[unknown] != nil {
          touched.formUnion(occurrences[unknown])
        }
        for relation in group.relations where equation(relation)?.coefficients.isEmpty == true {
          isSettled[relation] = true
        }
      }
      candidates = touched.sorted()
    }
  }

  private mutating func solve(_ group: Group) throws(ConstructionError) {
    try group.system.requireFeasible()
    let reduction = group.system.reduced()
    solved.append((group, reduction))
    if reduction.contradiction != nil { contradiction = solved.count - 1 }
    for (unknown, value) in reduction.forced {
      values[group.unknowns[unknown]] = value
      sources[group.unknowns[unknown]] =
        Source(group: solved.count - 1, unknown: unknown)
    }
  }
}

extension LinearClosure {
  /// A relation as coefficients · unknowns = constant; nil while it is not linear.
  struct Equation {
    var coefficients: [(unknown: Int, coefficient: Rational)]
    var constant: Rational
  }

  /// One factor of a product: a number, or the place of an unknown.
  enum Factor {
    case known(Rational)
    case unknown(Int)
  }

  /// The place of a blank; nil for an entry that is given.
  func place(_ side: VectorSide, row: Int, entry: Int) -> Int? {
    places[EntryPosition(side: side, row: row, entry: entry)]
  }

  func factor(_ side: VectorSide, row: Int, entry: Int) -> Factor {
    if let given = problem.vectors(side)[row][entry] { return .known(given) }
    let place = places[EntryPosition(side: side, row: row, entry: entry)] ?? 0
    return values[place].map(Factor.known) ?? .unknown(place)
  }

  func equation(_ index: Int) -> Equation? {
    let relation = problem.relations[index]
    var result = Equation(coefficients: [], constant: relation.target)
    for entry in 0..<problem.dimension {
      let user = factor(.user, row: relation.user, entry: entry)
      let item = factor(.item, row: relation.item, entry: entry)
      switch (user, item) {
      case (.known(let a), .known(let b)): result.constant -= a * b
      case (.known(let a), .unknown(let b)):
        if !a.isZero { result.coefficients.append((b, a)) }
      case (.unknown(let a), .known(let b)):
        if !b.isZero { result.coefficients.append((a, b)) }
      case (.unknown, .unknown): return nil
      }
    }
    return result
  }

  /// The linear relations that are not settled, in groups that share unknowns; those without any
  /// unknown are a group each.
  func groups() -> [Group] {
    var parents = Array(positions.indices)
    func root(_ of: Int) -> Int {
      var at = of
      while parents[at] != at {
        parents[at] = parents[parents[at]]
        at = parents[at]
      }
      return at
    }
    var equations: [(relation: Int, equation: Equation)] = []
    for index in problem.relations.indices where isLinear[index] && !isSettled[index] {
      guard let equation = equation(index) else { continue }
      equations.append((index, equation))
      guard let first = equation.coefficients.first else { continue }
      for other in equation.coefficients.dropFirst() {
        parents[root(other.unknown)] = root(first.unknown)
      }
    }
    var order: [Int] = []
    var members: [Int: [(relation: Int, equation: Equation)]] = [:]
    for entry in equations {
      // Without unknowns, a key that no unknown has.
      let key = entry.equation.coefficients.first.map { root($0.unknown) } ?? -1 - entry.relation
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(entry)
    }
    return order.compactMap { members[$0].map(group) }
  }

  private func group(_ members: [(relation: Int, equation: Equation)]) -> Group {
    let unknowns = Set(members.flatMap { $0.equation.coefficients.map(\.unknown) }).sorted()
    let columns = Dictionary(uniqueKeysWithValues: unknowns.enumerated().map { ($1, $0) })
    let rows = members.map { member in
      var row = [Rational](repeating: 0, count: unknowns.count)
      for (unknown, coefficient) in member.equation.coefficients {
        // Both factors of different products can be one unknown only if a user is an item.
        row[columns[unknown] ?? 0] = coefficient
      }
      return row
    }
    return Group(
      unknowns: unknowns, relations: members.map(\.relation),
      system: LinearSystem(
        rows: rows, constants: members.map(\.equation.constant), unknowns: unknowns.count))
  }
}
