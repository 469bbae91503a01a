// Why a construction problem cannot be posed at all.
// SPDX-License-Identifier: Apache-2.0

/// A problem that makes no sense or is too large; "impossible" is an answer, not an error.
public enum ConstructionError: Error, Equatable, Sendable {
  /// The dimension is less than 1.
  case dimensionTooSmall(Int)
  /// This vector has another number of entries than the dimension.
  case unevenRow(side: VectorSide, name: String, width: Int, expected: Int)
  /// A relation names a row that its table does not have; rows count from 0.
  case unknownRow(side: VectorSide, row: Int, count: Int)
  /// Two relations state different targets for one pair.
  case conflictingTargets(user: String, item: String, first: Rational, second: Rational)
  /// More entries are blank than can be solved for.
  case tooManyUnknowns(Int, limit: Int)
  /// There are more relations than can be solved.
  case tooManyRelations(Int, limit: Int)
  /// A coupled system of this size would take too long in exact arithmetic; `bits` is the length of
  /// its longest number.
  case tooMuchExactWork(equations: Int, unknowns: Int, bits: Int)
}

extension ConstructionError: CustomStringConvertible {
  /// What is wrong, where, and what to try.
  public var description: String {
    switch self {
    case .dimensionTooSmall(let dimension):
      "the dimension is \(dimension), and a vector needs at least one entry"
    case .unevenRow(_, let name, let width, let expected):
      "\(name) has \(width) entries where every vector has \(expected)"
    case .unknownRow(let side, let row, let count):
      "a relation names \(side.rawValue) \(row + 1), but the table of \(side.rawValue)s has "
        + "\(count) rows"
    case .conflictingTargets(let user, let item, let first, let second):
      "dot(\(user), \(item)) is given two targets, \(first) and \(second): keep one of them"
    case .tooManyUnknowns(let count, let limit):
      "\(count) numbers are missing, and at most \(limit) can be solved for: train a model instead"
    case .tooManyRelations(let count, let limit):
      "\(count) relations are more than the \(limit) that can be solved: train a model instead"
    case .tooMuchExactWork(let equations, let unknowns, let bits):
      "\(equations) equations in \(unknowns) unknowns that hang together, with numbers of up to "
        + "\(bits) bits, take too long in exact fractions: use fewer relations or shorter numbers, "
        + "or train a model instead"
    }
  }
}

/// The largest estimate of exact work that is begun, in additions of short integers: some seconds.
private let largestExactWork = 2e7

/// Refuses an elimination of this size before it is begun.
///
/// Elimination takes about rank² · columns steps for the independent rows, and for each of the others
/// rank for every free column. Its numbers grow to rank times the length of the first ones, and a
/// step costs about the square of its numbers' words.
func requireFeasible(rows: Int, columns: Int, bits: Int) throws(ConstructionError) {
  let rank = Double(min(rows, columns))
  let words = 1 + rank * Double(bits) / 64
  let others = (Double(rows) - rank) * rank * (Double(columns) - rank + 1)
  let work = (rank * rank * Double(columns) + others) * (1 + words * words / 64)
  guard work <= largestExactWork else {
    throw .tooMuchExactWork(equations: rows, unknowns: columns, bits: bits)
  }
}
