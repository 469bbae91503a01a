// kindred explain: where a score comes from.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Take a score apart.",
    discussion: """
      Example: kindred explain model.safetensors --user 1 --item "Star Wars (1977)"

      Twice, and each adds up to the score: by the formula (mean, biases, one product per dimension) \
      and by the user's past (what each rating contributes).
      """)

  @Argument(help: "The model.")
  var model: String

  @Option(help: "The user's id.")
  var user: String

  @Option(help: "The item, by id or title.")
  var item: String

  @Option(
    name: .customShort("k"), parsing: .unconditional,
    help: "How many ratings of the user's past to show.")
  var count = 10

  @OptionGroup var loading: ModelLoading
  @OptionGroup var result: FormatOption

  private struct Report: Encodable {
    struct Dimension: Encodable {
      let dimension: Int
      let user: Double
      let item: Double
      let product: Double
    }
    struct Contribution: Encodable {
      let item: String
      let title: String?
      let rating: Double
      let contribution: Double
    }
    let score: Double
    let mean: Double
    let userBias: Double
    let itemBias: Double
    let dot: Double
    let dimensions: [Dimension]
    let history: [Contribution]
    let rest: Double
  }

  func run() throws {
    let model = try loading.model(model)
    let id = try model.itemID(item)
    let explanation = try model.explain(user: user, item: id)
    switch result.format {
    case .json: try printJSON(report(explanation))
    case .text: try emit(text(explanation, item: model.shown(id), hasHistory: model.hasHistory))
    }
  }

  private func report(_ explanation: Explanation) -> Report {
    Report(
      score: explanation.score, mean: explanation.mean, userBias: explanation.userBias,
      itemBias: explanation.itemBias, dot: explanation.dot,
      dimensions: explanation.dimensions.map {
        .init(dimension: $0.dimension, user: $0.user, item: $0.item, product: $0.product)
      },
      history: explanation.history.map {
        .init(
          item: $0.item, title: $0.title, rating: $0.rating, contribution: $0.contribution)
      }, rest: explanation.rest)
  }

  private func text(_ explanation: Explanation, item: String, hasHistory: Bool) -> String {
    let (user, item) = (user.fitted(24), item.fitted(60))
    var lines = ["Why \(fixed(explanation.score, 3)) for user \(user) and \(item)?", ""]
    var formula = TextTable([("By the formula", .left), ("", .right)])
    formula.rows = [
      ["mean rating", signed(explanation.mean)],
      ["user \(user)'s bias", signed(explanation.userBias)],
      ["\(item)'s bias", signed(explanation.itemBias)],
      ["dot product", signed(explanation.dot)],
      ["score", fixed(explanation.score, 3)],
    ]
    lines += [formula.text, ""]
    var products = TextTable([
      ("dimension", .right), ("user", .right), ("item", .right), ("product", .right),
    ])
    let strongest = explanation.dimensions.sorted { abs($0.product) > abs($1.product) }
    for part in strongest.prefix(8) {
      products.rows.append(
        ["\(part.dimension)", signed(part.user), signed(part.item), signed(part.product)])
    }
    if strongest.count > 8 {
      let others = strongest.dropFirst(8).reduce(0) { $0 + $1.product }
      products.rows.append(["\(strongest.count - 8) others", "", "", signed(others)])
    }
    products.rows.append(["sum", "", "", signed(explanation.dot)])
    lines += ["The dot product, strongest dimensions first:", products.text, ""]
    guard hasHistory else {
      return (lines + ["The model was saved without history, so the past cannot be shown."])
        .joined(separator: "\n")
    }
    var past = TextTable([
      ("By what user \(user) rated", .left), ("rating", .right), ("adds", .right),
    ])
    let shown = explanation.history.prefix(max(0, count))
    for part in shown {
      past.rows.append([part.title ?? part.item, digits(part.rating), signed(part.contribution)])
    }
    let others = explanation.history.dropFirst(shown.count)
    if !others.isEmpty {
      past.rows.append(
        ["\(others.count) others", "", signed(others.reduce(0) { $0 + $1.contribution })])
    }
    past.rows.append(["the mean, the item's bias, the rest", "", signed(explanation.rest)])
    past.rows.append(["score", "", fixed(explanation.score, 3)])
    return (lines + [past.text]).joined(separator: "\n")
  }

  private func signed(_ value: Double) -> String {
    let text = fixed(value, 3)
    return text.hasPrefix("-") ? text : "+" + text
  }
}
