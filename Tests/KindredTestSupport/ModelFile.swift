// A model file taken apart, to be put together wrongly.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The header of a safetensors file as JSON, and the bytes behind it.
package struct ModelFile {
  package var header: [String: Any]
  package var data: [UInt8]
  /// Where the arrays start in the file that was read.
  package let dataStart: Int

  /// Takes a well-formed file apart.
  package init(_ bytes: [UInt8]) throws {
    var length = 0
    for byte in bytes.prefix(8).reversed() { length = length << 8 | Int(byte) }
    let json = try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length]))
    header = (json as? [String: Any]) ?? [:]
    dataStart = 8 + length
    data = Array(bytes[(8 + length)...])
  }

  /// The file with its header as it is now, however wrong.
  package var bytes: [UInt8] {
    get throws {
      let json = try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys])
      return Self.bytes(json: Array(json), data: data)
    }
  }

  /// A file with these bytes as its header.
  package static func bytes(json: [UInt8], data: [UInt8]) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) } + json + data
  }

  /// The description of one array: dtype, shape and data_offsets.
  package subscript(array: String) -> [String: Any] {
    get { (header[array] as? [String: Any]) ?? [:] }
    set { header[array] = newValue }
  }

  /// Where one array's bytes lie in `data`.
  package func range(_ array: String) -> Range<Int> {
    let offsets = (self[array]["data_offsets"] as? [Int]) ?? []
    return offsets.count == 2 ? offsets[0]..<offsets[1] : 0..<0
  }

  /// The metadata strings.
  package var metadata: [String: String] {
    get { (header["__metadata__"] as? [String: String]) ?? [:] }
    set { header["__metadata__"] = newValue }
  }

  /// Writes numbers over the start of one array.
  package mutating func overwrite<Number: FixedWidthInteger>(
    _ array: String, with numbers: [Number]
  ) {
    var place = range(array).lowerBound
    for number in numbers {
      for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
        data[place] = UInt8(truncatingIfNeeded: number >> Number(shift))
        place += 1
      }
    }
  }
}
