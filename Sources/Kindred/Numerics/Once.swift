// A value that is worked out when it is first asked for.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A place for a value that is made once, by whoever asks first; others wait for it.
package final class Once<Value: Sendable>: Sendable {
  private let stored = Mutex<Value?>(nil)

  package init() {}

  package func value(_ make: () -> Value) -> Value {
    stored.withLock { stored in
      if let value = stored { return value }
      let value = make()
      stored = value
      return value
    }
  }
}
