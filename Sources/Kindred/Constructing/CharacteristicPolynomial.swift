// The polynomial whose roots are a matrix's eigenvalues, in integers.
// SPDX-License-Identifier: Apache-2.0

import BigInt

/// det(x·I − G) of a symmetric integer matrix, or what is left after dividing roots out.
///
/// All its roots are real, which is what makes counting them by signs exact.
struct CharacteristicPolynomial {
  /// The coefficients of x⁰, x¹, …, the last one 1.
  private(set) var coefficients: [BigInt]

  /// By Faddeev and LeVerrier's recurrence: M ← G·(M + c·I), c ← −trace(M) / k.
  ///
  /// The divisions leave no remainder for integer matrices.
  ///
  /// - Complexity: O(n⁴) operations on integers.
  init(of gram: [[BigInt]]) {
    let size = gram.count
    coefficients = Array(repeating: 0, count: size) + [1]
    var power = gram.map { $0.map { _ in BigInt(0) } }
    for k in 0..<size {
      for i in 0..<size { power[i][i] += coefficients[size - k] }
      power = gram.map { row in
        (0..<size).map { column in
          var sum = BigInt(0)
          for i in 0..<size where !row[i].isZero { sum += row[i] * power[i][column] }
          return sum
        }
      }
      let trace = (0..<size).reduce(BigInt(0)) { $0 + power[$1][$1] }
      coefficients[size - k - 1] = -trace / BigInt(k + 1)
    }
  }

  private init(coefficients: [BigInt]) { self.coefficients = coefficients }

  /// The polynomial without these roots, each as often as it is listed; nil if one is no root.
  func dividing(by roots: [BigInt]) -> CharacteristicPolynomial? {
    var quotient = coefficients
    for root in roots {
      guard let remainder = Self.divide(&quotient, by: root), remainder.isZero else { return nil }
    }
    return CharacteristicPolynomial(coefficients: quotient)
  }

  /// How many roots are greater than `bound`, each as often as it occurs.
  func rootCount(above bound: BigInt) -> Int { Self.signChanges(shifted(by: bound)) }

  /// How many roots are less than `bound`, each as often as it occurs.
  func rootCount(below bound: BigInt) -> Int {
    let mirrored = shifted(by: bound).enumerated().map { $0 % 2 == 0 ? $1 : -$1 }
    return Self.signChanges(mirrored)
  }

  /// The coefficients of p(x + offset), by repeated division.
  private func shifted(by offset: BigInt) -> [BigInt] {
    var rest = coefficients
    var result: [BigInt] = []
    while let remainder = Self.divide(&rest, by: offset) { result.append(remainder) }
    return result
  }

  /// Divides by x − root (Horner) and returns the remainder; nil if nothing is left to divide.
  private static func divide(_ coefficients: inout [BigInt], by root: BigInt) -> BigInt? {
    guard var carry = coefficients.popLast() else { return nil }
    for i in coefficients.indices.reversed() {
      (coefficients[i], carry) = (carry, coefficients[i] + carry * root)
    }
    return carry
  }

  private static func signChanges(_ coefficients: [BigInt]) -> Int {
    let signs = coefficients.filter { !$0.isZero }.map { $0.sign == .minus }
    return zip(signs, signs.dropFirst()).count { $0 != $1 }
  }
}
