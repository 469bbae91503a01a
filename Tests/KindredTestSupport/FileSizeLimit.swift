// Making writes fail as on a full disk.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Calls `body` while files of up to `bytes` only can be written, also by other threads.
///
/// For the child processes of exit tests.
package func withFileSizeLimit<Result>(_ bytes: Int, _ body: () throws -> Result) rethrows -> Result
{
  _ = signal(SIGXFSZ, SIG_IGN)
  setFileSizeLimit(rlim_t(bytes), hard: rlim_t.max)
  defer { setFileSizeLimit(rlim_t.max, hard: rlim_t.max) }
  return try body()
}

/// Lets this process write files of up to `bytes` only; larger ones fail with an error.
///
/// For the child processes of exit tests: the limit cannot be taken back.
package func limitFileSize(to bytes: Int) {
  _ = signal(SIGXFSZ, SIG_IGN)
  setFileSizeLimit(rlim_t(bytes), hard: rlim_t(bytes))
}

private func setFileSizeLimit(_ soft: rlim_t, hard: rlim_t) {
  var limit = rlimit(rlim_cur: soft, rlim_max: hard)
  #if canImport(Darwin)
    let resource = RLIMIT_FSIZE
  #else
    let resource = __rlimit_resource_t(UInt32(RLIMIT_FSIZE.rawValue))
  #endif
  let status = unsafe setrlimit(resource, &limit)
  precondition(status == 0, "the limit could not be set")
}
