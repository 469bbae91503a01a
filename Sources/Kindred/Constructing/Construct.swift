// Filling in vectors so that stated dot products hold exactly.
// SPDX-License-Identifier: Apache-2.0

/// Finds vectors with the stated dot products, exactly, and says whether there are any others.
///
/// - If the relations are linear in the blanks, once every entry that they force is put in, the
///   verdict is exact: `unique`; `family`, with the member of least squares; or `impossible`, with
///   the relations that contradict one another, and the closest vectors in least squares.
/// - If every pair has a target and nothing is given, the rank of the targets decides: `family`, by
///   a rank factorization; or `impossible`, with a determinant that is not 0, and the closest
///   table of that rank (Eckart & Young 1936). The same determinant proves `impossible` whatever is
///   given.
/// - Anything else is `undecided`, with the best vectors that a numerical search finds. If they fit
///   and simple fractions near them fit exactly, the fractions are shown.
///
/// The same problem with the same seed gives the same answer.
///
/// - Throws: ``ConstructionError``: a dimension below 1, a vector of another width, a relation with
///   an unknown row, two targets for one pair, or a problem too large for exact fractions. A
///   relation stated twice with one target counts once.
/// - Complexity: O(rows · columns · rank) operations on integers for each set of relations that
///   share unknowns; the numerical search takes up to some seconds.
public func construct(_ problem: ConstructionProblem) throws(ConstructionError) -> Construction {
  let problem = try problem.validated()
  let table = try TargetTable(problem)
  var answer: Construction
  if let table, table.rank > problem.dimension {
    answer = try impossibleByRank(problem, table)
  } else if let table, problem.isAllBlank {
    answer = familyByRank(problem, table)
  } else {
    answer = try linearAnswer(problem)
  }
  answer.minimumDimension = table?.rank
  answer.why = explanation(of: answer, for: problem)
  return answer
}

private func impossibleByRank(
  _ problem: ConstructionProblem, _ table: TargetTable
) throws(ConstructionError) -> Construction {
  let proof = ConstructionProof.minor(table.minor(dimension: problem.dimension))
  guard problem.isAllBlank else {
    return try impossible(problem, proof)
  }
  var answer = Construction(
    .impossible, proof, problem, entries: closestOfRank(problem.dimension, to: table))
  // The loss of the exact optimum, of which the vectors shown are a rounding.
  let floor = exactTailEnergy(table.matrix.rows, dimension: problem.dimension)
  let count = Rational(problem.relations.count)
  answer.loss = Construction.Loss(
    sum: floor.value,
    mean: floor.exact.map { ($0 / count).doubleValue }
      ?? floor.value / count.doubleValue,
    exactSum: floor.exact, exactMean: floor.exact.map { $0 / count })
  return answer
}

/// The vectors of Eckart and Young's theorem, each singular value split evenly between the sides.
private func closestOfRank(_ dimension: Int, to table: TargetTable) -> [Construction.Entry] {
  let parts = SingularValueDecomposition(rows: clampedDoubles(table.matrix.rows))
  func entries(_ vectors: [[Double]], count: Int) -> [Construction.Entry] {
    (0..<count).flatMap { row in
      (0..<dimension).map { k in
        // Fewer singular values than dimensions cannot be: the rank is larger than the dimension.
        .approximate(vectors[k][row] * parts.values[k].squareRoot() + 0)
      }
    }
  }
  return entries(parts.left, count: table.matrix.rowCount)
    + entries(parts.right, count: table.matrix.columnCount)
}

private func familyByRank(_ problem: ConstructionProblem, _ table: TargetTable) -> Construction {
  let (users, items) = table.factorization(dimension: problem.dimension)
  let proof = ConstructionProof.rank(
    .init(rank: table.rank, items: table.reduction.pivotColumns))
  var answer = Construction(
    .family, proof, problem, entries: (users + items).flatMap { $0.map { .exact($0) } })
  answer.freeDimensions = Construction.Freedom(
    total: freeDimensions(
      users: users.count, items: items.count, dimension: problem.dimension, rank: table.rank),
    vectors: nil)
  return answer
}

