// Whether offsets can be offsets.
// SPDX-License-Identifier: Apache-2.0

extension Flat<Int64> {
  /// Whether no number is below the one before it.
  ///
  /// - Complexity: O(*n*) at the speed of memory, spread over the threads.
  package var neverFalls: Bool {
    let size = 1 << 20
    return parallelMap((count + size - 1) / size, threads: 0) { block in
      let numbers = span.extracting(block * size..<Swift.min(block * size + size + 1, count))
      var falls = 0
      for place in 1..<numbers.count where numbers[place] < numbers[place - 1] { falls += 1 }
      return falls == 0
    }.allSatisfy { $0 }
  }
}
