// The sums of the outer products of a model's rows.
// SPDX-License-Identifier: Apache-2.0

/// YᵀY of both tables of a model, each made once, when it is first asked for: everybody who is folded in
/// by all items shares it.
final class TableGrams: Sendable {
  private let users = Once<[Double]>()
  private let items = Once<[Double]>()

  /// YᵀY of this side's table. [dimension · dimension], row-major
  ///
  /// - Parameters:
  ///   - table: The side's table.
  ///   - threads: How many may work at a time where it is not there yet; 0 for one per core.
  /// - Returns: The same numbers, however many there are.
  /// - Complexity: O(rows · *dimension*²) the first time.
  @discardableResult
  func gram<S: Side>(of table: EmbeddingTable<S>, threads: Int) -> [Double] {
    (S.self == UserSide.self ? users : items).value {
      Kernels.best.gram(
        table.elements, stride: table.dimension, width: table.dimension, count: table.count,
        threads: threads)
    }
  }
}
