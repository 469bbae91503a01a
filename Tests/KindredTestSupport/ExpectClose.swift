// Comparing floating-point numbers with a stated tolerance.
// SPDX-License-Identifier: Apache-2.0

package import Testing

/// Expects two numbers to agree within `relative` of the larger one, or within `absolute`.
///
/// A failure prints both values and how many representable numbers lie between them.
package func expectClose(
  _ actual: Double, _ expected: Double, relative: Double = 0, absolute: Double = 0,
  _ note: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  let tolerance = max(absolute, relative * max(abs(actual), abs(expected)))
  let agrees = actual == expected || abs(actual - expected) <= tolerance
  let ulps = abs(actual - expected) / max(actual.ulp, expected.ulp)
  #expect(
    agrees, "\(actual) against \(expected): \(ulps) ulp, tolerance \(tolerance) \(note())",
    sourceLocation: sourceLocation)
}
