// Rows rounded to bytes and turned in groups, as the scan kernel reads them.
// SPDX-License-Identifier: Apache-2.0

import CKindredKernels

/// The rows of a table in whole numbers from −127 to 127 times a scale of each row's own, in panels of
/// sixteen, four dimensions of a row side by side.
///
/// A row's scale is its greatest number divided by 127, so that no number is off by more than half a
/// scale. The last panel is filled up with zeros.
package struct BytePanels: Sendable {
  /// How many rows a panel holds.
  package static let width = Int(CKK_PANEL_ROWS)
  /// The most numbers that a row may have.
  package static let greatestDimension = Int(CKK_SCAN_GROUPS * CKK_SCAN_GROUP)

  /// The number of rows.
  package let rowCount: Int
  /// The number of panels.
  package let count: Int
  /// The groups of four dimensions in a row.
  package let groups: Int
  /// What a row's whole numbers are multiplied by. [count · width]
  package let scales: Flat<Float>
  /// The greatest distance of a row from what the bytes make of it, and the length of the longest row.
  package let (error, length): (Double, Double)
  private let bytes: Flat<Int8>

  /// Rounds rows; nil if a number is not finite.
  ///
  /// - Parameters:
  ///   - rows: [rows, dimension], row-major.
  ///   - dimension: The numbers in each row, from 1 to `greatestDimension`.
  ///   - threads: How many may work at a time; 0 for one per core.
  /// - Precondition: The count of numbers is a multiple of `dimension`.
  /// - Complexity: O(rows · *dimension*).
  package init?(_ rows: Flat<Float>, dimension: Int, threads: Int) {
    precondition(
      (1...Self.greatestDimension).contains(dimension) && rows.count % dimension == 0,
      "bytes: \(rows.count) elements are not rows of \(dimension)")
    let (width, group) = (Self.width, Int(CKK_SCAN_GROUP))
    let rowCount = rows.count / dimension
    self.rowCount = rowCount
    count = (rowCount + width - 1) / width
    let groups = (dimension + group - 1) / group
    self.groups = groups
    let bytes = Buffer(count: count * width * groups * group, repeating: Int8(0))
    let scales = Buffer(count: count * width, repeating: Float(0))
    let size = 64 * width
    // A piece writes the bytes and scales of its own rows alone.
    let pieces = parallelMap((rowCount + size - 1) / size, threads: threads) { piece in
      var (error, length) = (0.0, 0.0)
      for row in piece * size..<min(rowCount, (piece + 1) * size) {
        let vector = rows.span.extracting(row * dimension..<(row + 1) * dimension)
        let own = RoundedVector.scale(of: vector)
        var (errors, squares) = (0.0, 0.0)
        let start = row / width * width * groups * group + row % width * group
        for k in 0..<dimension {
          let whole = RoundedVector.whole(vector[k], own)
          let off = Double(vector[k]) - Double(whole) * Double(own)
          errors += off * off
          squares += Double(vector[k]) * Double(vector[k])
          unsafe bytes.base[start + k / group * width * group + k % group] = whole
        }
        unsafe scales.base[row] = own
        guard squares.isFinite else { return (error: Double.nan, length: Double.nan) }
        error = max(error, errors.squareRoot())
        length = max(length, squares.squareRoot())
      }
      return (error: error, length: length)
    }
    guard pieces.allSatisfy({ $0.length.isFinite }) else { return nil }
    error = pieces.map(\.error).max() ?? 0
    length = pieces.map(\.length).max() ?? 0
    self.bytes = Flat(bytes)
    self.scales = Flat(scales)
  }

  /// One number for each row, and zeros for the rows that fill the last panel up.
  package func filledUp(_ numbers: Flat<Float>) -> Flat<Float> {
    precondition(numbers.count == rowCount, "\(numbers.count) numbers for \(rowCount) rows")
    return Flat(Array(numbers) + Array(repeating: 0, count: count * Self.width - rowCount))
  }

  /// The bytes of some panels, one after another.
  @_lifetime(borrow self)
  package func elements(_ panels: Range<Int>) -> Span<Int8> {
    let size = Self.width * groups * Int(CKK_SCAN_GROUP)
    return bytes.span.extracting(panels.lowerBound * size..<panels.upperBound * size)
  }
}

/// A vector in whole numbers from −127 to 127 times a scale.
package struct RoundedVector: Sendable {
  /// The whole numbers, filled up with zeros to a multiple of four.
  package let bytes: [Int8]
  package let scale: Float
  /// The vector's length, and its distance from what the bytes make of it.
  package let (length, error): (Double, Double)

  package init(_ vector: Span<Float>) {
    let scale = Self.scale(of: vector)
    var bytes: [Int8] = []
    var (errors, squares) = (0.0, 0.0)
    for k in 0..<vector.count {
      let whole = Self.whole(vector[k], scale)
      bytes.append(whole)
      let off = Double(vector[k]) - Double(whole) * Double(scale)
      errors += off * off
      squares += Double(vector[k]) * Double(vector[k])
    }
    while bytes.count % Int(CKK_SCAN_GROUP) != 0 { bytes.append(0) }
    self.bytes = bytes
    self.scale = scale
    length = squares.squareRoot()
    error = errors.squareRoot()
  }

  /// The greatest number divided by 127; 0 where it is too small for that, or nothing is finite.
  static func scale(of vector: Span<Float>) -> Float {
    var greatest: Float = 0
    for k in 0..<vector.count { greatest = max(greatest, abs(vector[k])) }
    let scale = greatest / 127
    return scale.isNormal ? scale : 0
  }

  static func whole(_ number: Float, _ scale: Float) -> Int8 {
    guard scale > 0, number.isFinite else { return 0 }
    return Int8(max(-127, min(127, (number / scale).rounded())))
  }
}
