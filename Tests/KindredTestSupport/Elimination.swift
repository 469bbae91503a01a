// Solving linear equations the plain way, as an oracle.
// SPDX-License-Identifier: Apache-2.0

/// The x with Ax = `right`, by Gaussian elimination with partial pivoting; nil if A is singular.
package func solvedByElimination(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
  let size = right.count
  var rows = zip(matrix, right).map { $0 + [$1] }
  for column in 0..<size {
    guard let pivot = (column..<size).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
      rows[pivot][column] != 0
    else { return nil }
    rows.swapAt(column, pivot)
    for row in column + 1..<max(size, column + 1) {
      let factor = rows[row][column] / rows[column][column]
      for k in column...size { rows[row][k] -= factor * rows[column][k] }
    }
  }
  var x = Array(repeating: 0.0, count: size)
  for row in (0..<size).reversed() {
    let known = (row + 1..<max(size, row + 1)).reduce(0) { $0 + rows[row][$1] * x[$1] }
    x[row] = (rows[row][size] - known) / rows[row][row]
  }
  return x
}
