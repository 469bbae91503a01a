// From a CSV to recommendations, in ten lines.
// SPDX-License-Identifier: Apache-2.0

import Kindred

let ratings = try Ratings(contentsOf: CommandLine.arguments[1])  // userId,movieId,rating
let (training, heldOut) = ratings.split(validationFraction: 0.1, seed: 1)
let model = try SGD.fit(training, validation: heldOut)
if let errors = model.ratingErrors(on: heldOut) { print("RMSE \(errors.rmse)") }
for pick in try model.recommend(for: ratings.users.all[0], count: 5) {
  print(pick.item, pick.score)
}
try model.save(to: CommandLine.arguments[2])
