// Random exact tables and problems for the laws of construction.
// SPDX-License-Identifier: Apache-2.0

import Kindred

extension KeyedRandom {
  /// A small integer, often 0.
  mutating func smallInteger() -> Rational { Rational(below(7) - 3) }

  /// A small fraction.
  mutating func smallFraction() -> Rational {
    Rational(numerator: below(21) - 10, denominator: below(6) + 1)
  }

  mutating func integers(_ rows: Int, _ columns: Int) -> [[Rational]] {
    (0..<rows).map { _ in (0..<columns).map { _ in smallInteger() } }
  }

  mutating func fractions(_ rows: Int, _ columns: Int) -> [[Rational]] {
    (0..<rows).map { _ in (0..<columns).map { _ in smallFraction() } }
  }
}

/// All dot products of two tables' rows.
func products(_ users: [[Rational]], _ items: [[Rational]]) -> [[Rational]] {
  users.map { user in items.map { Rational.dot(user, $0) } }
}

func relations(_ targets: [[Rational]]) -> [Relation] {
  targets.enumerated().flatMap { user, row in
    row.enumerated().map { Relation(user: user, item: $0, target: $1) }
  }
}

func blanks(_ rows: Int, _ dimension: Int) -> [[Rational?]] {
  Array(repeating: Array(repeating: nil, count: dimension), count: rows)
}

extension Construction {
  /// The exact vectors, users and items; nil where a number is approximate.
  var exactVectors: (users: [[Rational]], items: [[Rational]])? {
    let users = users.map { $0.compactMap(\.rational) }
    let items = items.map { $0.compactMap(\.rational) }
    guard zip(users, self.users).allSatisfy({ $0.count == $1.count }),
      zip(items, self.items).allSatisfy({ $0.count == $1.count })
    else { return nil }
    return (users, items)
  }

  /// Whether every relation holds exactly, checked from the vectors rather than the outcomes.
  var fitsExactly: Bool {
    guard let (users, items) = exactVectors else { return false }
    return outcomes.allSatisfy {
      $0.holds
        && Rational.dot(users[$0.relation.user], items[$0.relation.item]) == $0.relation.target
    }
  }
}

/// A problem whose dimension the vectors decide.
func problem(
  _ dimension: Int, _ users: [[Rational?]], _ items: [[Rational?]], _ relations: [Relation],
  seed: UInt64 = 0
) -> ConstructionProblem {
  ConstructionProblem(
    dimension: dimension, userNames: (0..<users.count).map { "User \($0 + 1)" },
    itemNames: (0..<items.count).map { "Movie \($0 + 1)" }, users: users, items: items,
    relations: relations, seed: seed)
}

/// The parts of a proof, for `#require`.
extension ConstructionProof {
  var linearCase: Linear? { if case .linear(let proof) = self { proof } else { nil } }
  var contradictionCase: Contradiction? {
    if case .contradiction(let proof) = self { proof } else { nil }
  }
  var minorCase: Minor? { if case .minor(let proof) = self { proof } else { nil } }
  var obstacleCase: Obstacle? { if case .none(let obstacle) = self { obstacle } else { nil } }
}
