// Sorting ratings into rows: counting sorts whose parts run side by side.
// SPDX-License-Identifier: Apache-2.0

// Grouping counts the entries of every row, part by part, sums the counts up to where each part's
// entries of a row begin, and moves the entries there: each row keeps the order of the source. A
// part's place in that order does not depend on when it runs, so neither does the result. Memory
// that was never touched is slow to touch, so entries are moved once, to where they stay.

/// Entries that can be walked over in order, in parts that follow one another.
protocol EntrySource: Sendable {
  var count: Int { get }
  var parts: Int { get }
  var hasTimes: Bool { get }
  /// Calls `body` with the row that an entry is grouped by, the other side's row, the rating and
  /// its time.
  func forEach(part: Int, _ body: (Int32, Int32, Float, Int64) -> Void)
}

/// Entries grouped by row, in the order of their source within each.
@safe struct GroupedEntries: Sendable {
  /// Where each row starts; one more at the end. [rows + 1]
  let offsets: Flat<Int64>
  /// The other side's row of each entry. [entries]
  let columns: Buffer<Int32>
  /// The rating of each entry. [entries]
  let values: Buffer<Float>
  /// The time of each entry; nil where the source has none. [entries]
  let times: Buffer<Int64>?

  var rowCount: Int { offsets.count - 1 }

  /// Groups the entries of a source, whose rows are below `rowCount`.
  ///
  /// - Complexity: O(entries + parts · rows) time, eight bytes per part · row besides the result.
  init(_ source: some EntrySource, rowCount: Int, threads: Int) {
    let parts = source.parts
    let starts = (0..<parts).map { _ in Buffer<Int64>(count: rowCount, repeating: 0) }
    _ = parallelMap(parts, threads: threads) { part in
      let counts = unsafe starts[part].base
      source.forEach(part: part) { row, _, _, _ in unsafe counts[Int(row)] += 1 }
      return true
    }
    let offsets = Buffer<Int64>(uninitialized: rowCount + 1)
    var next: Int64 = 0
    for row in 0..<rowCount {
      unsafe offsets.base[row] = next
      for part in 0..<parts {
        let count = unsafe starts[part].base[row]
        unsafe starts[part].base[row] = next
        next += count
      }
    }
    unsafe offsets.base[rowCount] = next
    let columns = Buffer<Int32>(uninitialized: source.count)
    let values = Buffer<Float>(uninitialized: source.count)
    let times = source.hasTimes ? Buffer<Int64>(uninitialized: source.count) : nil
    _ = parallelMap(parts, threads: threads) { part in
      let places = unsafe starts[part].base
      let (columns, values) = unsafe (columns.base, values.base)
      let times = unsafe times?.base
      source.forEach(part: part) { row, column, value, time in
        let place = unsafe Int(places[Int(row)])
        unsafe places[Int(row)] = Int64(place + 1)
        unsafe columns[place] = column
        unsafe values[place] = value
        if let times = unsafe times { unsafe times[place] = time }
      }
      return true
    }
    self.offsets = Flat(offsets)
    self.columns = columns
    self.values = values
    self.times = times
  }

  /// How many parts pay: each part has a count per row.
  static func parts(entries: Int, rows: Int, threads: Int) -> Int {
    max(1, min(threadCount(threads), entries / (2 * rows + 1)))
  }

  /// Where to cut rows into `parts` parts of about equally many entries. [parts + 1]
  static func boundaries(_ offsets: Flat<Int64>, parts: Int) -> [Int] {
    let rows = offsets.count - 1
    let total = Int(offsets[rows])
    var boundaries = [0]
    for part in 1..<max(parts, 1) {
      let wanted = Int64(total / parts * part)
      // The first row that starts at or after its share.
      var (low, high) = (boundaries[part - 1], rows)
      while low < high {
        let middle = (low + high) / 2
        if offsets[middle] < wanted { low = middle + 1 } else { high = middle }
      }
      boundaries.append(low)
    }
    return boundaries + [rows]
  }
}

