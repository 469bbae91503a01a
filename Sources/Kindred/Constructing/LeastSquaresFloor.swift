// The least error that is left when one table of vectors is fixed.
// SPDX-License-Identifier: Apache-2.0

/// The least total squared error of the relations when one side's vectors stay as they are.
///
/// Every vector of the other side is free, whatever is given for it, and has a least-squares
/// problem of its own: for its relations A·x ≈ b the least error is b·(b − A·x). Exact. Nil if a vector of
/// the fixed side has a blank.
///
/// - Throws: ``ConstructionError`` if the problem makes no sense or is too large.
/// - Complexity: for each vector O(relations · d²) operations on integers.
package func leastSquaresFloor(
  fixing side: VectorSide, in problem: ConstructionProblem
) throws(ConstructionError) -> Rational? {
  var open = problem
  let blank = [Rational?](repeating: nil, count: max(problem.dimension, 0))
  if side == .user {
    open.items = open.items.map { $0.count == blank.count ? blank : $0 }
  } else {
    open.users = open.users.map { $0.count == blank.count ? blank : $0 }
  }
  let valid = try open.validated()
  let fixed = valid.vectors(side)
  guard fixed.allSatisfy({ $0.allSatisfy { $0 != nil } }),
    let groups = LinearClosure.groupsFromStart(valid)
  else { return nil }
  var errors: [Rational] = []
  for group in groups {
    try group.system.requireFeasible()
    let constants = group.system.constants
    let matrix = RationalMatrix(group.system.rows, columns: group.system.unknowns)
    let closest = matrix * matrix.leastSquares(constants)
    errors.append(Rational.dot(constants, zip(constants, closest).map { $0 - $1 }))
  }
  return Rational.sum(errors)
}
