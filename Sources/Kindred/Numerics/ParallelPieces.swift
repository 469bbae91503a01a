// Pieces of work on several threads that can be stopped half-way.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// Calls `body` for the pieces 0 ..< `count`, each once, on up to `threads` threads.
///
/// Pieces are handed out one by one as threads become free. What a piece does must not depend on which
/// thread runs it or when.
///
/// - Parameters:
///   - count: How many pieces there are.
///   - threads: At most so many at a time; 0 for one per core.
///   - shouldStop: Asked on the calling thread alone: before the first piece and before each piece that
///     this thread takes. Once it has said true it is not asked again, and no piece is begun.
///   - body: Does a piece, as one of the workers 0 ..< `threadCount(threads)`; no two threads are the
///     same worker at the same time.
/// - Returns: Whether it was stopped; if not, all pieces are done.
package func parallelPieces(
  _ count: Int, threads: Int, shouldStop: () -> Bool, _ body: (_ piece: Int, _ worker: Int) -> Void
) -> Bool {
  if shouldStop() { return true }
  let workers = min(threadCount(threads), count)
  guard workers > 1 else {
    for piece in 0..<count {
      if piece > 0, shouldStop() { return true }
      body(piece, 0)
    }
    return false
  }
  let next = Atomic(0)
  let isStopped = Atomic(false)
  let caller = Thread.current
  // The closures do not outlive this call: concurrentPerform returns when all of it is done.
  withoutActuallyEscaping(body) { body in
    withoutActuallyEscaping(shouldStop) { shouldStop in
      nonisolated(unsafe) let (body, shouldStop) = (body, shouldStop)
      nonisolated(unsafe) let caller = caller
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        let isCaller = unsafe Thread.current === caller
        while !isStopped.load(ordering: .relaxed) {
          let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard piece < count else { return }
          if isCaller, piece > 0, unsafe shouldStop() {
            isStopped.store(true, ordering: .relaxed)
            return
          }
          unsafe body(piece, worker)
        }
      }
    }
  }
  return isStopped.load(ordering: .relaxed)
}
