// The sums of the outer products of a model's rows.
// SPDX-License-Identifier: Apache-2.0

/// YᵀY of both tables of a model, each made once, when it is first asked for: everybody who is folded in
/// by all items shares it.
final class TableGrams: Sendable {
  private let users = Once<[Double]>()
  private let items = Once<[Double]>()

  /// YᵀY of this side's table. [dimension · dimension], row-major
  ///
  /// - Complexity: O(rows · *dimension*²) the first time.
  func gram<S: Side>(of table: EmbeddingTable<S>) -> [Double] {
    (S.self == UserSide.self ? users : items).value {
      Kernels.best.gram(
        table.elements, stride: table.dimension, width: table.dimension, count: table.count,
        threads: 0)
    }
  }
}
