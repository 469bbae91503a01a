// Opening a model file.
// SPDX-License-Identifier: Apache-2.0

import Kindred

/// Opens a model file, which maps it.
func open(_ path: String) throws {
  let (seconds, model) = try timed { try Model(contentsOf: path) }
  print("{\"seconds\": \(seconds), \"users\": \(model.users.count)}")
}