/// Ratings in reading order, to be grouped by user.
struct ReadEntries: EntrySource {
  /// A block of entries, and what its rows are called in the whole; nil where they are the same.
  struct Segment: Sendable {
    let block: Entries.Block
    let userRows: [Int32]?
    let itemRows: [Int32]?
  }

  let segments: [Segment]
  let count: Int
  let parts: Int
  let hasTimes: Bool
  private let boundaries: [Int]

  /// Cuts the segments into parts of whole ones.
  init(_ segments: [Segment], parts: Int, keepsTimes: Bool) {
    self.segments = segments
    self.parts = parts
    hasTimes = keepsTimes && !segments.isEmpty && segments.allSatisfy { $0.block.times != nil }
    count = segments.reduce(0) { $0 + $1.block.count }
    var boundaries = [0]
    var seen = 0
    for (place, segment) in segments.enumerated() {
      // A part ends with the block in which it has its share.
      while boundaries.count < parts, seen >= count / parts * boundaries.count {
        boundaries.append(place)
      }
      seen += segment.block.count
    }
    while boundaries.count < parts { boundaries.append(segments.count) }
    self.boundaries = boundaries + [segments.count]
  }

  @inline(__always)
  func forEach(part: Int, _ body: (Int32, Int32, Float, Int64) -> Void) {
    for segment in segments[boundaries[part]..<boundaries[part + 1]] {
      let block = segment.block
      let (users, items, values) = unsafe (block.users.base, block.items.base, block.values.base)
      let times = unsafe block.times?.base
      unsafe withRows(segment.userRows) { userRows in
        unsafe withRows(segment.itemRows) { itemRows in
          for place in 0..<block.count {
            let user = unsafe userRows.map { unsafe $0[Int(users[place])] } ?? users[place]
            let item = unsafe itemRows.map { unsafe $0[Int(items[place])] } ?? items[place]
            unsafe body(user, item, values[place], times?[place] ?? 0)
          }
        }
      }
    }
  }

  @inline(__always)
  private func withRows(_ rows: [Int32]?, _ body: (UnsafePointer<Int32>?) -> Void) {
    guard let rows else { return body(nil) }
    unsafe rows.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
  }
}

extension CompressedRows {
  /// The same entries grouped by column; rows ascend in each group.
  ///
  /// - Complexity: O(entries + rows + columns), spread over the threads.
  package func transposed(columnCount: Int, threads: Int = 0) -> CompressedRows<Column, S> {
    // Entries are moved without another look at where they go.
    guard !isUnchecked else {
      return picking((0..<rowCount).map { Row($0) })
        .transposed(columnCount: columnCount, threads: threads)
    }
    let parts = GroupedEntries.parts(entries: count, rows: columnCount, threads: threads)
    let grouped = GroupedEntries(
      Transposing(rows: self, parts: parts), rowCount: columnCount, threads: threads)
    return CompressedRows<Column, S>(
      offsets: grouped.offsets, columns: Flat(grouped.columns), values: Flat(grouped.values))
  }

  private struct Transposing: EntrySource {
    let rows: CompressedRows
    let parts: Int
    private let boundaries: [Int]

    init(rows: CompressedRows, parts: Int) {
      self.rows = rows
      self.parts = parts
      boundaries = GroupedEntries.boundaries(rows.offsets, parts: parts)
    }

    var count: Int { rows.count }
    var hasTimes: Bool { false }

    @inline(__always)
    func forEach(part: Int, _ body: (Int32, Int32, Float, Int64) -> Void) {
      _ = unsafe rows.columns.withContiguousStorageIfAvailable { columns in
        unsafe rows.values.withContiguousStorageIfAvailable { values in
          for row in boundaries[part]..<boundaries[part + 1] {
            for place in Int(rows.offsets[row])..<Int(rows.offsets[row + 1]) {
              unsafe body(columns[place], Int32(row), values[place], 0)
            }
          }
        }
      }
    }
  }
}
