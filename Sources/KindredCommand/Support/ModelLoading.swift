// The options of every command that opens a model.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Kindred

struct ModelLoading: ParsableArguments {
  @Flag(
    help: "Check all of the model file; without this only files below 256 MB are checked whole.")
  var verify = false

  func model(_ path: String) throws -> Model {
    try Model(contentsOf: path, verifies: verify)
  }
}
