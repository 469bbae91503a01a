// kindred learn --update: new ratings, without training again.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Kindred

extension LearnCommand {
  /// What an update reports to scripts: the keys of `learn`, and what was solved for.
  private struct Summary: Encodable {
    struct Updated: Encodable {
      let users: Int
      let newUsers: Int
      let newItems: Int
    }
    let method: String
    let dimension: Int
    let users: Int
    let items: Int
    let ratings: Int
    let seconds: LearnSummary.Seconds
    let epochs: [LearnSummary.Epoch]
    let model: String
    let updated: Updated
  }

  /// Solves for the rows of the users who have new ratings.
  func update(_ path: String) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let old = try Model(contentsOf: path)
    let new = try liked(
      reading.read(ratings, announces: !quiet, threads: training.threads), ratings,
      from: old.record.options["min_rating"].flatMap { Float($0) })
    let names = try titles.map(Titles.readSaying)
    let read = clock.now
    let update = try old.updated(with: new, threads: training.threads)
    let solved = clock.now
    let model = names.map { update.model.withTitles($0) } ?? update.model
    try (noHistory ? model.withoutHistory() : model).save(to: output)
    let saved = clock.now
    let summary = Summary(
      method: model.record.method, dimension: model.posterior?.dimension ?? model.dimension,
      users: model.users.count, items: model.items.count, ratings: new.count,
      seconds: .init(
        reading: (read - start) / .seconds(1), training: (solved - read) / .seconds(1),
        saving: (saved - solved) / .seconds(1)),
      epochs: [], model: output,
      updated: .init(users: update.users, newUsers: update.newUsers, newItems: update.newItems))
    switch result.format {
    case .json: try printJSON(summary)
    case .text:
      let noun = new.hasValues ? "rating" : "interaction"
      try emit(
        """
        \(summary.method), dimension \(summary.dimension): took in \(counted(new.count, noun)) \
        in \(fixed(summary.seconds.training, 2)) s.
        Solved for \(counted(update.users, "user")), \(grouped(update.newUsers)) of them new\
        \(update.newItems > 0 ? ", and \(counted(update.newItems, "new item"))" : ""). All else is as it was.
        Saved \(output).
        """)
    }
  }
}
