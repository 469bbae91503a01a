// What is known about data sets is complete, and where they are kept.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredCommand
import Testing

@Suite("Catalogue") struct CatalogueTests {
  @Test("every entry is complete", arguments: KnownDataSet.all)
  func complete(set: KnownDataSet) throws {
    #expect(try #require(URL(string: set.address)).host?.isEmpty == false)
    #expect(try #require(URL(string: set.licence.terms)).host?.isEmpty == false)
    #expect(set.licence.summary.count > 100 && set.citation.count > 40)
    #expect(set.ratings > set.users / 2 && (1995...2030).contains(set.year))
    #expect(set.limit >= set.bytes ?? set.roughBytes ?? 1)
    switch set.check {
    case .known(let sum):
      #expect(Checksum(sum.kind, in: sum.digits) == sum)
    case .beside, .unknown: #expect(set.bytes == nil)
    }
    let coded = try JSONDecoder().decode(KnownDataSet.self, from: JSONEncoder().encode(set))
    #expect(coded == set)
  }

  @Test("names are unique, and found in any case")
  func names() throws {
    #expect(Set(KnownDataSet.all.map(\.name)).count == KnownDataSet.all.count)
    #expect(try KnownDataSet.named("ML-100K").name == "ml-100k")
    #expect(throws: FetchError.self) { try KnownDataSet.named("ml-100") }
  }

  @Test("checksums are read from what tools and servers write")
  func checksums() {
    let sum = "0e33842e24a9c977be4e0107933c0723"
    for text in [sum, "MD5 (ml-100k.zip) = \(sum)\n", "\(sum)  -\n", "\(sum.uppercased()) *x.zip"] {
      #expect(Checksum(.md5, in: text)?.digits == sum)
    }
    for text in ["", "<html>", String(sum.dropLast()), sum + "0", "z" + sum.dropFirst()] {
      #expect(Checksum(.md5, in: text) == nil)
    }
  }

  @Test("the cache is where it was asked for, or where the platform has it")
  func cache() {
    #expect(KnownDataSet.cacheFolder(["KINDRED_CACHE": "/k", "XDG_CACHE_HOME": "/x"]) == "/k")
    #if canImport(Darwin)
      #expect(KnownDataSet.cacheFolder(["HOME": "/h"]) == "/h/Library/Caches/kindred")
    #else
      #expect(KnownDataSet.cacheFolder(["XDG_CACHE_HOME": "/x", "HOME": "/h"]) == "/x/kindred")
      #expect(KnownDataSet.cacheFolder(["HOME": "/h"]) == "/h/.cache/kindred")
      // The specification has relative paths ignored.
      #expect(
        KnownDataSet.cacheFolder(["XDG_CACHE_HOME": "x", "HOME": "/h"]) == "/h/.cache/kindred")
    #endif
  }
}
