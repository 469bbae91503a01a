// Looking for vectors numerically, where no exact method applies.
// SPDX-License-Identifier: Apache-2.0

// Minimizes Σ over relations of ((u·v − t) / s)², s the largest |t|, over all blanks at once with
// the given entries held fixed. Levenberg–Marquardt (Marquardt 1963, damping relative to the
// diagonal) from several random starts; above `largestDense` blanks its matrix is too large, and
// the vectors are solved for one at a time in turns instead (`NumericSearch+Alternating.swift`).
// Every blank is measured in units of √s, so that a product of two of them is of the targets' size.

/// A least-squares search over the blanks of a problem, in `Double`.
struct NumericSearch {
  struct Term {
    /// Where the user's vector starts in `entries`.
    var user: Int
    /// Where the item's vector starts in `entries`.
    var item: Int
    var target: Double
  }

  /// A point of the search, with its scaled loss.
  struct Found {
    var entries: [Double]
    var loss: Double
  }

  /// The most blanks for which all are moved at once.
  static let largestDense = 400
  /// A scaled loss, for each relation, that is as good as none.
  static let negligible = 1e-26

  let dimension: Int
  let terms: [Term]
  /// Users' entries, then items', row by row; blanks are 0.
  let given: [Double]
  /// Where the blanks that some relation touches stand in `given`, ascending.
  let blanks: [Int]
  /// The number of each of `blanks`, by its place in `given`; -1 for the others.
  let numbers: [Int]
  /// The size of the targets.
  let scale: Double
  private let seed: UInt64

  init(_ problem: ConstructionProblem) {
    dimension = problem.dimension
    let all = (problem.users + problem.items).flatMap { $0 }
    given = all.map { $0?.doubleValue ?? 0 }
    let firstItem = problem.users.count * dimension
    let width = dimension
    terms = problem.relations.map {
      Term(
        user: $0.user * width, item: firstItem + $0.item * width, target: $0.target.doubleValue)
    }
    let touched = Set(terms.flatMap { [$0.user, $0.item] })
    blanks = all.indices.filter { all[$0] == nil && touched.contains($0 - $0 % width) }
    var numbers = Array(repeating: -1, count: all.count)
    for (number, place) in blanks.enumerated() { numbers[place] = number }
    self.numbers = numbers
    let largest = terms.lazy.map { $0.target.magnitude }.max() ?? 0
    scale = largest > 0 && largest.isFinite ? largest : 1
    seed = problem.seed
  }

  /// The unit of a blank.
  var unit: Double { scale.squareRoot() }

  /// Whether a loss is zero but for rounding.
  func isNegligible(_ loss: Double) -> Bool {
    loss <= Self.negligible * Double(max(terms.count, 1))
  }

  /// The best point of several starts; the first of equals.
  func best() -> Found {
    var best: Found?
    for start in 0..<restarts {
      let found = improve(randomStart(start))
      if found.loss < best?.loss ?? .infinity { best = found }
      if let best, isNegligible(best.loss) { break }
    }
    return best ?? Found(entries: given, loss: loss(given))
  }

  /// Descends from a point until it no longer helps.
  func improve(_ start: [Double]) -> Found {
    blanks.count <= Self.largestDense ? descend(from: start) : alternate(from: start)
  }

  private var restarts: Int {
    switch blanks.count {
    case 0: 0
    case ...30: 32
    case ...100: 12
    case ...Self.largestDense: 3
    default: 2
    }
  }

  private func randomStart(_ start: Int) -> [Double] {
    var random = KeyedRandom(seed: seed, key: StreamKey.restart, UInt64(start))
    var entries = given
    // Dot products of such vectors are about as large as the targets, whatever the dimension.
    let spread = unit / Double(dimension).squareRoot().squareRoot()
    for place in blanks { entries[place] = random.normal() * spread }
    return entries
  }

  func residual(_ term: Term, _ entries: [Double]) -> Double {
    var product = 0.0
    for k in 0..<dimension { product += entries[term.user + k] * entries[term.item + k] }
    return (product - term.target) / scale
  }

  func loss(_ entries: [Double]) -> Double {
    var sum = 0.0
    for term in terms {
      let error = residual(term, entries)
      sum += error * error
    }
    return sum
  }
}

extension NumericSearch {
  private func descend(from start: [Double]) -> Found {
    var current = Found(entries: start, loss: loss(start))
    var damping = 1e-2
    var stalled = 0
    for _ in 0..<300 {
      if isNegligible(current.loss) || stalled >= 8 { break }
      let (matrix, gradient) = normalEquations(current.entries)
      var accepted = false
      while !accepted, damping < 1e14 {
        if let next = step(from: current, matrix, gradient, damping) {
          // A gain of less than one part in 10¹³, again and again, is the end.
          stalled = next.loss > current.loss * (1 - 1e-13) ? stalled + 1 : 0
          current = next
          accepted = true
          damping = max(damping / 5, 1e-11)
        } else {
          damping *= 4
        }
      }
      if !accepted { break }
    }
    return current
  }

  /// A damped Gauss–Newton step; nil unless it lowers the loss.
  private func step(
    from current: Found, _ matrix: [Double], _ gradient: [Double], _ damping: Double
  ) -> Found? {
    var damped = matrix
    let count = blanks.count
    let largest = (0..<count).lazy.map { matrix[$0 * count + $0] }.max() ?? 0
    for i in stride(from: 0, to: count * count, by: count + 1) {
      // A blank that nothing depends on yet still needs a pivot.
      damped[i] += damping * max(matrix[i], largest * 1e-12, .leastNormalMagnitude)
    }
    guard let move = Cholesky(damped, size: count)?.solve(gradient) else { return nil }
    var entries = current.entries
    for (number, place) in blanks.enumerated() { entries[place] -= move[number] * unit }
    let reached = loss(entries)
    return reached < current.loss ? Found(entries: entries, loss: reached) : nil
  }

  /// JᵀJ (its lower triangle, row-major) and Jᵀ·residuals.
  private func normalEquations(_ entries: [Double]) -> (matrix: [Double], gradient: [Double]) {
    let count = blanks.count
    var matrix = [Double](repeating: 0, count: count * count)
    var gradient = [Double](repeating: 0, count: count)
    var slopes: [(number: Int, slope: Double)] = []
    for term in terms {
      slopes.removeAll(keepingCapacity: true)
      for k in 0..<dimension {
        let (user, item) = (term.user + k, term.item + k)
        if numbers[user] >= 0 { slopes.append((numbers[user], entries[item] / unit)) }
        if numbers[item] >= 0 { slopes.append((numbers[item], entries[user] / unit)) }
      }
      let error = residual(term, entries)
      for (i, a) in slopes {
        gradient[i] += a * error
        for (j, b) in slopes where j <= i { matrix[i * count + j] += a * b }
      }
    }
    return (matrix, gradient)
  }
}
