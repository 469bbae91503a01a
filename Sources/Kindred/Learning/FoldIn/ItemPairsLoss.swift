// What the vector of a new item minimizes where items are held against one another.
// SPDX-License-Identifier: Apache-2.0

/// The part of ``BPR``'s objective in which a new item comes up, as a function of its vector y; users and
/// other items are fixed.
///
/// Of the users W who have it, each with weight c_u, it is the seen one of a pair with the items j that they
/// have not; of the others it is drawn for a pair with each item i that they have. With t_u = x_u·y,
/// z_ui = x_u·y_i and Q_u the sum of the drawing weights w of what user u has not seen, the new item's
/// among them where it is not seen:
///
/// Σ_{u∈W} c_u Σ_j w_j/Q_u (−ln σ(t_u − z_uj)) + Σ_{u∉W} w/Q_u Σ_{i∈S_u} c_ui (−ln σ(z_ui − t_u)) + P ‖y‖²
///
/// where P is λ times how often the item comes up in an epoch: |W| + Σ_{u∉W} |S_u| w/Q_u. It is convex.
struct ItemPairsLoss: RowLoss {
  private let users: EmbeddingTable<UserSide>
  private let terms: [Terms]
  private let penalty: Double

  /// A user's part: masses m at scores s, of which t is to be above or below.
  private struct Terms: Sendable {
    let scores: [Double]
    let masses: [Double]
    let isAbove: Bool

    /// Σ m · −ln σ of what t should be beyond, with its first and second derivatives by t.
    func point(at t: Double) -> (value: Double, slope: Double, bend: Double) {
      var (value, slope, bend) = (0.0, 0.0, 0.0)
      for n in scores.indices {
        let difference = isAbove ? scores[n] - t : t - scores[n]
        let tail = exponential(-abs(difference))
        value += masses[n] * (max(difference, 0) + logarithm1p(tail))
        slope += masses[n] * (difference >= 0 ? 1 : tail) / (1 + tail)
        bend += masses[n] * tail / ((1 + tail) * (1 + tail))
      }
      return (value, isAbove ? -slope : slope, bend)
    }
  }

  /// The loss of an item that some users have.
  ///
  /// - Parameters:
  ///   - model: The users, and the other items.
  ///   - history: What the users have seen of them.
  ///   - losses: How other items are drawn, and λ.
  ///   - rated: The users who have the item, and how much that counts.
  ///   - drawingWeight: What the item's own chance of being drawn is in proportion to.
  ///   - weight: What a value counts.
  /// - Complexity: O(interactions · *dimension* + |W| · items · *dimension*).
  init(
    _ model: Model, _ history: CompressedRows<UserSide, ItemSide>, _ losses: AllItemsLosses,
    _ rated: [(row: UserRow, weight: Double)], drawingWeight: Double, weight: (Float) -> Double
  ) {
    users = model.userEmbeddings
    let (items, total) = (model.itemEmbeddings, losses.drawing.reduce(0, +))
    let owners = Dictionary(uniqueKeysWithValues: rated.map { ($0.row, $0.weight) })
    var terms: [Terms] = []
    var comings = Double(rated.count)
    for row in model.users.rows {
      let x = users.numbers(row)
      let seen = history.columns(row)
      if let own = owners[row] {
        var chances = losses.drawing
        for item in seen { chances[Int(item)] = 0 }
        let sum = chances.reduce(0, +)
        for j in chances.indices { chances[j] *= sum > 0 ? own / sum : 0 }
        let grid = ScoreGrid(Kernels.wideProducts(items.elements, x))
        terms.append(
          Terms(scores: grid.nodes, masses: grid.gathered(chances), isAbove: true))
      } else {
        let rest = seen.reduce(total) { $0 - losses.drawing[Int($1)] }
        let chance = drawingWeight / (max(rest, 0) + drawingWeight)
        comings += Double(seen.count) * chance
        terms.append(
          Terms(
            scores: seen.map { item in
              let y = items.vector(ItemRow(item))
              return x.indices.reduce(0.0) { $0 + x[$1] * Double(y[$1]) }
            }, masses: history.values(row).map { chance * weight($0) }, isAbove: false))
      }
    }
    self.terms = terms
    penalty = losses.regularization * comings
  }

  var dimension: Int { users.dimension }

  func point(at y: [Double]) -> RowLossPoint? {
    let products = Kernels.wideProducts(users.elements, y)
    guard products.allSatisfy(\.isFinite) else { return nil }
    let points = zip(terms, products).map { $0.point(at: $1) }
    let square = y.reduce(0) { $0 + $1 * $1 }
    let value = points.reduce(penalty * square) { $0 + $1.value }
    let gradient = combined(points.map(\.slope), at: y)
    guard value.isFinite, gradient.allSatisfy(\.isFinite) else { return nil }
    let bends = points.map(\.bend)
    return RowLossPoint(value: value, gradient: gradient) { v in
      combined(zip(bends, Kernels.wideProducts(users.elements, v)).map { $0 * $1 }, at: v)
    }
  }

  /// Σ_u w_u x_u + 2P y.
  private func combined(_ weights: [Double], at y: [Double]) -> [Double] {
    var sum = Kernels.wideSum(users.elements, weights)
    for k in sum.indices { sum[k] += 2 * penalty * y[k] }
    return sum
  }
}

extension Model {
  /// The vector of a new item by the loss of its pairs; nil for a method without pairs.
  ///
  /// - Throws: `ModelError.noHistory` if it is not known what users have seen, `ModelError` for a value that
  ///   is no weight.
  /// - Complexity: O(interactions of the model) a step, a few dozen steps.
  func foldedInByPairs(
    _ rated: [(row: UserRow, rating: Float)]
  ) throws(ModelError) -> [Double]? {
    guard record.method == BPR.method, let losses = try allItemsLosses() else { return nil }
    guard let history else {
      throw .noHistory(need: "Folding in an item, which is held against what users have seen,")
    }
    let exponent = record.options["negative_exponent"].flatMap { Double($0) } ?? 0
    var owners: [(row: UserRow, weight: Double)] = []
    for (row, rating) in rated {
      guard let weight = losses.weighting.weight(of: rating) else {
        throw .badWeight(
          of: users[row], rating: rating, expected: losses.weighting.expected(of: rating))
      }
      owners.append((row, Double(weight)))
    }
    // What the history holds was weighted in training.
    let loss = ItemPairsLoss(
      self, history, losses, owners,
      drawingWeight: drawingWeight(count: rated.count, exponent: exponent),
      weight: { Double(losses.weighting.weight(of: $0) ?? 0) })
    return try minimum(of: loss, from: Array(repeating: 0, count: dimension), losses)
  }
}
