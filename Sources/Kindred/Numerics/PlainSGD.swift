// The SGD kernel in plain Swift: the definition of what the fast one computes, and its oracle.
// SPDX-License-Identifier: Apache-2.0

/// What sets the steps of a block's rows.
package struct SGDPace: Equatable, Sendable {
  /// What a row does with its ratings so far.
  package enum Seen: Sendable {
    /// Counts them.
    case ratings
    /// Sums half their gradients' mean squares over the dimensions (Duchi et al. 2011, a rate per row).
    case squaredGradients
  }

  /// 2 · rate of a row that has seen nothing; the 2 is the square's.
  package var step: Float
  /// How fast a row's step falls: step / √(1 + slope · seen).
  package var slope: Float
  /// λ.
  package var regularization: Float
  package var seen: Seen

  package init(step: Float, slope: Float = 0, regularization: Float, seen: Seen = .ratings) {
    self.step = step
    self.slope = slope
    self.regularization = regularization
    self.seen = seen
  }

  /// The step of a row, and what a step leaves of its numbers: 1 − step · λ.
  package func step(seen: Float) -> (step: Float, decay: Float) {
    let step = step / Float(1).addingProduct(seen, slope).squareRoot()
    return (step, Float(1).addingProduct(-step, regularization))
  }
}

/// What the SGD kernel does to one user's row `x` and one item's row `y`.
///
/// diff = ((r − ((μ + b_u) + b_i)) − x·y, and with the step s and the decay of each row's own
/// x ← decay · x + s · diff · y, y ← decay · y + s · diff · x (the x before), b ← decay · b + s · diff.
/// The dot product here runs in four accumulators of eight lanes, which is what a vector unit does
/// fast; it may differ from `plainDot` in the last bits.
package struct PlainSGDStep {
  /// What a row has beside its vector.
  package struct Row: Equatable, Sendable {
    package var bias: Float
    package var seen: Float
    package var step: Float
    package var decay: Float

    package init(bias: Float = 0, seen: Float = 0, step: Float = 0, decay: Float = 1) {
      self.bias = bias
      self.seen = seen
      self.step = step
      self.decay = decay
    }

    /// Sets the step for a block that begins.
    package mutating func set(_ pace: SGDPace) { (step, decay) = pace.step(seen: seen) }
  }

  package var x: [Float]
  package var y: [Float]
  package var user: Row
  package var item: Row

  package init(x: [Float], y: [Float], user: Row, item: Row) {
    self.x = x
    self.y = y
    self.user = user
    self.item = item
  }

  /// Updates both rows and returns the diff before the update.
  package mutating func update(
    rating: Float, mean: Float, hasBiases: Bool, pace: SGDPace
  ) -> Float {
    let dot = plainLaneDot(x.span, y.span)
    let diff = (rating - ((mean + user.bias) + item.bias)) - dot
    if pace.seen == .squaredGradients {
      let (xx, yy) = (plainLaneDot(x.span, x.span), plainLaneDot(y.span, y.span))
      user.seen += squaredGradient(diff, dot, xx, yy, pace)
      item.seen += squaredGradient(diff, dot, yy, xx, pace)
    } else {
      user.seen += 1
      item.seen += 1
    }
    let (userScale, itemScale) = (user.step * diff, item.step * diff)
    for k in x.indices {
      let before = x[k]
      x[k] = (user.decay * before).addingProduct(userScale, y[k])
      y[k] = (item.decay * y[k]).addingProduct(itemScale, before)
    }
    if hasBiases {
      user.bias = userScale.addingProduct(user.decay, user.bias)
      item.bias = itemScale.addingProduct(item.decay, item.bias)
    }
    return diff
  }

  /// The mean of (diff · y − λ · x)² over the dimensions, from the sums.
  private func squaredGradient(
    _ diff: Float, _ xy: Float, _ xx: Float, _ yy: Float, _ pace: SGDPace
  ) -> Float {
    let lambda = pace.regularization
    let near: Float = diff * diff * yy - 2 * lambda * diff * xy
    let square: Float = near + lambda * lambda * xx
    return (square > 0 ? square : 0) * (1 / Float(x.count))
  }
}
