// The sample data and a model of it, made by the program itself.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import KindredTestSupport
import Testing

extension ScratchFolder {
  /// The paths of the sample ratings and titles.
  func sample() throws -> (ratings: String, titles: String) {
    let (ratings, titles) = (path + "/sample-ratings.csv", path + "/sample-films.csv")
    let run = try Program.run("data", "sample", "--ratings", ratings, "--titles", titles)
    try #require(run.status == 0, "\(run.errors)")
    return (ratings, titles)
  }

  /// The path of a small model of the sample data.
  func model() throws -> String {
    let (ratings, titles) = try sample()
    let model = path + "/sample-model.safetensors"
    let run = try Program.run(
      "learn", ratings, "-o", model, "--titles", titles, "--dimension", "8", "--quiet")
    try #require(run.status == 0, "\(run.errors)")
    return model
  }
}
