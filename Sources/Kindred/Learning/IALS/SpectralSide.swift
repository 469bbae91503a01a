// Both tables turned to where the other side's sums are diagonal.
// SPDX-License-Identifier: Apache-2.0

/// What all rows of a side have in common while they descend by conjugate gradients.
///
/// Turning both tables by one rotation changes no score and no length, so it may be chosen: with the
/// eigenvectors of YᵀY as the axes, what unseen pairs and the ridge add to a row's equations is diagonal. It
/// costs nothing in a step then, and its inverse is a preconditioner that leaves little to do.
package struct SpectralSide: Sendable {
  /// The other side's vectors, turned.
  package let other: SideTable
  /// α₀ times the eigenvalues of YᵀY; zeros beyond the dimension. [stride]
  package let spectrum: Buffer<Float>
  /// α₀.
  private let unobserved: Double

  /// Rows turned at a time.
  private static let block = 64

  /// Turns both tables in place; nil if the other side's numbers are not finite.
  ///
  /// - Parameters:
  ///   - own: The side whose rows are to descend.
  ///   - other: The side that stays as it is.
  ///   - unobserved: α₀.
  ///   - threads: How many may work at a time.
  /// - Precondition: Nobody else looks at the tables.
  package init?(turning own: SideTable, and other: SideTable, unobserved: Double, threads: Int) {
    let (width, rows) = (other.width, other.rows)
    let gram = Kernels.best.gram(
      rows.span, stride: other.stride, width: width, count: other.count, threads: threads)
    guard gram.allSatisfy({ $0.isFinite }) else { return nil }
    let eigen = SymmetricEigen(gram, size: width)
    let axes = eigen.vectors.map { Float($0) }
    let panels = RowPanels(axes.span, dimension: width)
    Self.turn(own, by: panels, threads: threads)
    Self.turn(other, by: panels, threads: threads)
    let spectrum = Buffer(count: other.stride, repeating: Float(0))
    spectrum.write { numbers in
      // Rounding may leave a value below 0 that is none.
      for k in 0..<width { numbers[k] = Float(unobserved * max(0, eigen.values[k])) }
    }
    self.other = other
    self.spectrum = spectrum
    self.unobserved = unobserved
  }

  /// The row's equations.
  ///
  /// - Precondition: The ridge is above 0 in `Float`.
  package func equations(
    _ columns: Flat<Int32>, _ weights: Flat<Float>, ridge: Double
  ) -> InteractionRow {
    var count = Double(columns.count)
    if !weights.isEmpty {
      count = 0
      for weight in weights { count += Double(weight) }
    }
    // As if the row's pairs were spread over the other side's rows.
    let share = count / (unobserved * Double(other.count))
    return InteractionRow(
      table: other.rows, spectrum: spectrum, rows: columns, weights: weights, ridge: Float(ridge),
      share: Float(share))
  }

  /// Replaces every row by its products with the axes.
  private static func turn(_ table: SideTable, by axes: RowPanels, threads: Int) {
    let (width, stride) = (table.width, table.stride)
    _ = parallelMap((table.count + block - 1) / block, threads: threads) { piece in
      let rows = piece * block..<min((piece + 1) * block, table.count)
      var before = Array(repeating: Float(0), count: rows.count * width)
      for (place, row) in rows.enumerated() {
        let vector = table.vector(row)
        for k in 0..<width { before[place * width + k] = vector[k] }
      }
      var after = Array(repeating: Float(0), count: rows.count * axes.count * RowPanels.width)
      var products = after.mutableSpan
      Kernels.best.multiply(before.span, axes, panels: 0..<axes.count, into: &products)
      let turned = after.span
      let pitch = axes.count * RowPanels.width
      for (place, row) in rows.enumerated() {
        table.set(row, to: turned.extracting(place * pitch..<place * pitch + width))
      }
    }
    precondition(stride % InteractionKernels.lanes == 0, "a stride of \(stride)")
  }
}
