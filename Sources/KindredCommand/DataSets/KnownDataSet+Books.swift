// Data sets about books.
// SPDX-License-Identifier: Apache-2.0

extension KnownDataSet {
  static let books = [
    KnownDataSet(
      name: "goodbooks-10k", title: "goodbooks-10k",
      about: "Six million ratings of the ten thousand books with the most ratings.", year: 2017,
      users: 53_424, items: 10_000, ratings: 5_976_479, scale: "1–5",
      address:
        "https://github.com/zygmuntz/goodbooks-10k/releases/download/v1.0/goodbooks-10k.zip",
      // Neither the size nor a checksum is published; ratings.csv alone is 69 MB unpacked.
      bytes: nil, roughBytes: nil, ceiling: 500_000_000, check: .unknown,
      licence: Licence(
        short: "CC BY-SA 4.0",
        summary:
          "Creative Commons Attribution-ShareAlike 4.0: anybody may use, change and pass on the "
          + "data, commercially too, who names the author, says what was changed, and passes it "
          + "on under the same licence.",
        terms: "https://creativecommons.org/licenses/by-sa/4.0/"),
      citation:
        "Zygmunt Zając (2017). Goodbooks-10k: a new dataset for book recommendations. FastML. "
        + "https://github.com/zygmuntz/goodbooks-10k",
      ratingsMember: "ratings.csv", titlesMember: "books.csv"),
    KnownDataSet(
      name: "book-crossing", title: "Book-Crossing",
      about:
        "Ratings of books by ISBN, from a crawl of four weeks; 0 means that a book was read, "
        + "not that it was disliked.",
      year: 2004, users: 278_858, items: 271_379, ratings: 1_149_780, scale: "0–10",
      // The author's page has been away for long spells; --from takes a mirror, and the checksum
      // says whether it is the same archive.
      address: "http://www2.informatik.uni-freiburg.de/~cziegler/BX/BX-CSV-Dump.zip",
      bytes: nil, roughBytes: 26_000_000, ceiling: 100_000_000,
      // As GroupLens.jl and a TensorFlow Lite example state it.
      check: .known(
        Checksum(.sha256, "adc7b47afb47c8e29e5f0b70a9816569b3367c5588064ba7a916f16e3ef5d060")),
      licence: Licence(
        short: "research, with credit",
        summary:
          "Cai-Nicolas Ziegler collected the ratings with the permission of Book-Crossing's "
          + "operator. They are free to use for research that cites the paper below. Users' ids "
          + "were made anonymous, but places and ages are among the data: handle them with care.",
        terms: "http://www2.informatik.uni-freiburg.de/~cziegler/BX/"),
      citation:
        "Cai-Nicolas Ziegler, Sean M. McNee, Joseph A. Konstan and Georg Lausen (2005). Improving "
        + "Recommendation Lists Through Topic Diversification. Proceedings of WWW '05. "
        + "https://doi.org/10.1145/1060745.1060754",
      // The titles escape quotation marks with backslashes, which CSV does not know.
      ratingsMember: "BX-Book-Ratings.csv", titlesMember: nil),
  ]
}
