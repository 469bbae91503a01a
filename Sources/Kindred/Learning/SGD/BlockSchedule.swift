// Which block may be worked on next.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// The blocks of an epoch in the order of their diagonals, each free as soon as the blocks that it
/// depends on are done.
///
/// Block (s, t) of the p-th diagonal needs user stripe s and item stripe t as the diagonals before
/// left them, and nothing else. So nobody waits for a whole diagonal, every row still sees its ratings
/// in one order, and the result does not depend on who does what when.
package final class BlockSchedule: Sendable {
  /// A block to work on.
  package struct Block: Equatable, Sendable {
    /// Its diagonal's position in the order.
    package let position: Int
    package let userStripe: Int
    package let itemStripe: Int
  }

  private struct Progress {
    /// How many diagonals each stripe is done with.
    var users: [Int]
    var items: [Int]
    var isBusy: [Bool]
    /// How many wait for a block to end.
    var waiting = 0
    var wasStopped = false
    var squares: [Double]

    mutating func takeWaiting() -> Int {
      defer { waiting = 0 }
      return waiting
    }
  }

  private let order: [Int]
  private let stripes: Int
  private let progress: Mutex<Progress>
  private let changed = DispatchSemaphore(value: 0)

  /// A schedule in which nothing is done yet.
  ///
  /// - Parameter order: Every diagonal once, in the order of this epoch.
  package init(order: [Int]) {
    self.order = order
    stripes = order.count
    let none = Array(repeating: 0, count: order.count)
    progress = Mutex(
      Progress(
        users: none, items: none, isBusy: Array(repeating: false, count: order.count),
        squares: Array(repeating: 0, count: order.count * order.count)))
  }

  /// Works on blocks on several threads until all are done or `shouldStop` says so.
  ///
  /// - Parameters:
  ///   - threads: How many, this one included.
  ///   - shouldStop: Asked on this thread, before each block that it works on and at least once.
  ///   - update: Works on a block and returns its squared errors; called on any thread, for blocks
  ///     that share no row.
  /// - Returns: The squared errors, summed in the order of the diagonals; whether the work was stopped.
  package func run(
    threads: Int, shouldStop: () -> Bool, update: @escaping @Sendable (Block) -> Double
  ) -> (squares: Double, wasStopped: Bool) {
    if shouldStop() { return (0, true) }
    let helpers = DispatchGroup()
    for _ in 1..<max(1, min(threads, stripes)) {
      helperQueue().async(group: helpers) { [self] in
        while let block = next() { finish(block, squares: update(block)) }
      }
    }
    var isFirst = true
    while let block = next() {
      if !isFirst, shouldStop() {
        stop(insteadOf: block)
        break
      }
      isFirst = false
      finish(block, squares: update(block))
    }
    helpers.wait()
    return progress.withLock { ($0.squares.reduce(0, +), $0.wasStopped) }
  }

  /// The next block whose stripes are ready, once there is one; nil if all are done or under way, or
  /// the work was stopped.
  private func next() -> Block? {
    while true {
      var isOver = false
      let block = progress.withLock { progress -> Block? in
        if let block = ready(&progress) { return block }
        isOver =
          progress.wasStopped
          || progress.users.indices.allSatisfy {
            progress.users[$0] + (progress.isBusy[$0] ? 1 : 0) == stripes
          }
        if !isOver { progress.waiting += 1 }
        return nil
      }
      if block != nil || isOver { return block }
      changed.wait()
    }
  }

  private func ready(_ progress: inout Progress) -> Block? {
    guard !progress.wasStopped else { return nil }
    var best: Block?
    for stripe in 0..<stripes where !progress.isBusy[stripe] {
      let position = progress.users[stripe]
      guard position < best?.position ?? stripes else { continue }
      let item = (stripe + order[position]) % stripes
      guard progress.items[item] == position else { continue }
      best = Block(position: position, userStripe: stripe, itemStripe: item)
    }
    if let best { progress.isBusy[best.userStripe] = true }
    return best
  }

  private func finish(_ block: Block, squares: Double) {
    let waiting = progress.withLock { progress in
      progress.squares[block.position * stripes + block.userStripe] = squares
      progress.users[block.userStripe] += 1
      progress.items[block.itemStripe] += 1
      progress.isBusy[block.userStripe] = false
      return progress.takeWaiting()
    }
    for _ in 0..<waiting { changed.signal() }
  }

  private func stop(insteadOf block: Block) {
    let waiting = progress.withLock { progress in
      progress.isBusy[block.userStripe] = false
      progress.wasStopped = true
      return progress.takeWaiting()
    }
    for _ in 0..<waiting { changed.signal() }
  }
}
