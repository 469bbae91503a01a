// Errors of predicted ratings against numbers worked out by hand.
// SPDX-License-Identifier: Apache-2.0

import Kindred
import KindredTestSupport
import Testing

@Suite("Rating errors") struct RatingErrorsTests {
  /// Two users and two items with scores ap 4.5, aq −1.5, bp 4.5 and bq 7.5.
  private func model(range: ClosedRange<Float>?) throws -> Model {
    Model(
      userEmbeddings: try EmbeddingTable(rows: [[1, 0], [0, 2]]),
      itemEmbeddings: try EmbeddingTable(rows: [[1, 1], [-4, 3]]),
      biases: .init(users: [0.5, -0.5], items: [1, 0]), mean: 2, users: IDs(["a", "b"]),
      items: IDs(["p", "q"]), history: nil,
      record: TrainingRecord(
        method: "test", options: [:], seed: 0, ratingRange: range, fingerprint: ""))
  }

  private let held: [(user: String, item: String, rating: Float)] = [
    ("a", "p", 4), ("a", "q", 1), ("b", "q", 5),
  ]

  @Test("unclipped, by hand")
  func unclipped() throws {
    // Diffs −½, 2½ and −2½: √((¼ + 6¼ + 6¼) / 3) = √4.25 and 5.5 / 3.
    let model = try model(range: 1...5)
    let errors = try #require(model.ratingErrors(on: Ratings(held), clips: false))
    #expect(errors.rmse == 4.25.squareRoot())
    #expect(errors.mae == 5.5 / 3)
    #expect(errors.ratings == 3 && errors.unknownUsers == 0 && errors.unknownItems == 0)
    let unbounded = try self.model(range: nil)
    #expect(try unbounded.ratingErrors(on: Ratings(held)) == errors)
  }

  @Test("clipped to the range of the training ratings, by hand")
  func clipped() throws {
    // −1.5 becomes 1 and 7.5 becomes 5: diffs −½, 0 and 0.
    let errors = try #require(model(range: 1...5).ratingErrors(on: Ratings(held)))
    #expect(errors.rmse == (0.25 / 3).squareRoot())
    #expect(errors.mae == 0.5 / 3)
  }

  @Test("unknown users and items have zero vectors and biases, and are counted once each")
  func unknown() throws {
    let ratings = try Ratings(
      held + [("c", "p", 3.5), ("c", "q", 2), ("a", "r", 2), ("d", "s", 3)])
    // Predictions: c·p 2 + 1 = 3, c·q 2, a·r 2½, d·s 2. Diffs ½, 0, −½ and 1.
    let errors = try #require(model(range: 1...5).ratingErrors(on: ratings))
    #expect(errors.ratings == 7 && errors.unknownUsers == 2 && errors.unknownItems == 2)
    #expect(errors.rmse == ((0.25 + 0.25 + 0.25 + 1) / 7).squareRoot())
    #expect(errors.mae == (0.5 + 0.5 + 0.5 + 1) / 7)
  }

  @Test("ids that a split keeps without a rating are not among the unknown")
  func splitIDs() throws {
    let whole = try Ratings(
      (0..<400).map { (user: "u\($0 / 20)", item: "i\($0 % 20)", rating: 3) })
    let few = whole.split(validationFraction: 0.01, seed: 3).validation
    let withRatings = few.users.rows.count { !few.byUser.columns($0).isEmpty }
    let rated = few.items.rows.count { !few.byItem.columns($0).isEmpty }
    try #require(withRatings > 0 && withRatings < 20 && few.users.count == 20)
    let errors = try #require(model(range: nil).ratingErrors(on: few))
    #expect(errors.unknownUsers == withRatings && errors.unknownItems == rated)
    #expect(errors.rmse == 1 && errors.mae == 1)  // the mean 2 against threes
  }

  @Test("of no ratings are nil")
  func none() throws {
    let model = try model(range: 1...5)
    #expect(try model.ratingErrors(on: Ratings([])) == nil)
    let none = try Ratings(held).split(validationFraction: 0, seed: 1).validation
    #expect(model.ratingErrors(on: none) == nil)
  }

  @Test("are what adding up in order gives", arguments: 0..<20)
  func naive(seed: UInt64) throws {
    let model = randomModel(seed: seed)
    var random = KeyedRandom(seed: seed, key: 7)
    let ratings = try Ratings(
      (0..<200).map { _ in
        let (user, item) = (random.below(9), random.below(33))  // a few of them unknown
        return (user: "u\(user)", item: "i\(item)", rating: Float(random.below(10)) / 2 + 0.5)
      })
    var (squares, absolutes) = (0.0, 0.0)
    for user in ratings.users.rows {
      for (item, value) in zip(ratings.byUser.columns(user), ratings.byUser.values(user)) {
        let (userID, itemID) = (ratings.users[user], ratings.items[ItemRow(item)])
        let (u, i) = (model.users.row(of: userID), model.items.row(of: itemID))
        var score = model.mean
        if let u, let i {
          score = model.plainScore(Int(u.index), Int(i.index))
        } else {
          if let u { score += Double(model.biases?.users[Int(u.index)] ?? 0) }
          if let i { score += Double(model.biases?.items[Int(i.index)] ?? 0) }
        }
        let diff = Double(value) - min(max(score, 0.5), 5)
        squares += diff * diff
        absolutes += abs(diff)
      }
    }
    let errors = try #require(model.ratingErrors(on: ratings))
    #expect(errors.rmse == (squares / Double(ratings.count)).squareRoot())
    #expect(errors.mae == absolutes / Double(ratings.count))
    #expect(errors.mae <= errors.rmse)
  }
}
