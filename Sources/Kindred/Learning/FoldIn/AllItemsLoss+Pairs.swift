// The loss over all pairs of a seen and another item.
// SPDX-License-Identifier: Apache-2.0

extension AllItemsLoss {
  /// The loss over all pairs at one vector.
  ///
  /// With σ_ij = σ(z_j − z_i): the slope by the score of an unseen item j is q_j Σ_i c_i σ_ij, by that of a
  /// seen item i it is −c_i Σ_j q_j σ_ij. Along d, with σ' = σ(1 − σ), they change by
  /// q_j Σ_i c_i σ'_ij (d_j − d_i) and −c_i Σ_j q_j σ'_ij (d_j − d_i).
  ///
  /// As functions of z_j the sums over the seen items are smooth, so that a few nodes stand in for all
  /// items; see ``ScoreGrid``.
  func pairs(at off: [Double], _ scores: [Double], _ chances: [Double]) -> RowLossPoint {
    let grid = ScoreGrid(scores)
    let (nodes, masses, count) = (grid.nodes, grid.gathered(chances), seen.count)
    var value = 0.0
    var sums = Array(repeating: 0.0, count: nodes.count)
    var curvatures = sums
    var seenSums = Array(repeating: 0.0, count: count)
    // σ' of each node and seen item. [N · |S|]
    var bends = Array(repeating: 0.0, count: nodes.count * count)
    for n in nodes.indices {
      var (loss, sum, curvature) = (0.0, 0.0, 0.0)
      for i in 0..<count {
        let difference = nodes[n] - scores[seen[i]]
        let tail = exponential(-abs(difference))
        let share = difference >= 0 ? 1 / (1 + tail) : tail / (1 + tail)
        let bend = tail / ((1 + tail) * (1 + tail))
        loss += weights[i] * (max(difference, 0) + logarithm1p(tail))
        sum += weights[i] * share
        curvature += weights[i] * bend
        seenSums[i] += masses[n] * share
        bends[n * count + i] = bend
      }
      value += masses[n] * loss
      sums[n] = sum
      curvatures[n] = curvature
    }
    var slopes = grid.spread(sums)
    for j in slopes.indices { slopes[j] *= chances[j] }
    for (i, place) in seen.enumerated() { slopes[place] -= weights[i] * seenSums[i] }
    let bent = grid.spread(curvatures)
    return RowLossPoint(value: value, gradient: combined(slopes, at: off)) { [bends] v in
      let along = directions(along: v)
      let moved = grid.gathered(zip(chances, along).map { $0 * $1 })
      var pull = Array(repeating: 0.0, count: nodes.count)
      var seenChanges = Array(repeating: 0.0, count: count)
      let steps = seen.map { along[$0] }
      for n in nodes.indices {
        var sum = 0.0
        for i in 0..<count {
          let bend = bends[n * count + i]
          sum += weights[i] * steps[i] * bend
          seenChanges[i] += (moved[n] - steps[i] * masses[n]) * bend
        }
        pull[n] = sum
      }
      var changes = grid.spread(pull)
      for j in changes.indices { changes[j] = chances[j] * (along[j] * bent[j] - changes[j]) }
      for (i, place) in seen.enumerated() { changes[place] -= weights[i] * seenChanges[i] }
      return combined(changes, at: v)
    }
  }
}
