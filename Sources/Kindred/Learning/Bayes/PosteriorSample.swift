// One kept sample, before all of them are put side by side.
// SPDX-License-Identifier: Apache-2.0

/// Everything that one epoch of sampling drew.
package struct PosteriorSample: Sendable {
  /// [x, b] of the users, end to end. [users · width]
  package let users: Flat<Float>
  /// [y, b] of the items, end to end. [items · width]
  package let items: Flat<Float>
  /// What the users' rows were drawn with.
  package let userPrior: RowPrior
  /// What the items' rows were drawn with.
  package let itemPrior: RowPrior
  /// The noise precision of a rating, given these rows.
  package let noisePrecision: Double

  package init(
    users: Flat<Float>, items: Flat<Float>, userPrior: RowPrior, itemPrior: RowPrior,
    noisePrecision: Double
  ) {
    self.users = users
    self.items = items
    self.userPrior = userPrior
    self.itemPrior = itemPrior
    self.noisePrecision = noisePrecision
  }

  // MARK: Checkpoints

  /// How many numbers there are.
  struct Shape {
    let users: Int
    let items: Int
    let width: Int
  }

  func arrays(prefix: String) -> [CheckpointArray] {
    [
      CheckpointArray(prefix + "users", .floats(users)),
      CheckpointArray(prefix + "items", .floats(items)),
      CheckpointArray(prefix + "user_prior_mean", .doubles(Flat(userPrior.mean))),
      CheckpointArray(prefix + "user_prior_precision", .doubles(Flat(userPrior.precision))),
      CheckpointArray(prefix + "item_prior_mean", .doubles(Flat(itemPrior.mean))),
      CheckpointArray(prefix + "item_prior_precision", .doubles(Flat(itemPrior.precision))),
      CheckpointArray(prefix + "noise_precision", .doubles([noisePrecision])),
    ]
  }

  init(_ arrays: CheckpointArrays, prefix: String, _ shape: Shape) throws(FileError) {
    func prior(_ side: String) throws(FileError) -> RowPrior {
      let mean = try arrays.doubles(prefix + side + "_prior_mean", count: shape.width)
      let precision = try arrays.doubles(
        prefix + side + "_prior_precision", count: shape.width * shape.width)
      return RowPrior(mean: Array(mean), precision: Array(precision))
    }
    let users = try arrays.floats(prefix + "users", count: shape.users * shape.width)
    let items = try arrays.floats(prefix + "items", count: shape.items * shape.width)
    let (userPrior, itemPrior) = (try prior("user"), try prior("item"))
    let noise = try arrays.doubles(prefix + "noise_precision", count: 1)[0]
    let priors = [userPrior, itemPrior]
    guard users.firstNonFinite == nil, items.firstNonFinite == nil, noise > 0, noise.isFinite,
      priors.allSatisfy({ ($0.mean + $0.precision).allSatisfy(\.isFinite) })
    else { throw arrays.malformed("a sample holds numbers that are not finite") }
    self.init(
      users: users, items: items, userPrior: userPrior, itemPrior: itemPrior, noisePrecision: noise)
  }
}
