// New interactions without training again: only the rows that they touch change.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Updating a model") struct UpdatingTests {
  /// A trained model, new interactions of some of its users and of new ones, with known and new items.
  private static func case1(
    seed: UInt64
  ) throws -> (model: Model, old: [Triple], new: [Triple]) {
    let planted = try PlantedRatings(seed: seed, users: 30, items: 25)
    var options = ALSOptions()
    options.dimension = 3
    options.epochs = 5
    let model = try ALS.fit(planted.training, options: options)
    let new: [Triple] = [
      ("u3", "i4", 5), ("u3", "new 1", 4), ("u7", "new 1", 2), ("u7", "i1", 1), ("u9", "new 2", 3),
      ("anna", "i2", 4), ("anna", "i3", 2), ("anna", "new 2", 5), ("u9", "i2", 4.5),
      ("u12", "i9", 2),
    ]
    return (model, triples(of: model), new)
  }

  private typealias Triple = (user: String, item: String, rating: Float)

  private static func triples(of model: Model) -> [Triple] {
    guard let history = model.history else { return [] }
    return model.users.rows.flatMap { user in
      zip(history.columns(user), history.values(user)).map {
        (user: model.users[user], item: model.items[ItemRow($0)], rating: $1)
      }
    }
  }

  @Test(
    "the rows of users with new ratings are their fold-ins, all other rows stay", arguments: 1...3)
  func resolves(seed: UInt64) throws {
    let (model, old, new) = try Self.case1(seed: seed)
    let update = try model.updated(with: Ratings(new))
    let after = update.model
    #expect(update.users == 5 && update.newUsers == 1 && update.newItems == 2)
    #expect(after.users.all == model.users.all + ["anna"])
    #expect(after.items.all == model.items.all + ["new 1", "new 2"])
    let touched = Set(new.map(\.user))
    for user in model.users.rows where !touched.contains(model.users[user]) {
      #expect(after.userEmbeddings.numbers(user) == model.userEmbeddings.numbers(user))
      #expect(after.userBias(user) == model.userBias(user))
    }
    for item in model.items.rows {
      #expect(after.itemEmbeddings.numbers(item) == model.itemEmbeddings.numbers(item))
      #expect(after.itemBias(item) == model.itemBias(item))
    }
    // A new item is folded in from those of its ratings whose users were known.
    for item in ["new 1", "new 2"] {
      let rated = new.filter { $0.item == item && $0.user != "anna" }
      let folded = try model.foldIn(ratedBy: rated.map { ($0.user, $0.rating) })
      let row = try #require(after.items.row(of: item))
      #expect(after.itemEmbeddings.numbers(row) == folded.vector.map { Double(Float($0)) })
      #expect(after.itemBias(row) == Double(Float(folded.bias)))
    }
    // A user is folded in from all of theirs, the new value in place of an old one.
    for user in touched {
      var latest: [String: Float] = [:]
      for triple in old + new where triple.user == user { latest[triple.item] = triple.rating }
      let row = try #require(after.users.row(of: user))
      // In the order of the items, in which the equations are added up.
      let rated = after.items.all.compactMap { item in latest[item].map { (item: item, rating: $0) }
      }
      let folded = try after.foldIn(rated)
      #expect(after.userEmbeddings.numbers(row) == folded.vector.map { Double(Float($0)) })
      #expect(after.userBias(row) == Double(Float(folded.bias)))
      let history = try #require(after.history)
      #expect(history.columns(row).count == latest.count)
      for (item, value) in zip(history.columns(row), history.values(row)) {
        #expect(latest[after.items[ItemRow(item)]] == value)
      }
    }
    #expect(after.record.options["updates"] == "1")
    let all = try Ratings(old + new)
    #expect(after.history?.count == all.count)
  }

  @Test("the same bytes for any number of threads, and after saving") func isDeterministic() throws
  {
    let (model, _, new) = try Self.case1(seed: 4)
    let folder = try ScratchFolder()
    try model.save(to: folder.path("old"))
    var files: [[UInt8]] = []
    for (source, threads) in [
      (model, 1), (model, 2), (model, 4), (try Model(contentsOf: folder.path("old")), 0),
    ] {
      try source.updated(with: Ratings(new), threads: threads).model.save(to: folder.path("new"))
      files.append(try folder.bytes("new"))
    }
    #expect(files.allSatisfy { $0 == files[0] })
  }

  @Test("updates follow one another: in two parts or in one, rows that are solved for last agree")
  func twice() throws {
    let (model, _, new) = try Self.case1(seed: 5)
    let known = new.filter { !$0.item.hasPrefix("new") }
    let whole = try model.updated(with: Ratings(known)).model
    let parts = try model.updated(with: Ratings(known.prefix(3)))
      .model.updated(with: Ratings(known.dropFirst(3))).model
    #expect(parts.record.options["updates"] == "2")
    for user in whole.users.all {
      for item in whole.items.all {
        #expect(try whole.score(user: user, item: item) == parts.score(user: user, item: item))
      }
    }
  }

  @Test("titles stay with their items, new items have none") func titles() throws {
    let (model, _, new) = try Self.case1(seed: 6)
    let after = try model.withTitles { "title of \($0)" }.updated(with: Ratings(new)).model
    #expect(after.title(of: "i4") == "title of i4")
    #expect(after.title(of: "new 1") == nil)
  }

  @Test("a baseline counts anew") func baselines() throws {
    for baseline in [Baseline.popular, .mean(by: .item), .mean(by: .user), .random(seed: 3)] {
      let old: [Triple] = [("a", "x", 1), ("a", "y", 5), ("b", "x", 2)]
      let new: [Triple] = [("b", "y", 4), ("c", "z", 3), ("a", "x", 4)]
      let after = try baseline.fit(Ratings(old)).updated(with: Ratings(new)).model
      // The same ratings at once, in the order in which rows were numbered.
      let whole = try baseline.fit(Ratings(old + new))
      for user in whole.users.all {
        for item in whole.items.all {
          #expect(try after.score(user: user, item: item) == whole.score(user: user, item: item))
        }
      }
    }
  }

  @Test("samples: every sample's row is its conditional mean") func samples() throws {
    let model = randomSampleModel(seed: 8)
    let user = model.users.all[2]
    let item = model.items.all[1]
    let after = try model.updated(
      with: Ratings([(user: user, item: item, rating: Float(4))])
    ).model
    let history = try #require(after.history)
    let row = try #require(after.users.row(of: user))
    let rated = zip(history.columns(row), history.values(row)).map {
      (item: after.items[ItemRow($0)], rating: $1)
    }
    let folded = try model.foldIn(rated).vector.map { Double(Float($0)) }
    #expect(after.userEmbeddings.numbers(row) == folded)
    #expect(after.posterior?.samples == model.posterior?.samples)
  }

  @Test("nothing new changes no score, and a model without history cannot be added to")
  func edges() throws {
    let (model, old, _) = try Self.case1(seed: 7)
    let none = try Ratings([("u", "i", 3)]).split(validationFraction: 0.999999, seed: 1).training
    let update = try model.updated(with: none)
    #expect(update.users == 0 && update.newUsers == 0 && update.newItems == 0)
    #expect(update.model.users.all == model.users.all)
    #expect(throws: ModelError.self) {
      try model.withoutHistory().updated(with: Ratings(old))
    }
  }
}
