// NumPy arrays: written as NumPy reads them, read in every form, refused when wrong.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("NumPy arrays") struct NumPyTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func array(_ header: String, _ data: [UInt8], version: UInt8 = 1) throws -> NumPyArray {
    try NumPyArray(contentsOf: folder.file(file(header, data, version: version), "a.npy"))
  }

  private func file(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let length = header.utf8.count
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
    for byte in 0..<(version == 1 ? 2 : 4) { bytes.append(UInt8(length >> (8 * byte) & 0xFF)) }
    return bytes + Array(header.utf8) + data
  }

  private func little(_ numbers: [Float]) -> [UInt8] {
    numbers.flatMap { n in (0..<4).map { UInt8(truncatingIfNeeded: n.bitPattern >> (8 * $0)) } }
  }

  private func little(_ numbers: [Double]) -> [UInt8] {
    numbers.flatMap { n in
      (0..<8).map { UInt8(truncatingIfNeeded: n.bitPattern >> UInt64(8 * $0)) }
    }
  }

  private func big(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
    stride(from: 0, to: bytes.count, by: size).flatMap { bytes[$0..<$0 + size].reversed() }
  }

  @Test("of either precision, byte order, order of indices and version are the same numbers")
  func forms() throws {
    let rows: [Float] = [1, 2, 3, 4, 5, 6.5]
    let columns: [Float] = [1, 4, 2, 5, 3, 6.5]
    for version in 1...3 as ClosedRange<UInt8> {
      for (isFortran, numbers) in [("False", rows), ("True", columns)] {
        let doubles = numbers.map { Double($0) }
        for (type, data) in [
          ("<f4", little(numbers)), (">f4", big(little(numbers), 4)), ("<f8", little(doubles)),
          (">f8", big(little(doubles), 8)),
        ] {
          let header = "{'descr': '\(type)', 'fortran_order': \(isFortran), 'shape': (2, 3), }\n"
          let read = try array(header, data, version: version)
          #expect(read.shape == [2, 3])
          #expect(Array(try read.floats()) == rows, "\(type) \(isFortran) \(version)")
        }
      }
    }
  }

  @Test("have headers as Python may write them")
  func headers() throws {
    let data = little([1, 2] as [Float])
    for header in [
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }          \n",
      "{\"shape\":(2,),\"descr\":\"<f4\",\"fortran_order\":False}",
      "  { 'fortran_order' : False , 'shape' : ( 2 , ) , 'descr' : '<f4' }\n",
    ] {
      #expect(Array(try array(header, data).floats()) == [1, 2], "\(header)")
    }
    #expect(
      try array("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", little([0.1])).single()
        == 0.1)
    #expect(
      try array("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 5), }", []).count == 0)
  }

  @Test(
    "with other headers are refused",
    arguments: [
      "", "{", "{}", "None", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False}",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': [2]}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1+1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}",
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + 1",
      "{'descr': '<i8', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (8,)}",
      "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}",
      "__import__('os').abort()",
    ])
  func badHeaders(header: String) throws {
    let error = #expect(throws: FileError.self) { try array(header, little([1, 2] as [Float])) }
    #expect(error?.code == .malformed)
    #expect(error?.description.contains("NumPy") ?? false)
  }

  @Test("with numbers that are not finite name the row")
  func nonFinite() throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"
    for value in [Float.nan, .infinity, -.infinity] {
      let read = try array(header, little([1, 2, 3, 4, 5, value]))
      let error = #expect(throws: FileError.self) { try read.floats() }
      #expect(error?.reason == "row 2 holds a number that is not finite")
    }
    // Finite, but beyond a Float.
    let wide = try array(
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", little([1, 1e300]))
    #expect(throws: FileError.self) { try wide.floats() }
  }

  @Test("are written with the header that NumPy writes")
  func written() throws {
    let table = try EmbeddingTable<ItemSide>(rows: [[1, 2, 3], [4, 5, 6.5]])
    try WholeFile.write(to: folder.path("t.npy")) { file throws(FileError) in
      try file.appendNumPy(table.elements, shape: [2, 3])
    }
    let bytes = try folder.bytes("t.npy")
    #expect(bytes.prefix(8) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
    #expect(bytes[8] == 0x76 && bytes[9] == 0)  // 118 = 128 - 10
    let text = String(decoding: bytes[10..<128], as: UTF8.self)
    #expect(text.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"))
    #expect(text.hasSuffix(" \n"))
    #expect(Array(bytes[128...]) == little([1, 2, 3, 4, 5, 6.5] as [Float]))
    #expect(Array(try NumPyArray(contentsOf: folder.path("t.npy")).floats()).count == 6)
  }

  @Test("with damage are read or refused", arguments: 0..<2000)
  func mutations(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 11)
    let numbers = (0..<12).map { _ in Float(random.normal()) }
    let order = seed % 3 == 0 ? "True" : "False"
    let good = file(
      "{'descr': '\(seed % 2 == 0 ? "<f4" : ">f4")', 'fortran_order': \(order), 'shape': (4, 3), }\n",
      little(numbers))
    let path = try folder.file(mutated(good, using: &random), "m.npy")
    do {
      let array = try NumPyArray(contentsOf: path)
      #expect(try array.floats().allSatisfy(\.isFinite))
      _ = try Model(importing: NumPyFiles(items: path))
    } catch {
      #expect(error.code == .malformed && error.path == path)
    }
  }
}
