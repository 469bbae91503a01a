// Putting each row's entries in order of their columns.
// SPDX-License-Identifier: Apache-2.0

extension GroupedEntries {
  /// Sorts the entries of every row by column, those of one column in the order in which they stood.
  ///
  /// - Returns: How many entries repeat a column of their row.
  /// - Complexity: O(entries · bytes of a column), spread over the threads; rows that are in order
  ///   already cost one look.
  func sortRows(threads: Int) -> Int {
    let parts = max(1, min(threadCount(threads) * 4, columns.count / 4096))
    let boundaries = Self.boundaries(offsets, parts: parts)
    return parallelMap(parts, threads: threads) { part in
      var sorter = RowSorter()
      var repeats = 0
      for row in boundaries[part]..<boundaries[part + 1] {
        let start = Int(offsets[row])
        repeats += unsafe sorter.sort(
          columns.base + start, values.base + start, times.map { unsafe $0.base + start },
          count: Int(offsets[row + 1]) - start)
      }
      return repeats
    }.reduce(0, +)
  }
}

/// Sorts one row after another, with memory that is kept between them.
@safe private struct RowSorter {
  /// A column and the place of its entry in the row, in one word.
  private typealias Key = UInt64

  private var keys = Buffer<Key>(uninitialized: 0)
  private var sorted = Buffer<Key>(uninitialized: 0)
  private var values = Buffer<Float>(uninitialized: 0)
  private var times: [Int64] = []
  private let counts = Buffer<Int32>(uninitialized: 256)

  /// Sorts a row; returns how many entries repeat a column.
  mutating func sort(
    _ rowColumns: UnsafeMutablePointer<Int32>, _ rowValues: UnsafeMutablePointer<Float>,
    _ rowTimes: UnsafeMutablePointer<Int64>?, count: Int
  ) -> Int {
    guard count > 1 else { return 0 }
    var largest: Int32 = 0
    var isAscending = true
    var previous: Int32 = -1
    for place in 0..<count {
      let column = unsafe rowColumns[place]
      largest = max(largest, column)
      isAscending = isAscending && previous < column
      previous = column
    }
    if isAscending { return 0 }
    unsafe fill(rowColumns, rowValues, count)
    if count <= 24 { sortByInsertion(count) } else { sortByDigits(count, largest) }
    let (keys, values) = unsafe (keys.base, values.base)
    var repeats = 0
    previous = -1
    for place in 0..<count {
      let key = unsafe keys[place]
      let column = Int32(truncatingIfNeeded: key >> 32)
      repeats += column == previous ? 1 : 0
      previous = column
      unsafe rowColumns[place] = column
      unsafe rowValues[place] = values[Int(UInt32(truncatingIfNeeded: key))]
    }
    if let rowTimes = unsafe rowTimes {
      times.removeAll(keepingCapacity: true)
      for place in 0..<count { times.append(unsafe rowTimes[place]) }
      for place in 0..<count {
        unsafe rowTimes[place] = times[Int(UInt32(truncatingIfNeeded: keys[place]))]
      }
    }
    return repeats
  }

  private mutating func fill(
    _ columns: UnsafePointer<Int32>, _ rowValues: UnsafePointer<Float>, _ count: Int
  ) {
    if keys.count < count {
      // Rows grow by little and little; the largest ones take what they need and no more.
      let capacity = max(count, min(2 * keys.count, 1 << 16))
      keys = Buffer(uninitialized: capacity)
      sorted = Buffer(uninitialized: capacity)
      values = Buffer(uninitialized: capacity)
    }
    let (keys, values) = unsafe (keys.base, values.base)
    for place in 0..<count {
      unsafe keys[place] = UInt64(UInt32(bitPattern: columns[place])) << 32 | UInt64(place)
      unsafe values[place] = rowValues[place]
    }
  }

  private func sortByInsertion(_ count: Int) {
    let keys = unsafe keys.base
    for place in 1..<count {
      let key = unsafe keys[place]
      var hole = place
      while hole > 0, unsafe keys[hole - 1] > key {
        unsafe keys[hole] = keys[hole - 1]
        hole -= 1
      }
      unsafe keys[hole] = key
    }
  }

  /// Least digit first, eight bits at a time, over the bits that columns have (Knuth 1973, 5.2.5).
  private mutating func sortByDigits(_ count: Int, _ largest: Int32) {
    let counts = unsafe counts.base
    var shift: UInt64 = 32
    while shift < 64, (UInt64(UInt32(bitPattern: largest)) << 32) >> shift > 0 {
      let (source, target) = unsafe (keys.base, sorted.base)
      for digit in 0..<256 { unsafe counts[digit] = 0 }
      for place in 0..<count { unsafe counts[Int((source[place] >> shift) & 255)] &+= 1 }
      var next: Int32 = 0
      for digit in 0..<256 {
        let size = unsafe counts[digit]
        unsafe counts[digit] = next
        next &+= size
      }
      for place in 0..<count {
        let key = unsafe source[place]
        let digit = Int((key >> shift) & 255)
        unsafe target[Int(counts[digit])] = key
        unsafe counts[digit] &+= 1
      }
      swap(&keys, &sorted)
      shift += 8
    }
  }
}
