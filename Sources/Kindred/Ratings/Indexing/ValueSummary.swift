// The range and the mean of many numbers.
// SPDX-License-Identifier: Apache-2.0

/// The least, the largest and the mean of ratings.
///
/// Sums run in `Double` over blocks of fixed size that are added in order, so that the mean has the
/// same bits for any number of threads.
struct ValueSummary {
  let range: ClosedRange<Float>?
  let mean: Double

  /// - Complexity: O(values), spread over the threads.
  init(_ values: Flat<Float>, threads: Int) {
    let blocks = (values.count + Self.blockSize - 1) / Self.blockSize
    let parts = parallelMap(blocks, threads: threads) { block in
      let first = block * Self.blockSize
      let part = values[first..<min(first + Self.blockSize, values.count)]
      var (sum, low, high) = (0.0, Float.infinity, -Float.infinity)
      let span = part.span
      for place in span.indices {
        let value = span[place]
        sum += Double(value)
        low = value < low ? value : low
        high = value > high ? value : high
      }
      return (sum: sum, low: low, high: high)
    }
    guard let low = parts.map(\.low).min(), let high = parts.map(\.high).max() else {
      range = nil
      mean = 0
      return
    }
    range = low...high
    mean = parts.reduce(0) { $0 + $1.sum } / Double(values.count)
  }

  private static let blockSize = 1 << 16
}
