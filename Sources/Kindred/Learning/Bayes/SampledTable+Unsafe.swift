// One side's rows while they are sampled.
// SPDX-License-Identifier: Apache-2.0

/// The current sample of one side: [x, 1] for each row, padded with zeros to whole vectors, which is what
/// the row is to the other side's equations; and the biases beside it. Without biases, x alone.
///
/// Rows without ratings are zero and stay so. Different rows may be written by different threads at the
/// same time, while nobody reads them.
// Unchecked: the state of training keeps to that rule.
@safe package struct SampledTable: @unchecked Sendable {
  package let rows: Int
  /// The numbers in x.
  package let dimension: Int
  package let hasBiases: Bool
  /// From one row of `features` to the next.
  package let stride: Int
  private let numbers: Buffer<Float>
  private let biases: Buffer<Float>?

  /// How many numbers are sampled for a row, [x, b] or x.
  package var width: Int { dimension + (hasBiases ? 1 : 0) }

  /// A table of zeros.
  package init(rows: Int, dimension: Int, hasBiases: Bool) {
    self.rows = rows
    self.dimension = dimension
    self.hasBiases = hasBiases
    stride = (dimension + (hasBiases ? 1 : 0) + 7) / 8 * 8
    numbers = Buffer(count: rows * stride, repeating: 0)
    biases = hasBiases ? Buffer(count: rows, repeating: 0) : nil
    guard hasBiases else { return }
    for row in 0..<rows { unsafe numbers.base[row * stride + dimension] = 1 }
  }

  /// A table that does not change when the other one does.
  package init(copying other: SampledTable) {
    rows = other.rows
    dimension = other.dimension
    hasBiases = other.hasBiases
    stride = other.stride
    numbers = Buffer(copying: other.numbers)
    biases = other.biases.map { Buffer(copying: $0) }
  }

  /// [x, 1, 0, …] row after row. [rows · stride]
  package var features: Span<Float> {
    @_lifetime(borrow self)
    get { numbers.span }
  }

  package func bias(_ row: Int) -> Float {
    guard let biases else { return 0 }
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    return unsafe biases.base[row]
  }

  /// The vector x of a row.
  @_lifetime(borrow self)
  package func vector(_ row: Int) -> Span<Float> {
    numbers.span.extracting(row * stride..<row * stride + dimension)
  }

  /// Replaces a row by [x, b]. [width]
  package func write(_ sample: Span<Float>, row: Int) {
    precondition(
      row >= 0 && row < rows && sample.count == width,
      "\(sample.count) numbers for row \(row) of \(rows)")
    for k in 0..<dimension { unsafe numbers.base[row * stride + k] = sample[k] }
    if let biases { unsafe biases.base[row] = sample[dimension] }
  }

  /// All rows [x, b], end to end. [rows · width]
  package var packed: Flat<Float> {
    let packed = Buffer<Float>(uninitialized: rows * width)
    for row in 0..<rows {
      for k in 0..<dimension {
        unsafe packed.base[row * width + k] = numbers.base[row * stride + k]
      }
      if let biases { unsafe packed.base[row * width + dimension] = biases.base[row] }
    }
    return Flat(packed)
  }

  /// Replaces all rows by those of a packed table.
  package func unpack(_ packed: Flat<Float>) {
    precondition(packed.count == rows * width, "\(packed.count) numbers for \(rows) rows")
    for row in 0..<rows { write(packed.span.extracting(row * width..<(row + 1) * width), row: row) }
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
      if hasBiases { row[dimension] = Double(bias(Int(chosen[place]))) }
      for k in 0..<width { sums.first[k] += row[k] }
      second.add(1, outer: row.span)
    }
    sums.second = second.upper
    return sums
  }
}
