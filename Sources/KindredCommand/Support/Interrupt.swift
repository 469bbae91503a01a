// Ctrl-C as a request, not an end.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// Notices the first Ctrl-C, so that what has been learned can be saved; the second ends the program.
struct Interrupt {
  private static let requests = Atomic(0)
  /// Held so that the signal is watched as long as somebody asks.
  private let source: any DispatchSourceSignal

  init() {
    _ = signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler {
      if Self.requests.wrappingAdd(1, ordering: .relaxed).oldValue > 0 {
        Foundation.exit(Exit.interrupted)
      }
    }
    source.resume()
  }

  /// Whether somebody asked to stop.
  var wasRequested: Bool { Self.requests.load(ordering: .relaxed) > 0 }
}
