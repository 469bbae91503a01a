// Saves a model and is killed before one of the calls to the system that saving is made of.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kindred
import Synchronization

// Usage: InterruptedSave STEP SOURCE TARGET. Opens SOURCE and saves it as TARGET, and is killed
// before the call to the system with this number, counted from 0. If saving takes fewer calls, it
// ends well and prints how many there were.

let arguments = CommandLine.arguments
guard arguments.count == 4, let last = Int(arguments[1]) else { exit(64) }
let model = try Model(contentsOf: arguments[2])
let steps = Atomic(0)
WholeFile.beforeStep.withLock {
  $0 = { _ in
    if steps.wrappingAdd(1, ordering: .relaxed).oldValue == last { kill(getpid(), SIGKILL) }
  }
}
try model.save(to: arguments[3])
print(steps.load(ordering: .relaxed))
