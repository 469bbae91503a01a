// Tables of floats against vectors of doubles, behind safe signatures.
// SPDX-License-Identifier: Apache-2.0

internal import CKindredKernels

extension Kernels {
  /// The dot products of all rows of a table with a vector, in `Double`; see ``plainWideProduct(_:_:)``.
  ///
  /// - Parameters:
  ///   - rows: [n, d].
  ///   - vector: [d], d at least 1.
  /// - Returns: [n].
  /// - Precondition: The table has whole rows.
  /// - Complexity: O(*n* · *d*).
  package static func wideProducts(_ rows: Span<Float>, _ vector: [Double]) -> [Double] {
    let (count, dimension) = (rows.count / max(vector.count, 1), vector.count)
    precondition(
      rows.count == count * dimension, "\(rows.count) numbers are not rows of \(dimension)")
    return unsafe Array(unsafeUninitializedCapacity: count) { products, initialized in
      initialized = count
      guard count > 0 else { return }
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe vector.withUnsafeBufferPointer { vector in
          unsafe ckk_wide_products(
            rows.baseAddress, count, dimension, vector.baseAddress, products.baseAddress)
        }
      }
    }
  }

  /// The rows of a table, each times its weight, summed in order in `Double`.
  ///
  /// - Parameters:
  ///   - rows: [n, d].
  ///   - weights: [n], n at least 1.
  /// - Returns: [d].
  /// - Precondition: The table has whole rows.
  /// - Complexity: O(*n* · *d*).
  package static func wideSum(_ rows: Span<Float>, _ weights: [Double]) -> [Double] {
    let (count, dimension) = (weights.count, rows.count / max(weights.count, 1))
    precondition(rows.count == count * dimension, "\(rows.count) numbers are not \(count) rows")
    var sums = Array(repeating: 0.0, count: dimension)
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe weights.withUnsafeBufferPointer { weights in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          unsafe ckk_wide_combine(
            rows.baseAddress, count, dimension, weights.baseAddress, sums.baseAddress)
        }
      }
    }
    return sums
  }

  /// How many Chebyshev polynomials a panel has.
  package static var wideDegrees: Int { Int(CKK_WIDE_DEGREES) }

  /// Of each panel the sums of weights times Chebyshev polynomials at points.
  ///
  /// - Parameters:
  ///   - panels: The panel of each point. [n]
  ///   - points: Each in -1 ... 1. [n]
  ///   - weights: [n].
  ///   - panelCount: The number of panels.
  /// - Returns: The sum for degree m of panel p at p · `wideDegrees` + m.
  /// - Precondition: The panels are there.
  /// - Complexity: O(*n* · degrees).
  package static func wideMoments(
    _ panels: [Int32], _ points: [Double], _ weights: [Double], panelCount: Int
  ) -> [Double] {
    precondition(
      panels.count == points.count && weights.count == points.count
        && panels.allSatisfy { 0 <= $0 && $0 < panelCount },
      "moments: \(panels.count) panels, \(points.count) points, \(weights.count) weights")
    var moments = Array(repeating: 0.0, count: panelCount * wideDegrees)
    unsafe moments.withUnsafeMutableBufferPointer { moments in
      unsafe panels.withUnsafeBufferPointer { panels in
        unsafe points.withUnsafeBufferPointer { points in
          unsafe weights.withUnsafeBufferPointer { weights in
            unsafe ckk_wide_moments(
              panels.baseAddress, points.baseAddress, weights.baseAddress, points.count,
              moments.baseAddress)
          }
        }
      }
    }
    return moments
  }

  /// Sums of Chebyshev polynomials at points, each of its panel.
  ///
  /// - Parameters:
  ///   - panels: The panel of each point. [n]
  ///   - points: Each in -1 ... 1. [n]
  ///   - coefficients: That of degree m of panel p at p · `wideDegrees` + m.
  /// - Returns: [n].
  /// - Precondition: The panels are there.
  /// - Complexity: O(*n* · degrees).
  package static func wideValues(
    _ panels: [Int32], _ points: [Double], _ coefficients: [Double]
  ) -> [Double] {
    precondition(
      panels.count == points.count
        && panels.allSatisfy { 0 <= $0 && (Int($0) + 1) * wideDegrees <= coefficients.count },
      "values: \(panels.count) panels, \(points.count) points, \(coefficients.count) numbers")
    return unsafe Array(unsafeUninitializedCapacity: points.count) { values, initialized in
      initialized = points.count
      unsafe panels.withUnsafeBufferPointer { panels in
        unsafe points.withUnsafeBufferPointer { points in
          unsafe coefficients.withUnsafeBufferPointer { coefficients in
            unsafe ckk_wide_interpolate(
              panels.baseAddress, points.baseAddress, points.count, coefficients.baseAddress,
              values.baseAddress)
          }
        }
      }
    }
  }
}
