// Weighted ALS by its definition, over all pairs and in Double.
// SPDX-License-Identifier: Apache-2.0

package import Kindred

/// Options of weighted ALS that differ in what its rows are made of.
package struct IALSSetting: CustomStringConvertible, Sendable {
  package let description: String
  package let options: IALSOptions
  package let isInexact: Bool

  private init(
    _ description: String, isInexact: Bool = false, _ change: (inout IALSOptions) -> Void
  ) {
    var options = IALSOptions()
    options.dimension = 6
    options.epochs = 8
    options.unobserved = 0.1
    options.regularization = 0.02
    change(&options)
    self.description = description
    self.options = options
    self.isInexact = isInexact
  }

  package static let all: [IALSSetting] = [
    .init("whole rows") { _ in },
    .init("weighted") { $0.weighting = .linear(scale: 3) },
    .init("penalty per row") { $0.exponent = 0 },
    .init("penalty between") {
      $0.exponent = 0.5
      $0.unobserved = 0.7
    },
    .init("blocks", isInexact: true) { $0.block = 4 },
    .init("gradients", isInexact: true) { $0.dimension = 40 },
    .init("weighted gradients", isInexact: true) {
      $0.dimension = 20
      $0.exponent = 0
      $0.weighting = .power(scale: 2, exponent: 0.5)
    },
    .init("weighted blocks", isInexact: true) {
      $0.block = 2
      $0.weighting = .log(scale: 2, unit: 3)
    },
  ]
}

/// Σ over seen pairs of c(1 − x·y)² + α₀ Σ over all pairs of (x·y)² + Σ ridge ‖·‖², pair by pair.
package func plainObjective(_ model: Model, of ratings: Ratings, _ options: IALSOptions) -> Double {
  func squares(_ numbers: [Double]) -> Double { numbers.reduce(0) { $0 + $1 * $1 } }
  var sum = 0.0
  let items = Array(ratings.items.rows.map { model.itemEmbeddings.numbers($0) })
  for user in ratings.users.rows {
    let x = model.userEmbeddings.numbers(user)
    let dots = items.map { y in zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    sum += options.unobserved * squares(dots)
    let seen = ratings.byUser.columns(user)
    for (item, value) in zip(seen, ratings.byUser.values(user)) {
      let error = 1 - dots[Int(item)]
      sum += Double(options.weighting.weight(of: value) ?? .nan) * error * error
    }
    sum += plainRidge(seen.count, ratings.items.count, options) * squares(x)
  }
  for item in ratings.items.rows {
    let count = ratings.byItem.columns(item).count
    sum += plainRidge(count, ratings.users.count, options) * squares(items[Int(item.index)])
  }
  return sum
}

/// The user's vector by Gaussian elimination of its equations, summed up item by item.
package func plainRow(of user: UserRow, in model: Model, _ options: IALSOptions) -> [Double]? {
  let (width, items) = (model.dimension, model.items.count)
  guard let history = model.history else { return nil }
  var weights = Array(repeating: 0.0, count: items)
  for (item, value) in zip(history.columns(user), history.values(user)) {
    weights[Int(item)] = Double(options.weighting.weight(of: value) ?? .nan)
  }
  var matrix = Array(repeating: Array(repeating: 0.0, count: width), count: width)
  var right = Array(repeating: 0.0, count: width)
  for item in model.items.rows {
    let (y, weight) = (model.itemEmbeddings.numbers(item), weights[Int(item.index)])
    for a in 0..<width {
      for b in 0..<width { matrix[a][b] += (options.unobserved + weight) * y[a] * y[b] }
      right[a] += weight * y[a]
    }
  }
  let ridge = plainRidge(history.columns(user).count, items, options)
  for a in 0..<width { matrix[a][a] += ridge }
  return solvedByElimination(matrix, right)
}

private func plainRidge(_ count: Int, _ others: Int, _ options: IALSOptions) -> Double {
  var power = Double(count) + options.unobserved * Double(others)
  // The powers that settings here have.
  switch options.exponent {
  case 0: power = 1
  case 0.5: power = power.squareRoot()
  default: break
  }
  return options.regularization * power
}
