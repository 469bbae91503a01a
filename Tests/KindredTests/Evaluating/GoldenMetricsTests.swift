// Ranking metrics against independent libraries: metrics.json, made by metrics.py.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import Testing

@Suite("Metrics of other libraries") struct GoldenMetricsTests {
  struct Case: Decodable {
    let seed: Int
    let users: [[Float]]
    let items: [[Float]]
    let seen: [[Int32]]
    let test: [[Int]]
    let expected: [String: Double]
    let source: [String: String]

    static let all: [Case] = {
      let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("metrics.json")
      do { return try JSONDecoder().decode([Case].self, from: Data(contentsOf: file)) } catch {
        preconditionFailure("\(file.path): \(error)")
      }
    }()

    var model: Model {
      get throws {
        var offsets = [0]
        for row in seen { offsets.append((offsets.last ?? 0) + row.count) }
        let columns = seen.flatMap { $0 }
        return Model(
          userEmbeddings: try EmbeddingTable(rows: users),
          itemEmbeddings: try EmbeddingTable(rows: items), biases: nil, mean: 0,
          users: IDs(users.indices.map { "u\($0)" }), items: IDs(items.indices.map { "i\($0)" }),
          history: CompressedRows(
            offsets: offsets, columns: columns,
            values: Array(repeating: 1, count: columns.count)),
          record: TrainingRecord(
            method: "test", options: [:], seed: 0, ratingRange: nil, fingerprint: ""))
      }
    }

    var ratings: Ratings {
      get throws {
        try Ratings(test.map { (user: "u\($0[0])", item: "i\($0[1])", rating: Float($0[2])) })
      }
    }
  }

  @Test("agree to 1e-9, ties, misses and users without test items included", arguments: 0..<3)
  func golden(place: Int) throws {
    let known = Case.all[place]
    let names = known.expected.keys.sorted()
    #expect(names.count == 90)
    var options = EvaluationOptions()
    options.metrics = try names.map { try Metric($0) }
    let model = try known.model
    let found = try model.evaluate(on: known.ratings, options: options)
    #expect(found.unknownUsers > 0 && found.unknownItems > 0 && found.seenTestItems > 0)
    #expect(found.users < known.users.count + found.unknownUsers, "all users have test items")
    for (name, metric) in zip(names, options.metrics) {
      let (value, expected) = (try #require(found[metric]), try #require(known.expected[name]))
      // Sums of some hundred numbers of at most 6, in two orders.
      #expect(
        abs(value - expected) < 1e-9, "\(name): \(value), \(known.source[name] ?? "") \(expected)")
    }
  }

  @Test("are of rankings with many equal scores", arguments: 0..<3)
  func ties(place: Int) throws {
    let model = try Case.all[place].model
    for user in model.users.rows.dropFirst(2) {
      let scores = model.scores(user)
      #expect(Set(scores).count < scores.count)
    }
  }
}
