// Learn parts: where they start, what they want, and how far down they can go.
// SPDX-License-Identifier: Apache-2.0

import Kindred

extension LearnAnswer {
  init(
    _ part: Part, after earlier: ArraySlice<Part>, _ options: SolvingOptions
  ) throws(WorksheetError) {
    let own = part.relations.filter { $0.target != nil }
    relationsAreInherited = own.isEmpty
    relations = try distinct(own.isEmpty ? Self.inherited(by: part, from: earlier) : own)
    self.part = part
    let learned = try Self.learned(part)
    start = Descent(
      users: Self.start(part, .user), items: Self.start(part, .item),
      relations: relations.wanted.map {
        .init(user: $0.user, item: $0.item, target: $0.target.doubleValue)
      },
      learned: learned, rate: options.rate ?? part.settings.rate ?? 0.1,
      batch: part.settings.batch)
    var descent = start
    if let limit = options.epochs ?? part.settings.epochs { descent.limit = limit }
    steps = start.steps()
    result = descent.run()
    floor = try LearnFloor(part, relations.wanted, learned: learned)
    lowest = try Self.lowest(part, relations.wanted, learned: learned)
  }

  /// Constructs the learned side from the fixed one: where not every relation can hold, that gives
  /// the exact least-squares vectors.
  private static func lowest(
    _ part: Part, _ relations: [Relation], learned: LearnedSides
  ) throws(WorksheetError) -> [[Rational]]? {
    guard learned != .both, !part.table(learned == .users ? .item : .user).hasBlanks else {
      return nil
    }
    let open = { (table: VectorTable) in table.cells.map { $0.map { _ in Rational?.none } } }
    let problem = ConstructionProblem(
      dimension: part.dimension,
      users: learned == .users ? open(part.users) : part.users.cells,
      items: learned == .items ? open(part.items) : part.items.cells, relations: relations)
    do {
      let best = try construct(problem)
      let vectors = (learned == .users ? best.users : best.items).map { $0.compactMap(\.rational) }
      return vectors.allSatisfy { $0.count == part.dimension } ? vectors : nil
    } catch {
      throw WorksheetError(error.description.capitalizedSentence, line: part.line)
    }
  }

  /// The relations of the nearest part before this one that has any, with its rows found here.
  private static func inherited(
    by part: Part, from earlier: ArraySlice<Part>
  ) throws(WorksheetError) -> [RelationStatement] {
    guard let source = earlier.last(where: { $0.relations.contains { $0.target != nil } }) else {
      throw WorksheetError(
        "There is nothing to learn: neither this part nor one before it states a dot product that "
          + "is wanted, such as Dot(u1, m1) = 1.",
        line: part.line)
    }
    /// By name; where no row has that name, by place.
    func row(_ place: Int, _ from: VectorTable, _ to: VectorTable) throws(WorksheetError) -> Int {
      if let row = to.names.firstIndex(of: from.names[place]) { return row }
      guard to.rows.indices.contains(place) else {
        throw WorksheetError(
          "The relations of the part on line \(source.line) name \"\(from.names[place])\", and "
            + "\(to.caption) has no such row here.",
          line: part.line)
      }
      return place
    }
    var relations: [RelationStatement] = []
    for relation in source.relations where relation.target != nil {
      relations.append(
        RelationStatement(
          user: try row(relation.user, source.users, part.users),
          item: try row(relation.item, source.items, part.items), target: relation.target,
          line: relation.line))
    }
    return relations
  }

  /// The side with blanks is learned, unless the directive says which.
  private static func learned(_ part: Part) throws(WorksheetError) -> LearnedSides {
    if let stated = part.settings.learned { return stated }
    switch (part.users.hasBlanks, part.items.hasBlanks) {
    case (true, true): return .both
    case (true, false): return .users
    case (false, true): return .items
    case (false, false):
      throw WorksheetError(
        "No number is missing, so nothing says which side is learned: add train=users, train=items "
          + "or train=both to a line <!-- kindred: learn … -->.",
        line: part.line)
    }
  }

  /// The vectors to start from: what is given, and zeros or random numbers for the blanks.
  private static func start(_ part: Part, _ side: VectorSide) -> [[Double]] {
    part.table(side).rows.enumerated().map { row, vector in
      guard case .random(let seed) = part.settings.start else {
        return vector.cells.map { $0?.doubleValue ?? 0 }
      }
      var random = KeyedRandom(
        seed: seed, key: StreamKey.start, side == .user ? UserSide.key : ItemSide.key, UInt64(row))
      // Two decimals: a start that can be written on the sheet and worked with by hand.
      return vector.cells.map { cell in
        let draw = (random.normal() * 0.5 * 100).rounded() / 100
        return cell?.doubleValue ?? draw + 0
      }
    }
  }
}

extension LearnFloor {
  fileprivate init(
    _ part: Part, _ relations: [Relation], learned: LearnedSides
  ) throws(WorksheetError) {
    let tail = Self.completeTable(part, relations).map {
      exactTailEnergy($0, dimension: part.dimension)
    }
    any = tail?.value
    anyExact = tail?.exact
    let problem = ConstructionProblem(
      dimension: part.dimension, userNames: part.users.names, itemNames: part.items.names,
      users: part.users.cells, items: part.items.cells, relations: relations)
    do {
      // A side that moves is not fixed, so it gives no floor.
      givenUsers =
        learned.contains(.users) ? nil : try leastSquaresFloor(fixing: .user, in: problem)
      givenItems =
        learned.contains(.items) ? nil : try leastSquaresFloor(fixing: .item, in: problem)
    } catch {
      throw WorksheetError(error.description.capitalizedSentence, line: part.line)
    }
  }

  /// The targets as a table, [users][items]; nil unless every pair has one.
  private static func completeTable(_ part: Part, _ relations: [Relation]) -> [[Rational]]? {
    var table = [[Rational?]](
      repeating: Array(repeating: nil, count: part.items.rows.count), count: part.users.rows.count)
    for relation in relations { table[relation.user][relation.item] = relation.target }
    let complete = table.map { $0.compactMap { $0 } }
    return complete.allSatisfy { $0.count == part.items.rows.count } ? complete : nil
  }
}
