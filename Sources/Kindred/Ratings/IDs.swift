// The outside names of one side's rows.
// SPDX-License-Identifier: Apache-2.0

/// The ids of one side, in row order, found by name without a dictionary.
///
/// Ids are kept as UTF-8 bytes end to end with an offset per row, and a sorted order beside them,
/// so that a stored table of ids can be searched as it lies in the file. Two ids are the same when
/// their bytes are the same; Unicode normalization is not applied.
public struct IDs<S: Side>: Sendable {
  package let texts: Texts
  /// The rows in ascending order of their bytes. [count]
  package let order: Flat<Int32>

  package init(bytes: Flat<UInt8>, offsets: Flat<Int64>, threads: Int = 1) {
    self.init(Texts(bytes: bytes, offsets: offsets), threads: threads)
  }

  /// Ids in the order given; the first of two equal ones is the one that is found.
  package init(_ texts: Texts, threads: Int = 1) {
    self.init(texts, order: Self.sortedOrder(texts, threads: threads))
  }

  /// Ids known to be in sorted `order` already, as a model file stores them.
  package init(_ texts: Texts, order: Flat<Int32>) {
    precondition(order.count == texts.count, "an order of \(order.count) for \(texts.count) ids")
    self.texts = texts
    self.order = order
  }

  /// Ids in the order given; the first of two equal ones is the one that is found.
  package init(_ ids: some Sequence<String>) { self.init(Texts(ids)) }

  /// The UTF-8 bytes of all ids, end to end.
  package var bytes: Flat<UInt8> { texts.bytes }
  /// Where each id starts in `bytes`; one more at the end. [count + 1]
  package var offsets: Flat<Int64> { texts.offsets }

  /// The number of rows.
  public var count: Int { texts.count }

  /// Whether a row has this id.
  ///
  /// - Complexity: O(log *n*) comparisons.
  public func contains(_ id: String) -> Bool { row(of: id) != nil }

  /// All ids, in row order.
  public var all: [String] { rows.map { self[$0] } }

  package var rows: LazyMapSequence<Range<Int>, Row<S>> { (0..<count).lazy.map { Row($0) } }

  package subscript(row: Row<S>) -> String { texts[Int(row.index)] }

  /// The bytes of a row's id.
  package func utf8(_ row: Row<S>) -> Flat<UInt8> { texts.utf8(Int(row.index)) }

  /// The row with this id; nil also where the order is not one, in a file that nobody has checked.
  ///
  /// - Complexity: O(log *n*) comparisons.
  package func row(of id: String) -> Row<S>? {
    let wanted = Array(id.utf8)
    var low = 0
    var high = order.count
    while low < high {
      let middle = (low + high) / 2
      guard let bytes = bytes(atRank: middle) else { return nil }
      if bytes.lexicographicallyPrecedes(wanted) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < order.count, let bytes = bytes(atRank: low), bytes.elementsEqual(wanted) else {
      return nil
    }
    return Row(order[low])
  }

  /// Whether the order is right and no id occurs twice.
  ///
  /// - Complexity: O(*n*) comparisons.
  package var isStrictlyAscending: Bool {
    guard let first = order.first else { return true }
    guard (0..<Int32(count)).contains(first) else { return false }
    return order.indices.dropFirst().allSatisfy { rank in
      guard let a = bytes(atRank: rank - 1), let b = bytes(atRank: rank) else { return false }
      return Self.precedes(a, b)
    }
  }

  /// The bytes of the id that comes at this place of the order; nil if there is no such row.
  private func bytes(atRank rank: Int) -> Flat<UInt8>? {
    let row = Int(order[rank])
    return (0..<count).contains(row) ? texts.utf8(row) : nil
  }

  private static func precedes(_ a: Flat<UInt8>, _ b: Flat<UInt8>) -> Bool {
    a.lexicographicallyPrecedes(b)
  }

  private static func sortedOrder(_ texts: Texts, threads: Int) -> Flat<Int32> {
    let count = texts.count
    // The first eight bytes as a number decide most comparisons without touching the ids.
    typealias Key = (prefix: UInt64, row: Int32)
    func keys(_ rows: Range<Int>) -> [Key] {
      rows.map { row in
        let range = texts.range(row)
        var prefix: UInt64 = 0
        for byte in texts.bytes[range].prefix(8) { prefix = prefix << 8 | UInt64(byte) }
        prefix <<= UInt64(8 * max(0, 8 - range.count))
        return (prefix, Int32(row))
      }
    }
    func isBefore(_ a: Key, _ b: Key) -> Bool {
      if a.prefix != b.prefix { return a.prefix < b.prefix }
      let (left, right) = (texts.utf8(Int(a.row)), texts.utf8(Int(b.row)))
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
