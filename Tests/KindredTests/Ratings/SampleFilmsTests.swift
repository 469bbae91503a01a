// The sample catalogue: ids that can be relied on, and CSV that reads back.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import Testing

@Suite("Sample films") struct SampleFilmsTests {
  @Test("have unique, plain ids that end in the year")
  func ids() {
    let plain = Set("abcdefghijklmnopqrstuvwxyz0123456789-")
    for film in SampleData.films {
      #expect(film.id.allSatisfy(plain.contains), "\(film.id)")
      #expect(film.id.hasSuffix("-\(film.year)"), "\(film.id) against \(film.year)")
      #expect(!film.id.contains("--") && !film.id.hasPrefix("-"), "\(film.id)")
    }
    #expect(Set(SampleData.films.map(\.id)).count == SampleData.films.count)
  }

  @Test("are in order of year, within the century, with one to three different genres")
  func facts() {
    let years = SampleData.films.map(\.year)
    #expect(years == years.sorted())
    for film in SampleData.films {
      #expect((1920...1999).contains(film.year), "\(film.id)")
      #expect((1...3).contains(film.genres.count), "\(film.id)")
      #expect(Set(film.genres).count == film.genres.count, "\(film.id)")
      #expect(!film.title.isEmpty)
    }
  }

  @Test("show every genre at least five times", arguments: SampleGenre.allCases)
  func spread(genre: SampleGenre) {
    #expect(SampleData.films.count { $0.genres.contains(genre) } >= 5)
  }

  @Test("become CSV with the fields quoted that need it, and no others")
  func titles() {
    let text = SampleData.csv(titles: SampleData.films)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == SampleData.films.count + 2)
    #expect(lines.first == "movieId,title,genres")
    #expect(lines.last == "")
    #expect(lines.contains("casablanca-1942,Casablanca (1942),Drama|Romance|War"))
    #expect(
      lines.contains(
        #"the-good-the-bad-and-the-ugly-1966,"The Good, the Bad and the Ugly (1966)","#
          + "Western|Adventure"))
    #expect(
      lines.contains(
        #"crocodile-dundee-1986,"""Crocodile"" Dundee (1986)",Comedy|Adventure"#))
    #expect(SampleData.csv(titles: []) == "movieId,title,genres\n")
  }

  @Test("ratings become CSV with one decimal, and awkward ids are quoted")
  func ratings() {
    let plain = SampleData.csv(ratings: Array(SampleData.ratings(viewers: 1).prefix(1)))
    #expect(
      plain == "userId,movieId,rating\nviewer-001,back-to-the-future-1985,5.0\n")
    let awkward = (user: "a,b", item: "say \"hi\"\r\nthere", rating: Float(3))
    #expect(
      SampleData.csv(ratings: [awkward])
        == "userId,movieId,rating\n\"a,b\",\"say \"\"hi\"\"\r\nthere\",3.0\n")
    #expect(SampleData.csv(ratings: []) == "userId,movieId,rating\n")
  }
}
