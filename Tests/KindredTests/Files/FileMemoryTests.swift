// Files that lie about how much is in them take no more memory than honest ones.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Memory of bad files") struct FileMemoryTests {
  /// Linux tells, and lets a process forget, how much memory it has had at most.
  private static var canMeasure: Bool {
    FileManager.default.isWritableFile(atPath: "/proc/self/clear_refs")
  }

  @Test(
    "stays below ten times the file", .enabled(if: canMeasure, "there is no /proc/self/clear_refs"))
  func bounded() async {
    await #expect(processExitsWith: .success) {
      let folder = try ScratchFolder()
      let size = 4 << 20
      func repeated(_ start: String, _ part: String, _ end: String) -> [UInt8] {
        let count = size / part.utf8.count
        return Array((start + String(repeating: part, count: count) + end).utf8)
      }
      let json = [
        repeated("", "[", ""), repeated("", "{\"a\":", ""),
        repeated("{\"__metadata__\":{\"a\":\"", "x", "\"}}"),
        repeated("{\"__metadata__\":{\"a\":\"", "\\u00e9", "\"}}"),
        repeated("{\"a\":{\"dtype\":\"F32\",\"shape\":[", "1,", "1]}}"),
        Array(
          ("{\"__metadata__\":{"
            + (0..<size / 12).map { "\"\($0)\":\"\"" }.joined(separator: ",") + "}}").utf8),
        Array(
          ("{"
            + (0..<size / 60).map {
              "\"\($0)\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}"
            }.joined(separator: ",") + "}").utf8),
      ]
      var files = json.map { ModelFile.bytes(json: $0, data: []) }
      files.append([0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0x7F, 0] + json[0])
      files.append(repeated("4000000000 300\n", "a 1\n", ""))
      files.append(repeated("\(size / 10) 4\n", "a 1 2 3 4\n", ""))
      files.append(repeated("", "1\t", "1\n"))
      files.append(repeated("", "1\t2\t3\t4\n", ""))
      files.append(repeated("", "\t", "\n"))
      for file in files {
        let path = try folder.file(file, "vectors.tsv")
        _ = try folder.file(file, "metadata.tsv")
        try forgetPeak()
        let before = try peakMemory()
        _ = try? Model(contentsOf: path)
        _ = try? NumPyArray(contentsOf: path)
        _ = try? Model(importing: .word2vec, from: path)
        _ = try? Model(importing: .projector, from: folder.path)
        let taken = try peakMemory() - before
        #expect(
          taken < 10 * file.count,
          "\(taken) bytes for \(file.count): \(String(decoding: file.prefix(60), as: UTF8.self))")
      }
    }
  }
}

/// The most memory that this process has had at a time since `forgetPeak`, in bytes.
private func peakMemory() throws -> Int {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  let digits = line?.filter { ("0"..."9").contains($0) }
  return (digits.flatMap { Int($0) } ?? 0) * 1024
}

private func forgetPeak() throws {
  try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
}
