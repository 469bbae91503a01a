// The tables while weighted ALS is at work on them.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Both tables, the pairs with their weights both ways, and the rows of both sides in pieces of equal work.
package struct IALSState: InteractionState {
  private let options: IALSOptions
  private let ratings: Ratings
  private let users: SideTable
  private let items: SideTable
  /// The pairs by user and by item; their values are the weights.
  private let byUser: CompressedRows<UserSide, ItemSide>
  private let byItem: CompressedRows<ItemSide, UserSide>
  private let isWeighted: Bool
  private let userPieces: WorkPieces
  private let itemPieces: WorkPieces
  /// Whether the users are solved for the items as they are.
  private var usersAreSolved = false

  /// The weights of pairs that all count 1.
  private static let none: Flat<Float> = []
  /// More than enough for any number of cores, and few enough that a piece is worth handing out.
  private static let pieces = 128

  /// The random start of the users, keyed by their rows.
  package init(_ ratings: Ratings, options: IALSOptions) throws(TrainingError) {
    try Self.requireMemory(for: ratings, options)
    self.options = options
    self.ratings = ratings
    isWeighted = options.weighting != .none
    if isWeighted {
      let weights = try options.weighting.weights(of: ratings)
      byUser = CompressedRows(
        offsets: ratings.byUser.offsets, columns: ratings.byUser.columns, values: weights)
      byItem = byUser.transposed(columnCount: ratings.items.count)
    } else {
      try options.weighting.requireWeights(of: ratings)
      byUser = ratings.byUser
      byItem = ratings.byItem
    }
    users = SideTable(
      count: ratings.users.count, dimension: options.dimension, hasBiases: false,
      lanes: InteractionKernels.lanes)
    items = SideTable(
      count: ratings.items.count, dimension: options.dimension, hasBiases: false,
      lanes: InteractionKernels.lanes)
    userPieces = Self.pieces(of: byUser, width: options.dimension)
    itemPieces = Self.pieces(of: byItem, width: options.dimension)
    start()
  }

  private init(copying other: IALSState) {
    options = other.options
    ratings = other.ratings
    users = SideTable(copying: other.users)
    items = SideTable(copying: other.items)
    byUser = other.byUser
    byItem = other.byItem
    isWeighted = other.isWeighted
    userPieces = other.userPieces
    itemPieces = other.itemPieces
    usersAreSolved = other.usersAreSolved
  }

  /// A copy that further epochs do not change.
  package func copy() -> IALSState { IALSState(copying: self) }

  /// Every number of a user with interactions normal; the others stay zero, which is their minimum.
  ///
  /// Vectors are then about as long as the options' deviation (section 5.2 of Rendle and others, 2021).
  private func start() {
    let deviation = options.initialDeviation / Double(options.dimension).squareRoot()
    _ = parallelMap(userPieces.rows.count, threads: options.threads) { piece in
      var vector = Array(repeating: Float(0), count: users.width)
      for row in userPieces.rows[piece] where !byUser.range(Row(row)).isEmpty {
        var random = KeyedRandom(
          seed: options.seed, key: StreamKey.interactionStart, UInt64(row))
        for k in 0..<options.dimension { vector[k] = Float(random.normal() * deviation) }
        users.set(row, to: vector.span)
      }
    }
  }

  /// Solves for all items, and then for all users.
  package mutating func run(
    epoch: Int, shouldStop: () -> Bool
  ) throws(TrainingError) -> EpochOutcome {
    usersAreSolved = false
    let first = try renew(
      items, itemPieces, byItem, from: users, epoch: epoch, shouldStop: shouldStop)
    guard !first.wasStopped else { return EpochOutcome(wasStopped: true) }
    let second = try renew(
      users, userPieces, byUser, from: items, epoch: epoch, shouldStop: shouldStop)
    usersAreSolved = !second.wasStopped && options.pass == .whole
    return EpochOutcome(
      objective: second.objective + penalty(of: items, byItem, others: users.count),
      wasStopped: second.wasStopped)
  }

  /// A step of one side, the other one fixed.
  private func renew<S: Side, Other: Side>(
    _ table: SideTable, _ pieces: WorkPieces, _ rows: CompressedRows<S, Other>,
    from other: SideTable, epoch: Int, shouldStop: () -> Bool
  ) throws(TrainingError) -> (objective: Double, wasStopped: Bool) {
    switch options.pass {
    case .whole:
      return try solve(table, pieces, rows, from: other, epoch: epoch, shouldStop: shouldStop)
    case .blocks(let size):
      let whole = InteractionSide(other, unobserved: options.unobserved, threads: options.threads)
      let side = BlockedSide(whole, block: size)
      return try eachRow(
        table, pieces, rows, others: other.count, epoch: epoch,
        workspace: { (BlockSolver(side), InteractionSolver(whole)) }, shouldStop: shouldStop
      ) { solvers, row, columns, weights, ridge in
        if let part = solvers.0.pass(table.vector(row), columns, weights, ridge: ridge) {
          solvers.0.store(in: table, row: row)
          return .solved(objective: part)
        }
        // A block that `Float` cannot tell from an open one is no reason to give up the row: the whole row
        // goes on in `Double`, and knows an open row from numbers that are too large.
        return Self.solve(solvers.1, in: table, row, columns, weights, ridge: ridge)
      }
    case .gradients:
      guard
        let side = SpectralSide(
          turning: table, and: other, unobserved: options.unobserved, threads: options.threads)
      else { throw .diverged(epoch: epoch, rate: nil) }
      return try eachRow(
        table, pieces, rows, others: other.count, epoch: epoch,
        workspace: { SpectralSolver(side) }, shouldStop: shouldStop
      ) { solver, row, columns, weights, ridge in
        guard
          let part = solver.descend(table.vector(row), columns, weights, ridge: ridge)
        else { return .beyondFloat }
        solver.store(in: table, row: row)
        return .solved(objective: part)
      }
    }
  }

  /// Solves for one side, the other one fixed.
  private func solve<S: Side, Other: Side>(
    _ table: SideTable, _ pieces: WorkPieces, _ rows: CompressedRows<S, Other>,
    from other: SideTable, epoch: Int, shouldStop: () -> Bool
  ) throws(TrainingError) -> (objective: Double, wasStopped: Bool) {
    let side = InteractionSide(other, unobserved: options.unobserved, threads: options.threads)
    return try eachRow(
      table, pieces, rows, others: other.count, epoch: epoch,
      workspace: { InteractionSolver(side) }, shouldStop: shouldStop
    ) { solver, row, columns, weights, ridge in
      Self.solve(solver, in: table, row, columns, weights, ridge: ridge)
    }
  }

  /// Solves for a row, which stays as it is where there is no solution.
  private static func solve(
    _ solver: InteractionSolver, in table: SideTable, _ row: Int, _ columns: Flat<Int32>,
    _ weights: Flat<Float>, ridge: Double
  ) -> InteractionSolver.Outcome {
    let outcome = solver.solve(columns, weights, ridge: ridge)
    if case .solved = outcome { solver.store(in: table, row: row) }
    return outcome
  }

  /// Goes over the rows of a side that have pairs, and adds up their parts of the objective.
  private func eachRow<S: Side, Other: Side, Solver>(
    _ table: SideTable, _ pieces: WorkPieces, _ rows: CompressedRows<S, Other>, others: Int,
    epoch: Int, workspace: () -> Solver, shouldStop: () -> Bool,
    _ solve: (Solver, Int, Flat<Int32>, Flat<Float>, Double) -> InteractionSolver.Outcome
  ) throws(TrainingError) -> (objective: Double, wasStopped: Bool) {
    let penalty = options.penalty
    let (results, wasStopped) = parallelMap(
      pieces.rows.count, threads: options.threads, workspace: workspace, shouldStop: shouldStop
    ) { solver, piece in
      var objective = 0.0
      for row in pieces.rows[piece] {
        let range = rows.range(Row(row))
        guard !range.isEmpty else { continue }
        let outcome = solve(
          solver, row, rows.columns[range], isWeighted ? rows.values[range] : Self.none,
          penalty.ridge(count: range.count, others: others))
        switch outcome {
        case .solved(let part): objective += part
        case .open: return Piece(objective: objective, openRow: row)
        case .beyondFloat: return Piece(objective: objective, isBeyondFloat: true)
        }
      }
      return Piece(objective: objective)
    }
    return (try total(results, rows, table, epoch: epoch), wasStopped)
  }

  /// The pieces' parts of the objective, added in their order.
  private func total<S: Side, Other: Side>(
    _ pieces: [Piece?], _ rows: CompressedRows<S, Other>, _ table: SideTable, epoch: Int
  ) throws(TrainingError) -> Double {
    var total = 0.0
    for piece in pieces {
      guard let piece else { continue }
      if let row = piece.openRow {
        let id = S.self == UserSide.self ? ratings.users[Row(row)] : ratings.items[Row(row)]
        throw .singular(
          side: S.noun, id: id, ratings: rows.range(Row(row)).count, unknowns: table.width)
      }
      if piece.isBeyondFloat { throw .diverged(epoch: epoch, rate: nil) }
      total += piece.objective
    }
    return total
  }

  /// What came of a piece of rows.
  private struct Piece: Sendable {
    var objective: Double
    /// The first row that its equations leave open.
    var openRow: Int?
    var isBeyondFloat = false
  }

  /// Σ ridge ‖·‖² over the rows of a side.
  private func penalty<S: Side, Other: Side>(
    of table: SideTable, _ rows: CompressedRows<S, Other>, others: Int
  ) -> Double {
    var sum = 0.0
    for row in 0..<table.count {
      let vector = table.vector(row)
      var squares = 0.0
      for k in 0..<table.dimension { squares += Double(vector[k]) * Double(vector[k]) }
      let count = rows.range(Row(row)).count
      sum += options.penalty.ridge(count: count, others: others) * squares
    }
    return sum
  }

  // MARK: What comes of it

  /// The finished model, without the padding, its users solved for its items.
  package func model(of ratings: Ratings, record: TrainingRecord) -> Model {
    let (users, items) = usersAreSolved ? (users, items) : solvedTables()
    return Model(
      userEmbeddings: users.embeddings(), itemEmbeddings: items.embeddings(), biases: nil, mean: 0,
      users: ratings.users, items: ratings.items, history: ratings.byUser, record: record)
  }

  /// Copies of both tables, the users solved for the items; where gradients do it, both are turned.
  private func solvedTables() -> (users: SideTable, items: SideTable) {
    let (users, items) = (SideTable(copying: users), SideTable(copying: items))
    // A row that cannot be solved for stays as it is: nothing better is known.
    guard options.canDescend,
      let side = SpectralSide(
        turning: users, and: items, unobserved: options.unobserved, threads: options.threads)
    else {
      _ = try? solve(users, userPieces, byUser, from: items, epoch: 0, shouldStop: { false })
      return (users, items)
    }
    let whole = InteractionSide(items, unobserved: options.unobserved, threads: options.threads)
    let gram = whole.gram.map { Float($0) }
    _ = try? eachRow(
      users, userPieces, byUser, others: items.count, epoch: 0,
      workspace: { (SpectralSolver(side, gram: gram), InteractionSolver(whole)) },
      shouldStop: { false }
    ) { solvers, row, columns, weights, ridge in
      if solvers.0.solve(users.vector(row), columns, weights, ridge: ridge) {
        solvers.0.store(in: users, row: row)
      } else {
        _ = Self.solve(solvers.1, in: users, row, columns, weights, ridge: ridge)
      }
      return .solved(objective: 0)
    }
    return (users, items)
  }

  package var arrays: [CheckpointArray] {
    [CheckpointArray("users", lending: users.rows), CheckpointArray("items", lending: items.rows)]
  }

  package mutating func restore(_ arrays: CheckpointArrays) throws(FileError) {
    for (name, buffer) in [("users", users.rows), ("items", items.rows)] {
      let numbers = try arrays.floats(name, count: buffer.count)
      guard numbers.firstNonFinite == nil else {
        throw arrays.malformed("its \(name) are not finite")
      }
      buffer.write { elements in
        for index in 0..<elements.count { elements[index] = numbers[index] }
      }
    }
    // Checkpoints are of whole epochs.
    usersAreSolved = options.pass == .whole
  }

  // MARK: Sizes

  private static func pieces<S: Side, Column: Side>(
    of rows: CompressedRows<S, Column>, width: Int
  ) -> WorkPieces {
    let width = Double(width)
    // Multiplications and additions of the sum of outer products, and of the factor.
    return WorkPieces(rows: rows.rowCount, pieces: pieces) { row in
      let count = Double(rows.range(Row(row)).count)
      return count == 0 ? 1 : count * width * width + width * width * width / 3
    }
  }

  private static func requireMemory(
    for ratings: Ratings, _ options: IALSOptions
  ) throws(TrainingError) {
    let rows = Double(ratings.users.count + ratings.items.count)
    let padded = Double(options.dimension) + 8
    // At work a row is padded; patience keeps a copy; the model is another one.
    let tables = rows * padded * 4 * (options.patience == nil ? 2 : 3)
    // A thread's matrices, two in `Float` and one in `Double`, and a block of entries with their weights;
    // the shared one in both.
    let threads = Double(threadCount(options.threads)) + 1
    let scratch = threads * padded * (24 * padded + 8 * Double(RowSystem.blockSize))
    // The pairs by user and by item, and again with their weights.
    let pairs = Double(ratings.count) * (options.weighting == .none ? 16 : 28)
    let bytes = tables + scratch + pairs
    let available = Int(clamping: ProcessInfo.processInfo.physicalMemory) / 4 * 3
    guard bytes < Double(available) else {
      throw .tooLarge(bytes: bytes < 9e18 ? Int(bytes) : .max, available: available)
    }
  }
}
