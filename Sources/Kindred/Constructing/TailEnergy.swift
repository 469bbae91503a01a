// The least squared error that vectors of one dimension leave.
// SPDX-License-Identifier: Apache-2.0

import BigInt

// The least total squared error of n × m vectors of dimension d against a table T is the sum of the
// squared singular values of T beyond the first d (Eckart & Young 1936; Mirsky 1960). They are the
// eigenvalues of the smaller Gram matrix G of T. Once T is scaled to integers, the characteristic
// polynomial of G has integer coefficients and leading coefficient 1, so a rational eigenvalue is
// an integer:
//
//   1. round the first d numerical eigenvalues to integers, or else the ones after them;
//   2. divide the polynomial by x − λ for each: each division must leave no remainder;
//   3. check that no other root lies on their side: the roots are all real, so the polynomial q
//      shifted to q(x + λ) has as many positive roots as changes of sign (Descartes, exact here);
//   4. the tail is the sum of the last ones, or the trace less the sum of the first.

/// The sum of the squared singular values of a complete table beyond the first `dimension`.
///
/// This is the least total squared error of any vectors of that dimension. The value comes from the
/// singular values, or from the exact sum where that could be proven; the exact sum is 0 if the
/// dimension reaches the rank, and otherwise known if either all the eigenvalues up to `dimension`
/// or all beyond it are rational.
///
/// Shapes: `targets` [n, m].
///
/// - Precondition: every row is as long as the first; `dimension >= 0`.
/// - Complexity: O(n · m · min(n, m)), and O(min(n, m)⁴) on integers for the exact sum, which is
///   tried only up to 24 on the shorter side.
package func exactTailEnergy(
  _ targets: [[Rational]], dimension: Int
) -> (value: Double, exact: Rational?) {
  precondition(dimension >= 0, "a dimension of \(dimension)")
  let matrix = RationalMatrix(targets)
  let scale = IntegerRow(targets.flatMap { $0 }).scale
  if dimension >= min(matrix.rowCount, matrix.columnCount) || scaledIsZero(matrix) {
    return (0, 0)
  }
  let integers = RationalMatrix(targets.map { $0.map { $0 / scale } })
  let unit = scale * scale
  let narrow = integers.rowCount <= integers.columnCount ? integers : integers.transposed
  if dimension == 0 {
    let all = Rational.sum(narrow.rows.map { Rational.dot($0, $0) }) * unit
    return (all.doubleValue, all)
  }
  let values = SingularValueDecomposition(rows: clampedDoubles(targets)).values
  let numeric = values.dropFirst(dimension).reversed().reduce(0) { $0 + $1 * $1 }
  let eigenvalues = SingularValueDecomposition(rows: clampedDoubles(integers.rows))
    .values.map { $0 * $0 }
  guard let exact = integerTail(of: narrow, eigenvalues: eigenvalues, dimension: dimension) else {
    return narrow.rank <= dimension ? (0, 0) : (numeric, nil)
  }
  return ((exact * unit).doubleValue, exact * unit)
}

/// The nearest finite `Double` of each entry: exact numbers can be larger than any.
func clampedDoubles(_ rows: [[Rational]]) -> [[Double]] {
  let largest = Double.greatestFiniteMagnitude
  return rows.map { $0.map { min(max($0.doubleValue, -largest), largest) } }
}

private func scaledIsZero(_ matrix: RationalMatrix) -> Bool {
  matrix.rows.allSatisfy { $0.allSatisfy(\.isZero) }
}

/// The longest shorter side for which the characteristic polynomial is worked out.
private let largestExactSide = 24

/// The exact tail of an integer matrix, where one half of its eigenvalues are integers.
private func integerTail(
  of narrow: RationalMatrix, eigenvalues: [Double], dimension: Int
) -> Rational? {
  guard narrow.rowCount <= largestExactSide, let largest = eigenvalues.first, largest < 0x1p60
  else { return nil }
  let tolerance = 1e-9 + largest * 1e-13
  func integers(_ values: ArraySlice<Double>) -> [BigInt]? {
    let rounded = values.map { $0.rounded() }
    let close = zip(rounded, values).allSatisfy { ($0 - $1).magnitude <= tolerance }
    return close ? rounded.map { BigInt(Int($0)) } : nil
  }
  let head = integers(eigenvalues.prefix(dimension))
  let tail = integers(eigenvalues.dropFirst(dimension))
  guard head != nil || tail != nil else { return nil }
  let gram = narrow.rows.map { a in narrow.rows.map { Rational.dot(a, $0).numerator } }
  let polynomial = CharacteristicPolynomial(of: gram)
  let trace = gram.indices.reduce(BigInt(0)) { $0 + gram[$1][$1] }
  if let tail, let rest = polynomial.dividing(by: tail), let most = tail.max(),
    rest.rootCount(below: most) == 0
  {
    return Rational(tail.reduce(0, +))
  }
  if let head, let rest = polynomial.dividing(by: head), let least = head.min(),
    rest.rootCount(above: least) == 0
  {
    return Rational(trace - head.reduce(0, +))
  }
  return nil
}
