// Checking a derivative by wiggling.
// SPDX-License-Identifier: Apache-2.0

/// A derivative measured instead of derived: nudge a number both ways and see what the loss does.
///
/// slope = (loss(v + h) − loss(v − h)) / 2h. For a loss that is quadratic in v, as here, this is
/// exact but for rounding, whatever h is; a round h keeps the numbers readable.
public struct Wiggle: Equatable, Sendable {
  /// The number where it stands.
  public let value: Double
  /// How far it is nudged, h: 0.001, or that times a power of ten where the number, or the root of
  /// the loss, is 10 or more; the smaller nudge would drown in rounding.
  public let nudge: Double
  /// The loss with the number nudged up.
  public let lossUp: Double
  /// The loss with the number nudged down.
  public let lossDown: Double

  /// Nudges `value` and watches `loss`.
  public init(_ value: Double, loss: (Double) -> Double) {
    self.value = value
    var nudge = 0.001
    let scale = max(abs(value), abs(loss(value)).squareRoot())
    while scale.isFinite, nudge * 10_000 <= scale { nudge *= 10 }
    self.nudge = nudge
    lossUp = loss(value + nudge)
    lossDown = loss(value - nudge)
  }

  /// The measured derivative.
  public var slope: Double { (lossUp - lossDown) / (2 * nudge) }

  /// Whether a derived value agrees with the measured one.
  ///
  /// Rounding leaves an error of about 2⁻⁵² · loss / h in the slope; the tolerance is a thousand
  /// times that, and at least 1e-9.
  public func agrees(with derivative: Double) -> Bool {
    let rounding = max(abs(lossUp), abs(lossDown)) * 0x1p-52 / nudge
    return abs(slope - derivative) <= max(1e-9, 1e-9 * abs(derivative), 1000 * rounding)
  }
}
