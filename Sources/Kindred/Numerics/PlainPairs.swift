// A pair's move in plain Swift: the definition of what the C kernel computes, and its oracle.
// SPDX-License-Identifier: Apache-2.0

/// What pairwise ranking does with a list of pairs, on plain arrays.
///
/// Of a pair of user x and seen item y, an unseen item w is drawn, and the loss is
/// c · −ln σ(x·y − x·w) + λ(‖x‖² + ‖y‖² + ‖w‖²). With s = c · σ(x·w − x·y) its
/// gradients are −s (y − w) + 2λ x, −s x + 2λ y and s x + 2λ w.
/// A row adds the mean square of its own but for the penalty's part to its squares G, and then steps by
/// rate / √(floor + G) against the whole.
package struct PlainPairs: Equatable, Sendable {
  /// The users' and the items' vectors. [rows][dimension]
  package var users: [[Float]]
  package var items: [[Float]]
  /// G of each row.
  package var userSquares: [Float]
  package var itemSquares: [Float]
  /// The items that each user has seen, ascending.
  package var seen: [[Int32]]
  /// The items to draw from.
  package var pool: [Int32]
  /// What items of the pool are drawn in proportion to; nil where all are alike.
  package var chances: [Double]?
  package var draws = 1
  package var rate: Float = 0.1
  package var floor: Float = 1e-4
  package var regularization: Float = 0.01

  package init(users: [[Float]], items: [[Float]], seen: [[Int32]], pool: [Int32]) {
    self.users = users
    self.items = items
    userSquares = users.map { _ in 0 }
    itemSquares = items.map { _ in 0 }
    self.seen = seen
    self.pool = pool
  }

  /// A pair: a user, an item that they have seen, and how much it counts.
  package struct Pair: Equatable, Sendable {
    package let user: Int
    package let item: Int
    package let weight: Float

    package init(user: Int, item: Int, weight: Float) {
      self.user = user
      self.item = item
      self.weight = weight
    }
  }

  /// Moves the rows of each pair in turn, drawing from a state of SplitMix64.
  ///
  /// - Returns: The loss without the penalty, each pair's before its move, summed.
  package mutating func descend(_ pairs: [Pair], random state: UInt64) -> Double {
    var random = SplitMix(state: state)
    let table = chances.map { AliasTable(weights: $0) }
    var loss = 0.0
    for pair in pairs {
      var best: (item: Int, score: Float)?
      for _ in 0..<draws {
        guard let item = unseen(by: pair.user, table, &random) else { break }
        let score = dot(users[pair.user], items[item])
        if best.map({ score > $0.score }) ?? true { best = (item, score) }
      }
      guard let best else { continue }
      let difference = dot(users[pair.user], items[pair.item]) - best.score
      let tail = exponential(-abs(Double(difference)))
      let share = (difference >= 0 ? tail : 1) / (1 + tail)
      loss +=
        Double(pair.weight)
        * (logarithm1p(tail) + (difference < 0 ? -Double(difference) : 0))
      move(pair.user, pair.item, best.item, slope: Float(Double(pair.weight) * share))
    }
    return loss
  }

  private mutating func move(_ user: Int, _ item: Int, _ other: Int, slope: Float) {
    let (x, y, w) = (users[user], items[item], items[other])
    let square = slope * slope
    let difference = zip(y, w).map { $0 - $1 }
    let steps = (
      step(&userSquares[user], square * dot(difference, difference)),
      step(&itemSquares[item], square * dot(x, x)),
      step(&itemSquares[other], square * dot(x, x))
    )
    func keep(_ step: Float) -> Float { Float(1).addingProduct(-step, 2 * regularization) }
    for k in x.indices {
      users[user][k] = (keep(steps.0) * x[k]).addingProduct(steps.0 * slope, y[k] - w[k])
      items[item][k] = (keep(steps.1) * y[k]).addingProduct(steps.1 * slope, x[k])
      items[other][k] = (keep(steps.2) * w[k]).addingProduct(-(steps.2 * slope), x[k])
    }
  }

  private func step(_ squares: inout Float, _ sum: Float) -> Float {
    squares = squares.addingProduct(sum, 1 / Float(users.first?.count ?? 1))
    return rate / (floor + squares).squareRoot()
  }

  /// Four accumulators of eight lanes: block b of eight dimensions goes to accumulator b mod 4.
  private func dot(_ a: [Float], _ b: [Float]) -> Float {
    var lanes = Array(repeating: Float(0), count: 32)
    for k in a.indices { lanes[k % 32] = lanes[k % 32].addingProduct(a[k], b[k]) }
    var total = Array(repeating: Float(0), count: 8)
    for l in 0..<8 {
      let (low, high) = (lanes[l] + lanes[l + 8], lanes[l + 16] + lanes[l + 24])
      total[l] = low + high
    }
    var half = Array(repeating: Float(0), count: 4)
    for l in 0..<4 { half[l] = total[l] + total[l + 4] }
    return (half[0] + half[2]) + (half[1] + half[3])
  }

  /// A draw that the user has not seen; after 32 that they have, a count of those that are left.
  private func unseen(by user: Int, _ table: AliasTable?, _ random: inout SplitMix) -> Int? {
    for _ in 0..<32 {
      let product = random.next().multipliedFullWidth(by: UInt64(pool.count))
      var place = Int(product.high)
      if let table, product.low >= table.stay[place] { place = Int(table.other[place]) }
      if !seen[user].contains(pool[place]) { return Int(pool[place]) }
    }
    let draw = random.next()
    let left = pool.indices.filter { !seen[user].contains(pool[$0]) }
    let total = left.reduce(0.0) { $0 + (chances?[$1] ?? 1) }
    var rest = Double(draw >> 11) * 0x1p-53 * total
    for place in left {
      rest -= chances?[place] ?? 1
      if rest < 0 { return Int(pool[place]) }
    }
    return left.last.map { Int(pool[$0]) }
  }

  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }
}
