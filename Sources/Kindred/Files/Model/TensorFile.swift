// The arrays of a safetensors file, where they lie.
// SPDX-License-Identifier: Apache-2.0

/// A safetensors file whose header has been checked, so that every array lies inside it.
///
/// Arrays are handed out as they lie in the mapped file; one that is not aligned for its numbers, as
/// the format allows, is copied.
struct TensorFile {
  let header: SafetensorsHeader
  let path: String
  private let bytes: Flat<UInt8>
  private let expected: String

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - expected: What it should be, for messages.
  /// - Throws: `FileError` if it is missing or no safetensors file.
  init(_ path: String, expected: String = FileError.expectedModel) throws(FileError) {
    bytes = try MappedFile(path).bytes
    header = try SafetensorsHeader(bytes, path: path, expected: expected)
    self.path = path
    self.expected = expected
  }

  /// The size of the file in bytes.
  var size: Int { bytes.count }

  func malformed(_ reason: String) -> FileError {
    FileError(.malformed, path: path, reason, expected: expected)
  }

  func has(_ name: String) -> Bool { header.tensors[name] != nil }

  /// The extents of an array that must have this many.
  func shape(_ name: String, rank: Int) throws(FileError) -> [Int] {
    guard let info = header.tensors[name] else { throw malformed("the array \(name) is missing") }
    guard info.shape.count == rank else {
      throw malformed("the array \(name) has the shape \(info.shape)")
    }
    return info.shape
  }

  func floats(_ name: String, count: Int) throws(FileError) -> Flat<Float> {
    try numbers(name, .f32, [count])
  }

  func doubles(_ name: String, count: Int) throws(FileError) -> Flat<Double> {
    try numbers(name, .f64, [count])
  }

  func doubles(_ name: String, shape: [Int]) throws(FileError) -> Flat<Double> {
    try numbers(name, .f64, shape)
  }

  func int64s(_ name: String, count: Int) throws(FileError) -> Flat<Int64> {
    try numbers(name, .i64, [count])
  }

  func int32s(_ name: String, count: Int? = nil) throws(FileError) -> Flat<Int32> {
    try numbers(name, .i32, count.map { [$0] })
  }

  func uint8s(_ name: String) throws(FileError) -> Flat<UInt8> { try numbers(name, .u8, nil) }

  func table<S: Side>(_ name: String, _ shape: [Int]) throws(FileError) -> EmbeddingTable<S> {
    EmbeddingTable(
      count: shape[0], dimension: shape[1], numbers: try numbers(name, .f32, shape))
  }

  private func numbers<Number: BitwiseCopyable & Sendable>(
    _ name: String, _ dtype: TensorType, _ shape: [Int]?
  ) throws(FileError) -> Flat<Number> {
    guard let info = header.tensors[name] else { throw malformed("the array \(name) is missing") }
    let shape = shape ?? [info.byteCount / info.dtype.size]
    guard info.dtype == dtype, info.shape == shape else {
      throw malformed(
        "the array \(name) is \(info.dtype.rawValue) \(info.shape), not \(dtype.rawValue) \(shape)")
    }
    return bytes.numbers(
      at: header.dataStart + info.dataOffsets[0], count: info.byteCount / dtype.size)
  }
}
