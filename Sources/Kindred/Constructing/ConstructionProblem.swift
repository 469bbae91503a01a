// What is asked: vectors with blanks, and the dot products that they must have.
// SPDX-License-Identifier: Apache-2.0

/// A dot product that must hold exactly: user `user` · item `item` = `target`.
public struct Relation: Hashable, Sendable {
  /// The user's place in ``ConstructionProblem/users``, from 0.
  public var user: Int
  /// The item's place in ``ConstructionProblem/items``, from 0.
  public var item: Int
  /// What the dot product must be.
  public var target: Rational

  /// The relation user · item = target.
  public init(user: Int, item: Int, target: Rational) {
    self.user = user
    self.item = item
    self.target = target
  }
}

/// Vectors that are known in whole, in part or not at all, and the dot products they must have.
///
/// ```swift
/// let blank = [Rational?](repeating: nil, count: 3)
/// let problem = ConstructionProblem(
///   dimension: 3, users: [blank], items: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
///   relations: [Relation(user: 0, item: 0, target: 1)])
/// let answer = try construct(problem)
/// ```
public struct ConstructionProblem: Sendable {
  /// How many entries every vector has.
  public var dimension: Int
  /// What the users are called in explanations; one beyond the end is "User n", from 1.
  public var userNames: [String]
  /// What the items are called in explanations; one beyond the end is "Item n", from 1.
  public var itemNames: [String]
  /// The users' vectors, [users][dimension]; nil is a blank to fill in.
  public var users: [[Rational?]]
  /// The items' vectors, [items][dimension]; nil is a blank to fill in.
  public var items: [[Rational?]]
  /// The dot products that must hold.
  public var relations: [Relation]
  /// Chooses the starts of the numerical search, where one is needed.
  public var seed: UInt64

  /// A problem; names may be left out.
  public init(
    dimension: Int, userNames: [String] = [], itemNames: [String] = [], users: [[Rational?]],
    items: [[Rational?]], relations: [Relation], seed: UInt64 = 0
  ) {
    self.dimension = dimension
    self.userNames = userNames
    self.itemNames = itemNames
    self.users = users
    self.items = items
    self.relations = relations
    self.seed = seed
  }
}

/// Which of the two tables of vectors.
public enum VectorSide: String, Hashable, Sendable, CaseIterable {
  /// The table of users.
  case user
  /// The table of items.
  case item
}

/// One entry of one vector.
public struct EntryPosition: Hashable, Sendable {
  /// The table.
  public var side: VectorSide
  /// The vector's place in the table, from 0.
  public var row: Int
  /// The entry's place in the vector, from 0.
  public var entry: Int

  /// The entry at this place.
  public init(side: VectorSide, row: Int, entry: Int) {
    self.side = side
    self.row = row
    self.entry = entry
  }
}

extension ConstructionProblem {
  /// The most entries that may be blank.
  public static let largestUnknownCount = 4000
  /// The most different relations.
  public static let largestRelationCount = 10_000

  /// What explanations call the vector in this row.
  public func name(of side: VectorSide, row: Int) -> String {
    let names = side == .user ? userNames : itemNames
    if names.indices.contains(row) { return names[row] }
    return (side == .user ? "User " : "Item ") + "\(row + 1)"
  }

  func vectors(_ side: VectorSide) -> [[Rational?]] { side == .user ? users : items }

  /// The blanks, users before items, row by row.
  func blanks() -> [EntryPosition] {
    VectorSide.allCases.flatMap { side in
      vectors(side).enumerated().flatMap { row, vector in
        vector.indices.filter { vector[$0] == nil }.map {
          EntryPosition(side: side, row: row, entry: $0)
        }
      }
    }
  }

  /// The same problem with every repeated relation dropped, once it is known to make sense.
  func validated() throws(ConstructionError) -> ConstructionProblem {
    guard dimension >= 1 else { throw .dimensionTooSmall(dimension) }
    for side in VectorSide.allCases {
      for (row, vector) in vectors(side).enumerated() where vector.count != dimension {
        throw .unevenRow(
          side: side, name: name(of: side, row: row), width: vector.count, expected: dimension)
      }
    }
    var distinct = self
    distinct.relations = try distinctRelations()
    guard distinct.relations.count <= Self.largestRelationCount else {
      throw .tooManyRelations(distinct.relations.count, limit: Self.largestRelationCount)
    }
    let blankCount = blanks().count
    // A complete table with nothing given is decided by its rank, without an equation.
    let isByRank =
      distinct.isAllBlank && distinct.relations.count == users.count * items.count
    guard isByRank || blankCount <= Self.largestUnknownCount else {
      throw .tooManyUnknowns(blankCount, limit: Self.largestUnknownCount)
    }
    return distinct
  }

  private func distinctRelations() throws(ConstructionError) -> [Relation] {
    struct Pair: Hashable { var user: Int, item: Int }
    var seen: [Pair: Rational] = [:]
    var kept: [Relation] = []
    for relation in relations {
      guard users.indices.contains(relation.user) else {
        throw .unknownRow(side: .user, row: relation.user, count: users.count)
      }
      guard items.indices.contains(relation.item) else {
        throw .unknownRow(side: .item, row: relation.item, count: items.count)
      }
      let pair = Pair(user: relation.user, item: relation.item)
      if let first = seen[pair] {
        guard first == relation.target else {
          throw .conflictingTargets(
            user: name(of: .user, row: pair.user), item: name(of: .item, row: pair.item),
            first: first, second: relation.target)
        }
      } else {
        seen[pair] = relation.target
        kept.append(relation)
      }
    }
    return kept
  }
}
