// Saves a model and is killed before one of the calls to the system that saving is made of.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import Synchronization

// Usage: InterruptedSave STEP SOURCE TARGET. Opens SOURCE and saves it as TARGET, and is killed
// before the call to the system with this number, counted from 0. If saving takes fewer calls, it
// ends well and prints how many there were.

/// Counts the calls, which all come from one thread.
final class Counter: @unchecked Sendable {
  var steps = 0
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let last = Int(arguments[1]) else { exit(64) }
let model = try Model(contentsOf: arguments[2])
let counter = Counter()
WholeFile.beforeStep.withLock {
  $0 = { _ in
    if counter.steps == last { kill(getpid(), SIGKILL) }
    counter.steps += 1
  }
}
try model.save(to: arguments[3])
print(counter.steps)
