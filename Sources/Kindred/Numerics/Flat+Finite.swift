// Finding numbers that are none.
// SPDX-License-Identifier: Apache-2.0

extension Flat<Float> {
  /// The index of the first number that is NaN or infinite.
  ///
  /// - Complexity: O(*n*), at the speed of memory while all is well.
  package var firstNonFinite: Int? {
    let span = span
    var start = 0
    while start < span.count {
      let end = Swift.min(start + 4096, span.count)
      // Without its sign, a number that is not finite has the largest bits; a maximum of integers
      // is computed many at a time.
      var largest: UInt32 = 0
      for index in start..<end {
        largest = Swift.max(largest, span[index].bitPattern & 0x7FFF_FFFF)
      }
      if largest >= Float.infinity.bitPattern {
        for index in start..<end where !span[index].isFinite { return startIndex + index }
      }
      start = end
    }
    return nil
  }

  /// Whether every number is finite, looked at on several threads.
  ///
  /// - Complexity: O(*n*).
  package func isFinite(threads: Int) -> Bool {
    let parts = Swift.max(1, Swift.min(threadCount(threads), count / 100_000))
    return parallelMap(parts, threads: threads) { part in
      self[startIndex + part * count / parts..<startIndex + (part + 1) * count / parts]
        .firstNonFinite == nil
    }.allSatisfy { $0 }
  }
}
