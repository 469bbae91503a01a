// Public data sets, where they lie beside the repository.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite(
  "Public data sets",
  .enabled(if: SharedData.isPresent, "../shared/data is not beside the repository"))
struct SharedDataTests {
  @Test("MovieLens 100K, first split") func movieLens100K() throws {
    let (ratings, report) = try Ratings.read([SharedData.path("ml-100k/u1.base")])
    #expect(report.formats == [.tabs])
    #expect(ratings.count == 80_000)
    #expect(ratings.users.count == 943)
    #expect(ratings.items.count == 1650)
    #expect(ratings.range == 1...5)
    expectClose(ratings.mean, 3.52835, absolute: 1e-12)  // a sum of whole numbers is exact
    let both = try Ratings.read(["u1.base", "u1.test"].map { SharedData.path("ml-100k/" + $0) })
    #expect(both.ratings.count == 100_000)
    #expect(both.report.duplicates == 0)
  }

  @Test("MovieLens latest small") func movieLensSmall() throws {
    let (ratings, report) = try Ratings.read([SharedData.path("ml-latest-small/ratings.csv")])
    #expect(report.formats == [.csv])
    #expect(ratings.count == 100_836)
    #expect(ratings.users.count == 610)
    #expect(ratings.items.count == 9724)
    #expect(ratings.range == 0.5...5)
    let titles = try Titles.read(SharedData.path("ml-latest-small/movies.csv"))
    #expect(titles.count == 9742)
    #expect(!titles.wasWindows1252)
    #expect(titles.title(of: "1") == "Toy Story (1995)")
    #expect(titles.title(of: "11") == "American President, The (1995)")
  }

  @Test("Gowalla") func gowalla() throws {
    let (ratings, report) = try Ratings.read([SharedData.path("gowalla/train.txt")])
    #expect(report.formats == [.adjacency])
    #expect(ratings.count == 810_128)
    #expect(ratings.users.count == 29_858)
    #expect(ratings.items.count == 40_981)
    #expect(!ratings.hasValues)
  }

  @Test("Titles of MovieLens 100K are Windows-1252") func titles() throws {
    let titles = try Titles.read(SharedData.path("ml-100k/u.item"))
    #expect(titles.count == 1682)
    #expect(titles.wasWindows1252)
    #expect(titles.title(of: "50") == "Star Wars (1977)")
    #expect(titles.title(of: "543") == "Misérables, Les (1995)")
  }
}
