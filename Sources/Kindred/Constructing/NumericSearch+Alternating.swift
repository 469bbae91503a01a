// Solving for one vector at a time, where there are too many blanks to move at once.
// SPDX-License-Identifier: Apache-2.0

extension NumericSearch {
  /// The multiplications that one start may take: some seconds.
  private static let budget = 1.5e9

  /// Alternating least squares: each vector in turn takes its best blanks, the others fixed.
  func alternate(from start: [Double]) -> Found {
    var current = Found(entries: start, loss: loss(start))
    let vectors = vectorsWithBlanks()
    let width = Double(dimension)
    let sweep = Double(terms.count) * width * width + Double(vectors.count) * width * width * width
    let sweeps = Int(min(max(Self.budget / sweep, 5), 500))
    for _ in 0..<sweeps {
      if isNegligible(current.loss) { break }
      var entries = current.entries
      for vector in vectors { solve(vector, &entries) }
      let reached = loss(entries)
      guard reached < current.loss else { break }
      let gained = current.loss - reached
      current = Found(entries: entries, loss: reached)
      if gained < 1e-10 * reached { break }
    }
    return current
  }

  private struct Vector {
    /// The places of its blanks.
    var blanks: [Int]
    /// Where it and its partners start, for each of its terms.
    var terms: [(own: Int, other: Int, target: Double)]
  }

  private func vectorsWithBlanks() -> [Vector] {
    var vectors: [Int: Vector] = [:]
    for place in blanks {
      vectors[place - place % dimension, default: Vector(blanks: [], terms: [])].blanks.append(
        place)
    }
    for term in terms {
      vectors[term.user]?.terms.append((term.user, term.item, term.target))
      vectors[term.item]?.terms.append((term.item, term.user, term.target))
    }
    // In the order of the tables: a dictionary has none.
    return vectors.keys.sorted().compactMap { vectors[$0] }
  }

  private func solve(_ vector: Vector, _ entries: inout [Double]) {
    let count = vector.blanks.count
    var matrix = [Double](repeating: 0, count: count * count)
    var gradient = [Double](repeating: 0, count: count)
    for term in vector.terms {
      var error = -term.target
      for k in 0..<dimension { error += entries[term.own + k] * entries[term.other + k] }
      let slopes = vector.blanks.map { entries[term.other + $0 - term.own] / unit }
      for i in 0..<count {
        gradient[i] += slopes[i] * (error / scale)
        for j in 0...i { matrix[i * count + j] += slopes[i] * slopes[j] }
      }
    }
    let largest = (0..<count).lazy.map { matrix[$0 * count + $0] }.max() ?? 0
    // Just enough to have a solution where the partners do not span every direction.
    for i in 0..<count { matrix[i * count + i] += max(largest * 1e-11, .leastNormalMagnitude) }
    guard let move = Cholesky(matrix, size: count)?.solve(gradient) else { return }
    for (number, place) in vector.blanks.enumerated() { entries[place] -= move[number] * unit }
  }
}
