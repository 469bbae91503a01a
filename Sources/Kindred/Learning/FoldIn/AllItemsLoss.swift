// What methods that sample minimize in a user's vector, without sampling.
// SPDX-License-Identifier: Apache-2.0

/// The loss of one user over all items, as a function of the user's vector x; the items are fixed.
///
/// The score of item j is z_j = a_j (x · y_j) + o_j, with the table's rows y, scales a (1 if there are
/// none) and offsets o (0 if there are none). S is what the user has seen, c_i > 0 how much pair i counts,
/// P the penalty: λ·|S| for `pairs`, λ for `shares`. The vector m is 0 unless training added one to the row
/// that it held back.
///
/// - `pairs`, for ``BPR``: Σ_{i∈S} c_i Σ_j q_j (−ln σ(z_i − z_j)) + P ‖x − m‖², where the q_j ≥ 0 are the chances
///   of drawing item j as the other one of a pair, 0 for j ∈ S. It is what training samples: each pair
///   comes up once an epoch, with one j drawn from q.
/// - `shares`, for softmax: Σ_{i∈S} c_i (−z_i + ln Σ_j e^{z_j}) + P ‖x − m‖².
///
/// Both are convex in x. All sums run in `Double`, in the items' order.
package struct AllItemsLoss: Sendable {
  /// How the items are held against one another.
  package enum Form: Sendable {
    /// Each seen item against every other, which is drawn with these chances. [items]
    case pairs(chances: [Double])
    /// Each seen item's share of all.
    case shares
  }

  /// The items' rows. [items]
  let table: EmbeddingTable<ItemSide>
  /// a; nil for ones. [items]
  let scales: [Double]?
  /// o; nil for zeros. [items]
  let offsets: [Double]?
  let form: Form
  /// The places of the seen items.
  let seen: [Int]
  /// c, one for each of them.
  let weights: [Double]
  /// P.
  let penalty: Double
  /// m; nil for zeros. [dimension]
  let center: [Double]?

  /// A user's loss.
  ///
  /// - Precondition: The lists have one number per item, and the seen items are there.
  package init(
    _ table: EmbeddingTable<ItemSide>, scales: [Double]? = nil, offsets: [Double]? = nil,
    form: Form, seen: [(row: ItemRow, weight: Double)], penalty: Double, center: [Double]? = nil
  ) {
    precondition((scales?.count ?? table.count) == table.count)
    precondition((offsets?.count ?? table.count) == table.count)
    precondition(seen.allSatisfy { (0..<table.count).contains(Int($0.row.index)) })
    if case .pairs(let chances) = form { precondition(chances.count == table.count) }
    self.table = table
    self.scales = scales
    self.offsets = offsets
    self.form = form
    self.seen = seen.map { Int($0.row.index) }
    weights = seen.map(\.weight)
    self.penalty = penalty
    self.center = center
  }

  /// z. [items]
  func scores(at x: [Double]) -> [Double] {
    var scores = directions(along: x)
    if let offsets { for j in scores.indices { scores[j] += offsets[j] } }
    return scores
  }

  /// a_j (v · y_j): how the scores change along v. [items]
  func directions(along v: [Double]) -> [Double] {
    var products = Kernels.wideProducts(table.elements, v)
    if let scales { for j in products.indices { products[j] *= scales[j] } }
    return products
  }

  /// Σ_j w_j a_j y_j + 2P v.
  func combined(_ weights: [Double], at v: [Double]) -> [Double] {
    var weights = weights
    if let scales { for j in weights.indices { weights[j] *= scales[j] } }
    var sum = Kernels.wideSum(table.elements, weights)
    for k in sum.indices { sum[k] += 2 * penalty * v[k] }
    return sum
  }
}

extension AllItemsLoss: RowLoss {
  package var dimension: Int { table.dimension }

  package func point(at x: [Double]) -> RowLossPoint? {
    let scores = scores(at: x)
    guard scores.allSatisfy(\.isFinite) else { return nil }
    let off = center.map { zip(x, $0).map { $0 - $1 } } ?? x
    let square = off.reduce(0) { $0 + $1 * $1 }
    var point =
      switch form {
      case .pairs(let chances): pairs(at: off, scores, chances)
      case .shares: shares(at: off, scores)
      }
    point.value += penalty * square
    return point.value.isFinite && point.gradient.allSatisfy(\.isFinite) ? point : nil
  }

  /// At x − m, of the scores there: with p_j = e^{z_j} / Σ e^{z} and C = Σ c: the gradient by z is C p − c, its derivative along d is
  /// C p_j (d_j − Σ p d).
  private func shares(at off: [Double], _ scores: [Double]) -> RowLossPoint {
    let most = scores.max() ?? 0
    var shares = scores.map { exponential($0 - most) }
    let sum = shares.reduce(0, +)
    for j in shares.indices { shares[j] /= sum }
    let total = weights.reduce(0, +)
    var slopes = shares.map { total * $0 }
    var value = total * (most + logarithm(sum))
    for (i, weight) in zip(seen, weights) {
      slopes[i] -= weight
      value -= weight * scores[i]
    }
    return RowLossPoint(value: value, gradient: combined(slopes, at: off)) { [shares] v in
      var changes = directions(along: v)
      var mean = 0.0
      for j in changes.indices { mean += shares[j] * changes[j] }
      for j in changes.indices { changes[j] = total * shares[j] * (changes[j] - mean) }
      return combined(changes, at: v)
    }
  }
}
