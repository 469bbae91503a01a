// Tables of floats against vectors of doubles in plain Swift: the oracle of the C loops.
// SPDX-License-Identifier: Apache-2.0

/// The dot product in eight lanes: dimension k goes to lane k mod 8; no product is fused into its sum.
///
/// - Precondition: `row.count == vector.count`.
package func plainWideProduct(_ row: [Float], _ vector: [Double]) -> Double {
  precondition(row.count == vector.count, "\(row.count) against \(vector.count) numbers")
  var lanes = Array(repeating: 0.0, count: 8)
  for k in row.indices { lanes[k % 8] += vector[k] * Double(row[k]) }
  for lane in 0..<4 { lanes[lane] += lanes[lane + 4] }
  return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3])
}

/// The rows, each times its weight, summed in order.
///
/// - Precondition: There are as many weights as rows, and all rows are equally wide.
package func plainWideSum(_ rows: [[Float]], _ weights: [Double]) -> [Double] {
  precondition(rows.count == weights.count, "\(weights.count) weights for \(rows.count) rows")
  var sums = Array(repeating: 0.0, count: rows.first?.count ?? 0)
  for (row, weight) in zip(rows, weights) {
    for k in row.indices { sums[k] += weight * Double(row[k]) }
  }
  return sums
}
