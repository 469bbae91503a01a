// The arrays of a safetensors file as Swift arrays and tables.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A safetensors file whose header has been checked, so that every array lies inside it.
struct TensorFile {
  let data: Data
  let header: SafetensorsHeader
  let path: String

  func malformed(_ reason: String) -> FileError { FileError(.malformed, path: path, reason) }

  func has(_ name: String) -> Bool { header.tensors[name] != nil }

  /// The extents of an array that must have this many.
  func shape(_ name: String, rank: Int) throws(FileError) -> [Int] {
    guard let info = header.tensors[name] else { throw malformed("the array \(name) is missing") }
    guard info.shape.count == rank else {
      throw malformed("the array \(name) has the shape \(info.shape)")
    }
    return info.shape
  }

  func floats(_ name: String, count: Int) throws(FileError) -> [Float] {
    try array(name, .f32, count, zero: 0)
  }

  func doubles(_ name: String, count: Int) throws(FileError) -> [Double] {
    try array(name, .f64, count, zero: 0)
  }

  func int64s(_ name: String, count: Int) throws(FileError) -> [Int64] {
    try array(name, .i64, count, zero: 0)
  }

  func int32s(_ name: String, count: Int?) throws(FileError) -> [Int32] {
    try array(name, .i32, count, zero: 0)
  }

  func uint8s(_ name: String) throws(FileError) -> [UInt8] { try array(name, .u8, nil, zero: 0) }

  func table<S: Side>(_ name: String, _ shape: [Int]) throws(FileError) -> EmbeddingTable<S> {
    let range = try bytes(name, .f32, shape)
    return EmbeddingTable(count: shape[0], dimension: shape[1]) { elements in
      unsafe elements.withUnsafeMutableBufferPointer { numbers in
        _ = unsafe data.copyBytes(to: UnsafeMutableRawBufferPointer(numbers), from: range)
      }
    }
  }

  private func array<Number: BitwiseCopyable>(
    _ name: String, _ dtype: TensorType, _ count: Int?, zero: Number
  ) throws(FileError) -> [Number] {
    let shape = try shape(name, rank: 1)
    let range = try bytes(name, dtype, count.map { [$0] } ?? shape)
    return unsafe Array(unsafeUninitializedCapacity: shape[0]) { buffer, initialized in
      unsafe data.copyBytes(to: UnsafeMutableRawBufferPointer(buffer), from: range)
      initialized = shape[0]
    }
  }

  private func bytes(
    _ name: String, _ dtype: TensorType, _ shape: [Int]
  ) throws(FileError) -> Range<Data.Index> {
    guard let info = header.tensors[name] else { throw malformed("the array \(name) is missing") }
    guard info.dtype == dtype, info.shape == shape else {
      throw malformed(
        "the array \(name) is \(info.dtype.rawValue) \(info.shape), not \(dtype.rawValue) \(shape)")
    }
    let start = data.startIndex + header.dataStart + info.dataOffsets[0]
    return start..<start + info.byteCount
  }
}
