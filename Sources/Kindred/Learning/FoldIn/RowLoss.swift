// A smooth loss of one row, and its minimum.
// SPDX-License-Identifier: Apache-2.0

/// A twice differentiable function of one row's vector.
package protocol RowLoss {
  /// The numbers of the vector.
  var dimension: Int { get }

  /// What the function is at a vector and around it; nil where its numbers are beyond those of `Double`.
  func point(at x: [Double]) -> RowLossPoint?
}

/// A loss at one vector.
package struct RowLossPoint {
  package var value: Double
  package let gradient: [Double]
  /// The second derivatives' matrix times a vector.
  package let curvature: ([Double]) -> [Double]

  package init(
    value: Double, gradient: [Double], curvature: @escaping ([Double]) -> [Double]
  ) {
    self.value = value
    self.gradient = gradient
    self.curvature = curvature
  }
}

/// The loss of a direction: of the vector of length 1 that points there.
///
/// Its gradient is the part of the loss's own that is tangent to the sphere, and its curvature along a
/// tangent v is the tangent part of Hv − (∇·x) v.
package struct DirectionLoss<Loss: RowLoss>: RowLoss {
  private let loss: Loss

  package init(_ loss: Loss) { self.loss = loss }

  package var dimension: Int { loss.dimension }

  package func point(at x: [Double]) -> RowLossPoint? {
    guard let point = loss.point(at: x) else { return nil }
    let outward = dot(point.gradient, x)
    func tangent(_ v: [Double]) -> [Double] {
      let part = dot(v, x)
      return zip(v, x).map { $0 - part * $1 }
    }
    return RowLossPoint(value: point.value, gradient: tangent(point.gradient)) { v in
      let v = tangent(v)
      return tangent(zip(point.curvature(v), v).map { $0 - outward * $1 })
    }
  }
}

/// Minimizes a loss by Newton's method.
///
/// Each step is the one that conjugate gradients find in a region
/// in which the quadratic model of the loss is trusted (Steihaug 1983; Nocedal & Wright 2006, algorithms
/// 4.1 and 7.2). It goes down from its start also where the loss is not convex.
package struct RowMinimizer {
  /// Whether the vector stays on the sphere of length 1, for a ``DirectionLoss``.
  package var staysOnSphere = false
  /// The gradient's norm below which a vector is a solution.
  package static let tolerance = 1e-6

  package init(staysOnSphere: Bool = false) { self.staysOnSphere = staysOnSphere }

  /// The solution that is reached from a start.
  ///
  /// It goes on below `tolerance` for as long as that is quick, down to 10⁻¹⁰.
  ///
  /// - Parameters:
  ///   - loss: What to minimize.
  ///   - start: Where to begin; on the sphere, of length 1.
  /// - Returns: The vector, whose gradient's norm is below `tolerance`; nil if there is none in reach,
  ///   because the loss falls without end or its numbers are beyond what `Double` resolves.
  /// - Complexity: A few to a few dozen steps, each of up to 2 · *dimension* products with the curvature.
  package func minimum(of loss: some RowLoss, from start: [Double]) -> [Double]? {
    guard var here = loss.point(at: start) else { return nil }
    var (x, slope) = (start, length(here.gradient))
    var radius = 1 + length(start)
    for _ in 0..<Self.mostSteps where slope > Self.goal {
      let step = step(here, slope: slope, radius: radius)
      let reached = moved(x, by: step.vector)
      let next = loss.point(at: reached)
      let (isBetter, trust) = verdict(on: next, from: here, slope: slope, foretold: step.decrease)
      let size = length(step.vector)
      if trust < 0.25 {
        radius = size / 4
      } else if trust > 0.75, size > 0.9 * radius {
        radius = min(radius * 2, Self.largestRadius)
      }
      if isBetter, let next {
        (x, here) = (reached, next)
        let last = slope
        slope = length(here.gradient)
        // Good enough, and rounding is all that is left.
        if slope < Self.tolerance, slope > last / 2 { break }
      } else if slope < Self.tolerance || radius < length(x) * 1e-15 {
        break
      }
    }
    return slope < Self.tolerance ? x : nil
  }

  /// Whether a step is taken, and how far what was foretold came true.
  ///
  /// Where the loss falls by less than its rounding, the gradient decides.
  private func verdict(
    on next: RowLossPoint?, from here: RowLossPoint, slope: Double, foretold: Double
  ) -> (isBetter: Bool, trust: Double) {
    guard let next else { return (false, 0) }
    let noise = 1e-12 * max(1, abs(here.value))
    if foretold < noise, next.value - here.value < noise {
      let isBetter = length(next.gradient) < slope
      return (isBetter, isBetter ? 0.5 : 0)
    }
    let trust = (here.value - next.value) / foretold
    return (trust > 1e-4, trust)
  }

  private func moved(_ x: [Double], by step: [Double]) -> [Double] {
    let sum = zip(x, step).map { $0 + $1 }
    guard staysOnSphere else { return sum }
    let size = length(sum)
    return sum.map { $0 / size }
  }

  /// The step to the minimum of the quadratic model within a radius, or as near to it as pays.
  private func step(
    _ point: RowLossPoint, slope: Double, radius: Double
  ) -> (vector: [Double], decrease: Double) {
    var step = Array(repeating: 0.0, count: point.gradient.count)
    var residual = point.gradient
    var direction = residual.map { -$0 }
    var square = slope * slope
    var decrease = 0.0
    // Ever more exact as the gradient vanishes, which makes the end quadratic.
    let target = slope * min(0.1, slope.squareRoot())
    for _ in 0..<2 * step.count {
      let bent = point.curvature(direction)
      let curvature = dot(direction, bent)
      // Down along the direction first, then on to the edge if the model has no bottom or it is outside.
      let length = curvature > 0 ? square / curvature : .infinity
      let ahead = zip(step, direction).map { $0 + length * $1 }
      guard length.isFinite, self.length(ahead) < radius else {
        let rest = Self.way(to: radius, from: step, along: direction)
        for k in step.indices { step[k] += rest * direction[k] }
        return (step, decrease + rest * square - rest * rest * curvature / 2)
      }
      step = ahead
      decrease += length * square / 2
      for k in residual.indices { residual[k] += length * bent[k] }
      let next = dot(residual, residual)
      guard next.squareRoot() > target else { break }
      for k in direction.indices { direction[k] = next / square * direction[k] - residual[k] }
      square = next
    }
    return (step, decrease)
  }

  /// The t ≥ 0 with ‖p + t d‖ = radius.
  private static func way(to radius: Double, from p: [Double], along d: [Double]) -> Double {
    let (a, b, c) = (dot(d, d), dot(p, d), dot(p, p) - radius * radius)
    let root = max(b * b - a * c, 0).squareRoot()
    return b > 0 ? max(-c, 0) / (b + root) : (root - b) / a
  }

  private func length(_ v: [Double]) -> Double { dot(v, v).squareRoot() }

  private static let goal = 1e-10
  private static let mostSteps = 500
  private static let largestRadius = 1e6
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for k in a.indices { sum += a[k] * b[k] }
  return sum
}
