// The outside names of one side's rows.
// SPDX-License-Identifier: Apache-2.0

/// The ids of one side, in row order, found by name without a dictionary.
///
/// Ids are kept as UTF-8 bytes end to end with an offset per row, and a sorted order beside them,
/// so that a stored table of ids can be searched as it lies in the file. Two ids are the same when
/// their bytes are the same; Unicode normalization is not applied.
public struct IDs<S: Side>: Sendable {
  /// The UTF-8 bytes of all ids, end to end.
  package let bytes: Flat<UInt8>
  /// Where each id starts in `bytes`; one more at the end. [count + 1]
  package let offsets: Flat<Int64>
  /// The rows in ascending order of their bytes. [count]
  package let order: Flat<Int32>

  package init(bytes: Flat<UInt8>, offsets: Flat<Int64>, threads: Int = 1) {
    self.bytes = bytes
    self.offsets = offsets
    order = Self.sortedOrder(bytes: bytes, offsets: offsets, threads: threads)
  }

  /// Ids known to be in sorted `order` already, as a model file stores them.
  package init(bytes: Flat<UInt8>, offsets: Flat<Int64>, order: Flat<Int32>) {
    self.bytes = bytes
    self.offsets = offsets
    self.order = order
  }

  /// Ids in the order given; the first of two equal ones is the one that is found.
  package init(_ ids: some Sequence<String>) {
    let flat = Self.flattened(ids)
    self.init(bytes: Flat(flat.bytes), offsets: Flat(flat.offsets))
  }

  /// Texts as UTF-8 end to end, with where each starts and the last ends.
  package static func flattened(
    _ texts: some Sequence<String>
  ) -> (bytes: [UInt8], offsets: [Int64]) {
    var bytes: [UInt8] = []
    var offsets: [Int64] = [0]
    for text in texts {
      bytes.append(contentsOf: text.utf8)
      offsets.append(Int64(bytes.count))
    }
    return (bytes, offsets)
  }

  /// The number of rows.
  public var count: Int { offsets.count - 1 }

  /// Whether a row has this id.
  ///
  /// - Complexity: O(log *n*) comparisons.
  public func contains(_ id: String) -> Bool { row(of: id) != nil }

  /// All ids, in row order.
  public var all: [String] { rows.map { self[$0] } }

  package var rows: LazyMapSequence<Range<Int>, Row<S>> { (0..<count).lazy.map { Row($0) } }

  package subscript(row: Row<S>) -> String {
    String(decoding: bytes[range(Int(row.index))], as: UTF8.self)
  }

  /// The bytes of a row's id.
  package func utf8(_ row: Row<S>) -> Flat<UInt8> { bytes[range(Int(row.index))] }

  /// The row with this id.
  ///
  /// - Complexity: O(log *n*) comparisons.
  package func row(of id: String) -> Row<S>? {
    let wanted = Array(id.utf8)
    var low = 0
    var high = order.count
    while low < high {
      let middle = (low + high) / 2
      if bytes[range(Int(order[middle]))].lexicographicallyPrecedes(wanted) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < order.count, bytes[range(Int(order[low]))].elementsEqual(wanted) else { return nil }
    return Row(order[low])
  }

  /// Whether the order is right and no id occurs twice.
  ///
  /// - Complexity: O(*n*) comparisons.
  package var isStrictlyAscending: Bool {
    zip(order, order.dropFirst()).allSatisfy { a, b in
      Self.precedes(bytes[range(Int(a))], bytes[range(Int(b))])
    }
  }

  private func range(_ row: Int) -> Range<Int> { Int(offsets[row])..<Int(offsets[row + 1]) }

  private static func precedes(_ a: Flat<UInt8>, _ b: Flat<UInt8>) -> Bool {
    a.lexicographicallyPrecedes(b)
  }

  private static func sortedOrder(
    bytes: Flat<UInt8>, offsets: Flat<Int64>, threads: Int
  ) -> Flat<Int32> {
    let count = offsets.count - 1
    // The first eight bytes as a number decide most comparisons without touching the ids.
    typealias Key = (prefix: UInt64, row: Int32)
    func keys(_ rows: Range<Int>) -> [Key] {
      rows.map { row in
        let start = Int(offsets[row])
        let end = Int(offsets[row + 1])
        var prefix: UInt64 = 0
        for position in start..<min(end, start + 8) {
          prefix = prefix << 8 | UInt64(bytes[position])
        }
        prefix <<= UInt64(8 * max(0, 8 - (end - start)))
        return (prefix, Int32(row))
      }
    }
    func isBefore(_ a: Key, _ b: Key) -> Bool {
      if a.prefix != b.prefix { return a.prefix < b.prefix }
      let left = bytes[Int(offsets[Int(a.row)])..<Int(offsets[Int(a.row) + 1])]
      let right = bytes[Int(offsets[Int(b.row)])..<Int(offsets[Int(b.row) + 1])]
      if precedes(left, right) { return true }
      if precedes(right, left) { return false }
      return a.row < b.row
    }
    // Sorted in parts, then merged in pairs: no two keys are equal, so the parts do not show.
    let parts = max(1, min(threadCount(threads), count / 8192))
    var sorted = parallelMap(parts, threads: threads) { part in
      keys(count * part / parts..<count * (part + 1) / parts).sorted(by: isBefore)
    }
    while sorted.count > 1 {
      let runs = sorted
      sorted = parallelMap((runs.count + 1) / 2, threads: threads) { pair in
        guard 2 * pair + 1 < runs.count else { return runs[2 * pair] }
        let (a, b) = (runs[2 * pair], runs[2 * pair + 1])
        var (i, j) = (0, 0)
        var merged: [Key] = []
        merged.reserveCapacity(a.count + b.count)
        while i < a.count, j < b.count {
          if isBefore(b[j], a[i]) {
            merged.append(b[j])
            j += 1
          } else {
            merged.append(a[i])
            i += 1
          }
        }
        merged += a[i...]
        merged += b[j...]
        return merged
      }
    }
    return Flat(sorted.first?.map(\.row) ?? [])
  }
}
