// The safetensors container: named arrays behind a JSON header.
// SPDX-License-Identifier: Apache-2.0

import Foundation

// Layout (huggingface/safetensors, format description): eight bytes with the header's length as a
// little-endian integer, the header (a JSON object: name → dtype, shape, data_offsets; and
// "__metadata__" → strings), then the arrays' bytes end to end in the order of their offsets.

/// The type of an array's elements; models need five of them, and further arrays may have any.
package enum TensorType: String, Sendable, Encodable, CaseIterable {
  case bool = "BOOL"
  case u8 = "U8"
  case i8 = "I8"
  case f8E5M2 = "F8_E5M2"
  case f8E4M3 = "F8_E4M3"
  case i16 = "I16"
  case u16 = "U16"
  case f16 = "F16"
  case bf16 = "BF16"
  case i32 = "I32"
  case u32 = "U32"
  case f32 = "F32"
  case i64 = "I64"
  case u64 = "U64"
  case f64 = "F64"

  /// The bytes of one element.
  package var size: Int {
    switch self {
    case .bool, .u8, .i8, .f8E5M2, .f8E4M3: 1
    case .i16, .u16, .f16, .bf16: 2
    case .i32, .u32, .f32: 4
    case .i64, .u64, .f64: 8
    }
  }
}

/// Where one array lies and what it is.
package struct TensorInfo: Sendable, Encodable, Equatable {
  package let dtype: TensorType
  package let shape: [Int]
  /// Start and end in bytes, from the end of the header.
  package let dataOffsets: [Int]

  enum CodingKeys: String, CodingKey {
    case dtype, shape
    case dataOffsets = "data_offsets"
  }

  package init(dtype: TensorType, shape: [Int], dataOffsets: [Int]) {
    self.dtype = dtype
    self.shape = shape
    self.dataOffsets = dataOffsets
  }

  package var byteCount: Int { dataOffsets[1] - dataOffsets[0] }
}

/// The header of a safetensors file.
package struct SafetensorsHeader: Sendable, Equatable {
  package let tensors: [String: TensorInfo]
  package let metadata: [String: String]
  /// Where the arrays' bytes start in the file.
  package let dataStart: Int

  /// The most bytes that a header may have, as in the reference implementation.
  package static let lengthLimit = 100_000_000
  /// The most arrays, and the most strings of metadata, that a header may describe: a short lie in a
  /// file should not take much memory.
  package static let entryLimit = 10_000

  /// Lays arrays out end to end, the widest elements first so that every array is aligned.
  ///
  /// - Returns: The header's bytes, padded so that the arrays start on a cache line, and the names
  ///   in the order in which the arrays must follow.
  /// - Throws: `EncodingError`, which strings and integers give no cause for.
  package static func encoded(
    _ arrays: [(name: String, dtype: TensorType, shape: [Int])], metadata: [String: String]
  ) throws -> (bytes: [UInt8], order: [String]) {
    let sorted = arrays.sorted { (-$0.dtype.size, $0.name) < (-$1.dtype.size, $1.name) }
    var offset = 0
    var entries: [String: Entry] = ["__metadata__": .metadata(metadata)]
    for array in sorted {
      let end = offset + array.shape.reduce(1, *) * array.dtype.size
      entries[array.name] = .tensor(
        TensorInfo(dtype: array.dtype, shape: array.shape, dataOffsets: [offset, end]))
      offset = end
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var json = Array(try encoder.encode(entries))
    while (8 + json.count) % 64 != 0 { json.append(UInt8(ascii: " ")) }
    let length = UInt64(json.count)
    let prefix = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
    return (prefix + json, sorted.map(\.name))
  }

  /// Reads and checks a header.
  ///
  /// - Parameters:
  ///   - file: The whole file.
  ///   - path: Its name, for messages.
  ///   - expected: What the file should be, for messages.
  /// - Throws: `FileError` unless every array lies inside the file, has the length that its shape
  ///   says, and the arrays cover the file without overlap or gap.
  /// - Complexity: O(size of the header).
  package init(
    _ file: Flat<UInt8>, path: String, expected: String = FileError.expectedModel
  ) throws(FileError) {
    func malformed(_ reason: String) -> FileError {
      FileError(.malformed, path: path, reason, expected: expected)
    }
    guard file.count >= 8 else { throw malformed("it is shorter than a header") }
    var length: UInt64 = 0
    for byte in file.prefix(8).reversed() { length = length << 8 | UInt64(byte) }
    guard length <= UInt64(Self.lengthLimit) else {
      throw malformed("its first eight bytes are no header's length")
    }
    guard 8 + Int(length) <= file.count else {
      throw malformed("it is cut short: its header should have \(length) bytes")
    }
    guard let entries = HeaderEntries(file[8..<8 + Int(length)]) else {
      throw malformed("its header is not that of a safetensors file")
    }
    if let (name, dtype) = entries.unknown {
      throw malformed("the array \(name) has the type \(dtype), whose size is not known")
    }
    tensors = entries.tensors
    metadata = entries.metadata
    dataStart = 8 + Int(length)
    try Self.check(tensors, dataCount: file.count - dataStart, malformed)
  }

  private static func check(
    _ tensors: [String: TensorInfo], dataCount: Int, _ malformed: (String) -> FileError
  ) throws(FileError) {
    var end = 0
    let inOrder = tensors.sorted {
      ($0.value.dataOffsets.first ?? 0, $0.value.dataOffsets.last ?? 0, $0.key)
        < ($1.value.dataOffsets.first ?? 0, $1.value.dataOffsets.last ?? 0, $1.key)
    }
    for (name, info) in inOrder {
      guard info.dataOffsets.count == 2, info.shape.allSatisfy({ $0 >= 0 }) else {
        throw malformed("the array \(name) has no valid shape or place")
      }
      var bytes = info.dtype.size
      for extent in info.shape {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
        guard !overflow else {
          throw malformed("the array \(name) is impossibly large")
        }
        bytes = product
      }
      let (start, stop) = (info.dataOffsets[0], info.dataOffsets[1])
      guard start == end, stop >= start, stop - start == bytes else {
        throw malformed("the array \(name) does not lie where its shape says")
      }
      end = stop
    }
    guard end == dataCount else {
      throw malformed(
        end > dataCount
          ? "it is cut short: \(end - dataCount) bytes are missing"
          : "\(dataCount - end) bytes at its end belong to no array")
    }
  }

  private enum Entry: Encodable {
    case tensor(TensorInfo)
    case metadata([String: String])

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .tensor(let info): try info.encode(to: encoder)
      case .metadata(let strings): try strings.encode(to: encoder)
      }
    }
  }
}

