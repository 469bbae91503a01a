// Damaged files are read or refused, never more.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Damaged ratings files") struct ReadingMutationTests {
  static let samples: [String] = [
    "196\t242\t3\t881250949\n186\t302\t3\t891717742\n22\t377\t1\t878887116\n",
    "1::1193::5::978300760\n1::661::3::978302109\n2::914::3::978301968\n",
    "userId,movieId,rating,timestamp\r\n1,1,4.0,964982703\r\n1,3,\"4.0\",964981247\r\n",
    "user,item,rating\n\"a, \"\"b\"\"\",\"x\ny\",4.5\né,🎬,1e0\n",
    "user\titem\trating\n\"a\tb\"\tx\t3\nc\ty\t2\n",
    "a x 4.5\nb y 3\nc z 1 \n", "a x\nb y\nc z\nd x\n", "0 1 2 3\n1 4\n2\n3 5 6 7 8 9\n0 2\n",
    "a;x;4.5\nb;y;3\nc;z;1\n",
  ]

  @Test("2,000 seeded mutations of each form", arguments: samples.indices)
  func mutations(sample: Int) throws {
    let folder = try ScratchFolder()
    var read = 0
    var refused = 0
    for seed in 0..<2000 {
      var random = KeyedRandom(seed: UInt64(seed), key: UInt64(sample))
      var bytes = Array(Self.samples[sample].utf8)
      for _ in 0...random.below(4) { Self.mutate(&bytes, &random) }
      let options = ReadingOptions(
        format: seed % 3 == 0 ? RatingsFormat.allCases[seed % 7] : nil,
        skipBadLines: seed % 2 == 0,
        duplicates: DuplicatePolicy.allCases[seed % 4])
      let path = try folder.file(bytes)
      do throws(RatingsError) {
        let (ratings, report) = try Ratings.read([path], options: options)
        read += 1
        #expect(ratings.byUser.values.allSatisfy { $0.isFinite }, "seed \(seed)")
        #expect(!ratings.users.all.contains("") && !ratings.items.all.contains(""), "seed \(seed)")
        #expect(options.skipBadLines || report.skippedLines == 0, "seed \(seed)")
      } catch {
        refused += 1
        #expect(!error.description.isEmpty)
        #expect(error.code == .duplicate || error.file != nil, "seed \(seed): \(error)")
      }
      // The same bytes as titles: anything goes but a crash.
      do throws(RatingsError) { _ = try Titles.read(path) } catch { #expect(error.file != nil) }
    }
    #expect(read > 100 && refused > 100, "\(read) read, \(refused) refused")
  }

  private static func mutate(_ bytes: inout [UInt8], _ random: inout KeyedRandom) {
    guard !bytes.isEmpty else { return }
    let place = random.below(bytes.count)
    switch random.below(6) {
    case 0: bytes[place] ^= 1 << UInt8(random.below(8))
    case 1: bytes.removeSubrange(place...)
    case 2: bytes.remove(at: place)
    case 3:
      let inserted: [UInt8] = [0x22, 0x2C, 0x09, 0x0A, 0x0D, 0x3A, 0x20, 0x23, 0x2E, 0x00, 0xFF]
      bytes.insert(inserted[random.below(inserted.count)], at: place)
    case 4:
      var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      lines.swapAt(random.below(lines.count), random.below(lines.count))
      bytes = Array(lines.joined(separator: [0x0A]))
    default: bytes.insert(contentsOf: bytes[..<place], at: place)
    }
  }
}
