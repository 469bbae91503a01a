// New interactions in models of interactions: exact rows, and rows that are searched for.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Updating a model of interactions") struct UpdatingInteractionsTests {
  private typealias Triple = (user: String, item: String, rating: Float)

  /// Of known users and a new one, with known items.
  private static let known: [Triple] = [
    ("u3", "i4", 5), ("u7", "i1", 1), ("u9", "i2", 4), ("anna", "i2", 4), ("anna", "i3", 2),
    ("u12", "i9", 2), ("u3", "i8", 1),
  ]

  /// The same and new items, one of which only the new user has.
  private static let all: [Triple] =
    known + [("u3", "new 1", 4), ("u7", "new 1", 2), ("anna", "new 2", 5), ("u9", "new 3", 3)]

  private func rated(_ user: UserRow, in model: Model) throws -> [(item: String, rating: Float)] {
    let history = try #require(model.history)
    return zip(history.columns(user), history.values(user)).map {
      (item: model.items[ItemRow($0)], rating: $1)
    }
  }

  /// What every update keeps: ids in their order, all rows that nothing new touches, and the union of old
  /// and new interactions.
  private func expectRestAsItWas(_ after: Model, _ before: Model, _ new: [Triple]) throws {
    let touched = Set(new.map(\.user))
    #expect(after.users.all.starts(with: before.users.all))
    #expect(after.items.all.starts(with: before.items.all))
    for user in before.users.rows where !touched.contains(before.users[user]) {
      #expect(after.userEmbeddings.numbers(user) == before.userEmbeddings.numbers(user))
      #expect(after.userBias(user) == before.userBias(user))
    }
    for item in before.items.rows {
      #expect(after.itemEmbeddings.numbers(item) == before.itemEmbeddings.numbers(item))
      #expect(after.itemBias(item) == before.itemBias(item))
    }
    for user in after.users.rows {
      var latest: [String: Float] = [:]
      if Int(user.index) < before.users.count {
        for (item, rating) in try rated(user, in: before) { latest[item] = rating }
      }
      for triple in new where triple.user == after.users[user] {
        latest[triple.item] = triple.rating
      }
      let found = try rated(user, in: after)
      #expect(Dictionary(uniqueKeysWithValues: found.map { ($0.item, $0.rating) }) == latest)
    }
    #expect(after.record.options["updates"] == "1")
  }

  @Test("ials: a user's row solves the equations over all pairs, a new item's is its fold-in")
  func ials() throws {
    let planted = try PlantedInteractions(seed: 11, users: 30, items: 25)
    for setting in IALSSetting.all {
      let model = try IALS.fit(planted.training, options: setting.options)
      let update = try model.updated(with: Ratings(Self.all))
      let after = update.model
      #expect(update.users == 5 && update.newUsers == 1 && update.newItems == 3)
      try expectRestAsItWas(after, model, Self.all)
      for item in ["new 1", "new 2", "new 3"] {
        let by = Self.all.filter { $0.item == item && $0.user != "anna" }
        let folded = try model.foldIn(ratedBy: by.map { ($0.user, $0.rating) })
        let row = try #require(after.items.row(of: item))
        #expect(after.itemEmbeddings.numbers(row) == folded.vector.map { Double(Float($0)) })
      }
      for user in Set(Self.all.map(\.user)) {
        let row = try #require(after.users.row(of: user))
        let solved = try #require(plainRow(of: row, in: after, setting.options))
        let stored = after.userEmbeddings.numbers(row)
        for k in solved.indices {
          // Stored in Float; YᵀY is summed in blocks of Float, each sum good to some 2⁻²².
          expectClose(stored[k], solved[k], absolute: 1e-6, "\(setting), \(user)")
        }
      }
    }
  }

  /// A row that is searched for is what folding in finds from the stored vector, or for somebody new from
  /// where folding in begins.
  private func expectFoldedIn(_ model: Model, _ new: [Triple]) throws {
    let update = try model.updated(with: Ratings(new))
    let after = update.model
    #expect(update.users == 5 && update.newUsers == 1)
    try expectRestAsItWas(after, model, new)
    for user in Set(new.map(\.user)) {
      let row = try #require(after.users.row(of: user))
      let seen = try rated(row, in: after)
      let isKnown = Int(row.index) < model.users.count
      let folded =
        try isKnown
        ? after.foldIn(seen, from: model.userEmbeddings.numbers(row)) : after.foldIn(seen)
      #expect(after.userEmbeddings.numbers(row) == folded.vector.map { Double(Float($0)) })
      #expect(after.userBias(row) == 0)
      // The interactions have moved the row: the new ones score higher than others do on average.
      let scores = after.scores(row)
      let mean = scores.reduce(0, +) / Double(scores.count)
      let own = try seen.map { try after.score(user: user, item: $0.item) }
      #expect(own.reduce(0, +) / Double(own.count) > mean, "\(user)")
    }
  }

  @Test("bpr: a row is what folding in finds from the stored one, also with new items")
  func bpr() throws {
    let planted = try PlantedInteractions(seed: 12, users: 30, items: 25)
    for exponent in [0, 0.75] {
      var options = BPROptions()
      options.dimension = 4
      options.epochs = 20
      options.negativeExponent = exponent
      let model = try BPR.fit(planted.training, options: options)
      try expectFoldedIn(model, Self.known)
      try expectFoldedIn(model, Self.all)
    }
  }

  @Test(
    "softmax: a row is what folding in finds from the stored one",
    arguments: Similarity.allCases)
  func softmax(similarity: Similarity) throws {
    let planted = try PlantedInteractions(seed: 13, users: 30, items: 25)
    var options = SoftmaxOptions()
    options.dimension = 4
    options.epochs = 20
    options.similarity = similarity
    options.temperature = similarity == .cosine ? 0.2 : 1
    options.popularity = 0.25
    let model = try Softmax.fit(planted.training, options: options)
    try expectFoldedIn(model, Self.known)
  }

  @Test("the same bytes for any number of threads") func isDeterministic() throws {
    let planted = try PlantedInteractions(seed: 14, users: 30, items: 25)
    let folder = try ScratchFolder()
    var options = BPROptions()
    options.dimension = 4
    options.epochs = 5
    let models = [
      (try IALS.fit(planted.training, options: IALSSetting.all[0].options), Self.all),
      (try BPR.fit(planted.training, options: options), Self.all),
    ]
    for (model, new) in models {
      var files: [[UInt8]] = []
      for threads in [1, 2, 4, 0] {
        try model.updated(with: Ratings(new), threads: threads).model.save(to: folder.path("new"))
        files.append(try folder.bytes("new"))
      }
      #expect(files.allSatisfy { $0 == files[0] }, "\(model.record.method)")
    }
  }

  @Test("a value that gives no weight is refused, with whose it is") func badWeight() throws {
    let planted = try PlantedInteractions(seed: 15, users: 30, items: 25)
    let model = try IALS.fit(planted.training, options: IALSSetting.all[0].options)
    let error = #expect(throws: ModelError.self) {
      try model.updated(with: Ratings([(user: "u3", item: "i4", rating: Float(0))]))
    }
    guard case .badWeight("i4", 0, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
