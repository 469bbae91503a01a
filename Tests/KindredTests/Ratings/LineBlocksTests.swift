// Cutting a source into parts: every line once, in order, wherever the cuts are.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Parts of a file") struct LineBlocksTests {
  private static func blocks(
    _ path: String, _ range: Range<Int>, blockSize: Int
  ) throws -> [[UInt8]] {
    var lines = try LineBlocks(ByteSource.open(path), range: range, blockSize: blockSize)
    var blocks: [[UInt8]] = []
    while let block = try lines.next() { blocks.append(Array(block.bytes)) }
    return blocks
  }

  @Test("of any sizes hold each line once", arguments: 0..<200)
  func cuts(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 1)
    let folder = try ScratchFolder()
    var text: [UInt8] = []
    for _ in 0..<random.below(40) {
      text += (0..<random.below(12)).map { _ in UInt8(97 + random.below(26)) }
      if random.below(20) > 0 { text.append(0x0A) }
    }
    let path = try folder.file(text)
    var cuts = (0..<random.below(6)).map { _ in random.below(text.count + 1) }.sorted()
    cuts = [0] + cuts + [text.count]
    var joined: [UInt8] = []
    for (start, end) in zip(cuts, cuts.dropFirst()) {
      for block in try Self.blocks(path, start..<end, blockSize: 1 + random.below(30)) {
        #expect(!block.isEmpty)
        joined += block
      }
    }
    #expect(joined == text, "seed \(seed), cuts \(cuts)")
  }

  @Test("are whole lines, but for the file's last one", arguments: 0..<50)
  func wholeLines(seed: UInt64) throws {
    var random = KeyedRandom(seed: seed, key: 2)
    let folder = try ScratchFolder()
    let text = (0..<50).map { _ in String(random.below(1_000_000)) }.joined(separator: "\n")
    let path = try folder.file(text)
    let blocks = try Self.blocks(
      path, 0..<text.utf8.count, blockSize: 1 + random.below(40))
    #expect(blocks.dropLast().allSatisfy { $0.last == 0x0A })
    #expect(blocks.joined().elementsEqual(text.utf8))
  }
}
