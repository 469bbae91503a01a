// NumPy array files: .npy.
// SPDX-License-Identifier: Apache-2.0

/// A NumPy array of floating-point numbers, in either byte order and either order of indices.
package struct NumPyArray: Sendable {
  package let shape: [Int]
  private let path: String
  private let header: NumPyHeader
  private let bytes: Flat<UInt8>
  private let start: Int

  /// The bytes of one number for each type that is read.
  private static let sizes = ["<f4": 4, ">f4": 4, "<f8": 8, ">f8": 8]

  /// Opens a file.
  ///
  /// - Throws: `FileError` if it is missing, not an array of `float32` or `float64`, or not as long as
  ///   its shape says.
  /// - Complexity: O(size of the header).
  package init(contentsOf path: String) throws(FileError) {
    let file = try MappedFile(path).bytes
    guard let (header, length) = NumPyHeader.read(file) else {
      throw Self.malformed(path, "it has no .npy header")
    }
    guard let size = Self.sizes[header.description] else {
      throw Self.malformed(
        path,
        "its numbers are of the type \(header.description); convert them with .astype('<f4')")
    }
    var expected = size
    for extent in header.shape {
      let (product, overflow) = expected.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw Self.malformed(path, "its shape is impossibly large") }
      expected = product
    }
    guard file.count - length == expected else {
      throw Self.malformed(
        path, "its shape needs \(expected) bytes of numbers, and there are \(file.count - length)")
    }
    shape = header.shape
    self.path = path
    self.header = header
    bytes = file
    start = length
  }

  package var count: Int { shape.reduce(1, *) }

  /// The numbers as `Float`, the last index fastest; where they lie if they are so already.
  ///
  /// - Throws: `FileError` if one is not finite, or too large for a `Float`.
  /// - Complexity: O(*n*).
  package func floats() throws(FileError) -> Flat<Float> {
    let numbers: Flat<Float>
    if header.description == "<f4" {
      numbers = bytes.numbers(at: start, count: count)
    } else {
      let buffer = Buffer<Float>(uninitialized: count)
      buffer.write { numbers in
        for index in numbers.indices { numbers[index] = Float(number(index)) }
      }
      numbers = Flat(buffer)
    }
    guard shape.count <= 2 else {
      throw Self.malformed(path, "it has \(shape.count) dimensions, and a table has two")
    }
    let isTransposed = header.isFortranOrder && shape.count == 2
    let ordered = isTransposed ? Self.transposed(numbers, shape) : numbers
    if let index = ordered.firstNonFinite {
      let row = index / (shape.count == 2 ? shape[1] : 1)
      throw Self.malformed(path, "row \(row) holds a number that is not finite")
    }
    return ordered
  }

  /// The only number of an array of one.
  ///
  /// - Throws: `FileError` if there are more or fewer, or it is not finite.
  package func single() throws(FileError) -> Double {
    guard count == 1 else { throw Self.malformed(path, "it holds \(count) numbers and not one") }
    guard number(0).isFinite else { throw Self.malformed(path, "its number is not finite") }
    return number(0)
  }

  /// A complaint about the file, as one that is no array of the kind that is needed.
  package func malformed(_ reason: String) -> FileError { Self.malformed(path, reason) }

  private static func malformed(_ path: String, _ reason: String) -> FileError {
    FileError(.malformed, path: path, reason, expected: "a NumPy array that Kindred can use")
  }

  private func number(_ index: Int) -> Double {
    let size = Self.sizes[header.description] ?? 8
    let place = start + index * size
    var bits: UInt64 = 0
    for byte in 0..<size {
      let isLittle = header.description.hasPrefix("<")
      bits = bits << 8 | UInt64(bytes[isLittle ? place + size - 1 - byte : place + byte])
    }
    return size == 8
      ? Double(bitPattern: bits) : Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
  }

  /// The same numbers with the last index fastest, of an array whose first one is.
  private static func transposed(_ numbers: Flat<Float>, _ shape: [Int]) -> Flat<Float> {
    let (rows, width) = (shape[0], shape[1])
    let buffer = Buffer<Float>(uninitialized: numbers.count)
    buffer.write { ordered in
      for row in 0..<rows {
        for column in 0..<width { ordered[row * width + column] = numbers[column * rows + row] }
      }
    }
    return Flat(buffer)
  }
}

extension WholeFile {
  /// Appends an array of `Float` with its header, little-endian, the last index fastest.
  ///
  /// - Precondition: There are as many numbers as the shape says.
  package mutating func appendNumPy(
    _ numbers: Span<Float>, shape: [Int]
  ) throws(FileError) {
    precondition(numbers.count == shape.reduce(1, *), "\(numbers.count) numbers for \(shape)")
    try append(NumPyHeader(shape: shape).bytes)
    try append(numbers)
  }

  /// Appends one number as an array without extents, with its header.
  package mutating func appendNumPy(_ number: Double) throws(FileError) {
    try append(NumPyHeader(description: "<f8", shape: []).bytes)
    try append(numbers: [number])
  }
}
