// One side's rows as samples: laid end to end to be kept, and summed up for their prior.
// SPDX-License-Identifier: Apache-2.0

extension SideTable {
  /// All rows [x, b], end to end. [count · width]
  package var packed: Flat<Float> {
    let packed = Buffer<Float>(uninitialized: count * width)
    for row in 0..<count {
      for k in 0..<dimension {
        unsafe packed.base[row * width + k] = rows.base[row * stride + k]
      }
      if let biases { unsafe packed.base[row * width + dimension] = biases.base[row] }
    }
    return Flat(packed)
  }

  /// Replaces all rows by those of a packed table.
  package func unpack(_ packed: Flat<Float>) {
    precondition(packed.count == count * width, "\(packed.count) numbers for \(count) rows")
    for row in 0..<count { set(row, to: packed.span.extracting(row * width..<(row + 1) * width)) }
  }

  /// The sums over some rows that the side's prior is drawn from, in `Double` and in the rows' order.
  ///
  /// - Complexity: O(rows · *dimension*²).
  package func sums(over chosen: Span<Int32>) -> RowSums {
    var sums = RowSums(width: width)
    sums.count = chosen.count
    let second = PositiveMatrix(size: width)
    var row = Array(repeating: 0.0, count: width)
    for place in 0..<chosen.count {
      let vector = vector(Int(chosen[place]))
      for k in 0..<dimension { row[k] = Double(vector[k]) }
      if biases != nil { row[dimension] = Double(bias(Int(chosen[place]))) }
      for k in 0..<width { sums.first[k] += row[k] }
      second.add(1, outer: row.span)
    }
    sums.second = second.upper
    return sums
  }
}