/// What a header's JSON says, before anybody has asked whether it can be true.
private struct HeaderEntries {
  var tensors: [String: TensorInfo] = [:]
  var metadata: [String: String] = [:]
  /// An array whose type is none of the format's, if there is one.
  var unknown: (name: String, dtype: String)?

  /// nil for what is not a header; a name that comes twice is one of those.
  init?(_ json: Flat<UInt8>) {
    var scanner = JSONScanner(json)
    var (tensors, metadata) = ([String: TensorInfo](), [String: String]?.none)
    var unknown: (name: String, dtype: String)?
    let isHeader = scanner.object { name, scanner in
      guard name != "__metadata__" else {
        guard metadata == nil, let strings = Self.strings(&scanner) else { return false }
        metadata = strings
        return true
      }
      guard tensors.count < SafetensorsHeader.entryLimit, let found = Self.tensor(&scanner) else {
        return false
      }
      guard let dtype = TensorType(rawValue: found.dtype) else {
        unknown = (name, String(found.dtype.prefix(20)))
        return true
      }
      let info = TensorInfo(dtype: dtype, shape: found.shape, dataOffsets: found.offsets)
      return tensors.updateValue(info, forKey: name) == nil
    }
    guard isHeader, scanner.isAtEnd else { return nil }
    (self.tensors, self.metadata, self.unknown) = (tensors, metadata ?? [:], unknown)
  }

  private static func strings(_ scanner: inout JSONScanner) -> [String: String]? {
    var strings: [String: String] = [:]
    let areStrings = scanner.object { name, scanner in
      guard strings.count < SafetensorsHeader.entryLimit, let value = scanner.string() else {
        return false
      }
      return strings.updateValue(value, forKey: name) == nil
    }
    return areStrings ? strings : nil
  }

  private static func tensor(
    _ scanner: inout JSONScanner
  ) -> (dtype: String, shape: [Int], offsets: [Int])? {
    var (dtype, shape, offsets) = (String?.none, [Int]?.none, [Int]?.none)
    let isTensor = scanner.object { name, scanner in
      switch name {
      case "dtype" where dtype == nil: dtype = scanner.string()
      case "shape" where shape == nil: shape = integers(&scanner)
      case "data_offsets" where offsets == nil: offsets = integers(&scanner)
      default: return false
      }
      return true
    }
    guard isTensor, let dtype, let shape, let offsets else { return nil }
    return (dtype, shape, offsets)
  }

  /// A few integers: no array has more extents.
  private static func integers(_ scanner: inout JSONScanner) -> [Int]? {
    var integers: [Int] = []
    let areIntegers = scanner.array { scanner in
      guard integers.count < 16, let integer = scanner.integer() else { return false }
      integers.append(integer)
      return true
    }
    return areIntegers ? integers : nil
  }
}
