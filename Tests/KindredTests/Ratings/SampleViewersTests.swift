// The simulated viewers: the same every time, in range, and with the structure they promise.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Sample viewers") struct SampleViewersTests {
  private static let ratings = SampleData.ratings()
  private static let films = Dictionary(
    uniqueKeysWithValues: SampleData.films.map { ($0.id, $0) })
  private static let byViewer = Dictionary(grouping: ratings) { $0.user }

  // Whoever changes the formula or the catalogue on purpose prints these anew. The logarithm and
  // the exponential may differ in their last bit between platforms; that moves a rating only if
  // it lies within 10⁻¹⁵ of a quarter star, so the numbers hold everywhere.
  @Test("are drawn the same every time")
  func golden() throws {
    let ratings = Self.ratings
    try #require(ratings.count == 13_261)
    #expect(ratings[0] == ("viewer-001", "back-to-the-future-1985", 5))
    #expect(ratings[5000] == ("viewer-154", "monty-python-and-the-holy-grail-1975", 4.5))
    #expect(ratings[13_260] == ("viewer-400", "invasion-of-the-body-snatchers-1956", 4))
    #expect(ratings.map { Double($0.rating) }.reduce(0, +) == 45_192)
    // FNV-1a over the CSV text, which covers every id, every rating and their order.
    let checksum = SampleData.csv(ratings: ratings).utf8.reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    #expect(checksum == 0x6A6F_22F6_4BED_80A0)
  }

  @Test("of a small draw are the first of a large one")
  func prefix() {
    let few = SampleData.ratings(viewers: 7)
    #expect(few.elementsEqual(Self.ratings.prefix(few.count), by: ==))
    #expect(Set(few.map { $0.user }).count == 7)
    #expect(SampleData.ratings(viewers: 0).isEmpty)
  }

  @Test("have ids that sort, and longer ones past a thousand")
  func ids() {
    #expect(SampleData.id(ofViewer: 16) == "viewer-017")
    #expect(SampleData.id(ofViewer: 1233) == "viewer-1234")
    #expect(Self.byViewer.count == 400)
    #expect(Self.byViewer.keys.sorted() == (0..<400).map { SampleData.id(ofViewer: $0) })
  }

  @Test("rate known films once each, 15 to 60 of them, in half stars")
  func ranges() {
    for (user, rows) in Self.byViewer {
      #expect((15...60).contains(rows.count), "\(user): \(rows.count)")
      #expect(Set(rows.map { $0.item }).count == rows.count, "\(user) rated a film twice")
    }
    for row in Self.ratings {
      #expect(Self.films[row.item] != nil, "\(row.item)")
      #expect((0.5...5).contains(row.rating) && (row.rating * 2).rounded() == row.rating * 2)
    }
  }

  @Test("between them rate every film at least five times, in any seed", arguments: 1...5)
  func coverage(seed: UInt64) {
    let counts = Dictionary(grouping: SampleData.ratings(seed: seed)) { $0.item }
    for film in SampleData.films {
      #expect(counts[film.id, default: []].count >= 5, "\(film.id) in seed \(seed)")
    }
  }

  // The values are those of the golden draw, rounded; a formula tuned anew should stay near them.
  @Test("use the scale")
  func spread() {
    let stars = Self.ratings.map { Double($0.rating) }
    let mean = stars.reduce(0, +) / Double(stars.count)
    let variance = stars.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(stars.count)
    expectClose(mean, 3.41, absolute: 0.005)
    expectClose(variance.squareRoot(), 0.986, absolute: 0.005)
    #expect(Set(stars).count == 10)
  }

  @Test(
    "of one taste rate what it loves well above what it avoids", arguments: SampleTaste.allCases)
  func structure(taste: SampleTaste) {
    var loved: [Double] = []
    var avoided: [Double] = []
    for viewer in 0..<400 where SampleData.taste(ofViewer: viewer) == taste {
      for row in Self.byViewer[SampleData.id(ofViewer: viewer), default: []] {
        let genres = Set(Self.films[row.item]?.genres ?? [])
        switch (genres.isDisjoint(with: taste.loves), genres.isDisjoint(with: taste.avoids)) {
        case (false, true): loved.append(Double(row.rating))
        case (true, false): avoided.append(Double(row.rating))
        default: break  // a film of both kinds, or of neither, speaks for neither
        }
      }
    }
    #expect(loved.count > 100 && avoided.count > 100)
    let gap =
      loved.reduce(0, +) / Double(loved.count) - avoided.reduce(0, +) / Double(avoided.count)
    #expect(gap >= 0.7, "\(taste): \(gap) stars")
  }

  @Test("go into the ratings as they are, nothing twice")
  func ingest() throws {
    let ratings = try Ratings(Self.ratings)
    #expect(ratings.count == Self.ratings.count)
    #expect(ratings.duplicateCount == 0)
  }

  @Test("refuse a negative number of viewers")
  func negative() async {
    await #expect(processExitsWith: .failure) { _ = SampleData.ratings(viewers: -1) }
  }
}
