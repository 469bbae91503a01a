// Loops over independent pieces of work, on several threads.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// How many threads `threads` stands for: itself, or one per core for 0.
package func threadCount(_ threads: Int) -> Int {
  threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount
}

/// A queue that brings a thread of its own.
///
/// A helper on one of the global queues may have to wait for a thread until others, who wait for helpers
/// themselves, give theirs back: their pool has a thread for each core.
func helperQueue() -> DispatchQueue {
  DispatchQueue(label: "kindred.helper", qos: .userInitiated)
}

/// The results of `body` for 0 ..< `count`, in that order, computed on up to `threads` threads.
///
/// Pieces are handed out one by one as threads become free. What a piece computes must not depend
/// on which thread runs it or when; then the result does not either.
///
/// - Complexity: `count` calls of `body`, spread over the threads.
package func parallelMap<Result: Sendable>(
  _ count: Int, threads: Int, _ body: (Int) -> Result
) -> [Result] {
  let workers = min(threadCount(threads), count)
  guard workers > 1 else { return (0..<count).map(body) }
  let next = Atomic(0)
  let results = Mutex(Array<Result?>(repeating: nil, count: count))
  // The closure does not outlive this call: concurrentPerform returns when all of it is done.
  withoutActuallyEscaping(body) { body in
    nonisolated(unsafe) let body = body
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard piece < count else { return }
        let result = unsafe body(piece)
        results.withLock { $0[piece] = result }
      }
    }
  }
  return results.withLock { $0.compactMap { $0 } }
}
