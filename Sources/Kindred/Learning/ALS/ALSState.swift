// The tables while ALS is at work on them.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Both tables, and the rows of both sides in pieces of equal work.
package struct ALSState: RatingState {
  private let options: ALSOptions
  private let ratings: Ratings
  private let users: SideTable
  private let items: SideTable
  private let userPieces: WorkPieces
  private let itemPieces: WorkPieces
  private let mean: Double

  /// More than enough for any number of cores, and few enough that a piece is worth handing out.
  private static let pieces = 128

  /// The random start of the users: every number normal with the options' deviation, keyed by its row.
  package init(_ ratings: Ratings, options: ALSOptions) throws(TrainingError) {
    try Self.requireMemory(for: ratings, options)
    self.options = options
    self.ratings = ratings
    users = SideTable(
      count: ratings.users.count, dimension: options.dimension, hasBiases: options.hasBiases)
    items = SideTable(
      count: ratings.items.count, dimension: options.dimension, hasBiases: options.hasBiases)
    mean = options.hasBiases ? ratings.mean : 0
    userPieces = Self.pieces(of: ratings.byUser, width: users.width)
    itemPieces = Self.pieces(of: ratings.byItem, width: items.width)
    start()
  }

  private init(copying other: ALSState) {
    options = other.options
    ratings = other.ratings
    users = SideTable(copying: other.users)
    items = SideTable(copying: other.items)
    userPieces = other.userPieces
    itemPieces = other.itemPieces
    mean = other.mean
  }

  /// A copy that further epochs do not change.
  package func copy() -> ALSState { ALSState(copying: self) }

  /// A row without ratings has nothing to learn from: it stays zero, so that it scores as unknown.
  private func start() {
    let byUser = ratings.byUser
    _ = parallelMap(userPieces.rows.count, threads: options.threads) { piece in
      var vector = Array(repeating: Float(0), count: users.width)
      for row in userPieces.rows[piece] where !byUser.range(Row(row)).isEmpty {
        var random = KeyedRandom(
          seed: options.seed, key: StreamKey.start, UserSide.key, UInt64(row))
        for k in 0..<options.dimension {
          vector[k] = Float(random.normal() * options.initialDeviation)
        }
        users.set(row, to: vector.span)
      }
    }
  }

  /// Starts the users from a few epochs of stochastic gradient descent on the same objective: each
  /// costs a tenth of one here, and the first two or three here do little more than find the directions
  /// that these find.
  ///
  /// Where they lead beyond `Float` the random start stays.
  ///
  /// - Returns: Whether it was stopped.
  private func warmStart(_ shouldStop: () -> Bool) throws(TrainingError) -> Bool {
    let state = try SGDState(ratings, options: options.descent)
    for epoch in 1...options.startEpochs {
      let outcome = state.run(epoch: epoch, shouldStop: shouldStop)
      if outcome.wasStopped { return true }
      guard outcome.squares?.isFinite ?? true else { return false }
    }
    state.copyUsers(to: users)
    return false
  }

  /// Solves for all items, and then for all users.
  package func run(epoch: Int, shouldStop: () -> Bool) throws(TrainingError) -> EpochOutcome {
    if epoch == 1, options.startEpochs > 0, try warmStart(shouldStop) {
      return EpochOutcome(squares: 0, wasStopped: true)
    }
    let first = try solve(
      items, itemPieces, ratings.byItem, from: users, epoch: epoch, shouldStop: shouldStop)
    guard !first.wasStopped else { return EpochOutcome(squares: 0, wasStopped: true) }
    let second = try solve(
      users, userPieces, ratings.byUser, from: items, epoch: epoch, shouldStop: shouldStop)
    return EpochOutcome(
      squares: second.squares, objective: second.squares + second.penalty + first.penalty,
      wasStopped: second.wasStopped)
  }

  /// Solves for one side, the other one fixed.
  private func solve<S: Side, Other: Side>(
    _ side: SideTable, _ pieces: WorkPieces, _ rows: CompressedRows<S, Other>,
    from other: SideTable, epoch: Int, shouldStop: () -> Bool
  ) throws(TrainingError) -> (squares: Double, penalty: Double, wasStopped: Bool) {
    let (results, wasStopped) = parallelMap(
      pieces.rows.count, threads: options.threads,
      workspace: {
        RowSolver(other, mean: mean, regularization: options.regularization)
      }, shouldStop: shouldStop
    ) { solver, piece in
      var sum = RowSolver.Fit(squares: 0, penalty: 0)
      for row in pieces.rows[piece] {
        let range = rows.range(Row(row))
        guard !range.isEmpty else { continue }
        switch solver.solve(rows.columns[range], rows.values[range]) {
        case .solved(let fit):
          solver.store(in: side, row: row)
          sum.squares += fit.squares
          sum.penalty += fit.penalty
        case .open: return Piece(sum: sum, openRow: row)
        case .beyondFloat: return Piece(sum: sum, isBeyondFloat: true)
        }
      }
      return Piece(sum: sum)
    }
    var total = (squares: 0.0, penalty: 0.0, wasStopped: wasStopped)
    for piece in results {
      guard let piece else { continue }
      if let row = piece.openRow {
        let ids = S.self == UserSide.self ? ratings.users[Row(row)] : ratings.items[Row(row)]
        throw .singular(
          side: S.noun, id: ids, ratings: rows.range(Row(row)).count, unknowns: side.width)
      }
      if piece.isBeyondFloat { throw .diverged(epoch: epoch, rate: nil) }
      total.squares += piece.sum.squares
      total.penalty += piece.sum.penalty
    }
    return total
  }

  /// What came of a piece of rows.
  private struct Piece: Sendable {
    var sum: RowSolver.Fit
    /// The first row that its equations leave open.
    var openRow: Int?
    var isBeyondFloat = false
  }

  // MARK: What comes of it

  /// The root mean squared error over held-out ratings; nil if there are none.
  package func rmse(on heldOut: HeldOut, clippedTo range: ClosedRange<Float>?) -> Double? {
    let tables = ScoredTables(
      users: half(users), items: half(items), dimension: options.dimension, mean: mean)
    return heldOut.errors(clippedTo: range, of: tables, threads: options.threads)?.rmse
  }

  private func half(_ side: SideTable) -> ScoredTables.Half {
    ScoredTables.Half(
      vectors: Flat(side.rows), stride: side.stride, biases: side.biases.map { Flat($0) },
      places: nil)
  }

  /// The finished model, without the padding.
  package func model(of ratings: Ratings, record: TrainingRecord) -> Model {
    let biases = users.biases.flatMap { users in
      items.biases.map { items in Model.Biases(users: users.array, items: items.array) }
    }
    return Model(
      userEmbeddings: users.embeddings(), itemEmbeddings: items.embeddings(), biases: biases,
      mean: mean, users: ratings.users, items: ratings.items, history: ratings.byUser,
      record: record)
  }

  private var buffers: [(name: String, buffer: Buffer<Float>)] {
    [
      ("users", users.rows), ("items", items.rows), ("user_biases", users.biases),
      ("item_biases", items.biases),
    ].compactMap { name, buffer in buffer.map { (name, $0) } }
  }

  package var arrays: [CheckpointArray] {
    buffers.map { CheckpointArray($0.name, lending: $0.buffer) }
  }

  package func restore(_ arrays: CheckpointArrays) throws(FileError) {
    for (name, buffer) in buffers {
      let numbers = try arrays.floats(name, count: buffer.count)
      guard numbers.firstNonFinite == nil else {
        throw arrays.malformed("its \(name) are not finite")
      }
      buffer.write { elements in
        for index in 0..<elements.count { elements[index] = numbers[index] }
      }
    }
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
    for ratings: Ratings, _ options: ALSOptions
  ) throws(TrainingError) {
    let rows = Double(ratings.users.count + ratings.items.count)
    let padded = Double(options.dimension) + 16
    // At work a row is padded and has a bias; patience keeps a copy; the model is another one.
    let tables = rows * padded * 4 * (options.patience == nil ? 2 : 3)
    // A thread's matrices, two in `Float` and one in `Double`, and a block of entries.
    let threads = Double(threadCount(options.threads))
    let scratch = threads * padded * (16 * padded + 4 * Double(RowSystem.blockSize))
    // The descent's own tables at the start, before scratch is needed; the ratings by user, by item, and
    // for the descent in blocks.
    let descent = options.startEpochs > 0 ? rows * padded * 4 : 0
    let bytes =
      tables + max(scratch, descent) + Double(ratings.count) * (options.startEpochs > 0 ? 24 : 16)
    let available = Int(clamping: ProcessInfo.processInfo.physicalMemory) / 4 * 3
    guard bytes < Double(available) else {
      throw .tooLarge(bytes: bytes < 9e18 ? Int(bytes) : .max, available: available)
    }
  }
}
