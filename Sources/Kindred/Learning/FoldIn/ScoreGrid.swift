// Sums over all items of a smooth function of their scores, by way of a few scores.
// SPDX-License-Identifier: Apache-2.0

/// Stands in for all items' scores where a function that changes over about one unit of score is summed
/// over them: a list of nodes whose values tell those at every item.
///
/// The scores are cut into panels one unit wide. In each, sixteen Chebyshev nodes carry the function.
/// What is summed here has its poles at a distance of π from the real axis at least; the panel's half
/// width is 1/2, so that the nearest Bernstein ellipse has ρ = 2π + √(4π² + 1) ≈ 12.65, and the
/// interpolation's error is about ρ⁻¹⁶ ≈ 2 · 10⁻¹⁸ of the function (Trefethen 2013, theorem 8.2): below the
/// rounding of `Double`. Where there are no more items than nodes, the items' scores are the nodes.
///
/// With it, sums over pairs of a seen and another item take seen · nodes operations and not seen · items.
struct ScoreGrid {
  /// The scores that stand in for all. [N]
  let nodes: [Double]
  /// The panel of each item and its place there, from −1 to 1; nil where the items are the nodes.
  private let panels: (of: [Int32], points: [Double], count: Int)?

  /// A grid for these scores, which are finite.
  ///
  /// - Complexity: O(items).
  init(_ scores: [Double]) {
    guard let panels = Self.panels(scores) else {
      nodes = scores
      self.panels = nil
      return
    }
    self.panels = (panels.of, panels.points, panels.floors.count)
    nodes = panels.floors.flatMap { floor in
      Chebyshev.points.map { floor + 0.5 + 0.5 * $0 }
    }
  }

  /// The panels that scores fall into; nil if there are so many that items are better nodes.
  private static func panels(
    _ scores: [Double]
  ) -> (of: [Int32], points: [Double], floors: [Double])? {
    guard let least = scores.min()?.rounded(.down), let most = scores.max()?.rounded(.down),
      (most - least + 1) * Double(Kernels.wideDegrees) < Double(scores.count)
    else { return nil }
    // Panels that nobody is in are left out.
    var places = Array(repeating: Int32(-1), count: Int(most - least) + 1)
    for score in scores { places[Int(score.rounded(.down) - least)] = 0 }
    var floors: [Double] = []
    for place in places.indices where places[place] == 0 {
      places[place] = Int32(floors.count)
      floors.append(least + Double(place))
    }
    var (of, points) = ([Int32](), [Double]())
    of.reserveCapacity(scores.count)
    points.reserveCapacity(scores.count)
    for score in scores {
      let floor = score.rounded(.down)
      of.append(places[Int(floor - least)])
      points.append(2 * (score - floor) - 1)
    }
    return (of, points, floors)
  }

  /// The weights with which values at the nodes are summed in place of the items' with theirs. [N]
  func gathered(_ weights: [Double]) -> [Double] {
    guard let panels else { return weights }
    let moments = Kernels.wideMoments(
      panels.of, panels.points, weights, panelCount: panels.count)
    return Chebyshev.byPanel(moments, Chebyshev.toNodes)
  }

  /// The items' values, from those at the nodes. [items]
  func spread(_ values: [Double]) -> [Double] {
    guard let panels else { return values }
    let coefficients = Chebyshev.byPanel(values, Chebyshev.toCoefficients)
    return Kernels.wideValues(panels.of, panels.points, coefficients)
  }
}

/// The nodes of a panel, and the way from values there to coefficients of Chebyshev polynomials.
private enum Chebyshev {
  static let degrees = Kernels.wideDegrees

  /// x_n = cos π(n + ½)/d.
  static let points = (0..<degrees).map { cosine(angle($0)) }

  /// c_m = (2 − δ_m0)/d · Σ_n T_m(x_n) f_n. [m · d + n]
  static let toCoefficients = (0..<degrees * degrees).map { place in
    let (m, n) = (place / degrees, place % degrees)
    return (m == 0 ? 1 : 2) / Double(degrees) * cosine(Double(m) * angle(n))
  }

  /// The transpose.
  static let toNodes = (0..<degrees * degrees).map { place in
    toCoefficients[place % degrees * degrees + place / degrees]
  }

  private static func angle(_ n: Int) -> Double { .pi * (Double(n) + 0.5) / Double(degrees) }

  /// The matrix times each panel's numbers.
  static func byPanel(_ numbers: [Double], _ matrix: [Double]) -> [Double] {
    var products = Array(repeating: 0.0, count: numbers.count)
    for start in stride(from: 0, to: numbers.count, by: degrees) {
      for row in 0..<degrees {
        var sum = 0.0
        for n in 0..<degrees { sum += matrix[row * degrees + n] * numbers[start + n] }
        products[start + row] = sum
      }
    }
    return products
  }
}
