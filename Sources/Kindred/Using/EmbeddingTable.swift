// One side's vectors, row after row.
// SPDX-License-Identifier: Apache-2.0

/// The embeddings of one side: `count` rows of `dimension` numbers each.
///
/// ```swift
/// let films = try EmbeddingTable<ItemSide>(rows: [[0, -1, 0], [-1, -2, 0], [1, 1, 1]])
/// ```
///
/// Shape: [count, dimension], row-major, in one flat piece of memory, which may be a part of a mapped
/// model file.
/// Range: any finite number; a table is refused if it holds NaN or an infinity.
///
/// Embeddings are not unique: multiplying both sides of a model by an invertible matrix and the
/// inverse of its transpose keeps every score. Compare scores, never single coordinates.
public struct EmbeddingTable<S: Side>: Sendable {
  /// The number of rows.
  public let count: Int
  /// The numbers in each row, at least 1.
  public let dimension: Int
  private let numbers: Flat<Float>

  /// A table whose numbers `fill` writes; they are zero before.
  ///
  /// - Parameters:
  ///   - count: The number of rows, 0 or more.
  ///   - dimension: The numbers in each row, 1 or more.
  ///   - fill: Writes the elements, [count · dimension], row-major.
  /// - Throws: What `fill` throws.
  /// - Precondition: The shape is possible. Finiteness is the caller's promise here.
  package init<Failure: Error>(
    count: Int, dimension: Int, fill: (inout MutableSpan<Float>) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(count >= 0 && dimension > 0, "a table of \(count) rows of \(dimension)")
    self.count = count
    self.dimension = dimension
    let buffer = Buffer(count: count * dimension, repeating: Float(0))
    try buffer.write(fill)
    numbers = Flat(buffer)
  }

  /// A table of numbers that are there already, row after row.
  ///
  /// - Precondition: There are `count` · `dimension` numbers. Finiteness is the caller's promise.
  package init(count: Int, dimension: Int, numbers: Flat<Float>) {
    precondition(
      count >= 0 && dimension > 0 && numbers.count == count * dimension,
      "\(numbers.count) numbers for \(count) rows of \(dimension)")
    self.count = count
    self.dimension = dimension
    self.numbers = numbers
  }

  /// A table from its rows.
  ///
  /// - Parameter rows: Rows of equal width, at least one number wide; every number finite.
  /// - Throws: `TableError` if there are no rows, the widths differ, or a number is not finite.
  /// - Complexity: O(*count* · *dimension*).
  public init(rows: [[Float]]) throws(TableError) {
    guard let width = rows.first?.count, width > 0 else { throw .empty }
    for (row, vector) in rows.enumerated() {
      guard vector.count == width else {
        throw .unevenRow(row: row, width: vector.count, expected: width)
      }
      for (place, number) in vector.enumerated() where !number.isFinite {
        throw .notFinite(row: row, dimension: place)
      }
    }
    self.init(count: rows.count, dimension: width) { elements in
      for (row, vector) in rows.enumerated() {
        for (place, number) in vector.enumerated() { elements[row * width + place] = number }
      }
    }
  }

  /// All numbers, row after row. [count · dimension]
  public var elements: Span<Float> {
    @_lifetime(borrow self)
    get { numbers.span }
  }

  /// All numbers, to be kept for longer than a look. [count · dimension]
  package var flat: Flat<Float> { numbers }

  /// The numbers of one row. [dimension]
  @_lifetime(borrow self)
  package func vector(_ row: Row<S>) -> Span<Float> {
    let start = Int(row.index) * dimension
    return elements.extracting(start..<start + dimension)
  }

  /// The numbers of one row as an array, for showing and for computing in `Double`.
  package func numbers(_ row: Row<S>) -> [Double] {
    let span = vector(row)
    return (0..<dimension).map { Double(span[$0]) }
  }

  /// The Euclidean length of a row, computed in `Double`.
  package func length(_ row: Row<S>) -> Double {
    let vector = vector(row)
    var squares = 0.0
    for k in 0..<vector.count { squares += Double(vector[k]) * Double(vector[k]) }
    return squares.squareRoot()
  }

  /// The place of the first number that is NaN or infinite.
  ///
  /// - Complexity: O(*count* · *dimension*).
  package var firstNonFinite: (row: Int, dimension: Int)? {
    guard let index = numbers.firstNonFinite else { return nil }
    return (index / dimension, index % dimension)
  }
}

/// Why numbers do not make a table.
public enum TableError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no row, or the rows have no numbers.
  case empty
  /// This row (0-based) has another width than the first.
  case unevenRow(row: Int, width: Int, expected: Int)
  /// This number (both 0-based) is NaN or infinite.
  case notFinite(row: Int, dimension: Int)

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .empty: "A table of embeddings needs at least one row of at least one number."
    case .unevenRow(let row, let width, let expected):
      "Row \(row + 1) has \(width) numbers where the first row has \(expected)."
    case .notFinite(let row, let dimension):
      "Number \(dimension + 1) of row \(row + 1) is not finite."
    }
  }
}
