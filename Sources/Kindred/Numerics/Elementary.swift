// The few elementary functions that Swift leaves to the platform's C library.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The natural logarithm of a positive number.
package func logarithm(_ value: Double) -> Double { log(value) }

/// e raised to `value`.
package func exponential(_ value: Double) -> Double { exp(value) }
