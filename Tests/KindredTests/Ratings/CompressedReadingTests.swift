// Compressed files and streams: known by their contents, bounded, and refused where damaged.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import KindredTestSupport
import Testing

@Suite("Compressed ratings files") struct CompressedReadingTests {
  private let folder: ScratchFolder
  private static let text = (0..<5000).map { "\($0 % 97)\t\($0)\t\($0 % 5 + 1)\n" }.joined()

  init() throws {
    folder = try ScratchFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("ml"), withIntermediateDirectories: true)
    _ = try folder.file(Self.text, "ml/u.data")
    _ = try folder.file("1|Toy Story (1995)\n2|GoldenEye (1995)\n", "ml/u.item")
    _ = try folder.file("notes", "ml/READ ME [1]")
  }

  /// Runs a line of shell in the folder.
  private func shell(_ line: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(line)")
  }

  private func error(_ name: String) -> RatingsError? {
    do throws(RatingsError) {
      _ = try Ratings.read([folder.path(name)])
      return nil
    } catch { return error }
  }

  @Test("gzip, whatever the name") func gzip() throws {
    try shell("gzip -c ml/u.data > packed")
    let ratings = try Ratings(contentsOf: folder.path("packed"))
    let plain = try Ratings(contentsOf: folder.path("ml/u.data"))
    #expect(ratings.fingerprint == plain.fingerprint)
  }

  @Test("members of a zip archive") func zip() throws {
    try shell("python3 -m zipfile -c ml.zip ml/")
    let plain = try Ratings(contentsOf: folder.path("ml/u.data"))
    let found = try Ratings(contentsOf: folder.path("ml.zip"))
    #expect(found.fingerprint == plain.fingerprint, "u.data is the usual name")
    let named = try Ratings(contentsOf: folder.path("ml.zip/ml/u.data"))
    #expect(named.fingerprint == plain.fingerprint)
    #expect(try Titles.read(folder.path("ml.zip/ml/u.item")).title(of: "2") == "GoldenEye (1995)")
    // A name that looks like a pattern is a name.
    let notes = try TextFile.load(folder.path("ml.zip/ml/READ ME [1]"))
    #expect(notes.bytes.elementsEqual("notes".utf8))
    let missing = try #require(error("ml.zip/ml/nothing"))
    #expect(missing.code == .notFound && missing.description.contains("ml/u.data"))
    #expect(error("ml/u.data/nothing")?.code == .notFound, "no archive")
  }

  @Test("an archive of several files asks which") func whichMember() throws {
    try shell("cp ml/u.data ml/a.txt && cp ml/u.data ml/b.txt && rm ml/u.data")
    try shell("python3 -m zipfile -c two.zip ml/a.txt ml/b.txt")
    let error = try #require(self.error("two.zip"))
    #expect(error.code == .compressed)
    #expect(error.description.contains("two.zip/a.txt"))
  }

  @Test("a bomb is refused, in little memory") func bomb() throws {
    try shell("yes '1 1 5' | head -c 60000000 | gzip > bomb.gz")
    #expect(error("bomb.gz")?.code == .compressed)
    #expect(error("bomb.gz")?.description.contains("50 times") == true)
    try shell("yes '1 1 5' | head -c 60000000 > bomb.txt && python3 -m zipfile -c b.zip bomb.txt")
    #expect(error("b.zip")?.code == .compressed)
    // One line that never ends.
    try shell("head -c 60000000 /dev/zero | tr '\\0' '7' | gzip > line.gz")
    #expect(error("line.gz")?.code == .compressed)
  }

  @Test("an archive that makes its reader talk does not stop it") func chatty() throws {
    // A program that warns of every name would fill a pipe that nobody reads.
    try shell(
      """
      python3 - <<'END'
      import zipfile
      with zipfile.ZipFile("long.zip", "w") as archive:
          for number in range(3000):
              archive.writestr(f"{number:06d}" + "a" * 5000 + ".csv", "u,i,3")
      END
      """)
    #expect(error("long.zip")?.code == .compressed)
  }

  @Test("an empty archive is one without files") func empty() throws {
    try shell("python3 -c 'import zipfile; zipfile.ZipFile(\"none.zip\", \"w\").close()'")
    #expect(error("none.zip")?.description.contains("without files") == true)
  }

  @Test("damaged ones say so", arguments: 0..<40) func damaged(seed: UInt64) throws {
    try shell("gzip -c ml/u.data > whole.gz")
    var random = KeyedRandom(seed: seed, key: 6)
    var bytes = try folder.bytes("whole.gz")
    if seed % 2 == 0 {
      bytes.removeSubrange((3 + random.below(bytes.count - 3))...)
    } else {
      bytes[10 + random.below(bytes.count - 10)] ^= 1 << UInt8(random.below(8))
    }
    _ = try folder.file(bytes, "damaged.gz")
    // The checksum at the end of a gzip file (RFC 1952) finds every change of one bit.
    let found = try #require(self.error("damaged.gz"))
    let codes: [RatingsError.Code] = [
      .compressed, .unknownFormat, .badLine, .badNumber, .notText, .empty, .emptyID,
    ]
    #expect(codes.contains(found.code), "\(found)")
  }

  @Test("damaged archives say so", arguments: 0..<40) func damagedZip(seed: UInt64) throws {
    try shell("python3 -m zipfile -c whole.zip ml/u.data")
    var random = KeyedRandom(seed: seed, key: 7)
    var bytes = try folder.bytes("whole.zip")
    if seed % 2 == 0 {
      bytes.removeSubrange((5 + random.below(bytes.count - 5))...)
      _ = try folder.file(bytes, "damaged.zip")
      #expect(error("damaged.zip") != nil)
    } else {
      bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
      _ = try folder.file(bytes, "damaged.zip")
      // A change of the directory's dates harms nothing; what is read is right.
      let ratings = try? Ratings(contentsOf: folder.path("damaged.zip"))
      #expect(ratings == nil || ratings?.count == 5000)
    }
  }
}
