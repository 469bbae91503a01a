// Choosing items by their attributes.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred

struct ItemConditions: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Only items like this: genres=Comedy|Drama, genres!=Horror, year>=1990; repeat for more.",
      valueName: "condition"),
    transform: { text in
      guard let condition = AttributeCondition(text) else {
        throw ValidationError(
          "\"\(text)\" is not a condition such as genres=Comedy, genres=Comedy|Drama, genres!=Horror "
            + "or year>=1990.")
      }
      return condition
    })
  var conditions: [AttributeCondition] = []

  /// The items that meet all conditions; nil without any.
  func items(of model: Model) throws -> ItemSet? {
    conditions.isEmpty ? nil : try model.items(where: conditions)
  }
}
