// The MovieLens family of data sets.
// SPDX-License-Identifier: Apache-2.0

extension KnownDataSet {
  /// The data sets of the MovieLens site, from the smallest benchmark to the newest collection.
  ///
  /// GroupLens publishes an MD5 sum beside each archive. The SHA-256 sums are those that several
  /// independent projects state for the archive with that MD5 sum and that size: OmniRec, the
  /// TensorFlow data sets and examples, GroupLens.jl, and reproduction reports.
  static let movieLens = [
    // MD5 by GroupLens: 0e33842e24a9c977be4e0107933c0723.
    benchmark(
      "100k", year: 1998, users: 943, items: 1682, ratings: 100_000, scale: "1–5",
      bytes: 4_924_029, sha256: "50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229",
      about: "The classic small benchmark, with ages, occupations and published splits.",
      passingOn: .forbidden, readme: "ml-100k-README.txt", members: ("u.data", "u.item")),
    // MD5 by GroupLens: c4d9eecfca2ab87c1945afe126590906.
    benchmark(
      "1m", year: 2003, users: 6040, items: 3883, ratings: 1_000_209, scale: "1–5",
      bytes: 5_917_549, sha256: "a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20",
      about: "A million ratings by people who joined MovieLens in 2000.",
      passingOn: .forbidden, readme: "ml-1m-README.txt", members: ("ratings.dat", "movies.dat")),
    // MD5 by GroupLens: ce571fd55effeba0271552578f2648bd.
    benchmark(
      "10m", year: 2009, users: 71_567, items: 10_681, ratings: 10_000_054, scale: "0.5–5",
      bytes: 65_566_137, sha256: "813c411ccb6122564edfe752e7f80c4dcc5aa25fa94c93622f6877a7ba252862",
      about: "Ten million ratings in half stars.",
      passingOn: .forbidden, readme: "ml-10m-README.html", folder: "ml-10M100K",
      members: ("ratings.dat", "movies.dat")),
    // MD5 by GroupLens: cd245b17a1ae2cc31bb14903e1204af3.
    benchmark(
      "20m", year: 2015, users: 138_493, items: 27_278, ratings: 20_000_263, scale: "0.5–5",
      bytes: 198_702_078,
      sha256: "96f243c338a8665f6bcc89c53edf6ee39162a846940de6b7c8c48aeada765ff3",
      about: "Twenty million ratings, the usual set of papers on ranking.",
      passingOn: .seeTerms, readme: "ml-20m-README.html"),
    // MD5 by GroupLens: 6b51fb2759a8657d3bfcbfc42b592ada.
    benchmark(
      "25m", year: 2019, users: 162_541, items: 62_423, ratings: 25_000_095, scale: "0.5–5",
      bytes: 261_978_986,
      sha256: "8b21cfb7eb1706b4ec0aac894368d90acf26ebdfb6aced3ebd4ad5bd1eb9c6aa",
      about: "Twenty-five million ratings until November 2019.",
      passingOn: .seeTerms, readme: "ml-25m-README.html"),
    // MD5 by GroupLens: d472be332d4daa821edc399621853b57.
    benchmark(
      "32m", year: 2023, users: 200_948, items: 87_585, ratings: 32_000_204, scale: "0.5–5",
      bytes: 238_950_008,
      sha256: "e4a68655d7386b8f95f2f2424b2ff975dfdd15ffd59e0d864a14dca43e99d6ee",
      about: "Thirty-two million ratings until October 2023, the newest benchmark.",
      passingOn: .seeTerms, readme: "ml-32m-README.html"),
    changing(
      "latest-small", year: 2018, users: 610, items: 9742, ratings: 100_836,
      roughBytes: 978_000, ceiling: 20_000_000,
      about: "A small set to try things on; counts are those of September 2018."),
    changing(
      "latest", year: 2023, users: 330_975, items: 86_537, ratings: 33_832_162,
      roughBytes: 335_000_000, ceiling: 2_000_000_000,
      about: "Everything until the last update; counts are those of July 2023."),
  ]

  /// What the terms say of passing the data on.
  private enum PassingOn {
    case forbidden, seeTerms

    var sentence: String {
      switch self {
      case .forbidden: "Passing it on needs separate permission."
      case .seeTerms: "Whether it may be passed on, and how, is said in the full terms."
      }
    }
  }

  private static let site = "https://files.grouplens.org/datasets/movielens/"

  private static let harperKonstan =
    "F. Maxwell Harper and Joseph A. Konstan (2015). The MovieLens Datasets: History and Context. "
    + "ACM Transactions on Interactive Intelligent Systems 5 (4), article 19. "
    + "https://doi.org/10.1145/2827872"

  /// A set whose contents stay as they are.
  private static func benchmark(
    _ part: String, year: Int, users: Int, items: Int, ratings: Int, scale: String, bytes: Int,
    sha256: String, about: String, passingOn: PassingOn, readme: String, folder: String? = nil,
    members: (ratings: String, titles: String) = ("ratings.csv", "movies.csv")
  ) -> KnownDataSet {
    let folder = folder ?? "ml-\(part)"
    return KnownDataSet(
      name: "ml-\(part)", title: "MovieLens \(part.uppercased())", about: about, year: year,
      users: users, items: items, ratings: ratings, scale: scale,
      address: "\(site)ml-\(part).zip", bytes: bytes, roughBytes: nil, ceiling: bytes,
      check: .known(Checksum(.sha256, sha256)), licence: licence(passingOn, readme),
      citation: harperKonstan, ratingsMember: "\(folder)/\(members.ratings)",
      titlesMember: "\(folder)/\(members.titles)")
  }

  /// A set that GroupLens renews from time to time.
  private static func changing(
    _ part: String, year: Int, users: Int, items: Int, ratings: Int, roughBytes: Int,
    ceiling: Int, about: String
  ) -> KnownDataSet {
    KnownDataSet(
      name: "ml-\(part)", title: "MovieLens \(part)", about: about, year: year, users: users,
      items: items, ratings: ratings, scale: "0.5–5", address: "\(site)ml-\(part).zip", bytes: nil,
      roughBytes: roughBytes, ceiling: ceiling, check: .beside,
      licence: licence(.seeTerms, "ml-\(part)-README.html"), citation: harperKonstan,
      ratingsMember: "ml-\(part)/ratings.csv", titlesMember: "ml-\(part)/movies.csv")
  }

  private static func licence(_ passingOn: PassingOn, _ readme: String) -> Licence {
    Licence(
      short: "research, not commercial",
      summary:
        "GroupLens at the University of Minnesota lets anybody use these ratings for research, "
        + "without any warranty. Publications must acknowledge the data set, nobody may suggest "
        + "that the university or GroupLens endorses them, and commercial use needs permission "
        + "beforehand. \(passingOn.sentence)",
      terms: site + readme)
  }
}
