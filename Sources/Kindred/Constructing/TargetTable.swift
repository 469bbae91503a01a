// A complete table of targets: its rank decides.
// SPDX-License-Identifier: Apache-2.0

// Users U [n, d] and items V [m, d] have the targets T [n, m] exactly if UVᵀ = T.
//
// If rank T > d there are none, because rank UVᵀ ≤ d: some d + 1 rows and columns of T have a
// determinant ≠ 0, and those of UVᵀ never do. Otherwise T = C·R, where C holds the r pivot columns
// of T and R the rows of its reduced row echelon form, gives U = [C 0] and V = [Rᵀ 0].
//
// How many solutions there are: sort them by a = rank U, r ≤ a ≤ min(n, d). The column space of U
// has dimension a and contains that of T, so it is one of a Grassmannian of a − r dimensional
// subspaces of an (n − r) dimensional space: (a − r)(n − a) dimensions. U is then any a × d matrix
// of rank a in a basis of it: a·d dimensions. Each of the m columns of Vᵀ solves U·v = t, which
// leaves a kernel of dimension d − a: m(d − a) in all. The largest of the sums is the dimension.

/// A target for every pair of a user and an item.
struct TargetTable {
  let matrix: RationalMatrix
  let reduction: RationalMatrix.Reduction

  var rank: Int { reduction.rank }

  /// Nil if some pair has no target, or there is no pair at all.
  init?(_ problem: ConstructionProblem) throws(ConstructionError) {
    let (users, items) = (problem.users.count, problem.items.count)
    // Relations are distinct, so the count alone tells.
    guard users > 0, items > 0, problem.relations.count == users * items else { return nil }
    var rows = [[Rational]](repeating: Array(repeating: 0, count: items), count: users)
    for relation in problem.relations { rows[relation.user][relation.item] = relation.target }
    try LinearSystem(rows: rows, constants: [], unknowns: items).requireFeasible()
    matrix = RationalMatrix(rows, columns: items)
    reduction = matrix.reduced()
  }

  /// Vectors that have all the targets, from the first independent columns of the table.
  ///
  /// - Precondition: `dimension >= rank`.
  func factorization(dimension: Int) -> (users: [[Rational]], items: [[Rational]]) {
    let padding = [Rational](repeating: 0, count: dimension - rank)
    let left = matrix.selecting(
      rows: Array(0..<matrix.rowCount), columns: reduction.pivotColumns)
    return (left.rows.map { $0 + padding }, reduction.matrix.transposed.rows.map { $0 + padding })
  }

  /// Independent rows and columns, one more than `dimension`, with their determinant.
  ///
  /// - Precondition: `dimension < rank`.
  func minor(dimension: Int) -> ConstructionProof.Minor {
    let rows = Array(reduction.independentRows.prefix(dimension + 1))
    let all = Array(0..<matrix.columnCount)
    let columns = matrix.selecting(rows: rows, columns: all).reduced().pivotColumns
    let determinant = matrix.selecting(rows: rows, columns: columns).determinant()
    return ConstructionProof.Minor(
      users: rows, items: columns, determinant: determinant, rank: rank)
  }
}

/// The dimension of the set of pairs of tables with one given product.
///
/// - Precondition: `rank` is at most `users`, `items` and `dimension`.
package func freeDimensions(users: Int, items: Int, dimension: Int, rank: Int) -> Int {
  precondition(rank <= min(users, items, dimension), "no table has rank \(rank) here")
  return (rank...min(users, dimension)).map { a in
    (a - rank) * (users - a) + a * dimension + items * (dimension - a)
  }.max() ?? 0
}
