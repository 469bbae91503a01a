// The k best of a stream of scored rows.
// SPDX-License-Identifier: Apache-2.0

/// Keeps the `capacity` best of the rows offered to it; ties go to the row that comes first.
///
/// A binary heap with the worst kept row at its root, so that most offers cost one comparison.
package struct TopSelection<S: Side> {
  private let capacity: Int
  private var heap: [(score: Double, row: Int32)] = []

  package init(capacity: Int) {
    precondition(capacity >= 0, "the best \(capacity) of a list")
    self.capacity = capacity
  }

  /// Offers one row.
  ///
  /// - Complexity: O(log *capacity*) where the row is kept, O(1) where it is not.
  package mutating func offer(_ row: Row<S>, score: Double) {
    let candidate = (score: score, row: row.index)
    if heap.count < capacity {
      heap.append(candidate)
      rise(from: heap.count - 1)
    } else if capacity > 0, Self.isBetter(candidate, heap[0]) {
      heap[0] = candidate
      sink()
    }
  }

  /// A row offered from now on, after all the kept ones in row order, is kept only if its score is
  /// above this: the worst kept score, or −∞ while there is room.
  package var limit: Double {
    guard heap.count == capacity else { return -.infinity }
    return heap.first?.score ?? .infinity
  }

  /// The kept rows, best first.
  package consuming func sorted() -> [(row: Row<S>, score: Double)] {
    heap.sorted(by: Self.isBetter).map { (Row($0.row), $0.score) }
  }

  private static func isBetter(
    _ a: (score: Double, row: Int32), _ b: (score: Double, row: Int32)
  ) -> Bool {
    a.score != b.score ? a.score > b.score : a.row < b.row
  }

  private mutating func rise(from start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard Self.isBetter(heap[parent], heap[child]) else { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var worst = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && Self.isBetter(heap[worst], heap[child]) {
        worst = child
      }
      guard worst != parent else { return }
      heap.swapAt(parent, worst)
      parent = worst
    }
  }
}
