// Asking a model everything.
// SPDX-License-Identifier: Apache-2.0

package import Kindred

extension Model {
  /// The model with titles and attributes for most of its items.
  package var withSampleTitles: Model {
    get throws {
      let folder = try ScratchFolder()
      var text = "item,title,genres,country\n"
      for (place, id) in items.all.enumerated() where place % 5 != 4 {
        let genres = [["Comedy"], ["Comedy", "Drama"], [], ["Film-Noir"]][place % 4]
        text += "\(id),Title \(place) 🎬 (\(1950 + place)),\(genres.joined(separator: "|")),"
        text += place % 3 == 0 ? "\"F \"\"q\"\" é\"\n" : "\n"
      }
      return withTitles(try Titles.read(folder.file(text)))
    }
  }

  /// Calls every public method with every user and item; errors are answers.
  ///
  /// - Parameter folder: Where files may be written.
  /// - Throws: Nothing but what a test cannot go on without.
  package func useEverything(in folder: ScratchFolder) throws {
    func ask<Answer>(_ question: () throws -> Answer) { _ = try? question() }
    var everything = RecommendationOptions()
    everything.includeSeen = true
    var cautious = RecommendationOptions()
    cautious.quantile = 0.05
    let names = attributeNames
    let conditions = names.prefix(2).flatMap { name in
      ["\(name)=x|1951", "\(name)!=x", "\(name)>1"].compactMap { AttributeCondition($0) }
    }
    for condition in conditions { ask { everything.among = try items(where: [condition]) } }
    for user in users.all {
      ask { try recommend(for: user) }
      ask { try recommend(for: user, options: everything) }
      ask { try recommend(for: user, options: cautious) }
      ask { try users(similarTo: user) }
      ask { try users(similarTo: user, by: .dot, minimumRatings: 1) }
      for item in items.all {
        ask { try explain(user: user, item: item) }
        ask { try score(user: user, item: item) }
        ask { try prediction(user: user, item: item).interval(0.9) }
        ask { try pairState(user: user, item: item) }
      }
    }
    for item in items.all {
      ask { title(of: item) }
      ask { attributes(of: item) }
      ask { try items(similarTo: item, minimumRatings: 1) }
      ask { try recommend(rated: [(item: item, rating: 3)], options: everything) }
      ask { try recommend(rated: [(item: item, rating: 3)], options: cautious) }
    }
    ask { try recommend(for: "nobody") }
    ask { try items(similarTo: "nothing") }
    ask { ratingErrors(on: try Ratings(["u1", "x"].map { (user: $0, item: "i1", rating: 3) })) }
    ask { try forgetting(Array(users.all.prefix(2))).save(to: folder.path("forgotten")) }
    ask { withHistory(try Ratings([(user: "u1", item: "i1", rating: 3)])) }
    ask { try export(.npy, to: folder.path("npy")) }
    ask { try export(.projector, to: folder.path("projector")) }
    ask { try export(.word2vec, to: folder.path("word2vec"), side: .users) }
  }
}
