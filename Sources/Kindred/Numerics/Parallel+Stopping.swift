// Loops over independent pieces of work that can be stopped on the way.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Calls `body` for 0 ..< `count` on up to `threads` threads, each with a workspace of its own.
///
/// Pieces are handed out in order, one by one, as threads become free. What a piece computes must not
/// depend on which thread runs it, when, or with which workspace; then the results do not either.
///
/// - Parameters:
///   - count: The number of pieces.
///   - threads: How many may work at a time; 0 for one per core.
///   - workspace: Makes a thread's workspace.
///   - shouldStop: Asked on the calling thread, at least once and before each of the pieces that it
///     takes; once it has said true no further piece is begun, and it is not asked again.
///   - body: Works on a piece.
/// - Returns: The results by piece, nil for those that were not begun; whether the loop was stopped.
/// - Complexity: `count` calls of `body`, spread over the threads.
package func parallelMap<Workspace, Result: Sendable>(
  _ count: Int, threads: Int, workspace: () -> Workspace, shouldStop: () -> Bool,
  _ body: (Workspace, Int) -> Result
) -> (results: [Result?], wasStopped: Bool) {
  if shouldStop() { return (Array(repeating: nil, count: count), true) }
  let next = Atomic(0)
  let results = Mutex(Array<Result?>(repeating: nil, count: count))
  func take(_ workspace: Workspace) -> Bool {
    let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
    guard piece < count else { return false }
    let result = body(workspace, piece)
    results.withLock { $0[piece] = result }
    return true
  }
  func work() {
    let workspace = workspace()
    while take(workspace) {}
  }
  let helpers = max(0, min(threadCount(threads), count) - 1)
  let group = DispatchGroup()
  var wasStopped = false
  // The closure does not outlive this call, which waits for all who were given it.
  withoutActuallyEscaping(work) { work in
    nonisolated(unsafe) let work = work
    for _ in 0..<helpers { helperQueue().async(group: group) { unsafe work() } }
    var own: Workspace?
    while next.load(ordering: .relaxed) < count {
      if own != nil, shouldStop() {
        wasStopped = true
        next.store(count, ordering: .relaxed)
        break
      }
      let mine = own ?? workspace()
      own = mine
      guard take(mine) else { break }
    }
    group.wait()
  }
  return (results.withLock { $0 }, wasStopped)
}
