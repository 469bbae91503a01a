// Damaged worksheets are solved or refused, never more.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredWorksheet
import Testing

@Suite("Damaged worksheets") struct WorksheetMutationTests {
  @Test("2,000 seeded mutations of every worksheet", arguments: SampleFile.everyPath)
  func mutations(path: String) throws {
    let original = try SampleFile.bytes(path)
    var options = SolvingOptions()
    options.epochs = 50
    var solvedCount = 0
    var refusedCount = 0
    for seed in 0..<2000 {
      var random = KeyedRandom(seed: UInt64(seed), key: UInt64(original.count))
      var bytes = original
      for _ in 0...random.below(3) { Self.mutate(&bytes, &random) }
      let lineCount = 1 + bytes.count { $0 == 0x0A || $0 == 0x0D }
      do throws(WorksheetError) {
        let solved = try Worksheet(bytes: bytes).solved(options)
        solvedCount += 1
        #expect(solved.answers.count == solved.worksheet.parts.count, "seed \(seed)")
        if seed % 8 == 0 { Self.expectSound(solved, "seed \(seed)") }
      } catch {
        refusedCount += 1
        #expect(!error.reason.isEmpty, "seed \(seed)")
        #expect(error.line.map { (1...lineCount).contains($0) } ?? true, "seed \(seed): \(error)")
      }
    }
    #expect(
      solvedCount > 200 && refusedCount > 200, "\(solvedCount) solved, \(refusedCount) refused")
  }

  /// Every rendering of a solved worksheet comes out, in numbers that can be read.
  private static func expectSound(_ solved: SolvedWorksheet, _ note: Comment) {
    #expect(throws: Never.self, note) { try solved.json() }
    for purpose in RenderingPurpose.allCases {
      #expect(!solved.text(purpose).isEmpty, note)
      #expect(!solved.markdown(purpose).isEmpty, note)
      #expect(solved.html(purpose, title: "t").hasSuffix("</html>\n"), note)
    }
  }

  private static func mutate(_ bytes: inout [UInt8], _ random: inout KeyedRandom) {
    guard !bytes.isEmpty else { return }
    let place = random.below(bytes.count)
    switch random.below(8) {
    case 0: bytes[place] ^= 1 << UInt8(random.below(8))
    case 1: bytes.removeSubrange(place...)
    case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(40)))
    case 3:
      let inserted = ["\t", "\n", "\r", "|", "_", "0", "-", "1/0", "e9", "dot(u1, m1) = 2", "## "]
      bytes.insert(contentsOf: Array(inserted[random.below(inserted.count)].utf8), at: place)
    case 4:
      bytes.insert([0x00, 0x22, 0x28, 0x2C, 0x3D, 0x80, 0xE2, 0xFF][random.below(8)], at: place)
    case 5:
      let end = min(bytes.count, place + random.below(60))
      bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count))
    default:
      var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      let (a, b) = (random.below(lines.count), random.below(lines.count))
      if random.below(2) == 0 { lines.swapAt(a, b) } else { lines[a] = lines[b] }
      bytes = Array(lines.joined(separator: [0x0A]))
    }
  }
}
