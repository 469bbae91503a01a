// What every trainer makes of little data, none, and bad input.
// SPDX-License-Identifier: Apache-2.0

package import Kindred
import Testing

extension TrainerContract {
  /// Ratings that leave little to learn from are learned from.
  package func handlesLittleData() throws {
    let cases: [(name: String, triples: [(user: String, item: String, rating: Float)])] = [
      ("one rating", [("u", "i", 4)]),
      ("one user", (0..<20).map { ("u", "i\($0)", Float($0 % 5 + 1)) }),
      ("one item", (0..<20).map { ("u\($0)", "i", Float($0 % 5 + 1)) }),
      ("all alike", (0..<60).map { ("u\($0 % 6)", "i\($0 / 6)", 3) }),
      ("all zero", (0..<60).map { ("u\($0 % 6)", "i\($0 / 6)", 0) }),
      ("negative", (0..<60).map { ("u\($0 % 6)", "i\($0 / 6)", Float($0 % 7) - 6) }),
    ]
    for (name, triples) in cases {
      for dimension in [1, 100] {
        var options = options
        options.dimension = dimension
        let ratings = try Ratings(triples)
        if isForInteractions, triples.contains(where: { $0.rating <= 0 }) {
          expectBadWeight(ratings, options, name)
          continue
        }
        let model = try Method.fit(ratings, options: options, validation: ratings)
        try expectUsable(model, of: ratings)
        #expect(vectorDimension(model) == dimension, "\(name)")
        guard !isForInteractions else { continue }
        // Predictions are clipped to the range of the ratings.
        let width = ratings.range.map { Double($0.upperBound - $0.lowerBound) } ?? 0
        let error = try #require(model.ratingErrors(on: ratings)).rmse
        #expect(error <= width, "\(name): \(error)")
      }
    }
  }

  /// Users and items without a rating, as a split leaves them, have finite vectors.
  package func handlesEmptyRows() throws {
    let planted = try planted(seed: 7, users: 12, items: 9, density: 0.2)
    let (few, rest) = planted.training.split(validationFraction: 0.8, seed: 1)
    #expect(few.users.rows.contains { few.byUser.columns($0).isEmpty })
    let model = try Method.fit(few, options: options, validation: rest)
    try expectUsable(model, of: few)
    // A row without ratings says nothing: it scores as one that the model does not know.
    let (user, item) = (
      model.strangerVector(of: UserSide.self).map { Double($0) },
      model.strangerVector(of: ItemSide.self).map { Double($0) }
    )
    for row in few.users.rows where few.byUser.columns(row).isEmpty {
      #expect(model.userEmbeddings.numbers(row) == user && model.userBias(row) == 0)
    }
    // A method that holds a user's items against others learns of those that nobody has, too.
    for row in few.items.rows where few.byItem.columns(row).isEmpty && !isForInteractions {
      #expect(model.itemEmbeddings.numbers(row) == item && model.itemBias(row) == 0)
    }
  }

  /// Nothing to learn from is an error, not an empty model.
  package func refusesNoRatings() throws {
    let empty = try Ratings([(user: String, item: String, rating: Float)]())
    #expect(throws: TrainingError.noRatings) { try Method.fit(empty, options: options) }
    let none = try Ratings([("u", "i", 3)]).split(validationFraction: 0.999999, seed: 1).training
    #expect(none.count == 0 && none.users.count == 1)
    #expect(throws: TrainingError.noRatings) { try Method.fit(none, options: options) }
  }

  /// Settings that every method has are refused out of their range, by name.
  package func refusesBadOptions() throws {
    let ratings = try Ratings([("u", "i", 3)])
    let changes: [(inout Method.Options) -> Void] = [
      { $0.dimension = 0 }, { $0.dimension = -1 }, { $0.epochs = 0 }, { $0.epochs = -5 },
      { $0.threads = -1 }, { $0.patience = 0 }, { $0.patience = -1 },
    ]
    for (index, change) in changes.enumerated() {
      var options = options
      change(&options)
      try expectBadOption(options, ratings, "change \(index)")
    }
  }

  /// Options that a method must refuse on top of those that all methods have.
  package func refuses(_ options: Method.Options, _ note: String) throws {
    try expectBadOption(options, Ratings([("u", "i", 3)]), note)
  }

  private func expectBadOption(
    _ options: Method.Options, _ ratings: Ratings, _ note: String
  ) throws {
    let error = #expect(throws: TrainingError.self) { try Method.fit(ratings, options: options) }
    guard case .badOption(let name, _, let expected) = error else {
      Issue.record("\(note): \(String(describing: error))")
      return
    }
    #expect(!name.isEmpty && !expected.isEmpty, "\(note)")
  }

  /// Tables that no machine holds are refused before anything is allocated.
  package func refusesTooLarge() throws {
    for dimension in [1 << 40, .max / 8, .max] {
      var options = options
      options.dimension = dimension
      let error = #expect(throws: TrainingError.self) {
        try Method.fit(try Ratings([("u", "i", 3)]), options: options)
      }
      guard case .tooLarge(let bytes, let available) = error else {
        Issue.record("\(dimension): \(String(describing: error))")
        return
      }
      #expect(bytes > available && available > 0)
    }
  }

  /// Ratings beyond reason end in an error that says so, or in finite numbers.
  package func survivesHugeRatings() throws {
    let triples = (0..<40).map {
      (user: "u\($0 % 5)", item: "i\($0 / 5)", rating: Float($0 % 2 == 0 ? 1e30 : -1e30))
    }
    let ratings = try Ratings(triples)
    guard !isForInteractions else { return expectBadWeight(ratings, options, "±1e30") }
    do {
      try expectUsable(try Method.fit(ratings, options: options), of: ratings)
    } catch let error as TrainingError {
      expectDiverged(error, options)
    }
  }

  /// Training that diverges ends in an error with the epoch.
  ///
  /// - Parameter options: Options under which it does.
  /// - Throws: What making the ratings throws.
  package func reportsDivergence(_ options: Method.Options) throws {
    let planted = try planted(seed: 8)
    var epochs = 0
    let error = #expect(throws: TrainingError.self) {
      _ = try Method.fit(
        planted.training, options: options, validation: planted.heldOut, shouldStop: { false },
        progress: {
          epochs += 1
          #expect($0.trainRMSE?.isFinite ?? true)
          #expect($0.validation.values.allSatisfy { $0.isFinite })
        })
    }
    guard let error else { return }
    expectDiverged(error, options)
    if case .diverged(let epoch, _) = error { #expect(epoch == epochs + 1) }
  }

  /// What is not above 0 is no weight, and the error says whose it is.
  private func expectBadWeight(_ ratings: Ratings, _ options: Method.Options, _ note: String) {
    let error = #expect(throws: TrainingError.self) { try Method.fit(ratings, options: options) }
    guard case .badWeight(let user, let item, let value, _) = error else {
      Issue.record("\(note): \(String(describing: error))")
      return
    }
    #expect(ratings.users.row(of: user) != nil && ratings.items.row(of: item) != nil, "\(note)")
    #expect(value <= 0, "\(note)")
  }

  private func expectDiverged(_ error: TrainingError, _ options: Method.Options) {
    guard case .diverged(let epoch, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect((1...options.epochs).contains(epoch))
  }
}
