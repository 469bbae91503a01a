// The kernels that rank many items for many users, behind safe signatures.
// SPDX-License-Identifier: Apache-2.0

import CKindredKernels

extension Kernels {
  /// Writes the dot products of every query with every row of some panels.
  ///
  /// Shapes: `queries` [n, d] row-major, `products` [n, 16 · panels] row-major; every element is
  /// overwritten, with 0 (or what a query that is not finite makes of it) for the rows that fill the
  /// last panel up.
  ///
  /// Numerics: the bits of ``score(_:_:into:)``, one fused accumulator over the dimensions in order.
  ///
  /// - Precondition: The counts fit together, and the panels are there.
  /// - Complexity: O(*n* · rows · *d*) time, no allocation.
  package func multiply(
    _ queries: Span<Float>, _ rows: RowPanels, panels: Range<Int>,
    into products: inout MutableSpan<Float>
  ) {
    let count = queries.count / rows.dimension
    precondition(
      queries.count == count * rows.dimension
        && products.count == count * panels.count * RowPanels.width,
      "multiply: \(products.count) products of \(queries.count) elements and \(panels.count) panels"
    )
    let function = unsafe table.pointee.products
    unsafe queries.withUnsafeBufferPointer { queries in
      unsafe rows.elements(panels).withUnsafeBufferPointer { elements in
        unsafe products.withUnsafeMutableBufferPointer { products in
          guard let out = products.baseAddress else { return }
          unsafe function?(
            queries.baseAddress, count, elements.baseAddress, panels.count, rows.dimension, out)
        }
      }
    }
  }

  /// Writes the places whose score is above `limit` into `places`, in ascending order.
  ///
  /// The score of place i is (`base` + `biases[i]`) + `dots[i]` in `Double`, as `Model.score` adds it
  /// up. A score that is NaN is above nothing.
  ///
  /// Shapes: `dots` [n], `biases` [n] or empty for none, `places` [n] or more, of which those after
  /// the found ones are left as they are.
  ///
  /// - Returns: How many places were found.
  /// - Precondition: The counts fit together.
  /// - Complexity: O(*n*) time, no allocation.
  package func places(
    of dots: Span<Float>, biases: Span<Float>, base: Double, above limit: Double,
    into places: inout MutableSpan<Int32>
  ) -> Int {
    let count = dots.count
    precondition(
      (biases.count == count || biases.isEmpty) && places.count >= count,
      "places: \(count) dot products, \(biases.count) biases, room for \(places.count)")
    let function = unsafe table.pointee.above
    return unsafe dots.withUnsafeBufferPointer { dots in
      unsafe biases.withUnsafeBufferPointer { biases in
        unsafe places.withUnsafeMutableBufferPointer { places in
          guard count > 0, let out = places.baseAddress else { return 0 }
          let start = biases.isEmpty ? nil : biases.baseAddress
          return unsafe function?(dots.baseAddress, start, count, base, limit, out) ?? 0
        }
      }
    }
  }

  /// Counts the same scores that are above `limit`, and those that equal it.
  ///
  /// Shapes: `dots` [n], `biases` [n] or empty for none.
  ///
  /// - Precondition: The counts fit together.
  /// - Complexity: O(*n*) time, no allocation.
  package func standing(
    of limit: Double, among dots: Span<Float>, biases: Span<Float>, base: Double
  ) -> (above: Int, equal: Int) {
    let count = dots.count
    precondition(
      biases.count == count || biases.isEmpty,
      "standing: \(count) dot products, \(biases.count) biases")
    let function = unsafe table.pointee.standing
    return unsafe dots.withUnsafeBufferPointer { dots in
      unsafe biases.withUnsafeBufferPointer { biases in
        var (above, equal) = (0, 0)
        let start = biases.isEmpty ? nil : biases.baseAddress
        unsafe function?(dots.baseAddress, start, count, base, limit, &above, &equal)
        return (above, equal)
      }
    }
  }
}
