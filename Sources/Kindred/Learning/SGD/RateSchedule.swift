// How the rate of SGD falls while training goes on.
// SPDX-License-Identifier: Apache-2.0

/// What a row's rate depends on besides the epoch.
///
/// Each user and each item has a rate of its own, which is set when a block of ratings begins (16
/// times an epoch) from what the row has seen by then. It does not depend on the number of epochs to
/// come, so that a run may go on for longer than was planned.
public enum RateSchedule: String, CaseIterable, Sendable {
  /// rate / √(1 + n/100) after n ratings of the row, each epoch's counted again: a row that is new
  /// learns quickly, one that has seen much is only polished.
  case visits
  /// rate, for every row.
  case constant
  /// rate / √(1 + G), where G sums the row's squared gradients: of each rating the mean of
  /// (diff · y − λx)² over the dimensions, half the gradient by x (Duchi, Hazan & Singer 2011, with
  /// one rate per row as in Chin et al. 2015).
  case adagrad

  /// What the kernel makes a row's rate of.
  package func pace(rate: Double, regularization: Double) -> SGDPace {
    let step = Float(2 * rate)
    let lambda = Float(regularization)
    return switch self {
    case .visits: SGDPace(step: step, slope: 0.01, regularization: lambda)
    case .constant: SGDPace(step: step, regularization: lambda)
    case .adagrad:
      SGDPace(step: step, slope: 1, regularization: lambda, seen: .squaredGradients)
    }
  }
}

extension SGDOptions {
  /// The rate of a row that is new in this epoch: rate · decayᵉ⁻¹.
  ///
  /// - Complexity: O(log *epoch*).
  package func rate(epoch: Int) -> Double {
    var (product, square, left) = (rate, decay, max(epoch, 1) - 1)
    while left > 0 {
      if left % 2 == 1 { product *= square }
      square *= square
      left /= 2
    }
    return product
  }

  /// What the kernel makes the rows' rates of in this epoch.
  package func pace(epoch: Int) -> SGDPace {
    schedule.pace(rate: rate(epoch: epoch), regularization: regularization)
  }
}
