// The few elementary functions that Swift leaves to the platform's C library.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The natural logarithm of a positive number.
package func logarithm(_ value: Double) -> Double { log(value) }

/// e raised to `value`.
package func exponential(_ value: Double) -> Double { exp(value) }

/// The logarithm to base 2 of a positive number.
package func binaryLogarithm(_ value: Double) -> Double { log2(value) }

/// The cosine of an angle in radians.
package func cosine(_ angle: Double) -> Double { cos(angle) }

/// ln(1 + `value`), also for small values.
package func logarithm1p(_ value: Double) -> Double { log1p(value) }

/// `base`, which is not negative, raised to `exponent`.
package func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// `base` raised to a whole exponent.
package func power(_ base: Double, _ exponent: Int) -> Double { pow(base, Double(exponent)) }

/// 2 raised to `value`.
package func exponential2(_ value: Double) -> Double { exp2(value) }

/// The probability that a standard normal number is above `z`.
package func upperTail(_ z: Double) -> Double { erfc(z / 2.0.squareRoot()) / 2 }