private func linearAnswer(_ problem: ConstructionProblem) throws(ConstructionError) -> Construction
{
  var closure = LinearClosure(problem)
  try closure.close()
  if let proof = closure.contradictionProof() {
    return try impossible(problem, .contradiction(proof))
  }
  guard closure.isAllLinear else { return try undecided(problem, closure) }
  let freedom = closure.freedom()
  let proof = ConstructionProof.linear(
    .init(
      unknowns: closure.positions.count, rank: closure.positions.count - freedom.total,
      forced: closure.forcedForLinearity()))
  var answer = Construction(
    freedom.total == 0 ? .unique : .family, proof, try closure.smallestMember())
  if freedom.total > 0 { answer.freeDimensions = freedom }
  return answer
}

/// The closest vectors to an impossible problem: exact least squares if it is linear as it stands,
/// and otherwise the best that a search finds.
private func impossible(
  _ problem: ConstructionProblem, _ proof: ConstructionProof
) throws(ConstructionError) -> Construction {
  guard let groups = LinearClosure.groupsFromStart(problem) else {
    let found = NumericSearch(problem).best()
    return Construction(.impossible, proof, problem, entries: problem.entries(found.entries))
  }
  let positions = problem.blanks()
  var closest = problem
  for group in groups where !group.unknowns.isEmpty {
    try group.system.requireFeasible()
    let matrix = RationalMatrix(group.system.rows, columns: group.system.unknowns)
    for (unknown, value) in zip(group.unknowns, matrix.leastSquares(group.system.constants)) {
      closest.fill(positions[unknown], with: value)
    }
  }
  for position in closest.blanks() { closest.fill(position, with: 0) }
  return Construction(.impossible, proof, closest)
}

private func undecided(
  _ problem: ConstructionProblem, _ closure: LinearClosure
) throws(ConstructionError) -> Construction {
  var open = problem
  closure.fillForced(into: &open)
  let search = NumericSearch(open)
  let found = search.best()
  let exact =
    search.isNegligible(found.loss) ? try exactSolution(of: open, near: found.entries) : nil
  let nonlinear = problem.relations.indices.filter { !closure.isLinear[$0] }
  let proof = ConstructionProof.none(
    .init(
      relation: problem.relations[nonlinear[0]], relationCount: nonlinear.count,
      forced: closure.forced(used: nonlinear, before: nil), solutionFound: exact != nil))
  if let exact { return Construction(.undecided, proof, exact) }
  return Construction(.undecided, proof, problem, entries: open.entries(found.entries))
}

extension ConstructionProblem {
  var isAllBlank: Bool { (users + items).allSatisfy { $0.allSatisfy { $0 == nil } } }

  /// What is given, exactly, and what a search found for the rest.
  func entries(_ found: [Double]) -> [Construction.Entry] {
    let known = (users + items).flatMap { $0 }
    return zip(known, found).map { known, found in
      known.map { .exact($0) } ?? .approximate(found + 0)
    }
  }
}

extension LinearClosure {
  /// How many entries can be chosen, for each vector where no relation ties two of them together.
  ///
  /// - Precondition: closed, without contradiction, every relation linear.
  func freedom() -> Construction.Freedom {
    var counts: [EntryPosition: Int] = [:]
    func vector(_ unknown: Int) -> EntryPosition {
      EntryPosition(side: positions[unknown].side, row: positions[unknown].row, entry: 0)
    }
    var total = 0
    for unknown in positions.indices where values[unknown] == nil {
      counts[vector(unknown), default: 0] += 1
      total += 1
    }
    var isCoupled = false
    for group in groups() {
      guard let first = group.unknowns.first else { continue }
      let rank = group.system.reduced().basis.count
      total -= rank
      counts[vector(first), default: 0] -= rank
      if group.unknowns.contains(where: { vector($0) != vector(first) }) { isCoupled = true }
    }
    if isCoupled { return Construction.Freedom(total: total, vectors: nil) }
    // In the order of the tables: a dictionary has none.
    var seen = Set<EntryPosition>()
    let order = positions.indices.map(vector).filter { seen.insert($0).inserted }
    let vectors = order.compactMap { place -> Construction.Freedom.Vector? in
      guard let count = counts[place], count > 0 else { return nil }
      return .init(
        side: place.side, row: place.row, name: problem.name(of: place.side, row: place.row),
        count: count)
    }
    return Construction.Freedom(total: total, vectors: vectors)
  }
}
